"""One step of a recurrent cell in NumPy, gate by gate, with the equations of torch's own cells."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from s2s.walkthrough.workings import Recurrence

Numbers = NDArray[np.float64]


class Advanced(NamedTuple):
    """What one step of a cell made of its state."""

    state: tuple[Numbers, ...]  # (hidden,) each: the hidden state and, for the LSTM, the cell
    gates: Mapping[str, Numbers]  # (hidden,) each, by name; a share lies between 0 and 1


def _lstm(input_: Numbers, past: Numbers, state: tuple[Numbers, ...]) -> Advanced:
    """Hochreiter & Schmidhuber 1997, with the forget gate of Gers et al. 2000."""
    wanted, kept, candidate, shown = np.split(input_ + past, 4)
    gates = {
        "input": _sigmoid(wanted),
        "forget": _sigmoid(kept),
        "candidate": np.tanh(candidate),
        "output": _sigmoid(shown),
    }
    cell = gates["forget"] * state[1] + gates["input"] * gates["candidate"]
    return Advanced((gates["output"] * np.tanh(cell), cell), gates)


def _gru(input_: Numbers, past: Numbers, state: tuple[Numbers, ...]) -> Advanced:
    """Cho et al. 2014, with the reset gate behind the product, as torch and cuDNN have it."""
    (reset, update, candidate), (past_reset, past_update, past_candidate) = (
        np.split(input_, 3),
        np.split(past, 3),
    )
    gates = {"reset": _sigmoid(reset + past_reset), "update": _sigmoid(update + past_update)}
    gates["candidate"] = np.tanh(candidate + gates["reset"] * past_candidate)
    return Advanced(((1 - gates["update"]) * gates["candidate"] + gates["update"] * state[0],), gates)


def _rnn(input_: Numbers, past: Numbers, state: tuple[Numbers, ...]) -> Advanced:
    """Elman 1990."""
    return Advanced((np.tanh(input_ + past),), {})


# (what the input adds, what the state before adds, that state) -> what becomes of it
_CELLS: Final[Mapping[str, Callable[[Numbers, Numbers, tuple[Numbers, ...]], Advanced]]] = {
    "rnn": _rnn,
    "gru": _gru,
    "lstm": _lstm,
}


def advance(
    cell: str, weights: Recurrence, input_: NDArray[Any], state: tuple[NDArray[Any], ...]
) -> Advanced:
    """One step: input_ (input,) and the parts of the state before, (hidden,) each."""
    before = tuple(part.astype(np.float64) for part in state)
    return _CELLS[cell](
        weights.from_input.astype(np.float64) @ input_ + weights.input_bias,
        weights.from_state.astype(np.float64) @ before[0] + weights.state_bias,
        before,
    )


def run(
    cell: str, weights: Recurrence, inputs: NDArray[Any], *, parts: int, backward: bool = False
) -> tuple[Numbers, tuple[Numbers, ...]]:
    """A whole sequence from a state of zeros: inputs (length, input) to hidden states (length, hidden), in
    the order of the inputs, and the state at the end of the pass, (hidden,) each part."""
    from_inputs = inputs.astype(np.float64) @ weights.from_input.T.astype(np.float64) + weights.input_bias
    from_state = weights.from_state.astype(np.float64)
    hidden = from_state.shape[1]
    state: tuple[Numbers, ...] = tuple(np.zeros(hidden) for _ in range(parts))
    outputs = np.zeros((len(inputs), hidden))
    order = range(len(inputs))
    for position in reversed(order) if backward else order:
        past = from_state @ state[0] + weights.state_bias
        state = _CELLS[cell](from_inputs[position], past, state).state
        outputs[position] = state[0]
    return outputs, state


def _sigmoid(x: Numbers) -> Numbers:
    return np.exp(-np.logaddexp(0.0, -x))
