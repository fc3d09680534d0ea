"""What cells cost: counted against what they are made of. No test asserts a time."""

import itertools
from collections import Counter

import pytest

from s2s import costs
from s2s.config import CELLS, ModelConfig
from s2s.costs import measure_costs
from s2s.decode.prepared import Prepared
from s2s.model.families import build, parameter_count


def test_every_cell_is_measured_at_every_length():
    found = list(measure_costs((2, 5), repeats=1))
    assert [(cost.cell, cost.length) for cost in found] == [(cell, n) for n in (2, 5) for cell in CELLS]


def test_a_time_is_the_least_of_all_by_the_piece(monkeypatch):
    """A clock by which every look takes one step more than the one before; reading and writing look alike."""
    steps, now = itertools.count(), 0.0

    def clock() -> float:
        nonlocal now
        now += next(steps)
        return now

    monkeypatch.setattr(costs, "clock", lambda: clock)
    first, *_ = measure_costs((4,), repeats=3)
    # Read at looks 0 to 5: 1, 3 and 5 seconds long; written at looks 6 to 11: 7, 9 and 11.
    assert (first.reading, first.writing) == (1000 * 1 / 4, 1000 * 7 / 4)


def test_what_is_measured_is_every_piece_read_and_every_piece_written(monkeypatch):
    counts = Counter()
    encode, decode = Prepared.encode, costs.decode

    def read(prepared, sources):
        counts.update(read=sum(map(len, sources)))
        return encode(prepared, sources)

    def written(prepared, tasks):
        decoded = decode(prepared, tasks)
        counts.update(written=sum(len(one.said) for one in decoded))
        return decoded

    monkeypatch.setattr(Prepared, "encode", read)
    monkeypatch.setattr(costs, "decode", written)
    measuring = measure_costs((6,), repeats=1)
    next(measuring)
    warm = 4 * len(CELLS)
    assert counts["written"] == warm + 6
    assert counts["read"] == warm + 6 + 6  # alone, and before it is written


def test_a_gated_cell_has_three_and_four_times_the_recurrent_parameters():
    rnn, gru, lstm = (cost.recurrent for cost in measure_costs((1,), repeats=1))
    assert gru == 3 * rnn
    assert lstm == 4 * rnn


@pytest.mark.parametrize("cell", CELLS)
def test_the_parameters_are_those_of_the_shipped_sizes(cell):
    found = {cost.cell: cost.parameters for cost in measure_costs((1,), repeats=1)}
    assert found[cell] == parameter_count(build(ModelConfig(cell=cell), seed=2))
