"""A model made ready to decode sentences, one or several at once, at the speed of its arithmetic.

A recurrent network is stepped in NumPy, on arrays that share torch's memory: at one sentence, most of what
torch takes for a step is the price of the call. What a piece adds to the gates (its embedding times the
input matrix) does not depend on the step: it is computed when the piece is first met, and looked up from
then on. Everything behind the recurrence is the model's own (`Decoder.looks`).

Most of what a step takes is reading the weights, megabytes of them. Sentences that are decoded together read
them once. Each keeps its own length: none is padded where it would be seen.
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
    """What the decoder made of several pieces of one sentence, fed one after the other."""

    looked: Looked  # of a batch of one, a row for each piece
    states: Array  # (pieces, parts, layers, hidden), after each of them

    @property
    def logits(self) -> Tensor:
        """What each piece led to: (pieces, target_vocab)."""
        return self.looked.logits[0]

    def after(self, row: int) -> Array:
        """The state to go on from behind one of the pieces."""
        state: Array = self.states[row]
        return state

    def until(self, length: int) -> Advanced:
        """The first pieces."""
        return Advanced(self.looked.until(length), self.states[:length])

    @staticmethod
    def joined(parts: Sequence[Advanced]) -> Advanced:
        """Pieces that follow each other, of one sentence."""
        looked, states = zip(*parts, strict=True)
        return Advanced(Looked.joined(looked), np.concatenate(states))


class Prepared:
    """A model in evaluation mode, whose weights stay as they are. Threads may share one."""

    def __init__(self, model: Seq2Seq) -> None:
        self.model = model
        _by_columns(model)
        cell, encoder, decoder = model.config.cell, model.encoder, model.decoder
        both = encoder.rnn.bidirectional
        self._encoder = _layers(cell, encoder.rnn, encoder.embedding.weight, directions=2 if both else 1)
        self._decoder = _layers(cell, decoder.rnn, decoder.embedding.weight, directions=1)

    def encode(self, sources: Sequence[Sequence[int]]) -> list[Memory]:
        """What `Seq2Seq.encode` gives for each source; in inference mode only."""
        model, inputs, ends = self.model, None, []
        for layer in self._encoder:
            passes: list[list[Array]] = []
            for number, direction in enumerate(layer):
                turned = number == 1 or model.config.direction == "backward"
                states = direction.run(sources, inputs, direction.beginning(len(sources)), turned=turned)
                passes.append([one[:, 0] for one in states])
                ends.append([one[0 if turned else -1] for one in states])
            inputs = [np.concatenate(both, axis=1) for both in zip(*passes, strict=True)]
        assert inputs is not None
        embedded = model.encoder.embedding(torch.tensor([id_ for source in sources for id_ in source]))
        encoder_states = (embedded + torch.from_numpy(np.concatenate(inputs))).unsqueeze(0)
        scorer, lengths = model.decoder.scorer, [len(source) for source in sources]
        keys = None if scorer is None else torch.split(scorer.keys(encoder_states), lengths, dim=1)
        initial_states = self._bridged(ends)
        return [
            Memory(states, None if keys is None else keys[number], None, initial_states[number])
            for number, states in enumerate(torch.split(encoder_states, lengths, dim=1))
        ]

    def beginning(self, memory: Memory) -> Array:
        """The state before the first piece of a sentence that was read, (parts, layers, hidden)."""
        return array_of(memory.initial_state)

    def advance(
        self, fed: Sequence[Sequence[int]], states: Sequence[Array], memories: Sequence[Memory]
    ) -> list[Advanced]:
        """Feed the decoder several pieces of each sentence, which is in a state, (parts, layers, hidden),
        before the first of them."""
        before = np.stack(states)  # (sentences, parts, layers, hidden)
        inputs, layers = None, []
        for number, (layer,) in enumerate(self._decoder):
            layers.append(layer.run(fed, inputs, before[:, :, number]))
            inputs = [np.ascontiguousarray(one[:, 0]) for one in layers[-1]]
        assert inputs is not None
        looked = self.model.decoder.looks([torch.from_numpy(one).unsqueeze(0) for one in inputs], memories)
        after = [np.stack(one, axis=2) for one in zip(*layers, strict=True)]
        return list(map(Advanced, looked, after))

    def _bridged(self, ends: Sequence[Sequence[Array]]) -> list[State]:
        """The first state of each decoder, from the last of each direction of each layer of its encoder."""
        last = np.array(ends)  # (layers * directions, sentences, parts, hidden)
        last = last.reshape(len(self._encoder), -1, *last.shape[1:]).transpose(3, 2, 0, 1, 4)
        bridged = [
            bridge(torch.from_numpy(np.ascontiguousarray(part)).flatten(2))  # (sentences, layers, hidden)
            for bridge, part in zip(self.model.encoder.bridges, last, strict=True)
        ]
        return [tuple(part[number].unsqueeze(1) for part in bridged) for number in range(last.shape[1])]


def array_of(state: State) -> Array:
    """The state of a batch of one as (parts, layers, hidden)."""
    return np.stack([part[:, 0].numpy() for part in state])


class _Recurrence:
    """One direction of one layer; the first layer is given pieces, the others the states below them."""

    def __init__(self, cell: str, weights: Sequence[nn.Parameter], embedding: Tensor | None) -> None:
        from_input, from_state, input_bias, state_bias = (weight.detach() for weight in weights)
        self._of_input, self._of_state = (
            (input_bias, from_input.t()),
            (state_bias, from_state.t().contiguous()),
        )
        self._hidden, self._gates_wide = from_state.shape[1], from_state.shape[0]
        self._cell = _CELLS[cell]
        self._embedding = None if embedding is None else _shared(embedding)
        if self._embedding is not None:
            # A row takes memory when it is written: a vocabulary is 24 MB, the pieces of a lesson a few.
            self._rows = np.empty((len(self._embedding), self._gates_wide), dtype=np.float32)
            self._is_written = np.zeros(len(self._embedding), dtype=np.bool_)

    def beginning(self, sentences: int) -> Array:
        """The states before the first piece: (sentences, parts, hidden) zeros."""
        return np.zeros((sentences, self._cell.parts, self._hidden), dtype=np.float32)

    def run(
        self,
        ids: Sequence[Sequence[int]],
        inputs: Sequence[Array] | None,
        states: Array,
        *,
        turned: bool = False,
    ) -> list[Array]:
        """The states after each of several inputs of each sentence, (length, parts, hidden), in the order of
        the inputs; `turned`, the last of them is read first. states: (sentences, parts, hidden)."""
        order = sorted(range(len(ids)), key=lambda number: -len(ids[number]))
        lengths = [len(ids[number]) for number in order]
        gates = np.empty((lengths[0], len(ids), self._gates_wide), dtype=np.float32)
        for row, number in enumerate(order):
            own = self._gates(ids[number]) if inputs is None else _affine(*self._of_input, inputs[number])
            gates[: lengths[row], row] = own[::-1] if turned else own
        after = np.empty((lengths[0], *states.shape), dtype=np.float32)
        state, reading = states[order], len(ids)
        for position in range(lengths[0]):
            while lengths[reading - 1] <= position:  # the longest stand first
                reading -= 1
            past = _affine(*self._of_state, state[:reading, 0])
            state = self._cell.step(
                gates[position, :reading], past, state[:reading], after[position, :reading]
            )
        found = [after] * len(ids)
        for row, number in enumerate(order):
            own = after[: lengths[row], row]
            found[number] = own[::-1] if turned else own
        return found

    def _gates(self, ids: Sequence[int]) -> Array:
        """What pieces add to the gates, (length, gates * hidden)."""
        assert self._embedding is not None
        for id_ in ids:
            if not self._is_written[id_]:  # one by one, so that no row depends on what came with it
                self._rows[id_] = _affine(*self._of_input, self._embedding[id_ : id_ + 1])[0]
                self._is_written[id_] = True  # after the row: another thread may look now
        return self._rows[ids]


# (what the input adds, what the state before adds, that state, where the new one goes) -> the new one; states
# are (sentences, parts, hidden)
_Step = Callable[[Array, Array, Array, Array], Array]


class _Cell(NamedTuple):
    step: _Step
    parts: int


def _lstm(input_: Array, past: Array, state: Array, out: Array) -> Array:
    past += input_
    hidden = past.shape[1] // 4
    candidate = np.tanh(past[:, 2 * hidden : 3 * hidden])
    gates = _sigmoid(past)
    np.multiply(gates[:, hidden : 2 * hidden], state[:, 1], out=out[:, 1])
    candidate *= gates[:, :hidden]
    out[:, 1] += candidate
    np.multiply(gates[:, 3 * hidden :], np.tanh(out[:, 1]), out=out[:, 0])
    return out


def _gru(input_: Array, past: Array, state: Array, out: Array) -> Array:
    hidden = past.shape[1] // 3
    gates = _sigmoid(past[:, : 2 * hidden] + input_[:, : 2 * hidden])
    reset, update = gates[:, :hidden], gates[:, hidden:]
    candidate = np.tanh(input_[:, 2 * hidden :] + reset * past[:, 2 * hidden :])
    np.add(candidate, update * (state[:, 0] - candidate), out=out[:, 0])
    return out


def _rnn(input_: Array, past: Array, state: Array, out: Array) -> Array:
    np.tanh(past + input_, out=out[:, 0])
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


def _by_columns(model: Seq2Seq) -> None:
    """Keep matrices column by column: what multiplies a row, or a few, then reads each once and in order.
    Not those of recurrent layers, which torch wants as they are, nor what is only looked up."""
    linear = [module for module in model.modules() if isinstance(module, nn.Linear)]
    with torch.inference_mode(mode=False):  # gradients are asked of the same weights
        for weight in (*(module.weight for module in linear), model.decoder.embedding.weight):
            weight.data = weight.data.t().contiguous().t()


def _affine(bias: Tensor, matrix: Tensor, rows: Array) -> Array:
    """In torch, which was told how many threads it may have; NumPy's own products take what they want."""
    found: Array = torch.addmm(bias, torch.from_numpy(rows), matrix).numpy()
    return found


def _shared(tensor: Tensor) -> Array:
    array: Array = tensor.detach().numpy()
    return array
