"""Against torch's own cells."""

import numpy as np
import pytest
import torch
from torch import nn

from s2s.model.cells import CELLS
from s2s.walkthrough.cells import advance, run
from s2s.walkthrough.workings import Recurrence

INPUT, HIDDEN, LENGTH = 5, 4, 7
GATES = {
    "rnn": set(),
    "gru": {"reset", "update", "candidate"},
    "lstm": {"input", "forget", "candidate", "output"},
}


def made(cell: str) -> tuple[nn.RNNBase, tuple[Recurrence, Recurrence]]:
    torch.manual_seed(4)
    layer = CELLS[cell].layer(INPUT, HIDDEN, bidirectional=True, batch_first=True).requires_grad_(False)
    forward, backward = (Recurrence(*(w.numpy() for w in weights)) for weights in layer.all_weights)
    return layer, (forward, backward)


@pytest.mark.parametrize("cell", CELLS)
def test_one_step_is_torchs_and_its_gates_are_named(cell: str) -> None:
    _, (weights, _) = made(cell)
    torch.manual_seed(5)
    parts = CELLS[cell].parts
    input_, *state = (torch.randn(1, INPUT), *(torch.randn(1, HIDDEN) for _ in range(parts)))
    expected = CELLS[cell].step(
        input_, tuple(state) if parts > 1 else state[0], *(torch.from_numpy(w) for w in weights)
    )
    found = advance(cell, weights, input_[0].numpy(), tuple(part[0].numpy() for part in state))
    for ours, theirs in zip(found.state, expected if parts > 1 else (expected,), strict=True):
        np.testing.assert_allclose(ours, theirs[0], atol=1e-6)
    assert found.gates.keys() == GATES[cell]
    for name, gate in found.gates.items():
        assert (gate > (-1 if name == "candidate" else 0)).all()
        assert (gate < 1).all()


@pytest.mark.parametrize("cell", CELLS)
def test_a_whole_sequence_is_torchs_in_both_directions(cell: str) -> None:
    layer, directions = made(cell)
    inputs = torch.randn(1, LENGTH, INPUT, generator=torch.Generator().manual_seed(6))
    outputs, last = layer(inputs)
    parts = last if isinstance(last, tuple) else (last,)
    for direction, weights in enumerate(directions):
        states, end = run(cell, weights, inputs[0].numpy(), parts=len(parts), backward=direction == 1)
        half = slice(direction * HIDDEN, (direction + 1) * HIDDEN)
        np.testing.assert_allclose(states, outputs[0, :, half], atol=1e-6)
        for ours, theirs in zip(end, parts, strict=True):
            np.testing.assert_allclose(ours, theirs[direction, 0], atol=1e-6)


def test_a_far_input_does_not_overflow() -> None:
    _, (weights, _) = made("lstm")
    found = advance("lstm", weights, np.full(INPUT, -1e4), (np.zeros(HIDDEN), np.zeros(HIDDEN)))
    assert all(np.isfinite(part).all() for part in found.state)
