"""What is compared between teacher forcing and a free run, in numbers as they are written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from pages.kit.strings import Strings
from s2s.evaluate.gap import Gap, Position, StepScores

DASH: Final = "–"


class Quantity(NamedTuple):
    """What is drawn by step."""

    key: str  # of its name: gap.<key>
    of: Callable[[StepScores], float | None]
    factor: float
    top: float | None  # of its axis; None fits the numbers
    digits: int


QUANTITIES: Final = (
    Quantity("accuracy", lambda scores: scores.accuracy, 100, 100, 1),
    Quantity("loss", lambda scores: scores.loss, 1, None, 2),
    Quantity("entropy", lambda scores: scores.entropy, 1, None, 2),
)


def column(gap: Gap, say: Strings) -> dict[str, str]:
    """A gap as a column of a table, by what each of its rows is called."""
    forced, free = gap.forced, gap.free
    return {
        say("gap.diverged"): f"{100 * gap.diverged:.1f}",
        say("gap.median_first"): DASH if gap.median_first is None else str(gap.median_first),
        **{say(f"gap.{quantity.key}"): both(gap.overall, quantity, say) for quantity in QUANTITIES},
        say("gap.exact"): say("gap.both", forced=f"{100 * forced.exact:.1f}", free=f"{100 * free.exact:.1f}"),
        say("gap.bleu"): say("gap.both", forced=f"{forced.bleu:.1f}", free=f"{free.bleu:.1f}"),
        say("gap.pairs"): f"{gap.pairs:,}",
    }


def both(position: Position, quantity: Quantity, say: Strings) -> str:
    """A quantity under both regimes in one cell; a dash where there is none."""
    forced, free = values_of(position, quantity)
    if forced is None or free is None:
        return DASH
    digits = quantity.digits
    return say("gap.both", forced=f"{forced:.{digits}f}", free=f"{free:.{digits}f}")


def values_of(position: Position, quantity: Quantity) -> tuple[float | None, float | None]:
    """A quantity under both regimes, as it is shown."""
    found = [quantity.of(scores) for scores in (position.forced, position.free)]
    forced, free = (None if value is None else quantity.factor * value for value in found)
    return forced, free


def axis_tops(gaps: Sequence[Gap]) -> dict[str, float]:
    """How high the axes reach, so that pictures of all these gaps compare."""
    tops = {"parted": 1.1 * max(max(parted_shares(gap), default=0.0) for gap in gaps) or 1.0}
    for quantity in QUANTITIES:
        found = [value for gap in gaps for at in gap.positions for value in values_of(at, quantity)]
        tops[quantity.key] = (
            quantity.top or 1.1 * max((v for v in found if v is not None), default=0.0) or 1.0
        )
    return tops


def parted_shares(gap: Gap) -> list[float]:
    """Of how many pairs the first divergence falls in each position, in percent."""
    return [100 * first / gap.pairs for first in gap.firsts_by_position]
