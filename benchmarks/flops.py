"""What training costs in floating-point operations: the matrix products of the model, counted by hand.

A product of (m, k) and (k, n) is 2 m k n operations, a multiplication and an addition for each two numbers
that meet. All else (softmax, tanh, dropout, the optimiser) is small beside them and left out, and so is
padding: it is work, but not work on the text.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

import numpy as np

from s2s.config import ModelConfig
from s2s.data.batches import Batch

_GATES: Final = {"rnn": 1, "gru": 3, "lstm": 4}  # matrices of each kind that a cell multiplies with
_STATES: Final = {"rnn": 1, "gru": 1, "lstm": 2}  # tensors that the bridge hands to the decoder


class Text(NamedTuple):
    """How much text a model learned from, end tokens counted, padding not."""

    sentences: int
    source_pieces: int
    target_pieces: int
    meetings: int  # of a target piece with a source piece of its sentence: what a scorer scores


def counted(batches: Iterable[Batch]) -> Text:
    """The text in some batches, whose sources are never padded."""
    total = np.zeros(len(Text._fields), dtype=np.int64)
    for batch in batches:
        sentences, source_len = batch.source.shape
        total += (sentences, sentences * source_len, batch.pieces, batch.pieces * source_len)
    return Text(*total.tolist())


def forward(model: ModelConfig, text: Text) -> int:
    """Operations of one forward pass over a text under teacher forcing.

    With H the hidden size, V the target vocabulary, G the gates of the cell, D the directions of the encoder:

        encoder, a layer      D x G x 2 (H + H/D) H/D               a source piece
        bridge, a layer       2 H H                                 a sentence and state tensor
        keys                  2 H H, none for dot                   a source piece
        decoder, a layer      G x 2 (H + H) H                       a target piece
        what is asked         2 H H, for concat alone               a target piece
        scores and context    2 H each                              a meeting
        attentional state     2 (2 H) H, without attention 2 H H    a target piece
        vocabulary            2 H V                                 a target piece
    """
    hidden, directions = model.hidden, 2 if model.direction == "both" else 1
    width = hidden // directions
    gates, square = _GATES[model.cell], 2 * hidden * hidden
    attends = model.attention != "none"
    per_sentence = model.layers * _STATES[model.cell] * square
    per_source = model.layers * directions * gates * 2 * (hidden + width) * width
    per_target = model.layers * gates * 2 * square + square + 2 * hidden * model.target_vocab
    per_meeting = 0
    if attends:
        per_target += square
        per_meeting = 2 * 2 * hidden
    if model.attention in ("general", "concat"):
        per_source += square
    if model.attention == "concat":
        per_target += square
    return (
        text.sentences * per_sentence
        + text.source_pieces * per_source
        + text.target_pieces * per_target
        + text.meetings * per_meeting
    )


def training(model: ModelConfig, text: Text) -> int:
    """Operations of learning from a text once: forward, and backward twice as many, since each product has
    two gradients, one for each of its factors."""
    return 3 * forward(model, text)
