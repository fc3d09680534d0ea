"""Learning curves of training regimes: what a model gets right while a teacher feeds it and while it feeds
itself, as it learns. Records that go to JSON and come back; `s2s.train.exposure` measures them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

LENGTH: Final = 10  # symbols in a sequence
UPDATES: Final = 600
SEED: Final = 1
EVERY: Final = 25  # updates between two points of a curve
CHANCE: Final = 1 / 8  # of a symbol that is guessed: there are eight
HELD_OUT: Final = 400  # sequences that are looked at and never learned from
MIXED: Final = 2 / 3  # of the updates: then scheduled sampling has come to feed the model's own words alone


class Point(NamedTuple):
    """One point of a regime's curve: shares of right symbols in sequences that are never learned from, and
    what learning took since the point before."""

    regime: str
    updates: int  # done so far
    seconds: float  # of processor time, spent in these updates
    forced: float  # share of symbols that are right where a teacher feeds the decoder
    free: float  # and where it feeds itself
    free_error: float  # standard error of `free`, over the sequences
    gap_error: float  # and of `forced` - `free`
    loss: float | None  # mean of the updates since the point before, nats a piece; None before the first
    gradient_norm: float | None  # mean, before clipping, of the same updates

    @property
    def gap(self) -> float:
        """What teacher forcing hides: the share that is right with a teacher alone."""
        return self.forced - self.free

    @staticmethod
    def from_dict(values: Mapping[str, Any]) -> Point:
        """A point from what `_asdict` made of it."""
        return Point(**values)


def reached(points: Sequence[Point], share: float) -> Point | None:
    """The first point at which a model that feeds itself gets this share right; None where none does."""
    return next((point for point in points if point.free >= share), None)
