"""When a training had a dev loss: updates from its history, and seconds at what an update costs here.

The dev loss is fed by the teacher, whatever the regime, so it is what teacher forcing itself makes small: to
reach it late says that a regime learns that task slowly, not that it translates worse.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from statistics import fmean
from typing import Final

from s2s.config import TEACHER
from s2s.evaluate.regimes import Level, Point, Reached, Repetition

ALL_REACH: Final = "all_reach"
TEACHER_HALF: Final = "teacher_half"
RULES: Final = {
    ALL_REACH: "the lowest that every training reaches",
    TEACHER_HALF: "what teacher forcing has after half of its updates, the mean over its seeds",
}


def reached_after(history: Sequence[Point], dev_loss: float) -> float | None:
    """Updates until the dev loss was first this low, by a straight line between two looks; None if it never
    was. Lower than that at the first look, it was so at that look."""
    if history and history[0]["dev_loss"] <= dev_loss:
        return float(history[0]["updates"])
    for before, after in pairwise(history):
        if after["dev_loss"] <= dev_loss:
            share = (before["dev_loss"] - dev_loss) / (before["dev_loss"] - after["dev_loss"])
            return float(before["updates"] + share * (after["updates"] - before["updates"]))
    return None


def loss_at(history: Sequence[Point], updates: float) -> float:
    """The dev loss after so many updates, by a straight line between two looks; beyond these, the nearest."""
    for before, after in pairwise(history):
        if before["updates"] <= updates <= after["updates"]:
            share = (updates - before["updates"]) / (after["updates"] - before["updates"])
            return float(before["dev_loss"] + share * (after["dev_loss"] - before["dev_loss"]))
    nearest = min(history, key=lambda point: abs(point["updates"] - updates))
    return float(nearest["dev_loss"])


def levels(repetitions: Sequence[Repetition], milliseconds: Mapping[str, float]) -> tuple[Level, ...]:
    """The dev losses of `RULES`, and when each training reached them; `milliseconds` of an update, by regime.
    None without repetitions."""
    if not repetitions:
        return ()
    losses = {
        ALL_REACH: max(min(point["dev_loss"] for point in one.history) for one in repetitions),
    }
    if teachers := [one for one in repetitions if one.regime == TEACHER]:
        losses[TEACHER_HALF] = fmean(loss_at(one.history, one.updates / 2) for one in teachers)
    return tuple(
        Level(
            rule=rule,
            dev_loss=dev_loss,
            reached=tuple(_reached(one, dev_loss, milliseconds.get(one.regime)) for one in repetitions),
        )
        for rule, dev_loss in losses.items()
    )


def _reached(one: Repetition, dev_loss: float, milliseconds: float | None) -> Reached:
    updates = reached_after(one.history, dev_loss)
    seconds = None if updates is None or milliseconds is None else updates * milliseconds / 1000
    return Reached(regime=one.regime, seed=one.seed, updates=updates, seconds=seconds)
