"""Whole numbers on the command line, refused in a sentence outside their limits."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Final

LARGEST_SEED: Final = 2**31 - 1


def count(*, low: int = 1, high: int) -> Callable[[str], int]:
    """A type for argparse: a whole number within limits."""

    def read(text: str) -> int:
        try:
            number = int(text)
        except ValueError:  # also of more than 4,300 digits
            number = low - 1
        if not low <= number <= high:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from {low:,} to {high:,}")
        return number

    return read


def counts(*, high: int) -> Callable[[str], tuple[int, ...]]:
    """The same for numbers from one, with commas between them."""
    one = count(high=high)
    return lambda text: tuple(one(part) for part in text.split(","))
