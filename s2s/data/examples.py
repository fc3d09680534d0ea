"""What a run learns from: pairs, joined and changed to what people type, and fragments, as piece numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import replace
from itertools import islice
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from s2s.config import TypingConfig
from s2s.data.corpora import Pair
from s2s.data.modifiers import Modifiers
from s2s.data.tokenizer import Tokenizer
from s2s.errors import DataError

Ids = NDArray[np.int64]

_MOST_JOINED: Final = 3  # pairs made one
_SAMPLE: Final = 1000  # pairs, about, that say how many pieces a character takes
_PART: Final = 1 << 16  # examples that are made at a time


_LONGEST_PIECE: Final = 16  # characters, SentencePiece's own limit
LONGEST: Final = 10_000  # characters of a side: more than any setting of max_length can have in its pieces


class Example(NamedTuple):
    """A pair as piece numbers, each side with its end token."""

    source: Ids  # (source_len,)
    target: Ids  # (target_len,)


class Examples:
    """Training examples without end, a function of their settings and a generator alone.

    Each epoch uses every pair once, in a new order. Where there are pairs of the kind of text that the model
    is for, `in_domain`, they come in between, as a share `in_domain_share` of all pairs, each once before any
    comes again. A share `joined` of pairs is followed by a second, random one of their kind, and the same
    share of those by a third: people type more than one sentence, and length is what attention is for. What
    follows may be a fragment, as while somebody types. Fragments of their own come in between, as many as
    `typing` asks for.

    `drawn` counts the examples so far, `left_out` those of them that were empty or too long.
    """

    def __init__(
        self,
        pairs: Sequence[Pair],
        fragments: Sequence[Pair] = (),
        *,
        source: Tokenizer,
        target: Tokenizer,
        typing: TypingConfig,
        joined: float,
        max_length: int,
        in_domain: Sequence[Pair] = (),
        in_domain_share: float = 0.0,
    ) -> None:
        self.pairs, self.fragments, self.in_domain = pairs, fragments, in_domain
        has_bytes = source.has_bytes and target.has_bytes
        self.modifiers = Modifiers(pairs, typing, has_bytes=has_bytes)
        self.joined, self.max_length = joined, max_length
        self._source, self._target = source, target
        self._pieces = _pieces_a_character(pairs[:: len(pairs) // _SAMPLE + 1], source, target)
        self.drawn = self.left_out = 0
        self._fragment_share = typing.fragment_share if fragments else 0.0
        self._in_domain_share = in_domain_share if in_domain else 0.0

    @property
    def is_empty(self) -> bool:
        """Whether there is no pair to learn from: none, or none as short as it may be."""
        return not any(self._encoded([pair]) for pair in self.pairs)

    def first(self, count: int) -> Examples:
        """The same of the first `count` pairs alone."""
        some = copy(self)
        some.pairs = self.pairs[:count]
        return some

    def parts(self, random: np.random.Generator) -> Iterator[list[Example]]:
        """Examples in the order in which they are learned from, some ten thousand at a time.

        Those longer than `max_length` pieces on a side, or empty on one, are left out.
        """
        fragments, in_domain = (_without_end(some, random) for some in (self.fragments, self.in_domain))
        while True:
            order = random.permutation(len(self.pairs))
            for start in range(0, len(order), _PART):
                general = [self.pairs[int(i)] for i in order[start : start + _PART]]
                drawn = [self._joined(pair, self.pairs, random) for pair in general]
                more = _beside(len(drawn), self._in_domain_share)
                drawn += [self._joined(pair, self.in_domain, random) for pair in islice(in_domain, more)]
                drawn += islice(fragments, _beside(len(drawn), self._fragment_share))
                encoded = self._encoded([self.modifiers(pair, random) for pair in drawn])
                self.drawn += len(drawn)
                self.left_out += len(drawn) - len(encoded)
                yield encoded

    def _encoded(self, pairs: Sequence[Pair]) -> list[Example]:
        return encode_pairs(pairs, source=self._source, target=self._target, max_length=self.max_length)

    def _joined(self, pair: Pair, pairs: Sequence[Pair], random: np.random.Generator) -> Pair:
        for _ in range(1, _MOST_JOINED):
            if random.random() >= self.joined:
                break
            is_last = random.random() < self._fragment_share  # nothing follows half a sentence
            others = self.fragments if is_last else pairs
            other = others[int(random.integers(len(others)))]
            both = Pair(f"{pair.source} {other.source}", f"{pair.target} {other.target}")
            lengths = (len(text) * pieces for text, pieces in zip(both, self._pieces, strict=True))
            if max(lengths) > self.max_length:
                break
            pair = both
            if is_last:
                break
        return pair


def is_absurd(pair: Pair) -> bool:
    """Whether a side is longer than anything that can be learned from; to find that out by its pieces takes
    long."""
    return max(map(len, pair)) > LONGEST


def _without_end(pairs: Sequence[Pair], random: np.random.Generator) -> Iterator[Pair]:
    """Each pair once, in random order, and again in another."""
    while pairs:
        for i in random.permutation(len(pairs)):
            yield pairs[int(i)]


def _beside(count: int, share: float) -> int:
    """How many more make `share` of all."""
    return round(count * share / (1 - share))


def learn_tokenizers(
    pairs: Sequence[Pair], *, typing: TypingConfig, sizes: tuple[int, int], seed: int, max_length: int
) -> tuple[Tokenizer, Tokenizer]:
    """Tokenizers for both sides, of `sizes` pieces, from the pairs as they are and as people type them: words
    in lower case and without accents get pieces of their own too. Pairs that cannot but have more than
    `max_length` pieces are left out: nothing is learned from them later, and one of a megabyte keeps
    SentencePiece busy for hours. Raises DataError."""
    limit = _LONGEST_PIECE * max_length
    pairs = [pair for pair in pairs if max(map(len, pair)) <= limit]
    if not pairs:
        raise DataError("nothing_to_learn", limit=max_length)
    random = np.random.default_rng(seed)
    modifiers = Modifiers(pairs, replace(typing, exchanged=0.0))  # letters that are to be spelt get no pieces
    typed = [modifiers(pair, random) for pair in pairs]
    sides = zip(*pairs, *typed, strict=True)
    source, target = (Tokenizer.train(texts, size=size) for texts, size in zip(sides, sizes, strict=True))
    return source, target


def _pieces_a_character(pairs: Sequence[Pair], source: Tokenizer, target: Tokenizer) -> tuple[float, float]:
    """On either side; whether two pairs are too long together is told by it before they are encoded."""
    sides = [pair.source for pair in pairs], [pair.target for pair in pairs]
    pieces = source.read_ids(sides[0]), target.ids(sides[1])
    first, second = (
        sum(map(len, ids)) / max(1, sum(map(len, texts))) for ids, texts in zip(pieces, sides, strict=True)
    )
    return first, second


def encode_pairs(
    pairs: Sequence[Pair], *, source: Tokenizer, target: Tokenizer, max_length: int
) -> list[Example]:
    """Pairs as piece numbers; those longer than `max_length` pieces on a side, or empty on one, are left
    out."""
    sides = zip(
        source.read_ids([pair.source for pair in pairs]),
        target.ids([pair.target for pair in pairs]),
        strict=True,
    )
    return [
        Example(np.array(read), np.array(said))
        for read, said in sides
        if 1 < len(read) <= max_length and 1 < len(said) <= max_length
    ]
