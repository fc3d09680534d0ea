"""The gap between two regimes over many pairs: fed by a teacher, as in training, and fed by itself, as in
use. A record that goes to JSON and comes back; `s2s.evaluate.exposure` measures it.

A model that learns by teacher forcing never reads its own mistakes, and in use reads nothing else: exposure
bias (Ranzato et al. 2016; Bengio et al. 2015). Here each pair is decoded twice, forced along its reference
and free, and both runs are held against that one reference, step by step.

Steps are counted from 1. A step counts where both runs have it: what a free run says beyond its reference,
and what a reference has beyond an end that came too early, is in no number here but BLEU and exact match.
A free run that puts one piece more or less is a step off from there on, and wrong by position even where its
words are right: the numbers by position say how far a run is from its reference, not how bad it is.

Shares and rates lie between 0 and 1, BLEU between 0 and 100, losses and entropies are in nats.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Final

from s2s.errors import DataError

RARE: Final = 20  # a step that fewer than one pair in this many has is put together with all later ones


@dataclass(frozen=True, kw_only=True)
class StepScores:
    """One regime over some steps."""

    accuracy: float  # share of steps whose likeliest piece is the reference's piece at that step
    loss: float  # mean of -log p of the reference's piece, in nats
    entropy: float | None  # mean entropy of the weights over source pieces, in nats; None without attention


@dataclass(frozen=True, kw_only=True)
class Position:
    """Both regimes over the steps from `first` to `last` of all pairs."""

    first: int  # counted from 1
    last: int | None  # None: no limit
    steps: int  # how many steps of how many pairs these are; the same for both regimes
    forced: StepScores
    free: StepScores


@dataclass(frozen=True, kw_only=True)
class SentenceScores:
    """What one regime wrote, each sentence against its one reference.

    Free, that is the translation. Forced, it is what the model would say at each step, one after the other:
    each piece goes on from the reference, not from the piece before it, so the whole is not one sentence.
    Where that is the reference, the model says the same when nobody leads it: `exact` is one number, found
    in two ways.
    """

    exact: float  # share that is, normalised, the reference
    bleu: float


@dataclass(frozen=True, kw_only=True)
class Gap:
    """What teacher forcing hides, in numbers."""

    pairs: int  # that were decoded twice
    skipped: int  # whose reference is empty, or longer than any translation could be
    overall: Position  # all steps
    positions: tuple[Position, ...]  # step by step; the last takes all later ones, which few pairs have
    firsts: tuple[int, ...]  # of how many pairs the first divergence falls on step 1, 2, ...
    forced: SentenceScores
    free: SentenceScores

    @property
    def diverged(self) -> float:
        """The share of pairs whose runs go on with different pieces at some step."""
        return sum(self.firsts) / self.pairs

    @property
    def median_first(self) -> int | None:
        """The step by which half of the pairs that diverge have diverged; None where none does."""
        reached = list(accumulate(self.firsts))
        return next((step for step, n in enumerate(reached, 1) if n > 0 and 2 * n >= reached[-1]), None)

    @property
    def firsts_by_position(self) -> tuple[int, ...]:
        """Of how many pairs the first divergence falls in each of `positions`."""
        return tuple(sum(self.firsts[p.first - 1 : p.last]) for p in self.positions)

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return dataclasses.asdict(self)

    @staticmethod
    def from_dict(values: Mapping[str, Any], *, path: str = "the record") -> Gap:
        """A gap stored by `to_dict`; `path` names it in errors. Raises DataError."""
        try:
            return Gap(
                **{
                    **values,
                    "overall": _position(values["overall"]),
                    "positions": tuple(_position(position) for position in values["positions"]),
                    "firsts": tuple(values["firsts"]),
                    "forced": SentenceScores(**values["forced"]),
                    "free": SentenceScores(**values["free"]),
                }
            )
        except (TypeError, ValueError, LookupError) as error:
            reason = f"{type(error).__name__}: {error}"
            raise DataError("evaluation_damaged", path=path, reason=reason) from error


def _position(values: Mapping[str, Any]) -> Position:
    scores = {name: StepScores(**values[name]) for name in ("forced", "free")}
    return Position(**{**values, **scores})


def label(position: Position) -> str:
    """The steps of a position in digits.

    >>> scores = StepScores(accuracy=0.5, loss=2.0, entropy=None)
    >>> of = {"steps": 9, "forced": scores, "free": scores}
    >>> [label(Position(first=first, last=last, **of)) for first, last in ((7, 7), (3, 5), (15, None))]
    ['7', '3-5', '15+']
    """
    if position.last is None:
        return f"{position.first}+"
    return str(position.first) if position.first == position.last else f"{position.first}-{position.last}"


def labels(positions: Sequence[Position]) -> list[str]:
    """The same for several."""
    return [label(position) for position in positions]
