"""Pairs made ready for training: duplicates and odd lengths left out, the rest split without a leak.

Collections of translations say the same sentence again and again, with another translation, another full
stop, other capitals. Split by line, they put into dev and test what training has seen. Here pairs that
share a sentence on either side, directly or through other pairs, form a group, and a group goes to one
part whole.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from s2s.config import SplitConfig
from s2s.data.corpora import Pair
from s2s.errors import DataError
from s2s.text import normalise


class Split(NamedTuple):
    """The three parts, each with its pairs in the order in which they came."""

    train: list[Pair]
    dev: list[Pair]
    test: list[Pair]
    groups: int  # in all three together
    largest: int  # pairs in the largest group


class Measured(NamedTuple):
    """Pairs of a length to learn from, and how many were left out."""

    kept: list[Pair]
    empty: int  # on a side there is nothing, or nothing to see
    long: int
    uneven: int


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """Pairs ready for training, and how many were not taken."""

    split: Split
    read: int
    duplicates: int
    empty: int
    long: int
    uneven: int


def prepare(pairs: Sequence[Pair], config: SplitConfig, together: Sequence[Sequence[Pair]] = ()) -> Prepared:
    """Pairs normalised, each once, of a length to learn from, and split; those that stand `together` go to
    one part. Raises DataError."""
    distinct = unique(pairs)
    measured = within_lengths(distinct, max_words=config.max_words, max_ratio=config.max_ratio)
    return Prepared(
        split=split(
            measured.kept,
            dev=config.dev,
            test=config.test,
            max_group=config.max_group,
            seed=config.seed,
            together={pair: n for n, group in enumerate(together) for pair in unique(group)},
        ),
        read=len(pairs),
        duplicates=len(pairs) - len(distinct),
        empty=measured.empty,
        long=measured.long,
        uneven=measured.uneven,
    )


def unique(pairs: Iterable[Pair]) -> list[Pair]:
    """The pairs as models read them (`text.normalise`), each once, where it came first."""
    return list(
        dict.fromkeys(Pair(normalise(pair.source).text, normalise(pair.target).text) for pair in pairs)
    )


def with_all_targets(pairs: Iterable[Pair], groups: Iterable[Sequence[Pair]]) -> list[Pair]:
    """Each source with all the targets that stand in its group: several references."""
    known = {
        pair.source: tuple(dict.fromkeys(one.target for one in unique(group)))
        for group in groups
        for pair in unique(group)
    }
    sources = dict.fromkeys(pair.source for pair in pairs)
    return [Pair(source, target) for source in sources for target in known[source]]


def within_lengths(pairs: Iterable[Pair], *, max_words: int, max_ratio: float) -> Measured:
    """The pairs with 1 to `max_words` words on each side, neither with more than `max_ratio` times the
    words of the other. These are the limits of Moses' clean-corpus-n (Koehn et al. 2007); like there, words
    are what stands between spaces. A language without spaces needs a ratio as high as `max_words`."""
    kept: list[Pair] = []
    empty = long = uneven = 0
    for pair in pairs:
        fewer, more = sorted((len(pair.source.split()), len(pair.target.split())))
        if fewer == 0:
            empty += 1
        elif more > max_words:
            long += 1
        elif more > fewer * max_ratio:
            uneven += 1
        else:
            kept.append(pair)
    return Measured(kept, empty, long, uneven)


def split(
    pairs: Sequence[Pair], *, dev: int, test: int, max_group: int, seed: int,
    together: Mapping[Pair, int] | None = None,
) -> Split:  # fmt: skip
    """Train, dev and test without a sentence in common on either side, whatever its case and punctuation.

    `dev` and `test` are sizes in groups (see `groups`): what is counted is different sentences, not how
    often they were translated. They are drawn among the groups of at most `max_group` pairs; larger ones
    stay in train, for one of them would make an evaluation of variations on a single sentence. Which pairs
    go where does not depend on their order. A larger test part holds the smaller one of the same seed, and
    the size of dev does not change it. Raises DataError if the groups are too few, train's included.
    """
    found = groups(pairs, together)
    drawn_from = [group for group in found if len(group) <= max_group]
    if dev + test > len(drawn_from) or dev + test == len(found):
        raise DataError("too_few_groups", found=len(drawn_from), limit=max_group, wanted=dev + test)
    drawn_from.sort(key=lambda group: _lot(min(pairs[i] for i in group), seed))
    in_test = {i for group in drawn_from[:test] for i in group}
    in_dev = {i for group in drawn_from[test : test + dev] for i in group}
    return Split(
        train=[pair for i, pair in enumerate(pairs) if i not in in_test and i not in in_dev],
        dev=[pair for i, pair in enumerate(pairs) if i in in_dev],
        test=[pair for i, pair in enumerate(pairs) if i in in_test],
        groups=len(found),
        largest=max(map(len, found)),
    )


def apart_from(pairs: Iterable[Pair], held_out: Iterable[Pair]) -> list[Pair]:
    """The pairs that share no sentence with those held out, on either side, whatever its case and
    punctuation."""
    sources, targets = (frozenset(map(_said, side)) for side in list(zip(*held_out, strict=True)) or ((), ()))
    return [p for p in pairs if _said(p.source) not in sources and _said(p.target) not in targets]


def groups(pairs: Sequence[Pair], together: Mapping[Pair, int] | None = None) -> list[list[int]]:
    """The connected components of the pairs, as numbers of pairs in their order: two pairs are connected
    that have the same source or the same target, but for case and punctuation, or the same number in
    `together`."""
    leader = list(range(len(pairs)))  # union-find (Galler & Fischer 1964)

    def lead(i: int) -> int:
        while leader[i] != i:
            leader[i] = leader[leader[i]]
            i = leader[i]
        return i

    for side in _sides(pairs, together or {}):
        first: dict[str | int, int] = {}
        for i, said in side:
            a, b = lead(i), lead(first.setdefault(said, i))
            leader[max(a, b)] = min(a, b)
    members: dict[int, list[int]] = {}
    for i in range(len(pairs)):
        members.setdefault(lead(i), []).append(i)
    return list(members.values())


def _sides(pairs: Sequence[Pair], together: Mapping[Pair, int]) -> Iterator[Iterator[tuple[int, str | int]]]:
    """What pairs have in common, by the numbers of the pairs."""
    yield ((i, _said(pair.source)) for i, pair in enumerate(pairs))
    yield ((i, _said(pair.target)) for i, pair in enumerate(pairs))
    yield ((i, together[pair]) for i, pair in enumerate(pairs) if pair in together)


def _said(text: str) -> str:
    """What two sentences have in common that differ in case and punctuation only: their letters, marks and
    digits. A text without any says itself."""
    text = normalise(text).text
    return " ".join("".join(map(_letter, text.casefold())).split()) or text


@cache
def _letter(character: str) -> str:
    return character if unicodedata.category(character)[0] in "LMN" else " "


def _lot(pair: Pair, seed: int) -> str:
    """What a group is drawn by: pseudo-random, and the same for every version of Python and NumPy."""
    return hashlib.sha256(f"{seed}\t{pair.source}\t{pair.target}".encode()).hexdigest()
