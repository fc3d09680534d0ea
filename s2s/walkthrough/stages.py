"""The stages of one decoder step, each computed again from the numbers of the stage before.

Every function takes what the model had at hand, does the stage in NumPy with double precision, and gives the
numbers to show together with a `Check`: how far the model's own result lies from this one. A number that the
page shows and the next stage does not lead to cannot hide.

They are numbered as lectures number them: 1 begins with the state that the encoder hands over.

    reading     1  source pieces -> encoder states, and the state handed to the decoder
    stepping    1  the piece that is fed, the state before -> the decoder state
    scoring     2  the decoder state, every encoder state -> scores
    weighting   3  scores -> weights, which sum to one
    mixing      4  weights, encoder states -> the context
    combining   5  context, decoder state -> the attentional state, the output vector
    predicting  6  the attentional state -> a probability for every word
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from s2s.walkthrough import cells
from s2s.walkthrough.cells import Numbers
from s2s.walkthrough.scorers import EXPLAINED
from s2s.walkthrough.workings import Parameters, Workings

# Of the largest number compared, or of 1. The models compute with 24 bits: a sum of a few hundred products, a
# hundred times in a row, is off by some 1e-6. What is wrong is off by far more.
TOLERANCE: Final = 1e-4
_KEPT: Final = 8  # sentences whose numbers that no step changes are kept, and with them all others


class Check(NamedTuple):
    """How far what the model used lies from what its own numbers lead to."""

    deviation: float  # the largest
    largest: float  # of the numbers compared
    tolerance: float = TOLERANCE  # of the largest number compared, or of 1

    @property
    def holds(self) -> bool:
        """Whether the picture and the model are one. Not a number is a failure."""
        return self.deviation <= self.tolerance * max(1.0, self.largest)


def check(*pairs: tuple[NDArray[Any], NDArray[Any]]) -> Check:
    """One check of several pairs of arrays, of one shape each: computed here, used by the model."""
    deviations = [float(np.abs(found - used).max(initial=0)) for found, used in pairs]
    largest = [float(np.abs(used).max(initial=0)) for _, used in pairs]
    return Check(float(np.max(deviations)), float(np.max(largest)))  # np.max passes a NaN on


def both(one: Check, other: Check) -> Check:
    """Of two checks the one that is further off, for its numbers."""
    return max(one, other, key=_share)


def _share(found: Check) -> float:
    share = found.deviation / max(1.0, found.largest)
    return share if share == share else float("inf")  # not a number is furthest off


class Reading(NamedTuple):
    """Stage 1: what the encoder read. S source pieces."""

    encoder_states: Numbers  # (S, hidden) the two passes side by side, plus the piece's own embedding
    check: Check


class Stepping(NamedTuple):
    """Stage 1: one step of the decoder's recurrent network."""

    embedded: Numbers  # (hidden,) of the piece that is fed
    before: Numbers  # (parts, layers, hidden)
    after: Numbers  # (parts, layers, hidden)
    gates: Mapping[str, Numbers]  # (hidden,) each, of the highest layer, by name
    check: Check


class Scoring(NamedTuple):
    """Stage 2: one look back. A score is the sum of its row of `products`."""

    asking: Numbers  # (hidden,) what the decoder state brings: s_t, or W_1 s_t
    answering: Numbers  # (S, hidden) what each encoder state brings: h_s, W h_s or W_2 h_s
    met: Numbers  # (S, hidden) what `products` weighs: `answering`, or tanh(W_1 s_t + W_2 h_s)
    products: Numbers  # (S, hidden)
    scores: Numbers  # (S,)
    check: Check


class Lengths(NamedTuple):
    """What a dot product is made of: a . b = |a| |b| cos."""

    asking: float
    answering: Numbers  # (S,)
    cosines: Numbers  # (S,) 0 where a length is 0


class Contributions(NamedTuple):
    """A score as the sum of its numbers, largest first."""

    order: NDArray[np.intp]  # (hidden,) dimensions, by the size of what they add
    running: Numbers  # (hidden,) the sum so far; the last is the score


class Weighting(NamedTuple):
    """Stage 3: softmax(scores), in its three moves."""

    highest: float  # subtracted from all scores, which changes no weight and keeps exp small
    powers: Numbers  # (S,) exp(scores - highest), the highest is 1
    total: float  # of the powers
    weights: Numbers  # (S,)
    check: Check


