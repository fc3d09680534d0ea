"""Claims about a toy model in two training regimes (`s2s.train.exposure`): what it gets right fed by a
teacher and fed by itself.

All numbers are shares of right symbols in the same held-out sequences. A difference holds where it is larger
than twice its standard error over these sequences (about a 95% interval), as if the two regimes had been
measured on different ones; it speaks of the models that were trained, and not of other seeds.
"""

from __future__ import annotations

from typing import Final

from s2s.claims import Claim
from s2s.evaluate.regime_curves import Point

ERRORS: Final = 2.0  # standard errors that a difference must be larger than


def gap_open(point: Point) -> Claim:
    """Fed by itself, the model gets less right than fed by a teacher; None where the two cannot be told
    apart."""
    values = {"forced": point.forced, "free": point.free}
    return Claim("exposure.gap_open", _sign(point.gap, point.gap_error), values)


def wider_gap(first: Point, second: Point) -> Claim:
    """The first regime's gap is the wider one; None where the two cannot be told apart."""
    error = (first.gap_error**2 + second.gap_error**2) ** 0.5
    values = {"first": first.gap, "second": second.gap}
    return Claim("exposure.wider_gap", _sign(first.gap - second.gap, error), values)


def better_alone(first: Point, second: Point) -> Claim:
    """Fed by itself, the first regime's model gets more right; None where the two cannot be told apart."""
    error = (first.free_error**2 + second.free_error**2) ** 0.5
    values = {"first": first.free, "second": second.free}
    return Claim("exposure.better_alone", _sign(first.free - second.free, error), values)


def _sign(difference: float, error: float) -> bool | None:
    return None if abs(difference) <= ERRORS * error else difference > 0
