"""The network: an encoder that reads log-mel frames and halves their number layer by layer, and the decoder
of the models that read text, as it is."""

from __future__ import annotations

from typing import Final

import torch
from torch import Tensor, nn

from s2s.data.tokenizer import END_ID, START_ID
from s2s.model.cells import State
from s2s.model.decoder import Decoder, DecoderStates, Memory, Step
from s2s.sound.config import SpeechConfig

FIRST_DIGIT: Final = END_ID + 1  # piece number of zero


def piece_of(digit: int) -> int:
    """The number of a digit in the decoder's vocabulary."""
    return FIRST_DIGIT + digit


def digit_of(piece: int) -> int | None:
    """The digit that a piece number stands for; None for the special ones."""
    return piece - FIRST_DIGIT if piece >= FIRST_DIGIT else None


class PyramidEncoder(nn.Module):
    """Bidirectional LSTMs on top of each other, each but the first over pairs of the states below: of eight
    frames, 80 ms of sound, there is one state at the top (Chan et al. 2016, eq. 5)."""

    def __init__(self, config: SpeechConfig) -> None:
        super().__init__()
        widths = [config.stacked * config.bands, *[2 * config.hidden] * (config.layers - 1)]
        self.stacked = config.stacked
        self.dropout = nn.Dropout(config.dropout)
        self.layers = nn.ModuleList(
            nn.LSTM(width, config.hidden // 2, batch_first=True, bidirectional=True) for width in widths
        )
        self.bridges = nn.ModuleList(nn.Linear(config.hidden, config.hidden) for _ in range(2))

    def forward(self, frames: Tensor) -> tuple[Tensor, State]:
        """(batch, frames, bands), a whole number of states' worth, to encoder states (batch, source_len,
        hidden) and the state the decoder starts from, each (1, batch, hidden)."""
        states = frames
        for number, layer in enumerate(self.layers):
            states, last = layer(_side_by_side(states, 2 if number else self.stacked))
            states = self.dropout(states)
        ends = (torch.cat(part.unbind(0), dim=-1).unsqueeze(0) for part in last)
        return states, tuple(bridge(end) for bridge, end in zip(self.bridges, ends, strict=True))


def _side_by_side(states: Tensor, count: int) -> Tensor:
    """(batch, length, width) to (batch, length / count, width * count)."""
    batch, length, width = states.shape
    return states.reshape(batch, length // count, width * count)


class Listener(nn.Module):
    """Encoder and decoder: `encode` once, `step` as often as needed, or `states` at one go."""

    def __init__(self, config: SpeechConfig) -> None:
        super().__init__()
        self.config = config
        self.encoder = PyramidEncoder(config)
        self.decoder = Decoder(config.decoder)

    def encode(self, frames: Tensor) -> Memory:
        """Read (batch, frames, bands)."""
        encoder_states, initial_state = self.encoder(frames)
        assert self.decoder.scorer is not None
        return Memory(encoder_states, self.decoder.scorer.keys(encoder_states), None, initial_state)

    def step(self, fed: Tensor, state: State, memory: Memory) -> Step:
        """Decode one position; begin with the start piece and `memory.initial_state`."""
        return self.decoder.step(fed, state, memory)

    def states(self, frames: Tensor, fed: Tensor) -> DecoderStates:
        """Every position under teacher forcing; fed: (batch, target_len) piece numbers."""
        return self.decoder.states(fed, self.encode(frames))

    def forward(self, frames: Tensor, fed: Tensor) -> tuple[Tensor, Tensor]:
        """Under teacher forcing: logits (batch, target_len, vocab) and weights (batch, target_len,
        source_len)."""
        forced = self.decoder(fed, self.encode(frames))
        return forced.logits, forced.weights


def shapes(config: SpeechConfig) -> dict[str, tuple[int, ...]]:
    """The shape of each tensor of a model's state, by name; nothing of their size is allocated."""
    with torch.device("meta"):
        state = Listener(config).state_dict()
    return {name: tuple(value.shape) for name, value in state.items()}


def build(config: SpeechConfig, *, seed: int) -> Listener:
    """A new model; the same seed gives the same weights, without touching torch's own generator."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return Listener(config)


START: Final = START_ID
END: Final = END_ID
