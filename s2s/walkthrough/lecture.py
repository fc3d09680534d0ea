"""From the attention of the lecture to a Transformer in four steps, each as a small map of one sentence.

    asked_once    a decoder state is the query, the encoder states are keys and values: `general` or `dot`
    divided       the same scores, divided by the root of the width
    in_heads      a query for each of several heads, in a space of its own
    asks_itself   every position of the sentence is a query: self-attention

The first two are of a recurrent model, the last two of a Transformer. Rows sum to one; columns are words of
the source.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from s2s.pieces import Unit, spelt, units_of
from s2s.traces import Alignment, Array, Trace
from s2s.walkthrough.stages import softmax
from s2s.walkthrough.transformer import CROSS, ENCODER, HeadWorkings
from s2s.walkthrough.workings import Workings


def asked_once(workings: Workings, step: int) -> Alignment:
    """What the decoder state of a step looks at: one row. Of a model with attention."""
    return _one_query(workings.trace, step, divided_by=1.0)


def divided(workings: Workings, step: int) -> Alignment:
    """The same with scores divided by the root of a state's width, which these models do not do."""
    return _one_query(workings.trace, step, divided_by=float(np.sqrt(workings.parameters.hidden)))


def in_heads(workings: HeadWorkings, layer: int, step: int, names: Sequence[str]) -> Alignment:
    """What each head of a decoder layer looks at in the source at a step: a row for each, of these names."""
    scores = workings.looked(CROSS, layer).scores[:, step]
    return _by_words(workings.trace, scores, [_unit(name) for name in names])


def asks_itself(workings: HeadWorkings, layer: int, head: int) -> Alignment:
    """What each source word looks at in the source, in one head of an encoder layer: the rows of the pieces
    of a word are averaged."""
    trace = workings.trace
    units, columns = units_of(trace.source, trace.source_pieces, "words", trace.source_language)
    scores = workings.looked(ENCODER, layer).scores[head]
    rows = _by_words(trace, scores, [_unit(piece.text) for piece in trace.source_pieces])
    share = (columns / columns.sum(axis=0)).T
    return Alignment(
        source_units=units,
        target_units=units,
        weights=_fixed(share @ rows.weights),
        scores=_fixed(share @ rows.scores),
        log_probs=_fixed(np.zeros(len(units))),
    )


def _one_query(trace: Trace, step: int, *, divided_by: float) -> Alignment:
    assert trace.scores is not None
    row = trace.scores[step : step + 1].astype(np.float64) / divided_by
    return _by_words(trace, row, [_unit(spelt(trace.target_pieces[step].text))])


def _by_words(trace: Trace, scores: NDArray[Any], rows: Sequence[Unit]) -> Alignment:
    """Scores over source pieces (rows, S), not yet masked or merged, as a map over source words."""
    units, columns = units_of(trace.source, trace.source_pieces, "words", trace.source_language)
    weights, _, _ = softmax(scores)
    first = columns.argmax(axis=0)  # the first piece of each word
    return Alignment(
        source_units=units,
        target_units=tuple(rows),
        weights=_fixed(weights @ columns),
        scores=_fixed(np.logaddexp.reduceat(scores.astype(np.float64), first, axis=1)),
        log_probs=_fixed(np.zeros(len(rows))),
    )


def _unit(text: str) -> Unit:
    return Unit(text, 0, 0, is_end=False)


def _fixed(array: NDArray[Any]) -> Array:
    found = np.array(array, dtype=np.float32)
    found.setflags(write=False)
    return found
