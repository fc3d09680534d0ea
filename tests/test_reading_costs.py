"""What reading costs: counted against what the encoders are made of. No test asserts a time."""

import itertools

import torch

from s2s import reading_costs
from s2s.config import TRANSFORMER, ModelConfig
from s2s.counts import EQUAL
from s2s.model.families import build, parameter_count
from s2s.reading_costs import CELLS, matched, measure_reading, peak_bytes

READERS = (*CELLS, TRANSFORMER)


def own(encoder: torch.nn.Module) -> int:
    return parameter_count(encoder) - encoder.embedding.weight.numel()


def test_every_encoder_reads_every_length_in_both_comparisons():
    found = list(measure_reading((2, 5), repeats=1))
    expected = [(length, equal, reader) for length in (2, 5) for equal in EQUAL for reader in READERS]
    assert [(one.length, one.equal, one.reader) for one in found] == expected
    for one in found:
        is_recurrent = one.reader != TRANSFORMER
        assert one.steps == (one.length if is_recurrent else 2)
        assert one.scores == (0 if is_recurrent else 4 * 2 * 8 * one.length**2)
        assert one.peak >= one.scores
        assert one.milliseconds > 0


def test_what_is_said_to_be_equal_is_equal():
    found = {(one.equal, one.reader): one for one in measure_reading((1,), repeats=1)}
    assert len({found["width", reader].width for reader in READERS}) == 1
    wanted = found["parameters", TRANSFORMER].parameters
    for cell in CELLS:
        one = found["parameters", cell]
        assert abs(one.parameters - wanted) / wanted < 0.01
        assert one.parameters == own(build(ModelConfig(cell=cell, hidden=one.width), seed=2).encoder)


def test_no_other_even_width_comes_nearer():
    for cell, wanted in itertools.product(CELLS, (500, 40_000, 123_456)):
        hidden = matched(cell, wanted).hidden
        counts = {
            width: own(build(ModelConfig(cell=cell, hidden=width), seed=1).encoder)
            for width in (hidden - 2, hidden, hidden + 2)
            if width >= 2
        }
        assert min(counts, key=lambda width: abs(counts[width] - wanted)) == hidden


def test_a_time_is_the_least_and_encoders_take_turns(monkeypatch):
    """A clock by which every look takes one step more than the one before."""
    steps, now = itertools.count(), 0.0

    def look() -> float:
        nonlocal now
        now += next(steps)
        return now

    monkeypatch.setattr(reading_costs, "clock", lambda: look)
    found = list(measure_reading((3,), repeats=2))
    # Read at looks 0 and 1, 2 and 3, and so on, once each before anyone reads again.
    assert [one.milliseconds for one in found] == [1000.0 * look for look in (1, 3, 5, 7, 9, 11)]


def test_the_peak_is_what_was_held_at_once_and_not_what_was_there_before():
    before = torch.ones(1000)

    def work() -> None:
        first = before + 1  # 4,000 bytes
        second = first + 1  # 8,000
        del first
        third = second[:500] * 2  # 6,000 by now
        del second, third

    assert peak_bytes(work) >= 8000
    assert peak_bytes(work) < 8200, "a number that is added takes some bytes"
    assert peak_bytes(lambda: None) == 0


def test_scores_are_among_what_a_transformer_holds_and_grow_with_the_square():
    peaks = {
        one.length: one.peak
        for one in measure_reading((64, 256), repeats=1)
        if (one.equal, one.reader) == ("width", TRANSFORMER)
    }
    assert 4 * 6 < peaks[256] / peaks[64] * 4 < 4 * 16
