"""The stages, changed: what a temperature, a missing tanh or a missing context would do to a model.

What these functions give is not what the model computed, and the page says so wherever it shows it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from s2s.traces import Trace
from s2s.walkthrough.cells import Numbers
from s2s.walkthrough.stages import answered, asked, combined, softmax, worded
from s2s.walkthrough.transformer import HeadParameters
from s2s.walkthrough.workings import Parameters, Workings


class Said(NamedTuple):
    """A piece, and how likely it is at its step."""

    id: int
    probability: float


def tempered(scores: NDArray[Any], *, temperature: float, scaled: bool, width: int) -> Numbers:
    """Weights (S,) of scores that are divided by a temperature first and, if `scaled`, by sqrt(width), as the
    dot products of a Transformer are (Vaswani et al. 2017)."""
    weights, _, _ = softmax(scores / (temperature * (width**0.5 if scaled else 1.0)))
    return weights


def without_tanh(workings: Workings) -> Numbers:
    """The weights (T, S) of a concat scorer whose tanh is left out.

    v . (W_1 s_t + W_2 h_s) is v . W_1 s_t, the same number for every source piece, plus v . W_2 h_s: the
    softmax takes the first out again, so every row is the same, whatever the decoder asks.
    """
    parameters, trace = workings.parameters, workings.trace
    if parameters.weigh is None:
        raise ValueError("only a concat scorer has a tanh")
    asking, answering = asked(parameters, trace.decoder_states), answered(workings)
    weigh = parameters.weigh.astype(np.float64)
    weights, _, _ = softmax((asking @ weigh)[:, None] + (answering @ weigh)[None, :])
    return weights


def aligned(trace: Trace, weights: NDArray[Any]) -> Trace:
    """The trace with other weights (T, S), and scores and contexts that go with them."""
    return replace(
        trace,
        weights=weights,
        scores=np.log(np.maximum(weights, np.finfo(np.float32).tiny)),
        contexts=weights @ trace.encoder_states.astype(np.float64),
    )


def with_context(workings: Workings, step: int, context: NDArray[Any]) -> Numbers:
    """Log-probabilities (target_vocab,) of a step that is given another context (hidden,)."""
    *_, state = combined(workings.parameters, context, workings.trace.decoder_states[step])
    return worded(workings.parameters, state)[1]


def without_context(workings: Workings) -> tuple[Said, ...]:
    """What each step would say with a context of zeros, fed as it was: (T,)."""
    parameters, states = workings.parameters, workings.trace.decoder_states
    *_, attentional_states = combined(parameters, None, states)
    _, log_probs = worded(parameters, attentional_states)
    return tuple(likeliest(parameters, row, count=1)[0] for row in log_probs)


def likeliest(
    parameters: Parameters | HeadParameters, log_probs: NDArray[Any], *, count: int
) -> tuple[Said, ...]:
    """The `count` likeliest pieces of a distribution (target_vocab,), best first; none that is never said."""
    allowed = log_probs.astype(np.float64).copy()
    allowed[list(parameters.unsaid)] = -np.inf
    best = np.argsort(-allowed, kind="stable")[: max(0, min(count, len(allowed) - len(parameters.unsaid)))]
    return tuple(Said(int(id_), float(np.exp(log_probs[id_]))) for id_ in best)
