"""Where text becomes pieces: what is read of a source, and a translation that is given."""

from __future__ import annotations

from typing import NamedTuple

from s2s.data.tokenizer import END_ID, Tokenizer
from s2s.errors import DataError
from s2s.traces import END, Piece


class Side(NamedTuple):
    """One side of a sentence pair, as a person sees it."""

    text: str
    pieces: tuple[Piece, ...]
    cut: bool = False  # longer than what was read


def read(tokenizer: Tokenizer, source: str, *, limit: int) -> Side:
    """At most `limit` pieces, the end token one of them, cut before a word where one begins."""
    pieces = tokenizer.read(source)
    if len(pieces) <= limit:
        return Side(source, pieces)
    stop = limit - 1
    while stop > 1 and not pieces[stop].text.startswith("▁"):
        stop -= 1
    if not pieces[stop].text.startswith("▁"):  # one word longer than the limit
        stop = limit - 1
        while stop > 1 and pieces[stop].byte is not None and pieces[stop].start == pieces[stop - 1].start:
            stop -= 1
    end = pieces[stop - 1].end if stop else 0
    return Side(source, (*pieces[:stop], Piece(END, END_ID, end, end)), cut=True)


def given(tokenizer: Tokenizer, target: str, *, limit: int) -> Side:
    """A translation that is given, with the end token. Raises DataError when it has more than `limit`
    pieces."""
    pieces = tokenizer.encode(target)
    if len(pieces) > limit:
        raise DataError("length_over_limit", found=len(pieces), limit=limit)
    return Side(target, pieces)
