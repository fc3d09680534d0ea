"""Each claim about training regimes on numbers made up to lie on either side of no difference."""

from dataclasses import replace

import pytest

from s2s.claims import Claim, regimes
from s2s.evaluate.evaluation import Band
from s2s.evaluate.regimes import Level, Reached, Regimes, Repetition
from tests.evaluate.regime_records import PROFESSOR, REGIMES, TEACHER, repetition

SIDES = [(0.5, 0.1, True), (0.0, 0.1, None), (-0.5, 0.1, False)]  # value, half the band, whether it is above


def band(value: float, half: float) -> Band:
    return Band(value=value, low=value - half, high=value + half)


def with_times(value: float, half: float) -> Regimes:
    teacher, professor = REGIMES.costs
    return replace(REGIMES, costs=(teacher, replace(professor, times=band(value, half))))


def with_beside(**bands: Band) -> Regimes:
    assert PROFESSOR.general.beside is not None
    general = replace(PROFESSOR.general, beside=replace(PROFESSOR.general.beside, **bands))
    return replace(REGIMES, trained=(TEACHER, replace(PROFESSOR, general=general)))


@pytest.mark.parametrize(("value", "half", "above"), SIDES)
def test_an_update_is_faster_where_the_other_takes_longer_in_every_round(value, half, above):
    found = regimes.faster_update(with_times(1 + value, half), "professor")
    assert found.holds is above
    assert found.values == pytest.approx(
        {"times": 1 + value, "low": 1 + value - half, "high": 1 + value + half}
    )


@pytest.mark.parametrize(("value", "half", "above"), SIDES)
@pytest.mark.parametrize(
    ("claim", "name", "is_above"),
    [
        (regimes.narrows_gap, "accuracy_gap", False),
        (regimes.better_alone, "accuracy_free", True),
        (regimes.costs_bleu, "bleu", False),
    ],
)
def test_what_a_regime_has_more_is_told_from_the_band_of_the_difference(
    claim, name, is_above, value, half, above
):
    found = claim(with_beside(**{name: band(value, half)}), "professor", "general")
    assert found.holds == (above if is_above or above is None else not above)
    assert found.values["value"] == value
    untouched = claim(with_beside(**{name: band(value, half)}), "professor", "everyday")
    assert untouched == claim(REGIMES, "professor", "everyday")


@pytest.mark.parametrize(("value", "half", "above"), SIDES)
def test_a_gap_is_there_where_its_band_lies_above_nothing(value, half, above):
    accuracy = replace(TEACHER.everyday.accuracy, gap=band(value, half))
    teacher = replace(TEACHER, everyday=replace(TEACHER.everyday, accuracy=accuracy))
    found = regimes.leaves_gap(replace(REGIMES, trained=(teacher, PROFESSOR)), "teacher", "everyday")
    assert found.holds is above


def with_telling(teacher: Band, professor: Band) -> Regimes:
    models = [
        replace(one, telling=replace(one.telling, accuracy=its))
        for one, its in ((TEACHER, teacher), (PROFESSOR, professor))
    ]
    return replace(REGIMES, trained=tuple(models))


@pytest.mark.parametrize(("value", "half", "above"), SIDES)
def test_runs_can_be_told_where_the_band_lies_above_chance(value, half, above):
    found = with_telling(band(0.5 + value, half), band(0.5, 0))
    assert regimes.can_be_told(found, "teacher").holds is above


@pytest.mark.parametrize(
    ("teacher", "professor", "holds"),
    [(0.9, 0.7, True), (0.7, 0.9, False), (0.8, 0.75, None), (0.75, 0.8, None)],
)
def test_runs_are_told_less_where_the_bands_do_not_meet(teacher, professor, holds):
    found = regimes.told_less(with_telling(band(teacher, 0.05), band(professor, 0.05)), "professor")
    assert found == Claim("regimes.told_less", holds, {"teacher": teacher, "other": professor})


