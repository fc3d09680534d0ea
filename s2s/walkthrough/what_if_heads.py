"""A Transformer from its embeddings to its words in NumPy, as it is and with one head changed.

What a change gives is not what the model computed, and the page says so wherever it shows it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from s2s.walkthrough.cells import Numbers
from s2s.walkthrough.heads import At, allowed, mapped, multiplying, normed
from s2s.walkthrough.stages import Check, softmax
from s2s.walkthrough.stages import check as compared
from s2s.walkthrough.transformer import (
    CROSS,
    DECODER,
    ENCODER,
    Attention,
    HeadParameters,
    HeadWorkings,
    Layer,
)

_KEPT: Final = 16  # sentences, as they are or changed
_TOLERANCE: Final = 1e-5


class Change(NamedTuple):
    """One head of one attention, changed at every position."""

    kind: str  # of `transformer.KINDS`
    layer: int  # from 0
    head: int  # from 0
    drops: bool = False  # its context is zero
    scaled: bool = True  # False: its scores are not divided by the root of its width


class Continued(NamedTuple):
    """What follows behind the embeddings. S source pieces, T steps."""

    encoder_states: Numbers  # (S, hidden)
    decoder_states: Numbers  # (T, hidden) what the words follow from
    log_probs: Numbers  # (T, target_vocab) in nats


@lru_cache(maxsize=_KEPT)
def continued(workings: HeadWorkings, change: Change | None = None) -> Continued:
    """The whole model again, fed as it was: all positions at once, in double precision."""
    parameters = workings.parameters
    states = workings.encoder[0].before.astype(np.float64)
    for number, layer in enumerate(parameters.encoder):
        states = _looked(parameters, layer.looking, states, None, _here(change, ENCODER, number))
        states = _thought(layer, states)
    encoder_states = normed(parameters.encoder_norm, states)
    states = workings.decoder[0].before.astype(np.float64)
    for number, layer in enumerate(parameters.decoder):
        assert layer.crossing is not None
        states = _looked(parameters, layer.looking, states, None, _here(change, DECODER, number), causal=True)
        states = _looked(parameters, layer.crossing, states, encoder_states, _here(change, CROSS, number))
        states = _thought(layer, states)
    states = normed(parameters.decoder_norm, states)
    logits = states @ _words(parameters) + parameters.output_bias
    highest = logits.max(axis=-1, keepdims=True)
    total = np.log(np.exp(logits - highest).sum(axis=-1, keepdims=True))
    found = Continued(encoder_states, states, logits - highest - total)
    for array in found:  # what is kept is shared
        array.setflags(write=False)
    return found


def agreement(workings: HeadWorkings) -> Check:
    """How far the model's states and words lie from those that are computed here, unchanged."""
    found, trace = continued(workings), workings.trace
    assert trace.vocabulary_log_probs is not None
    return compared(
        (found.encoder_states, trace.encoder_states),
        (found.decoder_states, trace.decoder_states),
        (found.log_probs, trace.vocabulary_log_probs),
    )._replace(tolerance=_TOLERANCE)


def unscaled(workings: HeadWorkings, at: At) -> Numbers:
    """The weights (m,) of one head at one position, its dot products not divided."""
    dots = np.where(allowed(workings, at), multiplying(workings, at).dots, -np.inf)
    weights, _, _ = softmax(dots)
    return weights


def entropy(weights: NDArray[Any]) -> float:
    """How spread out weights (m,) are, in nats: 0 for all on one."""
    numbers = weights.astype(np.float64)
    return float(-(numbers * np.log(np.where(numbers > 0, numbers, 1.0))).sum())


def _here(change: Change | None, kind: str, layer: int) -> Change | None:
    return change if change is not None and change[:2] == (kind, layer) else None


def _looked(
    parameters: HeadParameters,
    of: Attention,
    states: Numbers,
    source: Numbers | None,
    change: Change | None,
    *,
    causal: bool = False,
) -> Numbers:
    """States (n, hidden) behind an attention: at the source's (S, hidden), or at themselves."""
    asking = normed(of.norm, states)
    seen = asking if source is None else source
    query, keys, values = (
        _cut(parameters, mapped(linear, given))
        for linear, given in ((of.query, asking), (of.key, seen), (of.value, seen))
    )
    scores = query @ keys.transpose(0, 2, 1) / np.sqrt(parameters.width)  # (heads, n, m)
    if change is not None and not change.scaled:
        scores[change.head] *= np.sqrt(parameters.width)
    if causal:
        scores = np.where(np.tri(len(states), dtype=np.bool_), scores, -np.inf)
    weights, _, _ = softmax(scores)
    contexts = weights @ values
    if change is not None and change.drops:
        contexts[change.head] = 0.0
    return states + mapped(of.out, contexts.transpose(1, 0, 2).reshape(len(states), -1))


def _cut(parameters: HeadParameters, projected: Numbers) -> Numbers:
    """(n, hidden) to (heads, n, width)."""
    return projected.reshape(len(projected), parameters.heads, -1).transpose(1, 0, 2)


def _thought(layer: Layer, states: Numbers) -> Numbers:
    of = layer.thinking
    wide = np.maximum(mapped(of.widen, normed(of.norm, states)), 0.0)
    return states + mapped(of.narrow, wide)


@lru_cache(maxsize=4)
def _words(parameters: HeadParameters) -> Numbers:
    """The embeddings of all words in double precision, (hidden, target_vocab)."""
    found = np.ascontiguousarray(parameters.embedding.T, dtype=np.float64)
    found.setflags(write=False)
    return found
