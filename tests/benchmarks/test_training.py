from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from benchmarks import training
from benchmarks.training import Speed
from s2s.config import ModelConfig
from s2s.train.loop import Progress, fit
from tests.sentences import PAIRS

PEAKS = {"float32": 200e9, "bfloat16": 400e9}


def _progress(tokens: int) -> Progress:
    return Progress(1, 1, 1.0, 1e-3, tokens, 1.0, None, 1.0, 1.0)


def test_only_the_second_half_of_a_training_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr("benchmarks.training.time.perf_counter", lambda: now)

    def steps() -> Iterator[Progress]:
        nonlocal now
        tokens = 0
        for seconds, learned in [(50, 9), (1, 10), (4, 20), (5, 70), (5, 130)]:
            now += seconds
            tokens += learned
            yield _progress(tokens)

    # From the end of the first update, 10 s pass: 5 s of building kernels, then 5 s with 70 pieces.
    assert training._second_half(steps(), 10.0) == pytest.approx(70 / 5)


def test_the_share_is_of_the_peak_of_the_number_format_that_was_used() -> None:
    speed = Speed(10_000.0, "bfloat16", PEAKS)
    row = training._row("general", speed, 16e6, PEAKS, is_picked=False)
    assert "40% of the peak" in row.measured
    assert row.met is None


@pytest.mark.parametrize(
    ("rate", "bfloat16_peak", "met"),
    [
        (10_001.0, 400e9, True),
        (9_999.0, 400e9, False),
        (6_250.0, 100e9, True),  # 16 MFLOP each: exactly half of float32's peak
        (6_249.0, 100e9, False),
    ],
)
def test_the_aim_is_a_speed_where_bfloat16_is_faster_and_a_share_elsewhere(
    rate: float, bfloat16_peak: float, met: bool
) -> None:
    peaks = {"float32": 200e9, "bfloat16": bfloat16_peak}
    precision = "bfloat16" if bfloat16_peak > 200e9 else "float32"
    assert training._row("dot", Speed(rate, precision, peaks), 16e6, peaks, is_picked=True).met is met


def test_a_transformer_and_a_recurrent_model_are_measured_in_turns(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[str] = []

    def measure(folder: Path, name: str, precision: str, seconds: float) -> Speed:
        asked.append(name)
        return Speed({"general": 1000.0, "transformer": 2000.0}[name] + len(asked), "bfloat16", PEAKS)

    monkeypatch.setattr("benchmarks.training._measure_apart", measure)
    row = training._beside_successor(tmp_path, 1.0)
    assert asked == ["general", "transformer"] * 2
    assert row.measured.startswith("2,004 and 1,003 target tokens/s, 499 and 997 microseconds each: 2.00 ")


def test_a_transformer_can_be_trained_like_the_others(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("benchmarks.training.train_pairs", lambda folder: PAIRS)
    run = training.our_run(
        tmp_path, tmp_path / "model", attention="transformer", precision="float32", minutes=0.0
    )
    assert run.model.family == "transformer"
    with closing(fit(run)) as steps:
        assert next(steps).tokens > 0
    assert training._shape("dot") == ModelConfig(attention="dot")
