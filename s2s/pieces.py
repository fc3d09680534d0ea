"""The pieces that a model reads and writes, and the words that they belong to.

A piece belongs to the word that its characters stand in; words that share a piece are one unit, and so are a
stem and its particle that do. Standard library and NumPy only.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from s2s.stems import stems
from s2s.text import GLUE, Span, Word, words

Level = Literal["words", "stems", "pieces"]
LEVELS: Final[tuple[Level, ...]] = ("words", "stems", "pieces")  # the same but for languages with stems
UNKNOWN_ID: Final = 1  # of the piece that stands for any text that a vocabulary lacks
END: Final = "</s>"  # how the end token is written, in pieces and pictures alike
_BYTE: Final = re.compile("<0x([0-9A-F]{2})>")


class Piece(NamedTuple):
    """A subword: what it says, its number in the vocabulary, and where it stands in the text.

    `text` is as SentencePiece writes it ("▁" stands for the space before a word); a character the
    vocabulary lacks is shown as itself, or as its bytes in UTF-8 where the vocabulary has those: each is
    a piece, written "<0xE2>", and all stand where their character does. `start == end` for pieces without
    characters of their own, such as the end token.
    """

    text: str
    id: int
    start: int
    end: int

    @property
    def byte(self) -> int | None:
        """The byte that the piece is; None for one of characters, also where these spell "<0xE2>"."""
        return None if self.id == UNKNOWN_ID else byte_of(self.text)

    @property
    def characters(self) -> int:
        """How many characters begin with the piece, "▁" counted: none for a byte inside one."""
        return len(self.text) if self.byte is None else int(not 0x80 <= self.byte < 0xC0)


def byte_of(text: str) -> int | None:
    """The byte that a piece of the vocabulary is, by how it is written; None for one of characters."""
    found = _BYTE.fullmatch(text)
    return int(found[1], 16) if found else None


class Unit(NamedTuple):
    """A row or column of a picture: a word or a piece. `is_end` marks the end token."""

    text: str
    start: int
    end: int
    is_end: bool


def word_pieces(text: str, pieces: tuple[Piece, ...], language: str) -> tuple[tuple[Unit, range], ...]:
    """The words of a text, each with the positions of its pieces."""
    units, membership = units_of(text, pieces, "words", language)
    owners = membership.argmax(axis=1)  # (pieces,), never falling
    bounds = np.searchsorted(owners, np.arange(len(units) + 1)).tolist()
    return tuple((unit, range(bounds[i], bounds[i + 1])) for i, unit in enumerate(units))


def rest_of_word(text: str, pieces: tuple[Piece, ...], position: int, language: str) -> int:
    """How many pieces from `position` on belong to the word of the piece there; 0 for the end token, and
    beyond the last piece."""
    if position >= len(pieces) or _is_end(pieces, position):
        return 0
    owners = units_of(text, pieces, "words", language)[1].argmax(axis=1)  # (pieces,)
    return int((owners[position:] == owners[position]).sum())


def spelt(text: str) -> str:
    """How people see what SentencePiece writes: "▁word" as word, "part" as ·part; start and end tokens as
    they are."""
    if text.startswith("<") and text.endswith(">"):
        return text
    return text[1:] or " " if text.startswith("▁") else GLUE + text


@lru_cache(maxsize=128)
def units_of(
    text: str, pieces: tuple[Piece, ...], level: Level, language: str
) -> tuple[tuple[Unit, ...], NDArray[np.float64]]:
    """The units of one axis, and which unit owns each piece: (pieces, units), a single 1 in each row.

    Kept, because one sentence is asked for by every model, for words, scores and agreement alike.
    """
    if level == "pieces":
        units = [Unit(spelt(p.text), p.start, p.end, is_end=_is_end(pieces, i)) for i, p in enumerate(pieces)]
        owner = list(range(len(pieces)))
    else:
        cut = stems if level == "stems" else words
        units, owner = _word_units(text, pieces, cut(text, language))
    membership = np.zeros((len(pieces), len(units)))
    membership[np.arange(len(pieces)), owner] = 1.0
    membership.setflags(write=False)
    return tuple(units), membership


def _word_units(text: str, pieces: tuple[Piece, ...], spans: Sequence[Word]) -> tuple[list[Unit], list[int]]:
    """The words of an axis, or their parts, and for each piece the number of the one that owns it."""
    first = 0  # the first word that does not end before the piece
    bounds: list[Span] = []
    owner: list[int] = []
    for i, piece in enumerate(pieces):
        if _is_end(pieces, i):
            continue
        while first < len(spans) and spans[first].end <= piece.start:
            first += 1
        last = first
        while last < len(spans) and spans[last].start < max(piece.end, piece.start + 1):
            last += 1
        touched: Sequence[Word | Piece] = spans[first:last] or [piece]
        start, end = touched[0].start, touched[-1].end
        if bounds and start < bounds[-1].end:  # a piece of the same word, or one across two, which joins them
            bounds[-1] = Span(bounds[-1].start, max(end, bounds[-1].end))
        else:
            bounds.append(Span(start, end))
        owner.append(len(bounds) - 1)
    units = [Unit(text[b.start : b.end], b.start, b.end, is_end=False) for b in bounds]
    if len(owner) < len(pieces):
        owner.append(len(units))
        units.append(Unit(END, len(text), len(text), is_end=True))
    return units, owner


def _is_end(pieces: Sequence[Piece], i: int) -> bool:
    piece = pieces[i]
    return i == len(pieces) - 1 and piece.text == END and piece.start == piece.end
