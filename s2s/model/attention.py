"""Attention: three ways to score encoder states; mask, softmax and weighted sum exist once.

    dot      s_t . h_s
    general  s_t . (W h_s)
    concat   v . tanh(W_1 s_t + W_2 h_s)        (Luong et al. 2015, eq. 8)

s_t is the decoder state that asks, h_s the encoder state that answers. A scorer splits its work in two:
`keys` is what depends on the encoder alone and is done once a sentence, `forward` is done at every step.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

import torch
from torch import Tensor, nn


class Dot(nn.Module):
    """How far two states point the same way, times their lengths. No parameters."""

    def __init__(self, hidden: int) -> None:
        super().__init__()

    def keys(self, encoder_states: Tensor) -> Tensor:
        """(batch, source_len, hidden) to the same."""
        return encoder_states

    def forward(self, decoder_states: Tensor, keys: Tensor) -> Tensor:
        """(batch, target_len, hidden) and (batch, source_len, hidden) to (batch, target_len, source_len)."""
        return decoder_states @ keys.transpose(1, 2)


class General(nn.Module):
    """The dot product with a learned matrix between the two states."""

    def __init__(self, hidden: int) -> None:
        super().__init__()
        self.between = nn.Linear(hidden, hidden, bias=False)

    def keys(self, encoder_states: Tensor) -> Tensor:
        """(batch, source_len, hidden) to W h_s, of the same shape."""
        keys: Tensor = self.between(encoder_states)
        return keys

    def forward(self, decoder_states: Tensor, keys: Tensor) -> Tensor:
        """(batch, target_len, hidden) and (batch, source_len, hidden) to (batch, target_len, source_len)."""
        return decoder_states @ keys.transpose(1, 2)


class Concat(nn.Module):
    """A small network over both states, "additive" attention (Bahdanau, Cho & Bengio 2015).

    The tanh is what makes it work: without it the decoder state adds the same number to every score, the
    softmax takes it out again, and the weights are the same at every step.
    """

    def __init__(self, hidden: int, *, activation: Callable[[Tensor], Tensor] = torch.tanh) -> None:
        super().__init__()
        self.from_decoder = nn.Linear(hidden, hidden, bias=False)
        self.from_encoder = nn.Linear(hidden, hidden, bias=False)
        self.weigh = nn.Linear(hidden, 1, bias=False)
        self.activation = activation

    def keys(self, encoder_states: Tensor) -> Tensor:
        """(batch, source_len, hidden) to W_2 h_s, of the same shape."""
        keys: Tensor = self.from_encoder(encoder_states)
        return keys

    def forward(self, decoder_states: Tensor, keys: Tensor) -> Tensor:
        """(batch, target_len, hidden) and (batch, source_len, hidden) to (batch, target_len, source_len)."""
        asked = self.from_decoder(decoder_states).unsqueeze(2)  # (batch, target_len, 1, hidden)
        met = self.activation(asked + keys.unsqueeze(1))  # (batch, target_len, source_len, hidden)
        scores: Tensor = self.weigh(met).squeeze(-1)  # (batch, target_len, source_len)
        return scores


Scorer = Dot | General | Concat
SCORERS: Final[dict[str, type[Scorer]]] = {"dot": Dot, "general": General, "concat": Concat}


class Attended(NamedTuple):
    """What one look back gave."""

    context: Tensor  # (batch, target_len, hidden)
    weights: Tensor  # (batch, target_len, source_len)
    scores: Tensor  # (batch, target_len, source_len)


def attend(
    scorer: Scorer, decoder_states: Tensor, keys: Tensor, encoder_states: Tensor, mask: Tensor | None
) -> Attended:
    """Score, mask, softmax, weighted sum (Luong et al. 2015, eq. 7).

    decoder_states: (batch, target_len, hidden); keys, encoder_states: (batch, source_len, hidden); mask:
    (batch, source_len), True where a source piece is real, None when all are. Padding gets a weight of
    exactly zero; a row without any real piece gets all zeros, not NaN.
    """
    scores = scorer(decoder_states, keys)  # (batch, target_len, source_len)
    if mask is None:
        weights = torch.softmax(scores, dim=-1)
    else:
        real = mask.unsqueeze(1)  # (batch, 1, source_len)
        hidden_from_softmax = scores.masked_fill(~real, torch.finfo(scores.dtype).min)
        weights = torch.softmax(hidden_from_softmax, dim=-1) * real
    return Attended(weights.to(encoder_states.dtype) @ encoder_states, weights, scores)
