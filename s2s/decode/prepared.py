"""A model made ready to decode one sentence at a time, at the speed of its arithmetic.

A recurrent network is stepped in NumPy, on arrays that share torch's memory: at one sentence, most of what
torch takes for a step is the price of the call. What a piece adds to the gates (its embedding times the
input matrix) does not depend on the step: it is computed when the piece is first met, and looked up from
then on. Everything behind the recurrence is the model's own (`Decoder.look`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from s2s.model.cells import State
from s2s.model.decoder import Looked, Memory
from s2s.model.seq2seq import Seq2Seq

Array = NDArray[np.float32]


class Advanced(NamedTuple):
    """What the decoder made of several pieces that it was fed one after the other."""

    looked: Looked  # of a batch of one, a row for each piece
    states: Array  # (pieces, parts, layers, hidden), after each of them


class Prepared:
    """A model in evaluation mode, whose weights stay as they are. Threads may share one."""

    def __init__(self, model: Seq2Seq) -> None:
        self.model = model
        cell, encoder, decoder = model.config.cell, model.encoder, model.decoder
        both = encoder.rnn.bidirectional
        self._encoder = _layers(cell, encoder.rnn, encoder.embedding.weight, directions=2 if both else 1)
        self._decoder = _layers(cell, decoder.rnn, decoder.embedding.weight, directions=1)

    def encode(self, source_ids: Sequence[int]) -> Memory:
        """What `Seq2Seq.encode` gives for one source; in inference mode only."""
        model = self.model
        inputs, ends = None, []
        for layer in self._encoder:
            passes: list[Array] = []
            for number, direction in enumerate(layer):
                turned = number == 1 or model.config.direction == "backward"
                states = direction.run(source_ids, inputs, direction.beginning(), turned=turned)
                passes.append(states[:, 0])
                ends.append(states[0 if turned else -1])
            inputs = np.concatenate(passes, axis=1)
        last = np.stack(ends).reshape(
            len(self._encoder), -1, *ends[0].shape
        )  # (layers, directions, parts, ...)
        bridged = [
            bridge(torch.from_numpy(np.ascontiguousarray(part)).flatten(1)).unsqueeze(1)
            for bridge, part in zip(model.encoder.bridges, last.transpose(2, 0, 1, 3), strict=True)
        ]
        embedded = model.encoder.embedding(torch.tensor([source_ids]))
        encoder_states = embedded + torch.from_numpy(inputs)
        scorer = model.decoder.scorer
        return Memory(
            encoder_states=encoder_states,
            keys=None if scorer is None else scorer.keys(encoder_states),
            mask=None,
            initial_state=tuple(bridged),
        )

    def advance(self, fed: Sequence[int], state: Array, memory: Memory) -> Advanced:
        """Feed the decoder several pieces; state: (parts, layers, hidden) before the first of them."""
        inputs, layers = None, []
        for number, (layer,) in enumerate(self._decoder):
            states = layer.run(fed, inputs, state[:, number])
            layers.append(states)
            inputs = np.ascontiguousarray(states[:, 0])
        decoder_states = torch.from_numpy(inputs).unsqueeze(0)  # (1, pieces, hidden)
        return Advanced(self.model.decoder.look(decoder_states, memory), np.stack(layers, axis=2))


def array_of(state: State) -> Array:
    """The state of a batch of one as (parts, layers, hidden)."""
    return np.stack([part[:, 0].numpy() for part in state])


def state_of(array: Array) -> State:
    """The other way round."""
    return tuple(torch.from_numpy(array).unsqueeze(2).unbind())


class _Recurrence:
    """One direction of one layer; the first layer is given pieces, the others the states below them."""

    def __init__(self, cell: str, weights: Sequence[nn.Parameter], embedding: Tensor | None) -> None:
        self._from_input, self._from_state, self._input_bias, self._state_bias = map(_shared, weights)
        self._cell = _CELLS[cell]
        self._embedding = None if embedding is None else _shared(embedding)
        if self._embedding is not None:
            # A row takes memory when it is written: a vocabulary is 24 MB, the pieces of a lesson a few.
            self._rows = np.empty((len(self._embedding), len(self._from_input)), dtype=np.float32)
            self._is_written = np.zeros(len(self._embedding), dtype=np.bool_)

    def beginning(self) -> Array:
        """The state before the first piece: (parts, hidden) zeros."""
        return np.zeros((self._cell.parts, self._from_state.shape[1]), dtype=np.float32)

    def run(self, ids: Sequence[int], inputs: Array | None, state: Array, *, turned: bool = False) -> Array:
        """The states after each of several inputs, (length, parts, hidden), in the order of the inputs;
        `turned`, the last of them is read first."""
        gates = self._gates(ids) if inputs is None else inputs @ self._from_input.T + self._input_bias
        states = np.empty((len(ids), *state.shape), dtype=np.float32)
        for position in range(len(ids) - 1, -1, -1) if turned else range(len(ids)):
            past = self._from_state @ state[0]
            past += self._state_bias
            state = self._cell.step(gates[position], past, state, states[position])
        return states

    def _gates(self, ids: Sequence[int]) -> Array:
        """What pieces add to the gates, (length, gates * hidden)."""
        assert self._embedding is not None
        for id_ in ids:
            if not self._is_written[id_]:  # one by one, so that no row depends on what came with it
                self._rows[id_] = self._from_input @ self._embedding[id_] + self._input_bias
                self._is_written[id_] = True  # after the row: another thread may look now
        return self._rows[ids]


# (what the input adds, what the state before adds, that state, where the new one goes) -> the new one; states
# are (parts, hidden)
_Step = Callable[[Array, Array, Array, Array], Array]


class _Cell(NamedTuple):
    step: _Step
    parts: int


def _lstm(input_: Array, past: Array, state: Array, out: Array) -> Array:
    past += input_
    hidden = len(past) // 4
    candidate = np.tanh(past[2 * hidden : 3 * hidden])
    gates = _sigmoid(past)
    np.multiply(gates[hidden : 2 * hidden], state[1], out=out[1])
    candidate *= gates[:hidden]
    out[1] += candidate
    np.multiply(gates[3 * hidden :], np.tanh(out[1]), out=out[0])
    return out


def _gru(input_: Array, past: Array, state: Array, out: Array) -> Array:
    hidden = len(past) // 3
    gates = _sigmoid(past[: 2 * hidden] + input_[: 2 * hidden])
    reset, update = gates[:hidden], gates[hidden:]
    candidate = np.tanh(input_[2 * hidden :] + reset * past[2 * hidden :])
    np.add(candidate, update * (state[0] - candidate), out=out[0])
    return out


def _rnn(input_: Array, past: Array, state: Array, out: Array) -> Array:
    np.tanh(past + input_, out=out[0])
    return out


_CELLS: Final[Mapping[str, _Cell]] = {"rnn": _Cell(_rnn, 1), "gru": _Cell(_gru, 1), "lstm": _Cell(_lstm, 2)}


def _sigmoid(x: Array) -> Array:
    """Without an exponential that could overflow."""
    found: Array = np.tanh(x * np.float32(0.5))
    found *= np.float32(0.5)
    found += np.float32(0.5)
    return found


def _layers(
    cell: str, rnn: nn.RNNBase, embedding: Tensor, *, directions: int
) -> list[tuple[_Recurrence, ...]]:
    """The layers from the first to the last, each its directions."""
    weights: list[Any] = rnn.all_weights
    return [
        tuple(
            _Recurrence(cell, one, embedding if first == 0 else None)
            for one in weights[first : first + directions]
        )
        for first in range(0, len(weights), directions)
    ]


def _shared(tensor: Tensor) -> Array:
    array: Array = tensor.detach().numpy()
    return array
