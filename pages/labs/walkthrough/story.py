"""The walkthrough as a page: the six stages for every model that is shown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import streamlit as st

from pages.kit.family import own_names
from pages.kit.frame import Frame
from pages.kit.glosses import glosses
from pages.kit.live import cut_notice
from pages.kit.stages import (
    LABELS,
    Chosen,
    Column,
    Head,
    Range,
    SourceWord,
    Story,
    Switch,
    TargetWord,
    stages_view,
)
from pages.kit.strings import Strings
from pages.kit.translators import workings
from pages.labs.walkthrough.cards import STAGES
from pages.labs.walkthrough.notebook import origin
from pages.labs.walkthrough.short import SHORT
from pages.labs.walkthrough.step import Step, told
from pages.labs.walkthrough.view import FORMS, TEMPERATURES, View, models_of, walk
from s2s.config import NO_ATTENTION
from s2s.errors import S2SError
from s2s.figures.labels import shown_piece
from s2s.figures.look import source_rows
from s2s.traces import word_pieces
from s2s.walkthrough.workings import Workings

_KEY: Final = "walkthrough_stages"


def _moved() -> None:
    walk(st.session_state[_KEY].get("chosen"))


def story(view: View, text: str, frame: Frame) -> None:
    """Draw the six stages of a step, or say why a model cannot show them."""
    say = frame.say
    found: dict[str, Workings] = {}
    notices: dict[str, str] = {}
    for model in models_of(view.scorer):
        try:
            found[model] = workings(model, text)
        except S2SError as error:
            notices[model] = say.error(error)
    for notice in notices.values():
        st.warning(notice)
    if not found:
        return
    first = next(iter(found.values()))
    if notice := cut_notice([first.trace], say):
        st.text(notice)
    steps = [Step.of(one, view, frame) for one in found.values()]
    stages_view(
        Story(
            heads=tuple(_heads(steps, say)),
            columns=tuple(_column(name, one) for name, one in zip(found, steps, strict=True)),
            source=_source(steps[0], say),
            steps=max(one.workings.steps for one in steps),
            told=_told_step(steps, say),
            languages=first.trace.languages,
        ),
        chosen=Chosen(*(getattr(view, name) for name in Chosen._fields)),
        labels={name: say(f"stages.{name}") for name in LABELS},
        palette=frame.palette,
        key=_KEY,
        on_change=_moved,
    )


# What stands above the columns

_OWN_WITHOUT: Final = ("score", "weigh", "mix", "combine")  # stages that are others without attention
_ALONE: Final = ("combine", NO_ATTENTION)  # a stage, and the kind that says it without attention


def _heads(steps: list[Step], say: Strings) -> Iterator[Head]:
    attends = steps[0].workings.trace.weights is not None
    kind = "with" if attends else NO_ATTENTION
    controls: dict[str, tuple[Range | Switch, ...]] = {}
    is_long = steps[0].view.form != FORMS[0]
    if attends and is_long:
        width = steps[0].workings.parameters.hidden
        controls["weigh"] = (
            Range(
                "temperature",
                say("walkthrough.temperature"),
                *TEMPERATURES,
                0.1,
                say("walkthrough.temperature_help"),
            ),
            Switch("scaled", say("walkthrough.scaled"), say("walkthrough.scaled_help", width=width)),
        )
        controls["combine"] = (
            Switch("context", say("walkthrough.context"), say("walkthrough.context_help")),
        )
    if is_long and any(one.workings.parameters.weigh is not None for one in steps):
        controls["score"] = (Switch("tanh", say("walkthrough.tanh"), say("walkthrough.tanh_help")),)
    for name in STAGES:
        own = kind if name in _OWN_WITHOUT else "with"
        title = say("walkthrough.alone_title" if (name, own) == _ALONE else f"walkthrough.{name}_title")
        text = say(f"walkthrough.{name}_{own}") if is_long else ""
        yield Head(title, text, controls.get(name, ()))


def _source(one: Step, say: Strings) -> tuple[SourceWord, ...]:
    trace, look = one.workings.trace, one.look
    known = glosses(trace.read(), trace.source, trace.languages, say)
    numbers = {
        place: (number, len(pieces))
        for number, (_, pieces) in enumerate(
            word_pieces(trace.source, trace.source_pieces, trace.source_language)
        )
        for place in pieces
    }
    return tuple(
        SourceWord(
            text=row.name,
            meaning=known[numbers[row.pieces[0]][0]].told if known else "",
            key=row.pieces[0],
            word=numbers[row.pieces[0]][0],
            pieces=numbers[row.pieces[0]][1],
            opened=numbers[row.pieces[0]][0] in look.opened,
            chosen=one.view.word in row.pieces,
        )
        for row in source_rows(trace, look)
    )


def _told_step(steps: list[Step], say: Strings) -> str:
    """Where the slider stands; of several models, which may write different words, only the step."""
    count, first = max(one.workings.steps for one in steps), steps[0]
    if len(steps) > 1:
        return say("walkthrough.told_steps", step=max(one.step for one in steps) + 1, steps=count)
    return say("walkthrough.told_step", step=first.step + 1, steps=count, word=first.written)


def _column(name: str, one: Step) -> Column:
    trace, say = one.workings.trace, one.say
    attention = one.workings.parameters.attention
    built = SHORT if one.view.form == FORMS[0] else STAGES
    shown = tuple(build(one) for build in built.values())
    broken = [number for number, stage in enumerate(shown, 1) if stage.mark and not stage.mark.holds]
    ends = [0, *(piece.end for piece in trace.target_pieces)]
    return Column(
        name=name,
        title=own_names(say).get(name) or say(f"scorer.{attention}"),
        words=tuple(
            TargetWord(
                tuple((shown_piece(trace.target_pieces[k].text), k) for k in pieces),
                unit.start > ends[pieces[0]],
            )
            for unit, pieces in word_pieces(trace.target, trace.target_pieces, trace.target_language)
        ),
        step=one.step,
        number=one.number,
        place=one.place,
        width=one.workings.parameters.hidden,
        told=told(one),
        stages=shown,
        origin=origin(one),
        notice=say("walkthrough.broken", stages=", ".join(map(str, broken))) if broken else "",
    )
