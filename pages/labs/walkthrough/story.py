"""The walkthrough as a page: what a reader chose, and the six stages for every model that is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any, Final

import streamlit as st

from pages.kit.choices import choose, chosen, write_link
from pages.kit.family import languages_of, own_names
from pages.kit.frame import Frame
from pages.kit.strings import Strings
from pages.kit.translators import workings
from pages.labs.walkthrough.cards import STAGES
from pages.labs.walkthrough.stages import (
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
from pages.labs.walkthrough.step import Step, told
from s2s import catalog
from s2s.config import NO_ATTENTION
from s2s.errors import S2SError
from s2s.figures.labels import shown_piece
from s2s.figures.look import source_rows
from s2s.languages import Languages
from s2s.traces import word_pieces
from s2s.walkthrough.workings import Workings

_HIGHEST: Final = 10_000  # no step, piece or number of a vector lies beyond
TEMPERATURES: Final = (0.1, 5.0)

SCORERS: Final[Mapping[str, tuple[str, ...]]] = {
    **{kind.attention: (kind.model(),) for kind in catalog.SCORERS if kind.attends},
    "all": catalog.SHOWN_FIRST,
    NO_ATTENTION: (catalog.PLAIN.model(),),
}


def chosen_scorer(say: Strings) -> str:
    """Draw the choice of scorer, or of a reader's own model; its code."""
    options = {code: say(f"walkthrough.scorer_{code}") for code in SCORERS}
    options |= own_names(say)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="switches"):
        chosen = choose("scorer", say("walkthrough.scorer"), options)
        write_link("page", ("scorer",))
    return chosen


def models_of(scorer: str) -> tuple[str, ...]:
    """The models that a choice stands for."""
    return SCORERS.get(scorer, (scorer,))


def languages() -> tuple[Languages, ...]:
    """Those of the models that are shown."""
    return languages_of(models_of((chosen("scorer") or [next(iter(SCORERS))])[-1]))


# What the link says of each field, counted from 1 as on screen, and how that is read.
_LINK: Final[Mapping[str, tuple[str, Callable[[Chosen], str]]]] = {
    "step": ("step", lambda view: str(view.step + 1) if view.step else ""),
    "word": ("word", lambda view: "" if view.word is None else str(view.word + 1)),
    "number": ("number", lambda view: "" if view.number is None else str(view.number + 1)),
    "temperature": ("temperature", lambda view: f"{view.temperature:g}" if view.temperature != 1 else ""),
    "scaled": ("scaled", lambda view: "1" if view.scaled else ""),
    "context": ("context", lambda view: "" if view.context else "0"),
    "tanh": ("tanh", lambda view: "" if view.tanh else "0"),
    "matrix": ("matrix", lambda view: "1" if view.matrix else ""),
    "opened": ("open", lambda view: ".".join(str(word + 1) for word in view.opened)),
}
_KEY: Final = "walkthrough_stages"


def view() -> Chosen:
    """What the reader chose: on the page, on an earlier visit, or in the link."""
    state = st.session_state
    if "walked" not in state:
        state.walked = linked_view({name: st.query_params.get(code, "") for name, (code, _) in _LINK.items()})
    return checked_view(state.walked)


def linked_view(codes: Mapping[str, str]) -> dict[str, Any]:
    """The view that a link describes, still to be checked."""
    found: dict[str, Any] = {}
    for name in ("step", "word", "number"):
        if codes.get(name, "").isascii() and codes.get(name, "").isdigit():
            found[name] = int(codes[name][:9]) - 1
    for name in ("scaled", "context", "tanh", "matrix"):
        if codes.get(name) in ("0", "1"):
            found[name] = codes[name] == "1"
    with suppress(ValueError):
        found["temperature"] = float(codes.get("temperature", ""))
    opened = [part for part in codes.get("opened", "").split(".") if part.isascii() and part.isdigit()]
    return found | {"opened": [int(part[:9]) - 1 for part in opened]}


