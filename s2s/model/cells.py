"""The recurrent cells, by name: the layer that runs a whole sequence and the function of one step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple

import torch
from torch import Tensor, nn

State = tuple[Tensor, ...]  # (hidden,) or, for the LSTM, (hidden, cell); each (layers, batch, hidden)


class Cell(NamedTuple):
    """One kind of recurrent cell, as torch knows it."""

    layer: Callable[..., nn.RNNBase]
    step: Callable[..., Any]  # torch's own cell: (input, state, weights, biases) -> state
    parts: int  # tensors in its state


CELLS: Final[dict[str, Cell]] = {
    "rnn": Cell(nn.RNN, torch.rnn_tanh_cell, 1),
    "gru": Cell(nn.GRU, torch.gru_cell, 1),
    "lstm": Cell(nn.LSTM, torch.lstm_cell, 2),
}


def of_rows(state: State, kept: Tensor) -> State:
    """The state of some sentences of a batch; kept: (batch,) is True for these."""
    return tuple(part[:, kept] for part in state)


def run(layer: nn.RNNBase, inputs: Tensor, state: State) -> tuple[Tensor, State]:
    """A whole sequence at once: inputs (batch, length, input) to outputs (batch, length, hidden)."""
    outputs, last = layer(inputs, state if len(state) > 1 else state[0])
    return outputs, last if isinstance(last, tuple) else (last,)


def step(cell: Cell, layer: nn.RNNBase, inputs: Tensor, state: State) -> tuple[Tensor, State]:
    """One position of `run`, without its set-up cost: inputs (batch, input) to output (batch, hidden)."""
    advanced: list[State] = []
    for number, weights in enumerate(layer.all_weights):
        before = tuple(part[number] for part in state)  # (batch, hidden) each
        after = cell.step(inputs, before if cell.parts > 1 else before[0], *weights)
        advanced.append(after if isinstance(after, tuple) else (after,))
        inputs = advanced[-1][0]
    return inputs, tuple(torch.stack(parts) for parts in zip(*advanced, strict=True))
