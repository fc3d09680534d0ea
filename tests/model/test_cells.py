import pytest
import torch

from s2s.model import cells
from s2s.model.cells import CELLS, State


@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("name", CELLS)
def test_steps_give_what_torch_gives_for_the_whole_sequence(name: str, layers: int) -> None:
    torch.manual_seed(0)
    cell = CELLS[name]
    layer = cell.layer(5, 7, num_layers=layers, batch_first=True)
    inputs = torch.randn(3, 6, 5)
    first: State = tuple(torch.randn(layers, 3, 7) for _ in range(cell.parts))
    with torch.no_grad():
        expected, expected_last = layer(inputs, first if cell.parts > 1 else first[0])
        state, outputs = first, []
        for position in range(inputs.shape[1]):
            output, state = cells.step(cell, layer, inputs[:, position], state)
            outputs.append(output)
        whole, last = cells.run(layer, inputs, first)
    torch.testing.assert_close(torch.stack(outputs, dim=1), expected, atol=1e-6, rtol=1e-5)
    torch.testing.assert_close(whole, expected, atol=0, rtol=0)
    parts = expected_last if isinstance(expected_last, tuple) else (expected_last,)
    assert len(state) == len(last) == cell.parts
    for stepped, run, part in zip(state, last, parts, strict=True):
        torch.testing.assert_close(stepped, part, atol=1e-6, rtol=1e-5)
        torch.testing.assert_close(run, part, atol=0, rtol=0)


def test_a_step_leaves_the_state_it_was_given_alone() -> None:
    cell = CELLS["lstm"]
    layer = cell.layer(4, 4, batch_first=True)
    state = (torch.ones(1, 2, 4), torch.ones(1, 2, 4))
    cells.step(cell, layer, torch.randn(2, 4), state)
    assert all((part == 1).all() for part in state)