def checked_view(values: object) -> Chosen:
    """The view in what a browser or a link says; what is not within its limits stands at its default."""
    given = values if isinstance(values, Mapping) else {}

    def place(name: str) -> int | None:
        value = given.get(name)
        return value if type(value) is int and 0 <= value < _HIGHEST else None

    def flag(name: str, default: bool) -> bool:
        value = given.get(name)
        return value if isinstance(value, bool) else default

    heat, opened = given.get("temperature"), given.get("opened")
    warm = isinstance(heat, int | float) and TEMPERATURES[0] <= heat <= TEMPERATURES[1]
    return Chosen(
        step=place("step") or 0,
        word=place("word"),
        number=place("number"),
        temperature=float(heat) if warm and heat is not None else 1.0,
        scaled=flag("scaled", False),
        context=flag("context", True),
        tanh=flag("tanh", True),
        matrix=flag("matrix", False),
        opened=tuple(
            sorted({one for one in opened if type(one) is int and 0 <= one < _HIGHEST})
            if isinstance(opened, list | tuple)
            else ()
        ),
    )


def _moved() -> None:
    sent = st.session_state[_KEY].get("chosen")
    if sent is not None:
        st.session_state.walked = sent


def story(scorer: str, text: str, frame: Frame) -> None:
    """Draw the six stages of a step, or say why a model cannot show them."""
    say, seen = frame.say, view()
    found: dict[str, Workings] = {}
    notices: dict[str, str] = {}
    for model in models_of(scorer):
        try:
            found[model] = workings(model, text)
        except S2SError as error:
            notices[model] = say.error(error)
    for notice in notices.values():
        st.warning(notice)
    if not found:
        return
    first = next(iter(found.values()))
    if first.trace.source_cut:
        read = [unit.text for unit in first.trace.read() if not unit.is_end]
        limit = len(first.trace.source_pieces)
        st.text(say("sentence.cut_pieces", words=len(read), last=read[-1], limit=limit))
    steps = [Step.of(one, seen, frame) for one in found.values()]
    stages_view(
        Story(
            heads=tuple(_heads(steps, say)),
            columns=tuple(_column(name, one) for name, one in zip(found, steps, strict=True)),
            source=_source(steps[0]),
            steps=max(one.workings.steps for one in steps),
            told=_told_step(steps, say),
            languages=first.trace.languages,
        ),
        chosen=seen,
        link={code: write(seen) for code, write in _LINK.values()},
        labels={name: say(f"stages.{name}") for name in LABELS},
        palette=frame.palette,
        key=_KEY,
        on_change=_moved,
    )


# What stands above the columns

_OWN_WITHOUT: Final = ("score", "weigh", "mix", "predict")  # stages that are others without attention
_ALONE: Final = ("predict", NO_ATTENTION)  # a stage, and the kind that says it without attention


def _heads(steps: list[Step], say: Strings) -> Iterator[Head]:
    attends = steps[0].workings.trace.weights is not None
    kind = "with" if attends else NO_ATTENTION
    controls: dict[str, tuple[Range | Switch, ...]] = {}
    if attends:
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
        controls["predict"] = (
            Switch("context", say("walkthrough.context"), say("walkthrough.context_help")),
        )
    if any(one.workings.parameters.weigh is not None for one in steps):
        controls["score"] = (Switch("tanh", say("walkthrough.tanh"), say("walkthrough.tanh_help")),)
    for name in STAGES:
        own = kind if name in _OWN_WITHOUT else "with"
        title = say("walkthrough.alone_title" if (name, own) == _ALONE else f"walkthrough.{name}_title")
        yield Head(title, say(f"walkthrough.{name}_{own}"), controls.get(name, ()))


def _source(one: Step) -> tuple[SourceWord, ...]:
    trace, look = one.workings.trace, one.look
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
    shown = tuple(build(one) for build in STAGES.values())
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
        notice=say("walkthrough.broken", stages=", ".join(map(str, broken))) if broken else "",
    )
