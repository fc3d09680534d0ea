"""Claims about reading all words at once: time by length (`s2s.reading_costs`), gradients between words
(`s2s.paths.Travel`), and the order of words (`s2s.evaluate.reordered`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from s2s.claims import Claim
from s2s.config import RECURRENT, TRANSFORMER
from s2s.evaluate.reordered import Reordered
from s2s.paths import Slope

_ALIKE: Final = 0.1  # factors that differ by less are alike
_MOST: Final = 0.5  # share of translations above which most of them changed
_ROUNDED: Final = 0.05  # share of translations that the order of additions alone may change
_NOISE: Final = 0.1  # times that differ by a smaller share of the longer one are alike

Costs = Sequence[Mapping[str, Any]]  # `ReadingCost`s of one comparison, as dictionaries


def _at(costs: Costs, length: int) -> dict[str, float]:
    """Milliseconds by reader."""
    return {cost["reader"]: cost["milliseconds"] for cost in costs if cost["length"] == length}


def ends(costs: Costs) -> tuple[int, int]:
    """The shortest and the longest sentence that every encoder has read."""
    readers = {cost["reader"] for cost in costs}
    lengths = {cost["length"] for cost in costs}
    whole = [length for length in lengths if _at(costs, length).keys() == readers]
    return min(whole), max(whole)


def time_grows_slower(costs: Costs) -> Claim:
    """From the shortest sentence to the longest, the time that a Transformer needs grows by a smaller factor
    than that of any recurrent encoder. Undecided where it is about the same."""
    shortest, longest = ends(costs)
    first, last = _at(costs, shortest), _at(costs, longest)
    growth = {reader: last[reader] / first[reader] for reader in first}
    least = min(value for reader, value in growth.items() if reader != TRANSFORMER)
    values = {"shortest": shortest, "longest": longest, **growth}
    return Claim("parallel.time_grows_slower", _less(growth[TRANSFORMER], least), values)


def faster_at(costs: Costs, length: int) -> Claim:
    """At this length a Transformer reads in less time than any recurrent encoder. Undecided where it is about
    the same."""
    times = _at(costs, length)
    least = min(value for reader, value in times.items() if reader != TRANSFORMER)
    holds = _less(times[TRANSFORMER], least)
    return Claim("parallel.faster_at", holds, {"length": length, **times})


def _less(one: float, other: float) -> bool | None:
    return None if abs(one - other) <= _NOISE * max(one, other) else one < other


def distance_costs_less(successor: Slope, recurrent: Mapping[str, Slope]) -> Claim:
    """Each further word leaves more of the gradient in a Transformer than in any recurrent encoder. Undecided
    where it is about the same in one of them."""
    most = max(slope.factor for slope in recurrent.values())
    values = {TRANSFORMER: successor.factor, "most": most}
    difference = successor.factor - most
    holds = None if abs(difference) <= _ALIKE else difference > 0
    return Claim("parallel.distance_costs_less", holds, values)


def blind_without_positions(bare: Reordered) -> Claim:
    """Without positions, the order of words makes no difference: all translations stay as they were, but for
    the few that rounding may change."""
    share = bare.same / bare.sentences
    values = {"same": bare.same, "sentences": bare.sentences}
    return Claim("parallel.blind_without_positions", share >= 1 - _ROUNDED, values)


def positions_tell_order(placed: Reordered) -> Claim:
    """With positions, it makes one: most translations change."""
    changed = placed.sentences - placed.same
    values = {"changed": changed, "sentences": placed.sentences}
    return Claim("parallel.positions_tell_order", changed / placed.sentences > _MOST, values)


def order_matters_more(placed: Reordered, recurrent: Reordered) -> Claim:
    """The Transformer with positions is further from its own translation than the recurrent model. Undecided
    where their intervals overlap."""
    one, other = placed.chrf, recurrent.chrf
    values = {TRANSFORMER: one.value, RECURRENT: other.value}
    is_apart = one.high < other.low or other.high < one.low
    return Claim("parallel.order_matters_more", one.value < other.value if is_apart else None, values)
