"""What training makes small."""

from __future__ import annotations

from typing import Final

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from s2s.data.tokenizer import PAD_ID

_ROWS: Final = 256  # positions at a time: full precision for all at once is more memory than caches hold


def total_loss(logits: Tensor, target: Tensor, *, smoothing: float = 0.0) -> Tensor:
    """Cross-entropy summed over all real pieces, in nats, with label smoothing (Szegedy et al. 2016).

    logits: (batch, target_len, target_vocab), any precision; target: (batch, target_len) piece numbers.
    """
    rows = zip(torch.split(logits.flatten(0, 1), _ROWS), torch.split(target.flatten(), _ROWS), strict=True)
    losses = [
        cross_entropy(some.float(), said, ignore_index=PAD_ID, reduction="sum", label_smoothing=smoothing)
        for some, said in rows
    ]
    return torch.stack(losses).sum()


def coverage_loss(weights: Tensor, target: Tensor) -> Tensor:
    """How unevenly the source was looked at: the mean squared distance between the weights that a source
    piece was given over all steps and its even share of them (after Xu et al. 2015, section 4.2.1).

    A word that is looked at for its neighbour leaves the neighbour unseen; this makes both cost something.
    weights: (batch, target_len, source_len), no source piece padding; target: (batch, target_len).
    """
    real = (target != PAD_ID).unsqueeze(-1)  # (batch, target_len, 1)
    given = (weights.float() * real).sum(dim=1)  # (batch, source_len)
    share = real.sum(dim=1) / weights.shape[-1]  # (batch, 1)
    return (given - share).square().mean()
