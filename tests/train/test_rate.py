"""The learning rate, and runs that are given minutes in place of updates."""

import math
from itertools import count, islice, pairwise
from types import SimpleNamespace

import pytest

from s2s.catalog import read_config
from s2s.config import TrainConfig
from s2s.errors import CheckpointError
from s2s.train import loop
from s2s.train.loop import fit, learning_rate
from tests.train.runs import MakeRun, assert_same_state, learned, stop_after


def test_the_rate_rises_in_a_line_to_its_peak_and_falls_to_its_final_share() -> None:
    train = TrainConfig(updates=1000, warmup=100, peak_rate=4e-3, final_share=0.05)
    rates = [learning_rate(n, train) for n in range(1001)]
    for n in range(100):
        assert rates[n] == pytest.approx(4e-3 * (n + 1) / 100)
    assert max(rates) == rates[99] == rates[100] == pytest.approx(4e-3)
    assert all(a > b for a, b in pairwise(rates[100:]))
    assert rates[550] == pytest.approx(4e-3 * (1 + 0.05) / 2)  # halfway down
    assert rates[1000] == pytest.approx(0.05 * 4e-3)


@pytest.mark.parametrize("warmup", [0, 5, 50])
def test_any_warm_up_gives_a_rate_between_nothing_and_the_peak(warmup: int) -> None:
    train = TrainConfig(updates=5, warmup=warmup, peak_rate=1e-2)
    assert all(0 < learning_rate(n, train) <= 1e-2 for n in range(5))


def test_the_rate_used_is_a_function_of_the_updates_alone(make_run: MakeRun) -> None:
    run = make_run()
    rates = [p.rate for p in stop_after(run, 4) + list(fit(run, resume=True))]
    assert rates == [learning_rate(n, run.train) for n in range(12)]


PACE = 1.5  # seconds that an update takes by the clock of the tests


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that goes on by PACE whenever it is looked at."""
    ticks = count()
    monkeypatch.setattr(loop, "time", SimpleNamespace(perf_counter=lambda: PACE * next(ticks)))


TWELVE = {"minutes": 12 * PACE / 60, "updates": 1}  # by that clock


@pytest.mark.usefixtures("clock")
def test_a_run_of_so_many_minutes_ends_when_they_are_over_however_many_updates_that_is(
    make_run: MakeRun,
) -> None:
    run = make_run(**TWELVE)
    progress = list(fit(run))
    assert [p.updates for p in progress] == list(range(1, 13))
    assert [p.dev_loss is None for p in progress] == [True] * 11 + [False]
    assert read_config(run.folder)[1].seconds == pytest.approx(12 * PACE)
    with pytest.raises(CheckpointError) as caught:
        next(fit(run, resume=True))
    assert caught.value.key == "run_finished"


@pytest.mark.usefixtures("clock")
def test_the_total_is_what_the_pace_so_far_promises(
    make_run: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = fit(make_run(**TWELVE))
    assert [p.total for p in islice(steps, 4)] == [12] * 4
    ticks = count()
    monkeypatch.setattr(loop, "time", SimpleNamespace(perf_counter=lambda: 2 * PACE * next(ticks)))
    rest = list(steps)  # of 12, 8 are left at half the pace
    assert [p.updates for p in rest] == [5, 6, 7, 8]
    assert [p.total for p in rest] == [10, 9, 8, 8]  # 5 * 12/6, 6 * 12/8, 7 * 12/10, 8 * 12/12


@pytest.mark.usefixtures("clock")
def test_a_run_of_minutes_that_was_stopped_uses_those_that_are_left(make_run: MakeRun) -> None:
    straight, stopped = make_run("straight", **TWELVE), make_run("stopped", **TWELVE)
    whole = list(fit(straight))
    parts = stop_after(stopped, 5) + list(fit(stopped, resume=True))
    assert learned(parts) == learned(whole)
    assert_same_state(straight.folder, stopped.folder)


@pytest.mark.usefixtures("clock")
def test_the_rate_used_in_a_run_of_minutes_is_that_of_the_time_used(make_run: MakeRun) -> None:
    run = make_run(**TWELVE)
    rates = [p.rate for p in fit(run)]
    assert rates == [learning_rate(n, run.train, seconds=PACE * n) for n in range(12)]


def test_the_rate_of_a_run_of_minutes_falls_with_the_time_used() -> None:
    train = TrainConfig(minutes=10, updates=1, warmup=100, peak_rate=4e-3, final_share=0.05)
    rates = [learning_rate(n, train, seconds=3 * n) for n in range(201)]
    assert rates[0] == pytest.approx(4e-3 / 100)
    assert rates[49] == pytest.approx(0.5 * 4e-3 * (0.05 + 0.95 * (1 + math.cos(math.pi * 147 / 600)) / 2))
    assert rates[100] == pytest.approx(4e-3 * (1 + 0.05) / 2)  # half of the time
    assert all(a > b for a, b in pairwise(rates[99:]))
    assert rates[200] == pytest.approx(0.05 * 4e-3)
