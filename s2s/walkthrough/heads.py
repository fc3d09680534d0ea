"""The stages of one head of a Transformer, each computed again from the numbers of the stage before.

As in `stages`: every function takes what the model had at hand, does the stage in NumPy in double precision,
and gives the numbers to show together with a `Check` against what the model itself computed, here to 1e-5.
In the letters of Vaswani et al. (2017), x is the state that asks, y_s what is looked at:

    normalising    1  x -> LayerNorm(x)
    projecting     2  q = W_q x + b, k_s = W_k y_s + b, v_s = W_v y_s + b, cut to the head
    multiplying    3  q . k_s
    dividing       4  score_s = q . k_s / sqrt(width of the head)
    masking        5  what must not be seen gets minus infinity
    weighting      6  softmax: weights, which sum to one
    summing        7  context = sum of weight_s v_s
    joining        8  the contexts of all heads, one behind the other
    leaving        9  W_o joined + b
    adding        10  what came in, plus that
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from s2s.walkthrough.cells import Numbers
from s2s.walkthrough.stages import Check, Weighting, softmax
from s2s.walkthrough.stages import check as compared
from s2s.walkthrough.transformer import CROSS, DECODER, HeadWorkings, Looked, Norm
from s2s.walkthrough.workings import Linear

TOLERANCE: Final = 1e-5  # of the largest number compared, or of 1


class At(NamedTuple):
    """Whose arithmetic; all counted from 0."""

    kind: str  # of `transformer.KINDS`
    layer: int
    head: int
    step: int  # which of the positions that ask


class Normalising(NamedTuple):
    """Stage 1."""

    before: Numbers  # (hidden,)
    mean: float
    spread: float  # the root of variance + epsilon
    asking: Numbers  # (hidden,)
    looked_at: Numbers  # (m, hidden) normalised too, or the encoder's states
    check: Check


class Projecting(NamedTuple):
    """Stage 2."""

    query: Numbers  # (width,)
    keys: Numbers  # (m, width)
    values: Numbers  # (m, width)
    check: Check


class Multiplying(NamedTuple):
    """Stage 3."""

    products: Numbers  # (m, width)
    dots: Numbers  # (m,) their sums
    check: Check


class Dividing(NamedTuple):
    """Stage 4."""

    root: float
    scores: Numbers  # (m,)
    check: Check


class Masking(NamedTuple):
    """Stage 5."""

    allowed: NDArray[np.bool_]  # (m,)
    scores: Numbers  # (m,) minus infinity where not allowed
    check: Check


class Summing(NamedTuple):
    """Stage 7."""

    scaled: Numbers  # (m, width) values times their weights
    context: Numbers  # (width,)
    check: Check


class Joining(NamedTuple):
    """Stage 8."""

    contexts: Numbers  # (heads, width)
    joined: Numbers  # (hidden,)
    check: Check


class Leaving(NamedTuple):
    """Stage 9."""

    parts: Numbers  # (heads, hidden) what each head brings; with the bias they add up to the output
    output: Numbers  # (hidden,)
    check: Check


class Adding(NamedTuple):
    """Stage 10."""

    after: Numbers  # (hidden,)
    check: Check


def check(*pairs: tuple[NDArray[Any], NDArray[Any]]) -> Check:
    """As `stages.check`, to the tolerance of heads."""
    return compared(*pairs)._replace(tolerance=TOLERANCE)


def looked(workings: HeadWorkings, at: At) -> Looked:
    """What the model computed there, in all heads and positions."""
    return workings.looked(at.kind, at.layer)


def looked_at(workings: HeadWorkings, at: At) -> Numbers:
    """What keys and values are made of, (m, hidden): the encoder's states, or the normalised states."""
    if at.kind == CROSS:
        return workings.trace.encoder_states.astype(np.float64)
    return normed(
        workings.parameters.attention(at.kind, at.layer).norm, looked(workings, at).before.astype(np.float64)
    )


def normed(norm: Norm, states: Numbers) -> Numbers:
    """Layer normalisation of states (..., hidden)."""
    mean = states.mean(axis=-1, keepdims=True)
    spread = np.sqrt(states.var(axis=-1, keepdims=True) + norm.epsilon)
    found: Numbers = (states - mean) / spread * norm.gain + norm.shift
    return found


def mapped(linear: Linear, states: Numbers) -> Numbers:
    """A linear map of states (..., input)."""
    return states @ linear.weights.T.astype(np.float64) + linear.bias


def normalising(workings: HeadWorkings, at: At) -> Normalising:
    """The state that asks, and what is looked at, as the head is given them."""
    norm, of = workings.parameters.attention(at.kind, at.layer).norm, looked(workings, at)
    before = of.before[at.step].astype(np.float64)
    asking = normed(norm, before)
    spread = float(np.sqrt(before.var() + norm.epsilon))
    seen = looked_at(workings, at)
    pairs = [(asking, of.asking[at.step]), *([] if at.kind == CROSS else [(seen, of.asking)])]
    return Normalising(before, float(before.mean()), spread, asking, seen, check(*pairs))


