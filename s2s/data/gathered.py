"""What a training reads, made of the pairs of some folders: sentences to copy, sides exchanged, questions as
they are typed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from s2s.data.corpora import Pair
from s2s.text import without_final_mark


def exchanged(pairs: Iterable[Pair]) -> list[Pair]:
    """Each pair the other way."""
    return [Pair(pair.target, pair.source) for pair in pairs]


def copied(pairs: Iterable[Pair], sides: Sequence[str]) -> list[Pair]:
    """The sentences of these sides, "source" and "target", each its own target, and each once."""
    found = dict.fromkeys(getattr(pair, side) for pair in pairs for side in sides)
    return [Pair(sentence, sentence) for sentence in found]


def with_bare(pairs: Iterable[Pair]) -> list[Pair]:
    """Each pair, and where its source ends in a mark again without that; the target keeps its own. So a
    question means the same whether one types its mark or not."""
    whole = [*pairs]
    bare = [Pair(without_final_mark(pair.source), pair.target) for pair in whole]
    return [*dict.fromkeys([*whole, *(pair for pair in bare if pair.source)])]
