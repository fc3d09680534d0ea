"""Claims about the bottleneck: what is lost of a sentence, of long inputs, and of the state handed over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import comb
from typing import Final

from s2s.catalog import COMPARED
from s2s.claims import Claim
from s2s.evaluate.evaluation import Band, ChainScore
from s2s.evaluate.lost import Judged
from s2s.evaluate.probe import ProbedChain

ENOUGH: Final = 9  # words: of fewer, a third is too few to speak of
_CHANCE: Final = 0.05  # a difference that chance makes more often is none
_MOST_JOINED: Final = 3  # sentences in the longest inputs of which training has some

# The kinds of model that a comparison is about: the one that should be weaker, and the stronger.
_COMPARED: Final = {name: (one.weak, one.strong) for name, one in COMPARED.items()}


def vector_loses_more(without: Sequence[Judged], attending: Sequence[Judged]) -> Claim:
    """Without attention more of a sentence's words are lost, by a sign test over the words that one of the
    two translations lost and the other kept, as far as that can be told.

    The judge is the same for both, so its errors are as likely to fall on the one as on the other, and are
    among what chance makes: one word's difference says nothing, five to none do.
    """
    pairs = [(one.verdict, other.verdict) for one, other in zip(without, attending, strict=True)]
    more, fewer = pairs.count(("lost", "kept")), pairs.count(("kept", "lost"))
    chance = _by_chance(max(more, fewer), more + fewer)
    holds = None if chance >= _CHANCE else more > fewer
    return Claim("bottleneck.vector_loses_more", holds, {"more": more, "fewer": fewer, "chance": chance})


def _by_chance(heads: int, throws: int) -> float:
    """How likely a coin falls on one side at least so often."""
    return sum(comb(throws, count) for count in range(heads, throws + 1)) / 2.0**throws


def compared_lengths(chains: Sequence[ChainScore]) -> tuple[ChainScore, ChainScore]:
    """The shortest inputs, and the longest of which training has some."""
    return chains[0], next(one for one in reversed(chains) if one.sentences <= _MOST_JOINED)


def length_claims(chains: Mapping[str, Sequence[ChainScore]]) -> tuple[Claim, ...]:
    """What the kinds of model measured are compared for, with the differences in BLEU in `short` inputs and
    in `long` ones; none where no two of them are compared.

    Attention: the difference grows, and in long inputs the bands do not overlap. All others: the bands do not
    overlap in short and in long inputs; in one of the two alone, it is undecided.
    """
    return tuple(
        _length_claim(name, chains[weak], chains[strong])
        for name, (weak, strong) in _COMPARED.items()
        if weak in chains and strong in chains
    )


def _length_claim(name: str, weak: Sequence[ChainScore], strong: Sequence[ChainScore]) -> Claim:
    ends = zip(compared_lengths(weak), compared_lengths(strong), strict=True)
    pairs = [(one.bleu, other.bleu) for one, other in ends]
    short, long = (other.value - one.value for one, other in pairs)
    ahead = [_is_above(other, one) for one, other in pairs]
    if name == "attention":
        holds: bool | None = ahead[1] and long > short
    else:
        holds = True if all(ahead) else None if any(ahead) else False
    return Claim(f"bottleneck.{name}", holds, {"short": short, "long": long})


def start_is_lost(chain: ProbedChain) -> Claim:
    """Fewer words are read of the first part of a sentence than of the last, and the bands do not overlap;
    where it is the last part that lost them, it does not hold."""
    first, last = chain.parts[0].read, chain.parts[-1].read
    holds = True if _is_above(last, first) else False if _is_above(first, last) else None
    return Claim("bottleneck.start_is_lost", holds, {"first": first.value, "last": last.value})


def _is_above(one: Band, other: Band) -> bool:
    """Whether a band lies wholly above another."""
    return one.low > other.high
