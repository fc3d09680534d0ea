"""How many fragments are sound: held against the links that a person drew."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from s2s.config import FragmentConfig
from s2s.data.aligner import Aligner
from s2s.data.corpora import Pair
from s2s.data.fragments import KINDS, Kind, candidates, is_consistent, sound
from s2s.evaluate.gold import GoldPair
from s2s.text import lower_words


class FragmentScore(NamedTuple):
    """Fragments cut by the aligner's links beside those that the gold links would cut."""

    found: int
    consistent: int  # of those found: no gold link, sure or possible, crosses their border, and one is inside
    wanted: int  # cut by the gold links, by the same rules
    met: int  # of those wanted: found


def score_fragments(
    gold: Sequence[GoldPair], aligner: Aligner, config: FragmentConfig
) -> dict[Kind, FragmentScore]:
    """The score of each kind that is cut, over all gold pairs together; the aligner need not have seen them.

    Possible links count as much as sure ones, which is strict: "Does your" is none for "Est-ce que ton" if
    "Does" may belong to the verb.
    """
    found, consistent, wanted, met = (Counter[Kind]() for _ in range(4))
    sides = [
        [lower_words(text, language) for text in texts]
        for texts, language in zip(
            zip(*((p.source, p.target) for p in gold), strict=True), config.languages.codes, strict=True
        )
    ]
    for alignment in aligner.align(*sides):
        one = gold[alignment.pair]
        pair = Pair(one.source, one.target)
        mine = {(f.kind, phrase) for phrase, f in sound(pair, alignment, config, Counter())}
        theirs = {
            (f.kind, phrase) for phrase, f in candidates(pair, one.possible, config, left_out=Counter())
        }
        found.update(kind for kind, _ in mine)
        consistent.update(kind for kind, phrase in mine if is_consistent(phrase, one.possible))
        wanted.update(kind for kind, _ in theirs)
        met.update(kind for kind, _ in mine & theirs)
    return {
        kind: FragmentScore(found[kind], consistent[kind], wanted[kind], met[kind])
        for kind in KINDS
        if found[kind] or wanted[kind]
    }