class Mixing(NamedTuple):
    """Stage 4: the weighted sum."""

    scaled: Numbers  # (S, hidden) encoder states times their weights
    context: Numbers  # (hidden,) their sum
    check: Check


class Combining(NamedTuple):
    """Stage 5: from context and decoder state to the output vector."""

    from_context: Numbers  # (hidden,) the context's part of what enters the tanh; zeros without attention
    from_state: Numbers  # (hidden,) the decoder state's part
    attentional_state: Numbers  # (hidden,)
    check: Check


class Predicting(NamedTuple):
    """Stage 6: from the output vector to a word."""

    logits: Numbers  # (target_vocab,)
    log_probs: Numbers  # (target_vocab,) in nats
    check: Check


def reading(workings: Workings) -> Reading:
    """From the source pieces' embeddings to the encoder states and the decoder's first state."""
    parameters, hidden = workings.parameters, workings.parameters.hidden
    parts = len(parameters.bridges)
    lower: Numbers = workings.embedded.astype(np.float64)
    last = np.zeros((parts, len(parameters.encoder), hidden))
    for layer, directions in enumerate(parameters.encoder):
        passes, width = [], hidden // len(directions)
        for direction, weights in enumerate(directions):
            backward = direction == 1 or parameters.direction == "backward"
            states, end = cells.run(parameters.cell, weights, lower, parts=parts, backward=backward)
            passes.append(states)
            last[:, layer, direction * width : (direction + 1) * width] = end
        lower = np.concatenate(passes, axis=1)
    bridged = [
        part.astype(np.float64) @ bridge.weights.T + bridge.bias
        for part, bridge in zip(workings.last, parameters.bridges, strict=True)
    ]
    encoder_states = workings.passes.astype(np.float64) + workings.embedded
    return Reading(
        encoder_states,
        check(
            (lower, workings.passes),
            (last, workings.last),
            (encoder_states, workings.trace.encoder_states),
            (np.stack(bridged), workings.states[0]),
        ),
    )


def stepping(workings: Workings, step: int) -> Stepping:
    """From the piece that is fed and the state before to the decoder state of this step."""
    parameters, before = workings.parameters, workings.states[step].astype(np.float64)
    embedded = parameters.embedding[workings.trace.fed[step].id].astype(np.float64)
    lower, gates = embedded, dict[str, Numbers]()
    after = np.zeros_like(before)
    for layer, weights in enumerate(parameters.decoder):
        advanced = cells.advance(parameters.cell, weights, lower, tuple(before[:, layer]))
        after[:, layer], gates = advanced.state, dict(advanced.gates)
        lower = advanced.state[0]
    used = workings.states[step + 1]
    return Stepping(
        embedded, before, after, gates, check((after, used), (lower, workings.trace.decoder_states[step]))
    )


def asked(parameters: Parameters, decoder_states: NDArray[Any]) -> Numbers:
    """What decoder states (..., hidden) bring to a score: themselves, or W_1 s for concat."""
    asking = decoder_states.astype(np.float64)
    matrix = parameters.from_decoder
    return asking if matrix is None else asking @ matrix.T.astype(np.float64)


@lru_cache(maxsize=_KEPT)
def answered(workings: Workings) -> Numbers:
    """What the encoder states bring to every score, (S, hidden): themselves, W h or W_2 h."""
    parameters, answering = workings.parameters, workings.trace.encoder_states.astype(np.float64)
    matrix = parameters.between if parameters.between is not None else parameters.from_encoder
    return _fixed(answering if matrix is None else answering @ matrix.T.astype(np.float64))


def scoring(workings: Workings, step: int) -> Scoring | None:
    """From the decoder state and every encoder state to the scores; None without attention."""
    trace, parameters = workings.trace, workings.parameters
    if trace.scores is None:
        return None
    asking, answering = asked(parameters, trace.decoder_states[step]), answered(workings)
    met, products = EXPLAINED[parameters.attention].products(parameters, asking, answering)
    scores = products.sum(axis=1)
    return Scoring(asking, answering, met, products, scores, check((scores, trace.scores[step])))


