"""What the picture of an alignment looks like: how much of what was written is copied, and how far the order
of words turns round.

A written word looks at the source word with the largest weight. Two written words cross where the first of
them looks further right than the second.
"""

from __future__ import annotations

from itertools import combinations
from typing import NamedTuple

from s2s.text import is_word
from s2s.traces import Alignment, Unit


class Shape(NamedTuple):
    """Counts of written words, marks and the end token left out."""

    words: int
    copied: int  # that stand in the source, capital letters aside
    found: int  # of the copied, those that look most at such a word
    pairs: int  # of written words that look at different words
    crossed: int  # of these pairs

    @property
    def turned(self) -> float | None:
        """The share of pairs that cross: 0 on a diagonal, 1 where all is turned round; None without pairs."""
        return self.crossed / self.pairs if self.pairs else None


def shape_of(alignment: Alignment) -> Shape:
    """What the weights of words (target_units, source_units) show."""
    source = [unit.text.casefold() for unit in alignment.source_units]
    known = {unit.text.casefold() for unit in alignment.source_units if _is_told(unit)}
    looks = {row: column for column, row in alignment.links}  # those at the end token left out
    written = [
        (unit.text.casefold(), row) for row, unit in enumerate(alignment.target_units) if _is_told(unit)
    ]
    copied = [(text, row) for text, row in written if text in known]
    columns = [looks[row] for _, row in written if row in looks]
    apart = [(one, two) for one, two in combinations(columns, 2) if one != two]
    return Shape(
        words=len(written),
        copied=len(copied),
        found=sum(row in looks and source[looks[row]] == text for text, row in copied),
        pairs=len(apart),
        crossed=sum(one > two for one, two in apart),
    )


def _is_told(unit: Unit) -> bool:
    return not unit.is_end and is_word(unit.text)