def projecting(workings: HeadWorkings, at: At) -> Projecting:
    """From there to the head's query, keys and values."""
    attention, of = workings.parameters.attention(at.kind, at.layer), looked(workings, at)
    asking = of.asking[at.step].astype(np.float64)
    seen = (workings.trace.encoder_states if at.kind == CROSS else of.asking).astype(np.float64)
    query, keys, values = (
        mapped(cut(workings, linear, at.head), states)
        for linear, states in ((attention.query, asking), (attention.key, seen), (attention.value, seen))
    )
    used = (of.query[at.head, at.step], of.keys[at.head], of.values[at.head])
    return Projecting(query, keys, values, check(*zip((query, keys, values), used, strict=True)))


def cut(workings: HeadWorkings, linear: Linear, head: int) -> Linear:
    """The rows of a map that belong to a head: (width, hidden)."""
    width = workings.parameters.width
    rows = slice(head * width, (head + 1) * width)
    return Linear(linear.weights[rows], linear.bias[rows])


def multiplying(workings: HeadWorkings, at: At) -> Multiplying:
    """The query times every key, number by number, and the sums: the dot products."""
    of = looked(workings, at)
    products = of.query[at.head, at.step].astype(np.float64) * of.keys[at.head]
    dots = products.sum(axis=1)
    used = of.scores[at.head, at.step].astype(np.float64) * root(workings)
    return Multiplying(products, dots, check((dots, used)))


def root(workings: HeadWorkings) -> float:
    """What scores are divided by."""
    return float(np.sqrt(workings.parameters.width))


def dividing(workings: HeadWorkings, at: At) -> Dividing:
    """The dot products divided by the root of the head's width: scores."""
    scores = multiplying(workings, at).dots / root(workings)
    return Dividing(root(workings), scores, check((scores, looked(workings, at).scores[at.head, at.step])))


def allowed(workings: HeadWorkings, at: At) -> NDArray[np.bool_]:
    """(m,) which positions may be looked at: of the translation itself, none that is written later."""
    count = len(workings.asked(at.kind))
    return np.arange(count) <= at.step if at.kind == DECODER else np.ones(count, dtype=np.bool_)


def masking(workings: HeadWorkings, at: At) -> Masking:
    """The scores without those of what must not be seen; the check asks that the model saw nothing there."""
    of, may = looked(workings, at), allowed(workings, at)
    scores = np.where(may, of.scores[at.head, at.step].astype(np.float64), -np.inf)
    seen = of.weights[at.head, at.step].astype(np.float64)
    return Masking(may, scores, check((np.zeros(int((~may).sum())), seen[~may])))


def weighting(workings: HeadWorkings, at: At) -> Weighting:
    """From scores to weights, in the three moves of a softmax; also held to those of the translation itself,
    which was made step by step."""
    weights, highest, powers = softmax(masking(workings, at).scores)
    used = looked(workings, at).weights[at.head, at.step].astype(np.float64)
    looks: NDArray[Any] | None = getattr(workings.trace, f"{at.kind}_looks")
    assert looks is not None
    there = looks[at.layer, at.head, at.step]
    pairs = ((weights, used), (weights, there), (np.ones(1), used.sum(keepdims=True)))
    return Weighting(float(highest[0]), powers, float(powers.sum()), weights, check(*pairs))


def summing(workings: HeadWorkings, at: At) -> Summing:
    """The values, weighted, and their sum."""
    of = looked(workings, at)
    scaled = of.weights[at.head, at.step, :, None].astype(np.float64) * of.values[at.head]
    context = scaled.sum(axis=0)
    return Summing(scaled, context, check((context, of.contexts[at.head, at.step])))


def joining(workings: HeadWorkings, at: At) -> Joining:
    """The contexts of all heads at this position, one behind the other."""
    of = looked(workings, at)
    contexts = np.einsum("hm,hmw->hw", of.weights[:, at.step].astype(np.float64), of.values)
    return Joining(contexts, contexts.ravel(), check((contexts, of.contexts[:, at.step])))


def leaving(workings: HeadWorkings, at: At) -> Leaving:
    """The map behind the heads, and what each of them brings to what it gives."""
    out, of = workings.parameters.attention(at.kind, at.layer).out, looked(workings, at)
    contexts = of.contexts[:, at.step].astype(np.float64)
    columns = out.weights.astype(np.float64).reshape(-1, *contexts.shape)  # (hidden, heads, width)
    parts = np.einsum("ohw,hw->ho", columns, contexts)
    output = parts.sum(axis=0) + out.bias
    return Leaving(parts, output, check((output, of.output[at.step])))


def adding(workings: HeadWorkings, at: At) -> Adding:
    """The state that came in and what the heads found, added."""
    of = looked(workings, at)
    after = of.before[at.step].astype(np.float64) + of.output[at.step]
    return Adding(after, check((after, of.after[at.step])))
