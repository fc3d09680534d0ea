"""The memory task: learned where it can be, and not where it cannot."""

import copy
from itertools import islice

import pytest
import torch

from s2s.config import CELLS
from s2s.data.toys import SYMBOLS, recall_first
from s2s.train.memory import EVERY, Reader, learn


def test_every_cell_has_a_curve_without_and_with_attention_at_every_lag():
    points = list(learn(fillers=(1, 2), updates=2 * EVERY, seed=1))
    runs = list(dict.fromkeys((point.fillers, point.cell, point.attention) for point in points))
    assert runs == [(n, cell, attention) for n in (1, 2) for cell in CELLS for attention in (False, True)]
    assert all(0 <= point.right <= 1 for point in points)
    done = [point.done for point in points]
    assert done == sorted(set(done))
    assert done[-1] == points[-1].total == 2 * len(CELLS) * 2 * 2 * EVERY


def test_a_short_lag_is_learned_and_ends_its_run_early():
    points = [point for point in learn(fillers=(1,), updates=300, seed=1) if point.cell == "gru"]
    for attention in (False, True):
        last = [point for point in points if point.attention == attention][-1]
        assert last.right >= 0.98
        assert last.learned
        assert last.updates < 300
    assert {point.done for point in points} <= set(range(points[-1].total + 1))


def test_nothing_is_learned_of_a_lag_that_no_gradient_crosses():
    """An RNN over 60 tokens: what it says stays near one right answer in eight."""
    (last,) = list(islice(learn(fillers=(60,), updates=5 * EVERY, seed=1), 4, 5))
    assert (last.cell, last.attention, last.learned) == ("rnn", False, False)
    assert last.right == pytest.approx(1 / SYMBOLS, abs=0.1)


def test_the_same_seed_gives_the_same_curves_whatever_was_drawn_before():
    torch.manual_seed(5)
    one = list(islice(learn(fillers=(2,), updates=EVERY, seed=3), 3))
    torch.rand(7)
    assert list(islice(learn(fillers=(2,), updates=EVERY, seed=3), 3)) == one
    assert list(islice(learn(fillers=(2,), updates=EVERY, seed=4), 3)) != one


@pytest.mark.parametrize("cell", CELLS)
def test_without_attention_the_answer_is_a_function_of_the_last_state(cell):
    """With the context's part of the answer taken away, attention changes nothing."""
    with torch.inference_mode():
        looking, blind = Reader(cell, attention=True), Reader(cell, attention=False)
        weights = copy.deepcopy(looking.state_dict())
        width = weights["combine.weight"].shape[0]
        looking.combine.weight[:, :width] = 0
        weights["combine.weight"] = weights["combine.weight"][:, width:]
        blind.load_state_dict(weights)
        sequences = recall_first(4, 6, torch.Generator().manual_seed(1)).sequences
        torch.testing.assert_close(looking(sequences), blind(sequences))
