"""How far a model's links are from those a person would draw: alignment error rate (Och & Ney 2003)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from typing import NamedTuple

from s2s.evaluate.gold import GoldPair, Link
from s2s.languages import FIRST, Languages
from s2s.text import Word, words
from s2s.traces import Alignment, Unit


class Linked(NamedTuple):
    """A gold pair and the links that a model draws in it."""

    gold: GoldPair
    links: Set[Link]


@dataclass(frozen=True, kw_only=True)
class AlignmentScore:
    """Links A against sure links S and possible links P, counted over all pairs together.

    A share of nothing is 1: who draws no link draws no wrong one, and has recall and error rate to say so.
    """

    aer: float  # 1 - (|A n S| + |A n P|) / (|A| + |S|): 0 is faultless, 1 is nothing right
    precision: float  # |A n P| / |A|
    recall: float  # |A n S| / |S|
    links: int  # |A|
    sure: int  # |S|


def alignment_score(pairs: Iterable[Linked]) -> AlignmentScore:
    """Error rate, precision and recall of a model's links (Och & Ney 2003, section 5)."""
    links = sure = found_sure = found_possible = 0
    for gold, drawn in pairs:
        links += len(drawn)
        sure += len(gold.sure)
        found_sure += len(drawn & gold.sure)
        found_possible += len(drawn & gold.possible)
    return AlignmentScore(
        aer=1 - _share(found_sure + found_possible, links + sure),
        precision=_share(found_possible, links),
        recall=_share(found_sure, sure),
        links=links,
        sure=sure,
    )


def word_links(
    alignment: Alignment, source: str, target: str, *, languages: Languages = FIRST
) -> frozenset[Link]:
    """The links of an alignment of two texts, between words as `s2s.text.words` counts them.

    A unit of the alignment that covers several words links all of them.
    """
    sources, targets = words(source, languages.source), words(target, languages.target)
    return frozenset(
        (i, j)
        for column, row in alignment.links
        for i in _covered(sources, alignment.source_units[column])
        for j in _covered(targets, alignment.target_units[row])
    )


def _covered(spans: Sequence[Word], unit: Unit) -> list[int]:
    return [i for i, word in enumerate(spans) if word.start < unit.end and unit.start < word.end]


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0
