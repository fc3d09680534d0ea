"""Encoder and decoder as one model: `encode` once, `step` as often as needed, or `forward` at one go."""

from __future__ import annotations

from torch import Tensor, nn

from s2s.config import ModelConfig
from s2s.model import cells
from s2s.model.cells import State
from s2s.model.decoder import Decoder, Forced, Memory, Step
from s2s.model.encoder import Encoder


class Seq2Seq(nn.Module):
    """A recurrent encoder-decoder, with or without attention. The two share no parameters."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        self.encoder = Encoder(config)
        self.decoder = Decoder(config)

    def encode(self, source: Tensor, mask: Tensor | None = None) -> Memory:
        """Read the source: (batch, source_len) piece numbers; mask (batch, source_len) is True where a
        piece is real and may be left out when all are."""
        lengths = None if mask is None else mask.sum(dim=1)
        encoded = self.encoder(source, lengths)
        scorer = self.decoder.scorer
        return Memory(
            encoder_states=encoded.encoder_states,
            keys=None if scorer is None else scorer.keys(encoded.encoder_states),
            mask=mask,
            initial_state=encoded.initial_state,
        )

    def beginning(self, memory: Memory) -> State:
        """The state before the first step."""
        return memory.initial_state

    def state_of_rows(self, state: State, kept: Tensor) -> State:
        """That of some sentences of a batch; kept: (batch,) is True for these."""
        return cells.of_rows(state, kept)

    def step(self, fed: Tensor, state: State, memory: Memory) -> Step:
        """Decode one position; begin with the start token and `memory.initial_state`."""
        return self.decoder.step(fed, state, memory)

    def forward(self, source: Tensor, target_read: Tensor, mask: Tensor | None = None) -> Forced:
        """Every position under teacher forcing; target_read: (batch, target_len) piece numbers."""
        forced: Forced = self.decoder(target_read, self.encode(source, mask))
        return forced
