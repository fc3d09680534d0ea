"""What an update costs: that all are asked alike, never how long it takes."""

import numpy as np
import pytest

from s2s.data.batches import Batch
from s2s.train import pace
from s2s.train.regimes import teacher_share
from tests.train.runs import MakeRun


def test_batches_are_those_that_a_run_would_make_and_the_same_again(make_run: MakeRun) -> None:
    run = make_run()
    batches, again = (pace.batches_of(run, 5) for _ in range(2))
    assert len(batches) == 5
    for one, other in zip(batches, again, strict=True):
        for part, same in zip(one, other, strict=True):
            np.testing.assert_array_equal(part, same)
    assert all(len(batch.source) % 32 == 0 for batch in batches)


def test_every_run_takes_its_turn_in_every_round_and_the_first_does_not_count(make_run: MakeRun) -> None:
    runs = {name: make_run(name, regime=name) for name in ("teacher", "free", "professor")}
    batches = pace.batches_of(runs["teacher"], 2)
    first, *rounds = pace.seconds_in_turns(runs, batches, rounds=3)
    assert first is None
    assert [list(its or ()) for its in rounds] == [list(runs)] * 3
    assert all(seconds > 0 for its in rounds for seconds in (its or {}).values())


def test_updates_stand_over_the_whole_run_so_that_a_schedule_falls(
    make_run: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = make_run(regime="scheduled", schedule="linear", linear_c=0.01, updates=100)
    batches: list[Batch] = pace.batches_of(run, 4)
    shares: list[float] = []
    monkeypatch.setattr(
        pace,
        "update",
        lambda state, batch, *, rate, train: shares.append(teacher_share(state.updates, train)),
    )
    list(pace.seconds_in_turns({"scheduled": run}, batches, rounds=1))
    assert shares == pytest.approx([1.0, 0.75, 0.5, 0.25] * 2)
