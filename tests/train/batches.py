"""A batch for the tests of what is fed."""

import numpy as np

from s2s.data.batches import Batch, collate
from s2s.data.examples import Example
from s2s.data.tokenizer import END_ID

_LENGTHS = (3, 5, 6, 11)  # of targets, before their end


def batch_of(rows: int = 6, *, seed: int = 1) -> Batch:
    """Random pieces; targets of several lengths."""
    random = np.random.default_rng(seed)
    sources, targets = (
        [random.integers(4, 60, size=n) for n in lengths]
        for lengths in ([4] * rows, [_LENGTHS[row % len(_LENGTHS)] for row in range(rows)])
    )
    return collate(
        [Example(np.append(s, END_ID), np.append(t, END_ID)) for s, t in zip(sources, targets, strict=True)],
        target_step=4,
    )
