"""How a reader looks at a sentence in the walkthrough: the rows of its source, and where colours are full."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from math import ceil
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from s2s.figures.labels import shown_piece, visible
from s2s.figures.palette import Palette
from s2s.traces import Trace, word_pieces
from s2s.walkthrough.workings import Workings

_TINY: Final = 1e-12
_KEPT: Final = 8  # sentences that something is known of, and with them all their numbers


@dataclass(frozen=True, kw_only=True)
class Look:
    """How a reader looks at a sentence."""

    palette: Palette
    labels: Mapping[str, str] = field(compare=False)  # the words that figures need
    opened: frozenset[int] = frozenset()  # words, by number, whose pieces have rows
    font_size: int = 14


class Row(NamedTuple):
    """A source word, or a piece of one that is opened."""

    name: str
    pieces: range  # positions


@lru_cache(maxsize=_KEPT)
def source_rows(trace: Trace, look: Look) -> tuple[Row, ...]:
    """The rows of the source: words, and the pieces of those that are opened."""
    rows: list[Row] = []
    for number, (unit, pieces) in enumerate(
        word_pieces(trace.source, trace.source_pieces, trace.source_language)
    ):
        if number in look.opened and len(pieces) > 1:
            rows += [
                Row(shown_piece(trace.source_pieces[place].text), range(place, place + 1)) for place in pieces
            ]
        else:
            rows.append(Row(unit.text if unit.is_end else visible(unit.text), pieces))
    return tuple(rows)


def merged_score(scores: NDArray[Any], pieces: range) -> float:
    """The score of a word: log-sum-exp over its pieces, so that softmax over words gives summed weights."""
    return float(np.logaddexp.reduce(scores[pieces.start : pieces.stop].astype(np.float64)))


@lru_cache(maxsize=_KEPT)
def state_limit(workings: Workings) -> float:
    """Where the colours of all states of a sentence are full: the same at every step. One state in a hundred
    lies beyond."""
    trace = workings.trace
    sizes = np.abs(np.concatenate([trace.encoder_states, trace.decoder_states]))
    return round(max(0.1, ceil(float(np.quantile(sizes, 0.99)) * 10) / 10), 1)


def largest(*arrays: NDArray[Any]) -> float:
    """The limit of numbers that have a scale of their own."""
    return max(_TINY, *(float(np.abs(array).max(initial=0)) for array in arrays))
