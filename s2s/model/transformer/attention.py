"""Attention with several heads: what the recurrent models do once, done in `heads` narrower spaces at a time.

    query = x W_q,  key = y W_k,  value = y W_v         cut into heads, each hidden / heads wide
    scores = query . key / sqrt(hidden / heads)
    weights = softmax(scores), where looking is allowed
    output = [weights value of head 1; ...; of the last head] W_o       (Vaswani et al. 2017, section 3.2)

With one head, W_q = W_v = W_o = 1 and no root this is `general` attention.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch import Tensor, nn


class Keys(NamedTuple):
    """What is looked at, as all heads see it; made once, whoever asks."""

    keys: Tensor  # (batch, heads, source_len, width)
    values: Tensor  # (batch, heads, source_len, width)

    def followed_by(self, later: Keys) -> Keys:
        """Both, one behind the other."""
        return Keys(*(torch.cat(both, dim=2) for both in zip(self, later, strict=True)))

    def until(self, length: int) -> Keys:
        """The first positions."""
        return Keys(*(part[:, :, :length] for part in self))

    def of_rows(self, kept: Tensor) -> Keys:
        """Those of some sentences of a batch; kept: (batch,) is True for these."""
        return Keys(*(part[kept] for part in self))


class Look(NamedTuple):
    """Where each head looked, and how it scored what it might look at."""

    weights: Tensor  # (batch, heads, target_len, source_len)
    scores: Tensor  # (batch, heads, target_len, source_len)


class MultiHead(nn.Module):
    """Scaled dot-product attention in several heads."""

    def __init__(self, hidden: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.query = nn.Linear(hidden, hidden)
        self.key = nn.Linear(hidden, hidden)
        self.value = nn.Linear(hidden, hidden)
        self.out = nn.Linear(hidden, hidden)
        for linear in (self.query, self.key, self.value, self.out):
            nn.init.xavier_uniform_(linear.weight)
            nn.init.zeros_(linear.bias)

    def keys(self, looked_at: Tensor) -> Keys:
        """(batch, source_len, hidden) to keys and values."""
        return Keys(self._cut(self.key(looked_at)), self._cut(self.value(looked_at)))

    def forward(self, asking: Tensor, keys: Keys, allowed: Tensor | None = None) -> tuple[Tensor, Look]:
        """asking: (batch, target_len, hidden); allowed: (batch or 1, target_len or 1, source_len), True where
        looking is allowed, None where it is everywhere. Gives (batch, target_len, hidden) and the look.

        What is not allowed gets a weight of exactly zero; a row where nothing is gets all zeros, not NaN.
        """
        query = self._cut(self.query(asking))
        scores = query @ keys.keys.transpose(2, 3) / math.sqrt(query.shape[-1])
        if allowed is None:
            weights = torch.softmax(scores, dim=-1)
        else:
            seen = allowed.unsqueeze(1)  # the same for all heads
            weights = torch.softmax(scores.masked_fill(~seen, torch.finfo(scores.dtype).min), dim=-1) * seen
        return self.joined(weights.to(keys.values.dtype) @ keys.values), Look(weights, scores)

    def joined(self, contexts: Tensor) -> Tensor:
        """The heads' contexts, (batch, heads, target_len, width), side by side and projected."""
        output: Tensor = self.out(contexts.transpose(1, 2).flatten(2))
        return output

    def fetched(self, keys: Keys) -> Tensor:
        """How long the vector is that each head adds where it looks at one position alone, |value W_o|
        without the bias that all heads share: (batch, heads, source_len). A weight says how much of it is
        taken; weight times length, what it amounts to (Kobayashi et al. 2020, *Attention is Not Only a
        Weight*)."""
        hidden = self.out.out_features
        out = self.out.weight.view(hidden, self.heads, hidden // self.heads)
        lengths: Tensor = torch.einsum("bhsw,ohw->bhso", keys.values, out).norm(dim=-1)
        return lengths

    def _cut(self, projected: Tensor) -> Tensor:
        """(batch, length, hidden) to (batch, heads, length, width)."""
        batch, length, hidden = projected.shape
        return projected.view(batch, length, self.heads, hidden // self.heads).transpose(1, 2)
