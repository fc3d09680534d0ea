"""What a reader chose of the toy model and its two regimes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import streamlit as st

from pages.kit.state import (
    Number,
    OneOf,
    choose,
    choose_from_list,
    chosen,
    count,
    fields_of,
    read,
    write_link,
)
from pages.kit.strings import Strings
from s2s.catalog import DOT
from s2s.config import FREE, NO_ATTENTION, PROFESSOR, REGIMES, SCHEDULED, TEACHER
from s2s.evaluate.regime_curves import LENGTH, SEED

_ATTENTIONS: Final = (NO_ATTENTION, DOT.attention)
_WIDE: Final = 230  # pixels: the longest name of a regime fits in
_NARROW: Final = 190
_ALONE: Final = (TEACHER, SCHEDULED, FREE)  # regimes that need no attention


@dataclass(frozen=True)
class View:
    """Two regimes, and what is learned in them."""

    attention: str = chosen(OneOf(_ATTENTIONS), link="toy_attention")
    first: str = chosen(OneOf(REGIMES), link="toy_first")
    second: str = chosen(OneOf((SCHEDULED, TEACHER, FREE, PROFESSOR)), link="toy_second")
    length: int = chosen(Number(LENGTH, 4, 14), link="toy_length")
    seed: int = chosen(Number(SEED, 0, 9999), link="toy_seed")


class Question(NamedTuple):
    """What is trained: two regimes that differ and, under this attention, are possible."""

    first: str
    second: str
    attention: str
    length: int
    seed: int

    @property
    def ticket(self) -> str:
        """By which it is asked again."""
        return " ".join(map(str, self))

    @property
    def arguments(self) -> list[str]:
        """Those of the command that answers it."""
        return [
            "exposure", "--events", "--regimes", f"{self.first},{self.second}", "--attention", self.attention,
            "--length", str(self.length), "--seed", str(self.seed),
        ]  # fmt: skip


def question_of(ticket: object) -> Question | None:
    """What a ticket stands for, None if it is none of ours."""
    parts = ticket.split(" ") if isinstance(ticket, str) else []
    if len(parts) != len(Question._fields):
        return None
    kept = {}
    for name, part in zip(Question._fields, parts, strict=True):
        choice = fields_of(View)[name].choice
        kept[name] = choice.checked(choice.parsed([part]))
    asked = Question(**kept)
    offered = regimes(asked.attention)
    is_possible = asked.first != asked.second and {asked.first, asked.second} <= set(offered)
    return asked if is_possible and asked.ticket == ticket else None


def regimes(attention: str) -> tuple[str, ...]:
    """Those that are possible with an attention: professor forcing compares what attention leads to."""
    return _ALONE if attention == NO_ATTENTION else REGIMES


def switches(say: Strings) -> Question:
    """Draw what is chosen; what is asked with it."""
    view = read(View)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        words = {name: say(f"scorer.{name}") for name in _ATTENTIONS}
        attention = choose(view, "attention", say("exposure.attention"), words)
        words = {name: say(f"trained.{name}") for name in regimes(attention)}
        with st.container(width=_WIDE):
            first = choose_from_list(view, "first", say("exposure.first"), words)
        with st.container(width=_WIDE):
            others = {name: word for name, word in words.items() if name != first}
            second = choose_from_list(view, "second", say("exposure.second"), others)
        with st.container(width=_NARROW):
            count(view, "length", say("exposure.length"), help_text=say("exposure.length_help"))
        with st.container(width=_NARROW):
            count(view, "seed", say("exposure.seed"), help_text=say("exposure.seed_help"))
    write_link(view)
    return Question(first, second, attention, view.length, view.seed)
