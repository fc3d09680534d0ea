"""How numbers and sums of products are written in the formulas."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from s2s.figures.labels import signed


def digits(number: float | np.floating[Any]) -> str:
    """Three digits behind the point; a minus as wide as the digits."""
    return signed(float(number), 3)


def sum_of(pair: tuple[NDArray[Any], NDArray[Any]], *, total: float, extra: float | None = None) -> str:
    """A sum of products with its two largest written out, what is added to it, and what it comes to."""
    left, right = (side.astype(np.float64) for side in pair)
    order = np.argsort(-np.abs(left * right), kind="stable")
    terms = [f"{bracketed(left[k])} · {bracketed(right[k])}" for k in order[:2].tolist()]
    if len(left) > 2:
        terms.append("…")
    if extra is not None:
        terms.append(bracketed(extra))
    return f"{' + '.join(terms)} = {digits(total)}"


def bracketed(number: float | np.floating[Any]) -> str:
    """The same as part of a sum or product: in brackets behind a minus."""
    return f"({digits(number)})" if digits(number).startswith("−") else digits(number)


def power(number: float) -> str:
    """One digit and its power of ten: 4e-7; 0 for nothing."""
    if number == 0:
        return "0"
    mantissa, _, exponent = f"{number:.0e}".partition("e")
    return f"{mantissa}e{int(exponent)}" if exponent else mantissa
