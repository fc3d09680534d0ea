"""What a model saw of a source that its vocabulary does not hold."""

from __future__ import annotations

from typing import NamedTuple

from s2s.data.tokenizer import UNKNOWN_ID
from s2s.traces import Trace, Unit


class Broken(NamedTuple):
    """A word of the source that reached the model in parts."""

    word: Unit
    parts: tuple[str, ...]  # as written in the text
    is_unknown: bool  # some part is no piece at all: the model saw its unknown piece there


def broken_words(trace: Trace) -> tuple[Broken, ...]:
    """The source words that are not one piece of the vocabulary, each with the parts that were read."""
    found: list[Broken] = []
    for word in trace.read("words"):
        if word.is_end:
            continue
        pieces = [p for p in trace.source_pieces[:-1] if word.start <= p.start and p.end <= word.end]
        parts = tuple(trace.source[p.start : p.end] for p in pieces if p.start < p.end)
        is_unknown = any(p.id == UNKNOWN_ID for p in pieces)
        if len(parts) > 1 or is_unknown:
            found.append(Broken(word, parts, is_unknown))
    return tuple(found)
