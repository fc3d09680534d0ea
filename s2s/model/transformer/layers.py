"""One layer of each side. What goes in is normalised before each part and added to what comes out:
x + part(norm(x)) ("pre-norm", Xiong et al. 2020)."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from s2s.config import TransformerConfig
from s2s.model.transformer.attention import Keys, Look, MultiHead


class FeedForward(nn.Module):
    """The same small network at every position (Vaswani et al. 2017, section 3.3)."""

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        self.widen = nn.Linear(config.hidden, config.feedforward)
        self.narrow = nn.Linear(config.feedforward, config.hidden)
        self.dropout = nn.Dropout(config.dropout)

    def forward(self, states: Tensor) -> Tensor:
        """(batch, length, hidden) to the same."""
        narrowed: Tensor = self.narrow(self.dropout(torch.relu(self.widen(states))))
        return narrowed


class EncoderLayer(nn.Module):
    """The sentence asks itself, then each position thinks alone."""

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        self.looking_norm = nn.LayerNorm(config.hidden)
        self.looking = MultiHead(config.hidden, config.heads)
        self.thinking_norm = nn.LayerNorm(config.hidden)
        self.thinking = FeedForward(config)
        self.dropout = nn.Dropout(config.dropout)

    def forward(self, states: Tensor, allowed: Tensor | None) -> tuple[Tensor, Look]:
        """states: (batch, source_len, hidden), allowed as in `MultiHead.forward`."""
        asking = self.looking_norm(states)
        seen, look = self.looking(asking, self.looking.keys(asking), allowed)
        states = states + self.dropout(seen)
        return states + self.dropout(self.thinking(self.thinking_norm(states))), look


class DecoderLayer(nn.Module):
    """The translation asks itself, as far as it has been written, then the source, then thinks."""

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        self.looking_norm = nn.LayerNorm(config.hidden)
        self.looking = MultiHead(config.hidden, config.heads)
        self.crossing_norm = nn.LayerNorm(config.hidden)
        self.crossing = MultiHead(config.hidden, config.heads)
        self.thinking_norm = nn.LayerNorm(config.hidden)
        self.thinking = FeedForward(config)
        self.dropout = nn.Dropout(config.dropout)

    def own_keys(self, states: Tensor) -> Keys:
        """What later positions may look at of these, (batch, target_len, hidden)."""
        return self.looking.keys(self.looking_norm(states))

    def forward(
        self,
        states: Tensor,
        own: Keys,
        allowed: Tensor | None,
        source: Keys,
        source_allowed: Tensor | None,
    ) -> tuple[Tensor, Look, Look]:
        """states: (batch, target_len, hidden); own: `own_keys` of these and of all before them. Gives the
        states, where they looked among themselves, and where in the source."""
        seen, among = self.looking(self.looking_norm(states), own, allowed)
        states = states + self.dropout(seen)
        seen, across = self.crossing(self.crossing_norm(states), source, source_allowed)
        states = states + self.dropout(seen)
        return states + self.dropout(self.thinking(self.thinking_norm(states))), among, across
