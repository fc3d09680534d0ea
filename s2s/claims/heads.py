"""Claims about what the heads of a Transformer do: which of them deserve a name."""

from __future__ import annotations

from statistics import median
from typing import Final, NamedTuple

from s2s.claims import Claim
from s2s.evaluate.heads import Heads, HeadTest
from s2s.looks import Attention

LEAST: Final = 0.5  # of the positions that were counted must pass a test
LEAD: Final = 0.3  # above the median of the other heads of the same attention
FEWEST: Final = 12  # positions that must have been counted, on either side


class Name(NamedTuple):
    """What a head deserves to be called."""

    test: str  # that it passes
    share: float  # of the positions of the pairs that were not there to choose
    others: float  # the median of the other heads there


def deserves(test: HeadTest, layer: int, head: int) -> Claim:
    """The head passes a test far more often than the others: in at least LEAST of the positions, and LEAD
    more than their median, on the pairs that names are chosen on and on the others. Where too little was
    counted, or there is no other head, nothing is decided."""
    key = f"heads.{test.of}_{test.name}"
    found = [_led(shares, layer, head) for shares in (test.chosen_on, test.told_on)]
    if min(test.positions) < FEWEST or None in found:
        return Claim(key, None, {})
    pairs = [one for one in found if one is not None]
    holds = all(share >= LEAST and share - others >= LEAD for share, others in pairs)
    return Claim(key, holds, {"share": pairs[1][0], "others": pairs[1][1], "chosen": pairs[0][0]})


def names(found: Heads, of: Attention, layer: int, head: int) -> tuple[Name, ...]:
    """All names that a head deserves, in the order of the tests."""
    claims = [(test, deserves(test, layer, head)) for test in found.tests if test.of == of]
    return tuple(
        Name(test.name, claim.values["share"], claim.values["others"])
        for test, claim in claims
        if claim.holds
    )


def _led(shares: tuple[tuple[float | None, ...], ...], layer: int, head: int) -> tuple[float, float] | None:
    """A head's share, and the median of those of the others."""
    own = shares[layer][head]
    others = [
        share
        for i, row in enumerate(shares)
        for j, share in enumerate(row)
        if (i, j) != (layer, head) and share is not None
    ]
    return (own, median(others)) if own is not None and others else None
