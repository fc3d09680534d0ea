"""Where every head of a Transformer looked, on the axes that people look at. NumPy only.

A head is a map of its own: each row is a distribution, and so is the mean of several heads. A map is an
`Alignment`, so whatever draws or measures one takes a head, too:

>>> from s2s.translator import Translator
>>> trace = Translator.load("fr-en-general").translate("Il fait froid.")
>>> all_looks(trace)
Traceback (most recent call last):
s2s.errors.TraceError: fr-en-general has no heads; choose a Transformer.
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from s2s.errors import TraceError
from s2s.pieces import Level, Unit, units_of
from s2s.traces import Alignment, Array, Trace, read_only

Attention = Literal["cross", "encoder", "decoder"]
AtStep = Literal["predicts", "reads"]  # a target piece: the step that says it, or the next
Measure = Literal["weights", "vectors"]  # how much is taken, or how long the vector is that comes of it
MEASURES: Final[tuple[Measure, ...]] = ("weights", "vectors")
ATTENTIONS: Final[tuple[Attention, ...]] = ("cross", "encoder", "decoder")


class Looks(NamedTuple):
    """All heads of one attention: of the decoder over the source, or of a side over itself. Layers and heads
    are counted from 0."""

    rows: tuple[Unit, ...]  # who looks
    columns: tuple[Unit, ...]  # what is looked at
    weights: Array  # (layers, heads, rows, columns); the last axis sums to one
    log_probs: Array  # (rows,) of what was said, in nats; 0 in a side's look at itself

    @property
    def layers(self) -> int:
        """How many there are."""
        return len(self.weights)

    @property
    def heads(self) -> int:
        """How many each layer has."""
        return int(self.weights.shape[1])

    def head(self, layer: int, head: int) -> Alignment:
        """The map of one head."""
        return _alignment(self.rows, self.columns, self.weights[layer, head], self.log_probs)

    def mean(self, layer: int | None = None) -> Alignment:
        """The mean over the heads of a layer; of all layers where none is named."""
        weights = self.weights if layer is None else self.weights[layer : layer + 1]
        mean = weights.mean(axis=(0, 1), dtype=np.float64)
        return _alignment(self.rows, self.columns, mean, self.log_probs)

    def from_row(self, row: int, name: str = "layer {layer}, head {head}") -> Alignment:
        """Where each head looked from one row: a row for each head, called by `name`, in which both are
        counted from 1."""
        units = [
            Unit(name.format(layer=layer + 1, head=head + 1), 0, 0, is_end=False)
            for layer in range(self.layers)
            for head in range(self.heads)
        ]
        weights = self.weights[:, :, row].reshape(-1, len(self.columns))
        return _alignment(tuple(units), self.columns, weights, np.zeros(len(units)))


def all_looks(
    trace: Trace,
    of: Attention = "cross",
    level: Level = "words",
    *,
    row: AtStep = "predicts",
    by: Measure = "weights",
) -> Looks:
    """All heads of one attention, over words or pieces. Merged as by `Trace.alignment`: columns are summed,
    rows averaged.

    A row of "cross" is a target unit, at the step that `row` names; one of "encoder" a source unit; one of
    "decoder" what was fed, the start token first, in a run that was fed what it said.

    Of "cross" the rows can be told by "vectors", too: each weight times the length of the vector that is
    fetched with it, merged like weights, as a share of the row's sum (Kobayashi et al. 2020, *Attention is
    Not Only a Weight*). A short vector adds little, however large its weight.

    Raises TraceError for a model without heads, and for an older trace that does not know these lengths.
    """
    looks = {"cross": trace.cross_looks, "encoder": trace.encoder_looks, "decoder": trace.decoder_looks}[of]
    if looks is None:
        raise TraceError("model_without_heads", name=trace.model)
    log_probs: NDArray[np.floating] | None = None
    if by == "vectors":
        if of != "cross" or trace.cross_fetched is None:
            raise TraceError("trace_without_lengths", name=trace.model)
        looks = looks * trace.cross_fetched[:, :, np.newaxis]
    if of == "cross":
        later = int(row == "reads")
        looks = looks[:, :, later:]
        pieces = trace.target_pieces[: len(trace.target_pieces) - later]
        rows, owned = units_of(trace.target, pieces, level, trace.target_language)
        log_probs = owned.T @ trace.log_probs[: len(pieces)].astype(np.float64)
    elif of == "encoder":
        rows, owned = _source(trace, level)
    else:
        rows, owned = _fed(trace, level)
    columns, within = _source(trace, level) if of != "decoder" else (rows, owned)
    share = owned / np.maximum(owned.sum(axis=0), 1)  # (pieces, rows), each piece's part of its unit's mean
    merged = share.T @ looks.astype(np.float64) @ within  # (layers, heads, rows, columns)
    if by == "vectors":
        merged /= merged.sum(axis=3, keepdims=True)
    return Looks(
        rows, columns, read_only(merged), read_only(np.zeros(len(rows)) if log_probs is None else log_probs)
    )


def _alignment(
    rows: tuple[Unit, ...],
    columns: tuple[Unit, ...],
    weights: NDArray[np.floating],
    log_probs: NDArray[np.floating],
) -> Alignment:
    """Its scores are the logarithms: numbers whose softmax the weights are."""
    return Alignment(
        source_units=columns,
        target_units=rows,
        weights=read_only(weights),
        scores=read_only(np.log(np.maximum(weights, np.finfo(np.float32).tiny))),
        log_probs=read_only(log_probs),
    )


def _source(trace: Trace, level: Level) -> tuple[tuple[Unit, ...], NDArray[np.float64]]:
    return units_of(trace.source, trace.source_pieces, level, trace.source_language)


def _fed(trace: Trace, level: Level) -> tuple[tuple[Unit, ...], NDArray[np.float64]]:
    """The start token, which no text has, and behind it the units of what was fed."""
    units, owned = units_of(trace.target, trace.target_pieces[:-1], level, trace.target_language)
    start = Unit(trace.fed[0].text, 0, 0, is_end=False)
    whole = np.zeros((len(owned) + 1, len(units) + 1))
    whole[0, 0], whole[1:, 1:] = 1, owned
    return (start, *units), whole
