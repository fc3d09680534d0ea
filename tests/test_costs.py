"""What cells cost: counted against what they are made of. No test asserts a time."""

import pytest

from s2s.config import CELLS, ModelConfig
from s2s.costs import measure_costs
from s2s.model.seq2seq import build, parameter_count


def test_every_cell_is_measured_at_every_length():
    found = list(measure_costs((2, 5), repeats=1))
    assert [(cost.cell, cost.length) for cost in found] == [(cell, n) for n in (2, 5) for cell in CELLS]
    assert all(cost.reading > 0 and cost.writing > 0 for cost in found)


def test_a_gated_cell_has_three_and_four_times_the_recurrent_parameters():
    rnn, gru, lstm = (cost.recurrent for cost in measure_costs((1,), repeats=1))
    assert gru == 3 * rnn
    assert lstm == 4 * rnn


@pytest.mark.parametrize("cell", CELLS)
def test_the_parameters_are_those_of_the_shipped_sizes(cell):
    found = {cost.cell: cost.parameters for cost in measure_costs((1,), repeats=1)}
    assert found[cell] == parameter_count(build(ModelConfig(cell=cell), seed=2))
