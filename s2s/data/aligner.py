"""A word aligner learned from sentence pairs alone: which word gave which word of the translation.

Every target word is taken to come from one source word of its sentence. IBM Model 1 (Brown et al. 1993) has
each source word as likely as the other beforehand, and learns one table, t(target word | source word), by
expectation maximisation. With a `Diagonal`, a source word is likelier the nearer it stands to the same place
of its sentence (Dyer, Chahuneau & Smith 2013, "fast_align"). `Aligner` learns both directions and joins them.

NumPy only. Pairs of equal lengths are computed together, so that their cells, one for each source word of
each target word, are a block of numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Final, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

Words = Sequence[str]
Link = tuple[int, int]  # (source word, target word), both counted from 0
Links = frozenset[Link]
Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

NULL: Final = ""  # the source word of target words that translate none; put before a sentence by who wants it

_UNKNOWN: Final = -1  # the number of a word, or of two words together, that was not learned
_CELLS: Final = 1_000_000  # as many are computed at once, more only for a pair that has more
_AROUND: Final = ((-1, 0), (0, -1), (1, 0), (0, 1), (-1, -1), (-1, 1), (1, -1), (1, 1))


@dataclass(frozen=True, kw_only=True)
class Diagonal:
    """How likely each source word is before any word is known (Dyer et al. 2013, section 2).

    The tension is fixed: tuned by its gradient, as they do, it rises to 12 on French and English, and both
    the error rate and the share of sound fragments are worse. Their prior on the lexicon is left out: that
    share is worse with it.
    """

    tension: float = 4.0  # source word i of m has exp(-tension * |i/m - j/n|) for target word j of n
    null: float = 0.08  # what `NULL` has

    def prior(self, source_len: int, target_len: int) -> Floats:
        """(target_len, source_len), rows sum to one; the first source word is `NULL`."""
        table: Floats = _prior(self, source_len, target_len)
        return table


@lru_cache(maxsize=2048)
def _prior(diagonal: Diagonal, source_len: int, target_len: int) -> Floats:
    source = np.arange(1, source_len) / (source_len - 1)
    target = np.arange(1, target_len + 1) / target_len
    near = np.exp(-diagonal.tension * np.abs(source - target[:, None]))
    near *= (1 - diagonal.null) / near.sum(axis=1, keepdims=True)
    return np.concatenate([np.full((target_len, 1), diagonal.null), near], axis=1)


@dataclass(frozen=True, kw_only=True)
class Lexicon:
    """t(target word | source word) of the words that met in some sentence; it is 0 for all others."""

    sources: dict[str, int]
    targets: dict[str, int]
    met: Integers  # (entries,) source number * len(targets) + target number, rising
    probabilities: Floats  # (entries,)
    diagonal: Diagonal | None = None  # None: where a word stands says nothing

    def probability(self, source: str, target: str) -> float:
        """t(target | source)."""
        return float(self.table([source], [target])[0, 0])

    def table(self, source: Words, target: Words) -> Floats:
        """t of each word of a sentence given each source word: (target_len, source_len)."""
        numbers = [
            _Sentences([side], known) for side, known in ((source, self.sources), (target, self.targets))
        ]
        table: Floats = self._look_up(*(side.block(np.zeros(1, dtype=np.int64)) for side in numbers))[0]
        return table

    def posteriors(self, source: Integers, target: Integers) -> Floats:
        """How likely each source word gave a target word, now that both sentences are known.

        Takes words as numbers, (count, source_len) and (count, target_len), and gives (count, target_len,
        source_len): rows sum to one, or to zero where no source word ever met the target word.
        """
        likely = self._look_up(source, target)
        if self.diagonal is not None:
            likely *= self.diagonal.prior(source.shape[1], target.shape[1])
        total = likely.sum(axis=2, keepdims=True)
        shares: Floats = np.divide(likely, total, out=np.zeros_like(likely), where=total > 0)
        return shares

    def _look_up(self, source: Integers, target: Integers) -> Floats:
        keys, cells = _distinct(source, target, len(self.targets))
        entries = np.minimum(np.searchsorted(self.met, keys), len(self.met) - 1)
        found: Floats = np.where(self.met[entries] == keys, self.probabilities[entries], 0.0)
        return found[cells]


class _Sentences:
    """Sentences as numbers of their words, end to end."""

    def __init__(self, sentences: Sequence[Words], known: dict[str, int]) -> None:
        self.lengths = np.array([len(sentence) for sentence in sentences], dtype=np.int64)
        self._starts = np.cumsum(self.lengths) - self.lengths
        words = (known.get(word, _UNKNOWN) for word in chain.from_iterable(sentences))
        self._words = np.fromiter(words, dtype=np.int64)

    def block(self, which: Integers) -> Integers:
        """(count, length) of sentences that are equally long."""
        block: Integers = self._words[self._starts[which][:, None] + np.arange(self.lengths[which[0]])]
        return block


class _Batch(NamedTuple):
    """The cells of pairs of equal lengths, and the entries of the lexicon that they use."""

    entries: NDArray[np.int32]  # (distinct,)
    cells: NDArray[np.int32]  # (count, target_len, source_len) into `entries`


def learn(
    sources: Sequence[Words],
    targets: Sequence[Words],
    *,
    iterations: int,
    diagonal: Diagonal | None = None,
    on_round: Callable[[], object] = lambda: None,
) -> Lexicon:
    """The lexicon after so many rounds of expectation maximisation, from a uniform one.

    With a diagonal, each source sentence begins with `NULL`. Calls `on_round` after each round.
    """
    lexicon, batches = _prepared(sources, targets, diagonal)
    giver = lexicon.met // len(lexicon.targets)
    probabilities = lexicon.probabilities
    for _ in range(iterations):
        counts = np.zeros(len(probabilities))
        for entries, cells in batches:
            expected = probabilities[entries][cells]
            if diagonal is not None:
                expected *= diagonal.prior(cells.shape[2], cells.shape[1])
            expected /= expected.sum(axis=2, keepdims=True)
            counts[entries] += np.bincount(cells.ravel(), expected.ravel(), len(entries))
        probabilities = counts / np.bincount(giver, counts)[giver]
        on_round()
    return Lexicon(
        sources=lexicon.sources,
        targets=lexicon.targets,
        met=lexicon.met,
        probabilities=probabilities,
        diagonal=diagonal,
    )


def _prepared(
    sources: Sequence[Words], targets: Sequence[Words], diagonal: Diagonal | None
) -> tuple[Lexicon, list[_Batch]]:
    """A uniform lexicon of the words that meet, and where in it each sentence has its cells."""
    known = [_numbers(sentences) for sentences in (sources, targets)]
    source, target = (_Sentences(*side) for side in zip((sources, targets), known, strict=True))
    found = [
        _distinct(source.block(pairs), target.block(pairs), len(known[1]))
        for pairs in _of_equal_lengths(source.lengths, target.lengths)
    ]
    met = np.unique(np.concatenate([keys for keys, _ in found]))
    batches = [_Batch(np.searchsorted(met, keys).astype(np.int32), cells) for keys, cells in found]
    uniform = np.ones(len(met))
    lexicon = Lexicon(sources=known[0], targets=known[1], met=met, probabilities=uniform, diagonal=diagonal)
    return lexicon, batches


def _of_equal_lengths(source: Integers, target: Integers) -> Iterator[Integers]:
    """The numbers of pairs, together those of equal lengths; without those that have an empty side."""
    order = np.lexsort((target, source))
    lengths = np.stack([source, target])[:, order]
    for group in np.split(order, np.flatnonzero((lengths[:, 1:] != lengths[:, :-1]).any(axis=0)) + 1):
        if cells := int(source[group[0]] * target[group[0]]):
            step = max(1, _CELLS // cells)
            yield from (group[start : start + step] for start in range(0, len(group), step))


def _distinct(source: Integers, target: Integers, targets: int) -> tuple[Integers, NDArray[np.int32]]:
    """The keys of the words that meet in a block of pairs, rising, and which of them each cell has."""
    keys = source[:, None, :] * targets + target[:, :, None]
    keys[(source < 0)[:, None, :] | (target < 0)[:, :, None]] = _UNKNOWN
    distinct, cells = np.unique(keys, return_inverse=True)
    return distinct, cells.reshape(keys.shape).astype(np.int32)


def _numbers(sentences: Sequence[Words]) -> dict[str, int]:
    return {word: number for number, word in enumerate(dict.fromkeys(chain.from_iterable(sentences)))}


def links(lexicon: Lexicon, source: Words, target: Words) -> Links:
    """Each target word with the source word that gives it most likely; no link where that is `NULL`, which
    wins a tie, or where no source word of the sentence ever met it."""
    likely = lexicon.table([NULL, *source], target)
    if lexicon.diagonal is not None:
        likely *= lexicon.diagonal.prior(*likely.shape[::-1])
    return _strongest(likely)


def _strongest(likely: Floats) -> Links:
    """The links of a table, (target_len, 1 + source_len), whose first column is `NULL`."""
    return frozenset((best - 1, j) for j, best in enumerate(likely.argmax(axis=1).tolist()) if best)


class Alignment(NamedTuple):
    """What the aligner says of one pair."""

    pair: int  # which, counted from 0
    links: Links  # of both directions, joined by `grow_diag_final_and`
    forward: (
        Floats  # (target_len, source_len) how likely each source word gave a target word; the rest is NULL
    )
    backward: Floats  # (source_len, target_len) the same of the other direction


@dataclass(frozen=True)
class Aligner:
    """A lexicon for each direction."""

    forward: Lexicon
    backward: Lexicon

    @classmethod
    def learned(
        cls,
        sources: Sequence[Words],
        targets: Sequence[Words],
        *,
        iterations: int = 10,
        on_round: Callable[[], object] = lambda: None,
    ) -> Self:
        """The aligner of these pairs, whose words are spelled alike where they are to count as the same.

        Calls `on_round` twice `iterations` times. The memory is some 20 bytes a cell of one direction.
        """

        def one_way(sources: Sequence[Words], targets: Sequence[Words]) -> Lexicon:
            return learn(
                [[NULL, *sentence] for sentence in sources],
                targets,
                iterations=iterations,
                diagonal=Diagonal(),
                on_round=on_round,
            )

        return cls(one_way(sources, targets), one_way(targets, sources))

    def align(self, sources: Sequence[Words], targets: Sequence[Words]) -> Iterator[Alignment]:
        """The alignment of each pair, those of equal lengths after each other; none of a pair that has an
        empty side."""
        source, target = _Sentences(sources, self.forward.sources), _Sentences(targets, self.forward.targets)
        turned = _Sentences(targets, self.backward.sources), _Sentences(sources, self.backward.targets)
        starts = [lexicon.sources[NULL] for lexicon in (self.forward, self.backward)]
        for pairs in _of_equal_lengths(source.lengths, target.lengths):
            forward = self.forward.posteriors(_after(starts[0], source.block(pairs)), target.block(pairs))
            backward = self.backward.posteriors(
                _after(starts[1], turned[0].block(pairs)), turned[1].block(pairs)
            )
            for pair, there, back in zip(pairs.tolist(), forward, backward, strict=True):
                both = _strongest(there), frozenset((i, j) for j, i in _strongest(back))
                yield Alignment(pair, grow_diag_final_and(*both), there[:, 1:], back[:, 1:])


def _after(start: int, block: Integers) -> Integers:
    """(count, 1 + length): each sentence behind that word."""
    return np.pad(block, ((0, 0), (1, 0)), constant_values=start)


def grow_diag_final_and(forward: Links, backward: Links) -> Links:
    """Links of both directions as one set (Koehn et al. 2005): those of both; then those of either that touch
    a link, diagonally too, and give a word its first; then those that give two words their first."""
    either, drawn = forward | backward, set(forward & backward)
    sources, targets = {i for i, _ in drawn}, {j for _, j in drawn}

    def draw(link: Link) -> None:
        drawn.add(link)
        sources.add(link[0])
        targets.add(link[1])

    grown = True
    while grown:
        grown = False
        for i, j in sorted(drawn):
            for down, right in _AROUND:
                link = (i + down, j + right)
                is_new = link in either and link not in drawn
                if is_new and (link[0] not in sources or link[1] not in targets):
                    draw(link)
                    grown = True
    for direction in (forward, backward):
        for link in sorted(direction):
            if link[0] not in sources and link[1] not in targets:
                draw(link)
    return frozenset(drawn)
