"""What a model saw of a text that its vocabulary does not hold."""

from __future__ import annotations

from typing import Literal, NamedTuple

from s2s.data.tokenizer import UNKNOWN_ID
from s2s.text import Span
from s2s.traces import Trace, Unit


class Broken(NamedTuple):
    """A word that reached the model in parts."""

    word: Unit
    parts: tuple[str, ...]  # as written in the text
    is_unknown: bool  # some part is no piece at all: the model saw its unknown piece there


def broken_words(trace: Trace, side: Literal["source", "target"] = "source") -> tuple[Broken, ...]:
    """The words of one side that are not one piece of its vocabulary, each with the parts that were read.

    A character that was read as bytes is one part.
    """
    if side == "source":
        text, whole, units = trace.source, trace.source_pieces, trace.read("words")
    else:
        text, whole, units = trace.target, trace.target_pieces, trace.written("words").units
    found: list[Broken] = []
    for word in units:
        if word.is_end:
            continue
        pieces = [p for p in whole if word.start <= p.start and p.end <= word.end and p.start < word.end]
        spans = [Span(p.start, p.end) for p in pieces if p.start < p.end]
        parts = tuple(text[span.start : span.end] for span in dict.fromkeys(spans))
        is_unknown = any(p.id == UNKNOWN_ID for p in pieces)
        if len(spans) > 1 or is_unknown or any(p.byte is not None for p in pieces):
            found.append(Broken(word, parts, is_unknown))
    return tuple(found)
