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
