"""A question about a sentence, and what it becomes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from pages.kit.family import name_of
from pages.kit.lesson import Question
from pages.kit.strings import Strings
from s2s import catalog
from s2s.evaluate.lost import is_word
from s2s.traces import Unit


class Quiz(NamedTuple):
    """A question as a reader sees it, and what is right."""

    key: str = ""  # the same for the same question about the same sentence
    asks: str = ""
    form: Literal["choose", "type", "open"] = "choose"
    options: tuple[str, ...] = ()
    points: bool = False  # whether the answer, a word of the source, may be pointed at in a picture
    right: tuple[str, ...] = ()  # any of these
    near: int = 0  # by how much a number may be missed
    told: str = ""  # the answer in a sentence
    hides: Literal["all", "cells"] = "all"  # of the page, until it is revealed
    reason: str = ""  # why it cannot be asked


class Asked(NamedTuple):
    """What a question is asked about."""

    question: Question
    text: str
    reference: str  # what a person makes of it; "" where nobody has
    say: Strings

    @property
    def model(self) -> str:
        """The one that is asked."""
        return self.question.model or catalog.ATTENDING.model()

    @property
    def models(self) -> tuple[str, ...]:
        """Those that are asked side by side."""
        return self.question.models or catalog.SHOWN_FIRST

    def named(self, name: str) -> str:
        """What a model is called."""
        return name_of(name, self.say)


def cannot(about: Asked) -> Quiz:
    """A question that this sentence does not answer."""
    return Quiz(reason=about.say("quiz.no_word"))


def row_of(units: Sequence[Unit], number: int) -> int | None:
    """Which unit is meant: the n-th word, or the longest with 0; None where there is none."""
    rows = [row for row, unit in enumerate(units) if is_word(unit)]
    if not rows or number > len(rows):
        return None
    return rows[number - 1] if number else max(rows, key=lambda row: len(units[row].text))
