"""The decoder: one recurrent step, one look back, one word. Attention comes after the recurrent step
and is not fed back into it (Luong et al. 2015, section 3, without input feeding)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn

from s2s.config import ModelConfig
from s2s.data.tokenizer import PAD_ID
from s2s.model import cells
from s2s.model.attention import SCORERS, Attended, attend
from s2s.model.cells import CELLS, State


class Memory(NamedTuple):
    """What the decoder may look back at: the encoder states and what the scorer made of them once."""

    encoder_states: Tensor  # (batch, source_len, hidden)
    keys: Tensor | None  # (batch, source_len, hidden); None without attention
    mask: Tensor | None  # (batch, source_len), True where real; None when all are
    initial_state: State  # each (layers, batch, hidden)

    def of_rows(self, kept: Tensor) -> Memory:
        """That of some sentences of a batch; kept: (batch,) is True for these."""
        return Memory(
            encoder_states=self.encoder_states[kept],
            keys=None if self.keys is None else self.keys[kept],
            mask=None if self.mask is None else self.mask[kept],
            initial_state=cells.of_rows(self.initial_state, kept),
        )


class Step(NamedTuple):
    """Everything one position computed."""

    state: State  # to go on from; each (layers, batch, hidden)
    decoder_state: Tensor  # (batch, hidden)
    scores: Tensor | None  # (batch, source_len)
    weights: Tensor | None  # (batch, source_len)
    context: Tensor | None  # (batch, hidden)
    attentional_state: Tensor  # (batch, hidden)
    logits: Tensor  # (batch, target_vocab)


class Looked(NamedTuple):
    """What follows from decoder states at several positions."""

    decoder_states: Tensor  # (batch, target_len, hidden)
    attended: Attended | None  # None without attention
    attentional_states: Tensor  # (batch, target_len, hidden)
    logits: Tensor  # (batch, target_len, target_vocab)

    def at(self, position: int, state: State) -> Step:
        """One of the positions, with the state that it left."""
        context, weights, scores = (
            (part[:, position] for part in self.attended) if self.attended else (None,) * 3
        )
        return Step(
            state=state,
            decoder_state=self.decoder_states[:, position],
            scores=scores,
            weights=weights,
            context=context,
            attentional_state=self.attentional_states[:, position],
            logits=self.logits[:, position],
        )

    def until(self, length: int) -> Looked:
        """The first positions."""
        if length == self.logits.shape[1]:
            return self
        attended = None if self.attended is None else Attended(*(part[:, :length] for part in self.attended))
        return Looked(
            self.decoder_states[:, :length],
            attended,
            self.attentional_states[:, :length],
            self.logits[:, :length],
        )

    @staticmethod
    def joined(parts: Sequence[Looked]) -> Looked:
        """Positions that follow each other, of one sentence."""
        decoder_states, attended, attentional_states, logits = zip(*parts, strict=True)
        return Looked(
            _joined(decoder_states),
            None if attended[0] is None else Attended(*map(_joined, zip(*attended, strict=True))),
            _joined(attentional_states),
            _joined(logits),
        )


class Forced(NamedTuple):
    """What teacher forcing computed at all positions at once."""

    logits: Tensor  # (batch, target_len, target_vocab)
    weights: Tensor | None  # (batch, target_len, source_len); None without attention


class DecoderStates(NamedTuple):
    """What teacher forcing computed at all positions at once, up to the words that it says."""

    decoder_states: Tensor  # (batch, target_len, hidden)
    attended: Attended | None  # None without attention
    attentional_states: Tensor  # (batch, target_len, hidden)


class Decoder(nn.Module):
    """A recurrent network over target pieces, attention, and a softmax over words whose matrix is the
    target embedding (Press & Wolf 2017)."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.cell = CELLS[config.cell]
        self.embedding = nn.Embedding(config.target_vocab, config.hidden, padding_idx=PAD_ID)
        nn.init.normal_(self.embedding.weight, std=config.hidden**-0.5)
        self.dropout = nn.Dropout(config.dropout)
        self.rnn = self.cell.layer(
            config.hidden,
            config.hidden,
            num_layers=config.layers,
            dropout=config.dropout if config.layers > 1 else 0.0,
            batch_first=True,
        )
        width = 2 * config.hidden if config.attends else config.hidden
        self.combine = nn.Linear(width, config.hidden, bias=False)
        self.output_bias = nn.Parameter(torch.zeros(config.target_vocab))
        # Last, so that models that differ only here start from the same weights everywhere else.
        self.scorer = SCORERS[config.attention](config.hidden) if config.attends else None

    def forward(self, target_read: Tensor, memory: Memory) -> Forced:
        """All positions at once, under teacher forcing; target_read: (batch, target_len) piece numbers.
        The same numbers as `step` gives one by one."""
        states = self.states(target_read, memory)
        logits = self._logits(states.attentional_states)
        return Forced(logits, None if states.attended is None else states.attended.weights)

    def states(self, target_read: Tensor, memory: Memory) -> DecoderStates:
        """What `forward` computes before it multiplies with the vocabulary."""
        embedded = self.dropout(self.embedding(target_read))  # (batch, target_len, hidden)
        decoder_states, _ = cells.run(self.rnn, embedded, memory.initial_state)
        return self.looking_back(decoder_states, memory)

    def looking_back(self, decoder_states: Tensor, memory: Memory) -> DecoderStates:
        """Decoder states, (batch, target_len, hidden), and what attention makes of them."""
        attended = self._attended(decoder_states, memory)
        seen = None if attended is None else attended.context
        return DecoderStates(decoder_states, attended, self.attentional(decoder_states, seen))

    def step(self, fed: Tensor, state: State, memory: Memory) -> Step:
        """One position: fed is (batch,) piece numbers, state what the step before left."""
        embedded = self.dropout(self.embedding(fed))  # (batch, hidden)
        decoder_state, state = cells.step(self.cell, self.rnn, embedded, state)
        return self.look(decoder_state.unsqueeze(1), memory).at(0, state)

    def look(self, decoder_states: Tensor, memory: Memory) -> Looked:
        """What follows from decoder states, (batch, target_len, hidden): where they look, what they say."""
        states = self.looking_back(decoder_states, memory)
        return Looked(*states, self._logits(states.attentional_states))

    def looks(self, decoder_states: Sequence[Tensor], memories: Sequence[Memory]) -> list[Looked]:
        """What `look` gives for each of several batches of one, each (1, target_len, hidden) with a memory of
        its own; what they share is multiplied once for all of them."""
        attended = list(map(self._attended, decoder_states, memories))
        contexts = [one.context for one in attended if one is not None]
        attentional_states = self.attentional(
            _joined(decoder_states), _joined(contexts) if contexts else None
        )
        lengths = [states.shape[1] for states in decoder_states]
        together = (attentional_states, self._logits(attentional_states))
        return list(
            map(Looked, decoder_states, attended, *(torch.split(one, lengths, dim=1) for one in together))
        )

    def alone(self, decoder_states: Tensor, memory: Memory) -> Tensor:
        """What each position would have said had it looked at one source piece alone, for each of them: from
        (batch, target_len, hidden) to logits (batch, target_len, source_len, target_vocab). With attention
        only."""
        seen = memory.encoder_states.unsqueeze(1)
        pairs = (*decoder_states.shape[:2], *seen.shape[2:])
        asking = decoder_states.unsqueeze(2).expand(pairs)
        return self._logits(self.attentional(asking, seen.expand(pairs)))

    def predict(self, decoder_states: Tensor, attended: Attended | None) -> Tensor:
        """What follows from decoder states and what was looked at with them, which may be of others: logits
        (batch, target_len, target_vocab)."""
        seen = None if attended is None else attended.context
        return self._logits(self.attentional(decoder_states, seen))

    def attentional(self, decoder_states: Tensor, context: Tensor | None) -> Tensor:
        """tanh(W [context; s_t]) (Luong et al. 2015, eq. 5), or tanh(W s_t) without attention; all
        (batch, target_len, hidden)."""
        seen = decoder_states if context is None else torch.cat([context, decoder_states], dim=-1)
        return torch.tanh(self.combine(seen))

    def _attended(self, decoder_states: Tensor, memory: Memory) -> Attended | None:
        if self.scorer is None or memory.keys is None:
            return None
        return attend(self.scorer, decoder_states, memory.keys, memory.encoder_states, memory.mask)

    def _logits(self, attentional_states: Tensor) -> Tensor:
        return nn.functional.linear(self.dropout(attentional_states), self.embedding.weight, self.output_bias)


def _joined(batches: Sequence[Tensor]) -> Tensor:
    """One after the other, along the positions."""
    return batches[0] if len(batches) == 1 else torch.cat(list(batches), dim=1)
