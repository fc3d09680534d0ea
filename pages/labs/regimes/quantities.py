"""What is told of training regimes, in numbers as they are written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import fmean, median
from typing import Final, NamedTuple

from pages.kit.strings import Strings
from pages.labs.regimes.record import on_text
from s2s.evaluate.curves import ALL_REACH
from s2s.evaluate.evaluation import Band
from s2s.evaluate.regimes import Both, Regimes, Step, Trained
from s2s.figures.labels import signed

DASH: Final = "–"
PARTED: Final = "parted"  # the share of pairs whose runs part at a step


class Quantity(NamedTuple):
    """What is drawn by step, fed both ways."""

    of: Callable[[Step], Both]
    factor: float
    top: float | None  # of its axis; None fits the numbers
    digits: int


QUANTITIES: Final = {
    "accuracy": Quantity(lambda step: step.accuracy, 100, 100, 1),
    "loss": Quantity(lambda step: step.loss, 1, None, 2),
}
SHOWN: Final = (*QUANTITIES, PARTED)


def banded(band: Band, digits: int, *, factor: float = 1) -> str:
    """A number with what it lies between, where that was measured."""
    value, low, high = (signed(factor * one, digits) for one in (band.value, band.low, band.high))
    if band.low == band.high:
        return value
    dash = "–" if factor * band.low >= 0 else "…"  # a dash would be read as a minus
    return f"{value} ({low}{dash}{high})"


def model_column(one: Trained, text: str, say: Strings) -> dict[str, str]:
    """A model as a column of a table: how it was trained, and what it does on a kind of text."""
    its = on_text(one, text)
    return {
        say("ways.updates"): f"{one.updates:,}",
        say("ways.minutes"): f"{one.seconds / 60:.1f}",
        say("ways.accuracy_forced"): banded(its.accuracy.forced, 1, factor=100),
        say("ways.accuracy_free"): banded(its.accuracy.free, 1, factor=100),
        say("ways.accuracy_gap"): banded(its.accuracy.gap, 1, factor=100),
        say("ways.loss_forced"): banded(its.loss.forced, 2),
        say("ways.loss_free"): banded(its.loss.free, 2),
        say("ways.bleu"): banded(its.bleu.free, 1),
        say("ways.told"): banded(one.telling.accuracy, 1, factor=100),
    }


def cost_column(found: Regimes, regime: str, say: Strings) -> dict[str, str]:
    """A regime as a column of a table: what an update takes, and how many it needs."""
    [cost] = [one for one in found.costs if one.regime == regime]
    column = {
        say("ways.milliseconds"): _around(median(cost.milliseconds), cost.milliseconds, 0),
        say("ways.times"): banded(cost.times, 2),
    }
    for level in found.levels:
        values = {"loss": f"{level.dev_loss:.2f}"}
        its = [one for one in level.reached if one.regime == regime]
        column[say(f"ways.reached_{level.rule}", **values)] = _reached([one.updates for one in its], 0)
        if level.rule == ALL_REACH:
            column[say("ways.reached_seconds", **values)] = _reached([one.seconds for one in its], 1)
    return column


def _reached(values: Sequence[float | None], digits: int) -> str:
    """The mean over the seeds; a dash where one of them never got there, or there are none."""
    known = [value for value in values if value is not None]
    if not known or len(known) < len(values):
        return DASH
    return _around(fmean(known), known, digits)


def _around(middle: float, values: Sequence[float], digits: int) -> str:
    """A number with the lowest and the highest of those it stands for."""
    value, low, high = (f"{one:,.{digits}f}" for one in (middle, min(values), max(values)))
    return f"{value} ({low}–{high})"
