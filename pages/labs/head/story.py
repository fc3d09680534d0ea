"""The stages of a head as a page: what stands above them, and whose words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import streamlit as st

from pages.kit.frame import Frame
from pages.kit.stages import (
    LABELS,
    Column,
    SourceWord,
    Story,
    Switch,
    TargetWord,
    stages_view,
)
from pages.kit.stages import Head as Above
from pages.kit.strings import Strings
from pages.labs.head.cards import STAGES
from pages.labs.head.here import Here, told
from pages.labs.head.notebook import origin
from pages.labs.head.view import Head, View, chosen_of, walk
from s2s.figures.labels import shown_piece
from s2s.languages import Languages
from s2s.traces import Piece, word_pieces
from s2s.walkthrough.transformer import DECODER, ENCODER, HeadWorkings

_KEY: Final = "head_stages"


def _moved() -> None:
    walk(st.session_state[_KEY].get("chosen"))


def story(workings: HeadWorkings, head: Head, view: View, frame: Frame) -> None:
    """Draw all stages of a head at one position."""
    say, one = frame.say, Here.of(workings, head, view, frame)
    names = {name: say(f"stages.{name}") for name in LABELS} | {
        "step": say(f"head.slider_{head.kind}"),
        "source": say(f"head.looked_{head.kind}"),
        "translation": say(f"head.asking_{head.kind}"),
        "help": say("head.help"),
        "short": "",
    }
    stages_view(
        Story(
            heads=tuple(_heads(one)),
            columns=(_column(one),),
            source=_looked_at(one),
            steps=len(workings.asking(head.kind)),
            told=say("head.told_step", step=one.at.step + 1, steps=len(workings.asking(head.kind)),
                     asking=one.asking),
            languages=_languages(one),
        ),
        chosen=chosen_of(view),
        labels=names,
        palette=frame.palette,
        key=_KEY,
        on_change=_moved,
    )  # fmt: skip


def _languages(one: Here) -> Languages:
    """Of what is looked at, and of what asks."""
    both = one.workings.trace.languages
    kind = one.at.kind
    return Languages(
        both.target if kind == DECODER else both.source, both.source if kind == ENCODER else both.target
    )


def _heads(one: Here) -> Iterator[Above]:
    say, width = one.say, one.workings.parameters.width
    controls = {
        "weigh": (Switch("scaled", say("head.scaled"), say("head.scaled_help", width=width)),),
        "join": (Switch("context", say("head.on"), say("head.on_help")),),
    }
    for name in STAGES:
        text = f"head.{name}_{one.at.kind}" if name in ("norm", "mask") else f"head.{name}_text"
        yield Above(say(f"head.{name}_title"), say(text), controls.get(name, ()))


def _looked_at(one: Here) -> tuple[SourceWord, ...]:
    return tuple(
        SourceWord(
            text=shown_piece(piece.text),
            meaning="",
            key=place,
            word=place,
            pieces=1,
            opened=False,
            chosen=one.view.word == place,
        )
        for place, piece in enumerate(one.workings.asked(one.at.kind))
    )


def _words(one: Here) -> Iterator[TargetWord]:
    """What asks: the words of the source, or the pieces that are read, the start token first."""
    trace = one.workings.trace
    if one.at.kind != ENCODER:
        pieces = trace.fed
        yield from (
            TargetWord(((shown_piece(piece.text), step),), step > 0 and _spaced(piece))
            for step, piece in enumerate(pieces)
        )
        return
    ends = [0, *(piece.end for piece in trace.source_pieces)]
    for unit, places in word_pieces(trace.source, trace.source_pieces, trace.source_language):
        named = tuple((shown_piece(trace.source_pieces[place].text), place) for place in places)
        yield TargetWord(named, unit.start > ends[places[0]])


def _spaced(piece: Piece) -> bool:
    return piece.text.startswith("▁")


def _column(one: Here) -> Column:
    say = one.say
    shown = tuple(build(one) for build in STAGES.values())
    broken = [number for number, stage in enumerate(shown, 1) if stage.mark and not stage.mark.holds]
    return Column(
        name=one.workings.trace.model,
        title=say("head.title"),
        words=tuple(_words(one)),
        step=one.at.step,
        number=one.number,
        place=one.place,
        width=one.workings.parameters.hidden,
        told=told(one),
        stages=shown,
        origin=origin(one),
        notice=say("head.broken", stages=", ".join(map(str, broken))) if broken else "",
    )


def heading(say: Strings) -> None:
    """What the section is about."""
    st.header(say("head.title"), anchor=False)
    st.write(say("head.claim"))
