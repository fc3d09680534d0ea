"""Made-up tasks that show one thing each, as batches of piece numbers."""

from __future__ import annotations

from typing import Final, NamedTuple

import torch
from torch import Tensor

SYMBOLS: Final = 8  # that may have to be remembered; numbers from 0
FILLERS: Final = 7  # that stand between; numbers behind those of the symbols
QUESTION: Final = SYMBOLS + FILLERS  # the last number: asks for the first
VOCABULARY: Final = QUESTION + 1


class Recall(NamedTuple):
    """Sequences and what is asked of them."""

    sequences: Tensor  # (batch, fillers + 2) a symbol, fillers, the question
    answers: Tensor  # (batch,) the symbol that stood first


def recall_first(batch: int, fillers: int, generator: torch.Generator) -> Recall:
    """Recall the first token after `fillers` others that mean nothing: the long-lag task of Hochreiter &
    Schmidhuber (1997), with random distractors. To guess is right once in SYMBOLS times."""
    answers = torch.randint(0, SYMBOLS, (batch,), generator=generator)
    between = torch.randint(SYMBOLS, QUESTION, (batch, fillers), generator=generator)
    question = torch.full((batch, 1), QUESTION)
    return Recall(torch.cat([answers.unsqueeze(1), between, question], dim=1), answers)
