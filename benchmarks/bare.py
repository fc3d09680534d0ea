"""The least that a step-by-step greedy decoder must compute: the recurrences, the products, the softmax.

With a shipped model's own weights: no recording, no text, no objects beyond the loop. Once in plain torch,
and once in NumPy, where a call costs less and what a word adds to the gates is looked up. What `s2s` takes
longer than the faster of the two is the price of the trace.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from s2s.data.tokenizer import PAD_ID, START_ID, UNKNOWN_ID
from s2s.model.attention import Concat, General
from s2s.model.seq2seq import Seq2Seq

Array = NDArray[np.float32]
Score = Callable[[Tensor], Tensor]  # decoder state (1, hidden) -> scores (1, source_len)
ArrayScore = Callable[[Array], NDArray[np.floating[Any]]]  # (hidden,) -> (source_len,)


class Bare(Protocol):
    """A model of one LSTM layer, as bare arithmetic."""

    def translate(self, source_ids: list[int], steps: int) -> list[int]:
        """The first `steps` piece numbers of the greedy translation."""
        ...


def bares(model: Seq2Seq) -> tuple[Bare, ...]:
    """In torch and in NumPy."""
    config = model.config
    if (config.cell, config.layers, config.direction) != ("lstm", 1, "both"):
        raise ValueError(
            "the bare computation is that of one LSTM layer that reads both ways, this model has "
            f"{config.layers} of {config.cell} and reads {config.direction}"
        )
    return InTorch(model), InNumpy(model)


class InTorch:
    """See `Bare`."""

    def __init__(self, model: Seq2Seq) -> None:
        self.encoder, self.decoder = model.encoder, model.decoder
        # What is not text is never said; put into the bias once, it costs no step anything.
        self.bias = model.decoder.output_bias.detach().clone()
        self.bias[[PAD_ID, START_ID, UNKNOWN_ID]] = -torch.inf

    @torch.inference_mode()
    def translate(self, source_ids: list[int], steps: int) -> list[int]:
        """See `Bare`."""
        encoder, decoder = self.encoder, self.decoder
        embedded = encoder.embedding(torch.tensor([source_ids]))
        states, last = encoder.rnn(embedded)
        hidden, cell = (
            bridge(part.view(1, -1)) for part, bridge in zip(last, encoder.bridges, strict=True)
        )  # (1, hidden) each
        states = (states + embedded)[0]  # (source_len, hidden)
        score = self._score(states)
        words, combine, recurrent = (
            decoder.embedding.weight,
            decoder.combine.weight,
            decoder.rnn.all_weights[0],
        )
        token, said = torch.tensor([START_ID]), []
        for _ in range(steps):
            hidden, cell = torch.lstm_cell(F.embedding(token, words), (hidden, cell), *recurrent)
            seen = hidden
            if score is not None:
                seen = torch.cat([torch.softmax(score(hidden), dim=-1) @ states, hidden], dim=-1)
            logits = F.linear(torch.tanh(F.linear(seen, combine)), words, self.bias)  # (1, target_vocab)
            token = torch.log_softmax(logits, dim=-1).argmax(dim=-1)
            said.append(int(token))
        return said

    def _score(self, states: Tensor) -> Score | None:
        """How one step scores (Luong et al. 2015, eq. 8), what depends on the source alone done before."""
        scorer = self.decoder.scorer
        if scorer is None:
            return None
        if isinstance(scorer, Concat):
            asking, weigh = scorer.from_decoder.weight, scorer.weigh.weight
            answering = F.linear(states, scorer.from_encoder.weight)  # (source_len, hidden)
            return lambda hidden: F.linear(torch.tanh(answering + F.linear(hidden, asking)), weigh).T
        keys = F.linear(states, scorer.between.weight) if isinstance(scorer, General) else states
        return lambda hidden: F.linear(hidden, keys)


class InNumpy:
    """See `Bare`."""

    def __init__(self, model: Seq2Seq) -> None:
        encoder, decoder = model.encoder, model.decoder
        self.embedding = _array(encoder.embedding.weight)
        forward, backward = encoder.rnn.all_weights
        self.reading = [_gates(weights, encoder.embedding.weight) for weights in (forward, backward)]
        self.bridges = [
            (_array(bridge.get_parameter("weight")).T.copy(), _array(bridge.get_parameter("bias")))
            for bridge in encoder.bridges
        ]
        self.table, self.recurrent = _gates(decoder.rnn.all_weights[0], decoder.embedding.weight)
        self.combine = _array(decoder.combine.weight).T.copy()
        self.words = _array(decoder.embedding.weight).T.copy()
        self.bias = _array(decoder.output_bias).copy()
        self.bias[[PAD_ID, START_ID, UNKNOWN_ID]] = -np.inf
        self.scorer = decoder.scorer

    def translate(self, source_ids: list[int], steps: int) -> list[int]:
        """See `Bare`."""
        states, last = self._read(source_ids)
        (hidden, cell), token, said = last, START_ID, []
        score = self._score(states)
        for _ in range(steps):
            hidden, cell = _stepped(self.table[token] + hidden @ self.recurrent, cell)
            seen = hidden
            if score is not None:
                scores = score(hidden)
                looks = np.exp(scores - scores.max())
                seen = np.concatenate([looks / looks.sum() @ states, hidden])
            logits = np.tanh(seen @ self.combine) @ self.words + self.bias  # (target_vocab,)
            top = logits.max()
            logits -= top + np.log(np.exp(logits - top).sum())
            token = int(logits.argmax())
            said.append(token)
        return said

    def _score(self, states: Array) -> ArrayScore | None:
        """As that of `InTorch`."""
        scorer = self.scorer
        if scorer is None:
            return None
        if isinstance(scorer, Concat):
            asking, weigh = _array(scorer.from_decoder.weight), _array(scorer.weigh.weight)[0]
            answering = states @ _array(scorer.from_encoder.weight).T  # (source_len, hidden)
            return lambda hidden: np.tanh(answering + asking @ hidden) @ weigh
        keys = states @ _array(scorer.between.weight).T if isinstance(scorer, General) else states
        return lambda hidden: keys @ hidden

    def _read(self, source_ids: list[int]) -> tuple[Array, tuple[Array, Array]]:
        """The states (source_len, hidden), and what is handed over, (hidden,) each."""
        embedded = self.embedding[source_ids]
        both, ends = [], []
        for (table, recurrent), order in zip(self.reading, (1, -1), strict=True):
            hidden = cell = np.zeros(recurrent.shape[0], np.float32)
            states = []
            for gates in table[source_ids[::order]]:
                hidden, cell = _stepped(gates + hidden @ recurrent, cell)
                states.append(hidden)
            both.append(np.array(states[::order]))
            ends.append((hidden, cell))
        first, second = (
            np.concatenate(part) @ weight + bias
            for part, (weight, bias) in zip(zip(*ends, strict=True), self.bridges, strict=True)
        )
        return np.concatenate(both, axis=1) + embedded, (first, second)


def _array(tensor: Tensor) -> Array:
    found: Array = tensor.detach().float().numpy()
    return found


def _gates(weights: Sequence[Tensor], words: Tensor) -> tuple[Array, Array]:
    """What each word adds to the gates, biases included (vocab, 4 hidden), and the matrix of the state."""
    of_word, of_state, *biases = map(_array, weights)
    return _array(words) @ of_word.T + sum(biases), of_state.T.copy()


def _stepped(gates: Array, cell: Array) -> tuple[Array, Array]:
    """The next state and cell of an LSTM (torch's order: input, forget, candidate, output)."""
    size = len(cell)
    squashed = np.float32(0.5) * np.tanh(np.float32(0.5) * gates) + np.float32(0.5)
    cell = squashed[size : 2 * size] * cell + squashed[:size] * np.tanh(gates[2 * size : 3 * size])
    return squashed[3 * size :] * np.tanh(cell), cell
