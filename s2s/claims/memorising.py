"""Claims about a training that goes on until it knows its pairs by heart."""

from __future__ import annotations

from math import comb
from typing import Final

from s2s.claims import Claim
from s2s.evaluate.memorising import Memorising, Stage

_CHANCE: Final = 0.05  # of a difference this large or larger where neither stage is better


def lowest_loss(found: Memorising) -> Stage:
    """The stage with the lowest dev loss; the first where none was looked at."""
    return min(found.stages, key=lambda one: float("inf") if one.dev_loss is None else one.dev_loss)


def chosen(found: Memorising) -> Stage:
    """The stage that is shipped."""
    return next(one for one in found.stages if one.updates == found.chosen)


def dev_loss_misleads(found: Memorising) -> Claim:
    """More answers fit at the stage that is shipped than at the one with the lowest dev loss.

    Decided by the questions whose answer fits at one of the two alone (sign test, two-sided): a difference
    that chance makes in one of twenty cases or more decides nothing.
    """
    early, late = lowest_loss(found), chosen(found)
    if early.fitting is None or late.fitting is None:
        return Claim("memorising.dev_loss_misleads", None, {})
    gained = sum(now and not before for before, now in zip(early.fitting, late.fitting, strict=True))
    lost = sum(before and not now for before, now in zip(early.fitting, late.fitting, strict=True))
    chance = _sign_test(gained, lost)
    is_told = chance < _CHANCE
    values = {"gained": gained, "lost": lost, "chance": chance}
    return Claim("memorising.dev_loss_misleads", gained > lost if is_told else None, values)


def _sign_test(one: int, other: int) -> float:
    """How often heads and tails are as uneven as this or more."""
    total, fewer = one + other, min(one, other)
    return min(1.0, float(2 * sum(comb(total, k) for k in range(fewer + 1)) / 2**total))
