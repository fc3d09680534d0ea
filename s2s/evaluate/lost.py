"""Which source words a translation has lost: those that explain none of its words.

The judge is a model with attention that is made to say the translation. Each word said is explained by one
source word, the strongest of its posteriors (Shankar & Sarawagi 2019), if the judge finds it possible there
at all: a wrong word is put down to some source word too, and translates none. A source word that explains
nothing is lost. One judge for all translations, whoever made them. It is not always right, and small words
that another language does without count as lost in a perfect translation too: numbers compare, but do not say
how good a translation is.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

from s2s.traces import Alignment, Unit

POSSIBLE: Final = 0.01  # the least probability of a word said that the judge takes for a translation


class Judged(NamedTuple):
    """A source word, and whether the translation has lost it."""

    unit: Unit
    is_lost: bool


def is_word(unit: Unit) -> bool:
    """Whether a unit has a letter or a digit in it: neither the end token nor a sign."""
    return not unit.is_end and any(character.isalnum() for character in unit.text)


def judge(explained: Alignment) -> tuple[Judged, ...]:
    """The words of the source in order, signs left out; `explained` is the judge's alignment by
    posteriors."""
    said = {
        column
        for column, row in explained.links
        if is_word(explained.target_units[row]) and explained.log_probs[row] >= math.log(POSSIBLE)
    }
    return tuple(
        Judged(unit, column not in said)
        for column, unit in enumerate(explained.source_units)
        if is_word(unit)
    )


def lost_share(words: Sequence[Judged]) -> float:
    """The share of words that are lost; 0 of none."""
    return sum(word.is_lost for word in words) / len(words) if words else 0.0


def by_part(words: Sequence[Judged], parts: int) -> tuple[tuple[int, int], ...]:
    """Lost words and all words of each of `parts` parts of the source, the start first."""
    counts = [[0, 0] for _ in range(parts)]
    for place, word in enumerate(words):
        part = counts[parts * place // len(words)]
        part[0] += word.is_lost
        part[1] += 1
    return tuple((lost, all_) for lost, all_ in counts)
