import pytest

from s2s.evaluate.curves import ALL_REACH, RULES, TEACHER_HALF, levels, loss_at, reached_after
from s2s.evaluate.regimes import Level, Repetition
from tests.evaluate.regime_records import history, repetition

FALLING = history(5.0, 4.0, 3.0, 2.0)


@pytest.mark.parametrize(
    ("dev_loss", "updates"),
    [(6.0, 100), (5.0, 100), (4.5, 150), (4.0, 200), (2.25, 375), (2.0, 400), (1.9, None)],
)
def test_a_loss_is_reached_on_the_line_between_two_looks(dev_loss: float, updates: float | None):
    assert reached_after(FALLING, dev_loss) == updates


def test_the_first_time_counts_where_it_rises_again():
    assert reached_after(history(5.0, 3.0, 6.0, 2.0), 4.0) == 150
    assert reached_after((), 4.0) is None


def test_the_loss_at_a_number_of_updates_lies_on_the_line_and_goes_back_to_it():
    for updates in (100, 130, 250, 400):
        assert reached_after(FALLING, loss_at(FALLING, updates)) == pytest.approx(updates)
    assert loss_at(FALLING, 20) == 5.0
    assert loss_at(FALLING, 900) == 2.0


def asked(*repetitions: Repetition, **milliseconds: float) -> dict[str, Level]:
    return {level.rule: level for level in levels(repetitions, milliseconds)}


def test_every_training_reaches_the_one_level_and_teacher_forcing_the_other_after_half():
    slow = repetition("free", 1, 6.0, 5.5, 5.25, 5.0, norm=1.0)
    fast = [repetition("teacher", seed, 5.0, 4.0 + seed, 3.0, 2.0, norm=1.0) for seed in (0, 1)]
    found = asked(*fast, slow, teacher=100.0, free=300.0)
    assert set(found) == set(RULES)
    assert found[ALL_REACH].dev_loss == 5.0
    assert [(one.regime, one.seed, one.updates) for one in found[ALL_REACH].reached] == [
        ("teacher", 0, 100), ("teacher", 1, 100), ("free", 1, 400)
    ]  # fmt: skip
    assert [one.seconds for one in found[ALL_REACH].reached] == [10, 10, 120]
    assert found[TEACHER_HALF].dev_loss == 4.5
    assert [one.updates for one in found[TEACHER_HALF].reached] == [150, 225, None]


def test_without_a_cost_there_are_no_seconds_and_without_repetitions_no_levels():
    (only,) = asked(repetition("free", 1, 4.0, 3.0, norm=1.0)).values()
    assert [one.seconds for one in only.reached] == [None]
    assert levels((), {}) == ()
