"""What a head looks at, in numbers that name it: how often its strongest look goes to a place or kind of
piece.

Each test counts only positions where it can tell: the piece before the last mark is next to the end token as
well, so a look there says nothing about either.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from s2s.evaluate.alignment_error import word_links
from s2s.evaluate.gold import GoldPair, Link
from s2s.looks import ATTENTIONS, AtStep, Attention, all_looks
from s2s.pieces import Piece
from s2s.text import is_word, words
from s2s.traces import Trace

HeadLinks = tuple[tuple[frozenset[Link], ...], ...]  # (layers, heads)
Shares = tuple[tuple[float | None, ...], ...]  # (layers, heads); None where nothing could be counted

_JOINING: Final = "'-"
# By attention, in the order in which a head is told to pass them.
TESTS: Final[dict[Attention, tuple[str, ...]]] = {
    "cross": ("linked", "linked_read", "copied", "previous", "same", "next", "end", "mark"),
    "encoder": ("previous", "same", "next", "end", "mark"),
    "decoder": ("previous", "same", "start", "mark"),
}


class Counted(NamedTuple):
    """One test of one attention over some pairs."""

    positions: int  # that were counted
    shares: Shares  # of these, by head


class Hits(NamedTuple):
    """What one pair adds to a test."""

    positions: int
    hits: NDArray[np.int64]  # (layers, heads)


Named = tuple[str, Hits]


class Tally:
    """The tests of all heads, pair by pair."""

    def __init__(self) -> None:
        self._positions: Counter[tuple[Attention, str]] = Counter()
        self._hits: dict[tuple[Attention, str], Any] = {}  # (layers, heads)

    def add(self, trace: Trace, gold: GoldPair, *, predicts: HeadLinks, reads: HeadLinks) -> None:
        """Count one pair that a model was made to say, and what its heads link at the steps that say a word
        and at those that read it. Raises TraceError for a model without heads."""
        found = [(of, *one) for of in ATTENTIONS for one in _by_place(trace, of)]
        found += [("cross", *one) for one in _by_word(trace, gold, predicts, reads)]
        for of, name, hits in found:
            self._positions[of, name] += hits.positions
            self._hits[of, name] = self._hits.get((of, name), 0) + hits.hits

    def counted(self, of: Attention, name: str) -> Counted:
        """What was found so far, one pair at least."""
        positions, hits = self._positions[of, name], self._hits[of, name]
        rows = (hits / positions if positions else np.full(hits.shape, np.nan)).tolist()
        return Counted(positions, tuple(tuple(None if np.isnan(x) else x for x in row) for row in rows))


def _by_place(trace: Trace, of: Attention) -> Iterator[Named]:
    """The tests that ask where, or at what kind of piece, the strongest look goes; over pieces."""
    looks = all_looks(trace, of, "pieces")
    strongest = looks.weights.argmax(axis=3)  # (layers, heads, rows)
    rows, columns = np.arange(len(looks.rows)), len(looks.columns)
    looking = trace.target_pieces if of == "cross" else trace.source_pieces
    looked_at = trace.source_pieces
    if of == "decoder":
        looking = looked_at = trace.fed
    marks = np.array([_is_mark(piece) for piece in looked_at])
    for name, (counted, wanted) in _places(of, rows, columns).items():
        yield name, _hits(strongest == wanted, counted)
    is_free = np.array([piece.start < piece.end and not _is_mark(piece) for piece in looking])
    if of != "cross":  # a mark beside it is a place
        beside = np.pad(marks, 1)
        is_free &= ~(beside[:-2] | beside[2:])
    is_there = np.maximum.accumulate(marks) if of == "decoder" else marks.any()
    yield "mark", _hits(marks[strongest], is_free & is_there)


def _places(
    of: Attention, rows: NDArray[np.int64], columns: int
) -> dict[str, tuple[NDArray[np.bool_], NDArray[np.int64]]]:
    """By test, which rows are counted and at which column each must look."""
    last = columns - 1
    if of == "decoder":
        is_far = rows >= 2  # behind the first piece, whose previous is the start token
        return {
            "previous": (is_far, rows - 1),
            "same": (rows >= 1, rows),
            "start": (is_far, np.zeros_like(rows)),
        }
    within = rows < last - 1  # the one before the end token is next to it
    ends = rows < (len(rows) - 1 if of == "cross" else last - 1)
    return {
        "previous": ((rows >= 1) & (rows <= last), rows - 1),
        "same": (rows < last if of == "cross" else rows <= last, rows),
        "next": (within, rows + 1),
        "end": (ends, np.full_like(rows, last)),
    }


def head_links(trace: Trace, gold: GoldPair, row: AtStep) -> HeadLinks:
    """The words that each head links: to each target word the source word that it looks at most."""
    looks = all_looks(trace, "cross", "words", row=row)
    return tuple(
        tuple(
            word_links(looks.head(layer, head), gold.source, gold.target, languages=trace.languages)
            for head in range(looks.heads)
        )
        for layer in range(looks.layers)
    )


def _by_word(trace: Trace, gold: GoldPair, predicts: HeadLinks, reads: HeadLinks) -> Iterator[Named]:
    """The tests that ask at which word the strongest look goes: target words with a sure link that look at a
    word they are linked to, when they are said and when they are read again, and those that the source has
    letter by letter, as names and numbers, that look there."""
    sure = {j for _, j in gold.sure}
    right = frozenset((i, j) for i, j in gold.possible if j in sure)
    yield "linked", _linked(predicts, right, len(sure))
    yield "linked_read", _linked(reads, right, len(sure))
    sources, targets = (
        [word.text.casefold() for word in words(text, language)]
        for text, language in zip((gold.source, gold.target), trace.languages.codes, strict=True)
    )
    same = frozenset(
        (i, j)
        for j, said in enumerate(targets)
        if is_word(said)
        for i, read in enumerate(sources)
        if read == said
    )
    yield "copied", _linked(predicts, same, len({j for _, j in same}))


def _linked(links: HeadLinks, right: frozenset[Link], counted: int) -> Hits:
    """How many of the counted target words a head links rightly."""
    return Hits(counted, np.array([[len({j for _, j in head & right}) for head in layer] for layer in links]))


def _hits(is_hit: NDArray[np.bool_], counted: NDArray[np.bool_]) -> Hits:
    return Hits(int(counted.sum()), (is_hit & counted).sum(axis=2))


def _is_mark(piece: Piece) -> bool:
    """Whether a piece is a sign of punctuation; what joins words is none."""
    text = piece.text.removeprefix("▁")
    return piece.start < piece.end and text.strip(_JOINING) != "" and not is_word(text)
