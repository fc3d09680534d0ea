"""Encoder and decoder as one model: `encode` once, `step` as often as needed, or `forward` at one go."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from s2s.config import ModelConfig
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

    def step(self, fed: Tensor, state: State, memory: Memory) -> Step:
        """Decode one position; begin with the start token and `memory.initial_state`."""
        return self.decoder.step(fed, state, memory)

    def forward(self, source: Tensor, target_read: Tensor, mask: Tensor | None = None) -> Forced:
        """Every position under teacher forcing; target_read: (batch, target_len) piece numbers."""
        forced: Forced = self.decoder(target_read, self.encode(source, mask))
        return forced


def parameter_count(model: nn.Module) -> int:
    """Numbers a model learns; the tied embedding counts once."""
    return sum(parameter.numel() for parameter in model.parameters())


def shapes(config: ModelConfig) -> dict[str, tuple[int, ...]]:
    """The shape of each tensor of a model's state, by name; nothing of their size is allocated, however large
    it is."""
    with torch.device("meta"):
        state = Seq2Seq(config).state_dict()
    return {name: tuple(value.shape) for name, value in state.items()}


def build(config: ModelConfig, *, seed: int) -> Seq2Seq:
    """A new model; the same seed gives the same weights, without touching torch's own generator."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return Seq2Seq(config)
