from benchmarks import feeding
from s2s.config import REGIMES, TrainConfig


def test_each_regime_is_told_beside_teacher_forcing_of_the_same_round() -> None:
    rates = {name: [100.0, 50.0, 60.0] for name in feeding._REGIMES}
    rates[feeding._AIMED] = [50.0, 20.0, 27.0]  # 0.5, 0.4 and 0.45 of them
    teacher, aimed, *others = feeding.told(rates)
    assert (teacher.measured, teacher.aim, teacher.met) == ("60 target tokens/s", "", None)
    assert aimed.measured == "27 target tokens/s, 0.45 of teacher forcing's"
    assert (aimed.aim, aimed.met) == ("at least 0.45 of teacher forcing's", True)
    assert all(row.measured.endswith("1.00 of teacher forcing's") and row.met is None for row in others)
    rates[feeding._AIMED] = [50.0, 20.0, 26.0]
    assert feeding.told(rates)[1].met is False


def test_every_regime_is_measured_with_settings_that_training_takes() -> None:
    kinds = [TrainConfig(**settings).regime for settings in feeding._REGIMES.values()]
    assert set(kinds) == set(REGIMES)