def lengths(scores: Scoring) -> Lengths:
    """The dot products of a stage as lengths and cosines; only of a scorer whose scores are such."""
    asking = float(np.linalg.norm(scores.asking))
    answering = np.linalg.norm(scores.answering, axis=1)
    both = asking * answering
    return Lengths(asking, answering, scores.products.sum(axis=1) / np.where(both > 0, both, 1.0))


def contributions(products: Numbers) -> Contributions:
    """The products of one score, (hidden,), from the one that matters most to the one that matters least."""
    order = np.argsort(-np.abs(products), kind="stable")
    return Contributions(order, np.cumsum(products[order]))


def softmax(scores: NDArray[Any]) -> tuple[Numbers, Numbers, Numbers]:
    """Weights (..., S) of scores (..., S), and on the way to them the highest, (..., 1), and the powers."""
    numbers = scores.astype(np.float64)
    highest = numbers.max(axis=-1, keepdims=True)
    powers = np.exp(numbers - highest)
    return powers / powers.sum(axis=-1, keepdims=True), highest, powers


def weighting(workings: Workings, step: int) -> Weighting | None:
    """From the scores to the weights; None without attention."""
    trace = workings.trace
    if trace.scores is None or trace.weights is None:
        return None
    weights, highest, powers = softmax(trace.scores[step])
    one = np.ones(1)
    used = trace.weights[step].astype(np.float64)
    return Weighting(
        float(highest[0]),
        powers,
        float(powers.sum()),
        weights,
        check((weights, used), (one, used.sum(keepdims=True))),
    )


def mixing(workings: Workings, step: int) -> Mixing | None:
    """From weights and encoder states to the context; None without attention."""
    trace = workings.trace
    if trace.weights is None or trace.contexts is None:
        return None
    scaled = trace.weights[step, :, None].astype(np.float64) * trace.encoder_states
    context = scaled.sum(axis=0)
    return Mixing(scaled, context, check((context, trace.contexts[step])))


def combined(
    parameters: Parameters, context: NDArray[Any] | None, decoder_state: NDArray[Any]
) -> tuple[Numbers, Numbers, Numbers]:
    """What context and decoder state, (..., hidden) each, bring to the tanh, and the attentional state."""
    hidden, matrix = parameters.hidden, parameters.combine.astype(np.float64)
    from_state = decoder_state.astype(np.float64) @ matrix[:, -hidden:].T
    from_context = np.zeros_like(from_state) if context is None else context @ matrix[:, :hidden].T
    return from_context, from_state, np.tanh(from_context + from_state)


def worded(parameters: Parameters, attentional_state: NDArray[Any]) -> tuple[Numbers, Numbers]:
    """Logits and log-probabilities, (..., target_vocab), of attentional states (..., hidden)."""
    logits = attentional_state.astype(np.float64) @ _words(parameters) + parameters.output_bias
    highest = logits.max(axis=-1, keepdims=True)
    total = np.log(np.exp(logits - highest).sum(axis=-1, keepdims=True))
    return logits, logits - highest - total


@lru_cache(maxsize=8)  # 8 MB for a vocabulary of 4000
def _words(parameters: Parameters) -> Numbers:
    """The embeddings of all words in double precision, (hidden, target_vocab)."""
    return _fixed(np.ascontiguousarray(parameters.embedding.T, dtype=np.float64))


def _fixed(array: Numbers) -> Numbers:
    """The same array, read-only: what is kept is shared."""
    array.setflags(write=False)
    return array


def combining(workings: Workings, step: int) -> Combining:
    """From context and decoder state to the attentional state."""
    trace = workings.trace
    context = None if trace.contexts is None else trace.contexts[step]
    found = combined(workings.parameters, context, trace.decoder_states[step])
    return Combining(*found, check((found[-1], workings.attentional_states[step])))


def predicting(workings: Workings, step: int) -> Predicting:
    """From the attentional state to the probabilities of all words."""
    trace = workings.trace
    logits, log_probs = worded(workings.parameters, workings.attentional_states[step])
    said, found = log_probs[trace.target_pieces[step].id], trace.log_probs[step]
    predicted = trace.vocabulary_log_probs
    return Predicting(
        logits,
        log_probs,
        check(
            (np.array(said), np.array(found)),
            *([] if predicted is None else [(log_probs, predicted[step])]),
        ),
    )