def repeated(*repetitions: Repetition, updates: dict[str, list[float | None]] | None = None) -> Regimes:
    reached = tuple(
        Reached(regime=regime, seed=seed, updates=its, seconds=None)
        for regime, found in (updates or {}).items()
        for seed, its in enumerate(found, 1)
    )
    levels = (
        Level(rule="teacher_half", dev_loss=9.0, reached=()),
        Level(rule="all_reach", dev_loss=3.0, reached=reached),
    )
    return replace(REGIMES, repetitions=repetitions, levels=levels)


@pytest.mark.parametrize(
    ("teacher", "professor", "holds"),
    [
        ([100, 120, 110], [130, 140, 121], True),
        ([130, 140, 121], [100, 120, 110], False),
        ([100, 120, 110], [115, 140, 150], None),
        ([100, 120, 110], [None, None, None], None),
        ([100, None, 110], [115, None, 150], True),
    ],
)
def test_updates_are_fewer_where_those_of_all_seeds_are(teacher, professor, holds):
    found = regimes.fewer_updates(repeated(updates={"teacher": teacher, "professor": professor}), "professor")
    assert found.holds is holds
    if holds is not None:
        known = [its for its in teacher if its is not None]
        assert found.values["teacher_mean"] == pytest.approx(sum(known) / len(known))
        assert (found.values["teacher_low"], found.values["teacher_high"]) == (min(known), max(known))


def seeds(regime: str, *losses: float, norm: float = 1.0) -> list[Repetition]:
    """Curves that run side by side, so far apart."""
    return [repetition(regime, n, loss, loss - 1, norm=norm) for n, loss in enumerate(losses, 1)]


@pytest.mark.parametrize(
    ("teacher", "professor", "holds"),
    [
        ([4.0, 4.125, 4.25], [5.0, 5.5, 6.0], True),
        ([5.0, 5.5, 6.0], [4.0, 4.125, 4.25], False),
        ([4.0, 4.5, 5.0], [5.0, 5.25, 6.0], None),
    ],
)
def test_curves_are_closer_where_those_of_any_two_seeds_are(teacher, professor, holds):
    found = regimes.closer_curves(
        repeated(*seeds("teacher", *teacher), *seeds("professor", *professor)), "professor"
    )
    assert found.holds is holds
    assert found.values["teacher_high"] == max(teacher) - min(teacher)


@pytest.mark.parametrize(("norm", "holds"), [(2.0, True), (0.5, False), (1.0, None)])
def test_gradients_are_smaller_where_those_of_all_seeds_are(norm, holds):
    its = [*seeds("teacher", 4.0, 4.0, 4.0, norm=1.0), *seeds("professor", 4.0, 4.0, 4.0, norm=norm)]
    found = regimes.smaller_gradients(repeated(*its), "professor")
    assert found.holds is holds
    assert (found.values["teacher_mean"], found.values["other_mean"]) == (1.0, norm)


def test_all_claims_say_what_they_are_about_and_seeds_count_from_three():
    told = regimes.claims(REGIMES)
    keys = {(one.regime, one.text, one.claim.key.removeprefix("regimes.")) for one in told}
    assert len(keys) == len(told)
    of_texts = {"leaves_gap", "narrows_gap", "better_alone", "costs_bleu"}
    assert keys == {
        ("teacher", "everyday", "leaves_gap"), ("teacher", "general", "leaves_gap"),
        ("teacher", "", "can_be_told"),
        *(("professor", text, key) for text in regimes.TEXTS for key in of_texts),
        *(("professor", "", key) for key in ("faster_update", "can_be_told", "told_less")),
    }  # fmt: skip
    its = [*seeds("teacher", 4.0, 4.0, 4.0), *seeds("professor", 4.0, 4.0, 4.0)]
    more = {one.claim.key.removeprefix("regimes.") for one in regimes.claims(repeated(*its))}
    assert more - {key for _, _, key in keys} == {"fewer_updates", "closer_curves", "smaller_gradients"}
    assert str(told[0]).startswith("teacher, everyday: regimes.leaves_gap: holds (")
