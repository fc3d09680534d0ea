"""The least that a step-by-step greedy decoder must compute: the recurrences, the products, the softmax.

Plain torch with a shipped model's own weights: no recording, no text, no objects beyond the loop. What
`s2s` takes longer than this is the price of the trace.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional as F

from s2s.data.tokenizer import PAD_ID, START_ID, UNKNOWN_ID
from s2s.model.attention import Concat, General
from s2s.model.seq2seq import Seq2Seq

Score = Callable[[Tensor], Tensor]  # decoder state (1, hidden) -> scores (1, source_len)


class Bare:
    """A model of one LSTM layer, as bare arithmetic."""

    def __init__(self, model: Seq2Seq) -> None:
        config = model.config
        if (config.cell, config.layers, config.direction) != ("lstm", 1, "both"):
            raise ValueError(
                "the bare computation is that of one LSTM layer that reads both ways, this model has "
                f"{config.layers} of {config.cell} and reads {config.direction}"
            )
        self.encoder, self.decoder = model.encoder, model.decoder
        # What is not text is never said; put into the bias once, it costs no step anything.
        self.bias = model.decoder.output_bias.detach().clone()
        self.bias[[PAD_ID, START_ID, UNKNOWN_ID]] = -torch.inf

    @torch.inference_mode()
    def translate(self, source_ids: list[int], steps: int) -> list[int]:
        """The first `steps` piece numbers of the greedy translation."""
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
