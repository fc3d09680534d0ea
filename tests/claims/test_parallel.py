"""Each claim about reading at once on numbers made up to lie on either side of its threshold."""

from typing import Any

import pytest

from s2s.claims import parallel
from s2s.config import TRANSFORMER
from s2s.evaluate.evaluation import Band
from s2s.evaluate.reordered import Reordered
from s2s.paths import Slope


def costs(**times: tuple[float, ...]) -> list[dict[str, Any]]:
    """Milliseconds at 5, 10, 20 pieces, by reader."""
    return [
        {"reader": reader, "length": length, "milliseconds": one}
        for reader, each in times.items()
        for length, one in zip((5, 10, 20), each, strict=False)
    ]


@pytest.mark.parametrize(
    ("last", "holds"), [(3.7, True), (6.0, False), (12.0, False), (4.1, None), (3.85, None), (4.6, None)]
)
def test_time_grows_slower_than_in_every_recurrent_encoder_or_it_does_not(last: float, holds: bool | None):
    found = costs(rnn=(1, 2, 4.2), lstm=(2, 5, 20), transformer=(1, 1, last))
    claim = parallel.time_grows_slower(found)
    assert claim.holds is holds
    assert claim.values == {
        "shortest": 5, "longest": 20, "rnn": 4.2, "lstm": 10, TRANSFORMER: last,
    }  # fmt: skip


def test_a_length_that_not_all_have_read_yet_does_not_count():
    found = costs(rnn=(1, 2, 4), lstm=(2, 5, 20), transformer=(1, 1))
    assert parallel.ends(found) == (5, 10)
    assert parallel.time_grows_slower(found).values["longest"] == 10


@pytest.mark.parametrize(
    ("time", "holds"), [(0.5, True), (0.95, None), (1.05, None), (1.5, False), (3.0, False)]
)
def test_it_is_faster_than_every_recurrent_encoder_or_it_is_not(time: float, holds: bool | None):
    claim = parallel.faster_at(costs(rnn=(1,), lstm=(2,), transformer=(time,)), 5)
    assert (claim.holds, claim.values["length"]) == (holds, 5)


@pytest.mark.parametrize(("factor", "holds"), [(1.0, True), (0.85, None), (0.75, None), (0.6, False)])
def test_distance_costs_less_than_in_any_recurrent_encoder_or_it_does_not(factor: float, holds: bool | None):
    recurrent = {"rnn": Slope(0.4, 1.0), "lstm": Slope(0.8, 1.0)}
    assert parallel.distance_costs_less(Slope(factor, 1.0), recurrent).holds is holds


def reordered(same: int, low: float = 40, high: float = 50) -> Reordered:
    return Reordered("r", 100, same, Band(value=(low + high) / 2, low=low, high=high))


@pytest.mark.parametrize(
    ("same", "blind", "tells"),
    [
        (100, True, False),
        (95, True, False),
        (94, False, False),
        (50, False, False),
        (49, False, True),
        (0, False, True),
    ],
)
def test_order_is_nothing_where_all_stay_and_tells_where_most_change(same: int, blind: bool, tells: bool):
    assert parallel.blind_without_positions(reordered(same)).holds is blind
    assert parallel.positions_tell_order(reordered(same)).holds is tells


@pytest.mark.parametrize(
    ("placed", "holds"), [((20, 30), True), ((20, 41), None), ((48, 70), None), ((60, 70), False)]
)
def test_order_matters_more_where_the_intervals_do_not_meet(placed: tuple[float, float], holds: bool | None):
    assert parallel.order_matters_more(reordered(0, *placed), reordered(0)).holds is holds
