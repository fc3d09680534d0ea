"""Made-up tasks that show one thing each, as batches of piece numbers."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import torch
from torch import Tensor

from s2s.data.batches import Batch, collate
from s2s.data.examples import Example
from s2s.data.tokenizer import END_ID

SYMBOLS: Final = 8  # that may have to be remembered; numbers from 0
FILLERS: Final = 7  # that stand between; numbers behind those of the symbols
QUESTION: Final = SYMBOLS + FILLERS  # the last number: asks for the first
VOCABULARY: Final = QUESTION + 1

FIRST_PIECE: Final = END_ID + 1  # of what is to be copied: pieces before it are special
PIECES: Final = FIRST_PIECE + SYMBOLS  # in the vocabulary of either side


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


def copying(batch: int, length: int, random: np.random.Generator) -> Batch:
    """Sequences of `length` random symbols, each to be written once more: nothing but the source tells what
    comes next (the copy task of Graves, Wayne & Danihelka 2014, with symbols). To guess is right once in
    SYMBOLS times."""
    symbols = random.integers(FIRST_PIECE, PIECES, (batch, length))
    ended = np.concatenate([symbols, np.full((batch, 1), END_ID)], axis=1)  # (batch, length + 1)
    return collate([Example(row, row) for row in ended], target_step=1)
