"""What training makes small."""

from __future__ import annotations

from torch import Tensor
from torch.nn.functional import cross_entropy

from s2s.data.tokenizer import PAD_ID


def smoothed_loss(logits: Tensor, target: Tensor, *, smoothing: float) -> Tensor:
    """Mean cross-entropy in nats a piece, padding left out, with label smoothing (Szegedy et al. 2016).

    logits: (batch, target_len, target_vocab), any precision; target: (batch, target_len) piece numbers.
    """
    return cross_entropy(
        logits.float().flatten(0, 1), target.flatten(), ignore_index=PAD_ID, label_smoothing=smoothing
    )


def total_loss(logits: Tensor, target: Tensor) -> Tensor:
    """The plain cross-entropy summed over all real pieces, in nats; shapes as in `smoothed_loss`."""
    return cross_entropy(logits.float().flatten(0, 1), target.flatten(), ignore_index=PAD_ID, reduction="sum")


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
