"""The contract between model and picture: everything a model computed for one sentence.

A `Trace` is made in one place (`s2s.decode.recorder`) and read everywhere else: figures, tests, JSON,
the app. No batch axis; target steps in rows, source pieces in columns; float32 and read-only; shapes are
checked on construction, so a Trace that exists is a Trace whose axes line up.

`alignment` has the same numbers on words, what people look at; JSON gives a trace back, bit for bit:

>>> from s2s.places import ASSETS
>>> trace = Trace.from_json((ASSETS / "traces" / "fr-en-dot.json").read_text(encoding="utf-8"))
>>> alignment = trace.alignment("words")
>>> [unit.text for unit in alignment.source_units]
['Le', 'chat', 'noir', 'dort', 'sur', 'la', 'chaise', '.', '</s>']
>>> alignment.weights.sum(axis=1).round(3).tolist() == [1.0] * len(alignment.target_units)
True
>>> Trace.from_json(trace.to_json()).to_json() == trace.to_json()
True

NumPy only: nothing here, or below, knows torch or Streamlit.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from typing import Any, Final, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from s2s.config import RECURRENT, TRANSFORMER
from s2s.errors import TraceError
from s2s.languages import FIRST, Languages
from s2s.pieces import (
    END,
    LEVELS,
    UNKNOWN_ID,
    Level,
    Piece,
    Unit,
    byte_of,
    rest_of_word,
    units_of,
    word_pieces,
)
from s2s.records import parse_json

__all__ = [  # with the pieces that a trace is made of
    "END",
    "LEVELS",
    "UNKNOWN_ID",
    "Alignment",
    "Array",
    "Candidate",
    "Difference",
    "Forcing",
    "Level",
    "Piece",
    "Row",
    "Trace",
    "Translation",
    "Unit",
    "Written",
    "byte_of",
    "difference",
    "rest_of_word",
    "word_pieces",
]

Array = NDArray[np.float32]
Row = Literal["predicts", "explains", "reads"]
Forcing = Literal["start", "free", "forced", "injected"]


class Candidate(NamedTuple):
    """A piece that a model might say at a step, and how likely it finds it."""

    text: str  # as SentencePiece writes it
    id: int
    log_prob: float  # in nats


class Translation(NamedTuple):
    """What was said to a sentence: of its `Trace`, the texts and pieces alone."""

    source: str
    target: str
    source_pieces: tuple[Piece, ...]
    target_pieces: tuple[Piece, ...]
    source_cut: bool
    target_cut: bool
    source_language: str


@dataclass(frozen=True, kw_only=True, eq=False)
class Trace:
    """One sentence through one model. S source pieces and T target steps, the end token counted.

    Row t holds what was computed to *predict* target piece t: the decoder read `fed[t]`, arrived at
    `decoder_states[t]`, looked back with it (`scores[t]`, `weights[t]`, `contexts[t]`) and formed
    `attentional_states[t]`, from which `log_probs[t]` follows (Luong et al. 2015, section 3).
    The row that *reads* target piece t is row t + 1; the last piece is read by none.

    Target pieces are what the decoder was led along, whoever chose them: its own words in a free run, given
    ones where it was forced. What it would have said itself at a step is the first of its `candidates`.

    `weights` say where the decoder looked before it said a piece; `posteriors`, where computed, which of
    these looks explains the piece it then said (Shankar & Sarawagi 2019): every row sums to one there too.

    A Transformer looks in several layers with several heads: `encoder_looks`, `decoder_looks` and
    `cross_looks` have them all, and `weights` are one map read out of the last. Each head fetches vectors of
    its own, and `cross_fetched` says how long they are. Its `decoder_states` are what the words follow from;
    it has no context, attentional state or state that is handed over.
    """

    model: str  # the name of the model
    attention: str  # none, dot, general, concat or, of a Transformer, scaled-dot
    source: str  # the text as given
    target: str  # the text as given, or as the model wrote it
    source_pieces: tuple[Piece, ...]  # (S,) the end token is the last
    target_pieces: tuple[Piece, ...]  # (T,) the end token is the last unless `target_cut`
    fed: tuple[Piece, ...]  # (T,) what the decoder read at each step; the start token first
    forcing: tuple[Forcing, ...]  # (T,) whether `fed` was the start, the model's own, forced or injected
    log_probs: Array  # (T,) log-probability of target piece t, in nats
    source_log_prob: float  # of the source pieces, by the tokenizer's own unigram model, in nats
    encoder_states: Array  # (S, hidden)
    decoder_states: Array  # (T, hidden)
    attentional_states: Array | None  # (T, hidden); None of a Transformer
    scores: Array | None  # (T, S) before the softmax; None without attention
    weights: Array | None  # (T, S) after it; every row sums to one
    contexts: Array | None  # (T, hidden) weights @ encoder_states; None of a Transformer, too
    encoder_looks: Array | None = None  # (layers, heads, S, S) of a Transformer; rows sum to one, as below
    decoder_looks: Array | None = None  # (layers, heads, T, T), nothing right of the diagonal
    cross_looks: Array | None = None  # (layers, heads, T, S)
    cross_fetched: Array | None = None  # (layers, heads, S) length of what a weight of 1 fetches
    initial_state: Array | None = None  # (states, hidden) all that is handed over; None in older records
    posteriors: Array | None = None  # (T, S) where target piece t came from, now that it is known; on demand
    candidates: tuple[tuple[Candidate, ...], ...] = ()  # (T,) the likeliest pieces, best first; on demand
    vocabulary_log_probs: Array | None = None  # (T, target_vocab) of every piece, in nats; on demand
    source_cut: bool = False  # the source was longer than the model's limit; the rest was not read
    target_cut: bool = False  # the free run reached its limit before it said the end token
    edits: tuple[str, ...] = ()  # interventions that made this trace, in order
    source_language: str = FIRST.source  # older records do not say: they are of the first models
    target_language: str = FIRST.target

    def __post_init__(self) -> None:
        steps, positions = len(self.target_pieces), len(self.source_pieces)
        attention = {"scores": self.scores, "weights": self.weights}
        if self.family == RECURRENT:
            attention["contexts"] = self.contexts
        missing = [name for name, array in attention.items() if array is None]
        if missing and len(missing) < len(attention):
            raise TraceError("trace_attention_partial", missing=", ".join(missing))
        for name in ("fed", "forcing", *(("candidates",) if self.candidates else ())):
            _check_shape(name, (len(getattr(self, name)),), (steps,))
        hidden = self.decoder_states.shape[-1]
        expected: dict[str, tuple[int, ...]] = {
            "log_probs": (steps,),
            "encoder_states": (positions, hidden),
            "decoder_states": (steps, hidden),
            "attentional_states": (steps, hidden),
            "scores": (steps, positions),
            "weights": (steps, positions),
            "contexts": (steps, hidden),
            "posteriors": (steps, positions),
        }
        if self.cross_looks is not None:
            layers, heads = self.cross_looks.shape[:2]
            expected["cross_looks"] = (layers, heads, steps, positions)
            expected["cross_fetched"] = (layers, heads, positions)
            expected["encoder_looks"] = (layers, heads, positions, positions)
            expected["decoder_looks"] = (layers, heads, steps, steps)
        if self.initial_state is not None:
            expected["initial_state"] = (len(self.initial_state), hidden)
        if self.vocabulary_log_probs is not None:
            expected["vocabulary_log_probs"] = (steps, self.vocabulary_log_probs.shape[-1])
        may_lack = _ON_DEMAND if self.family == RECURRENT else (*_ON_DEMAND, *_LACKED)
        for name, shape in expected.items():
            array = getattr(self, name)
            if array is None and (name in attention or name in may_lack):
                continue
            _check_shape(name, array.shape, shape)
            frozen = np.array(array, dtype=np.float32)
            frozen.setflags(write=False)
            object.__setattr__(self, name, frozen)

    @property
    def family(self) -> str:
        """Which of `config.FAMILIES` it was made by."""
        return RECURRENT if self.cross_looks is None else TRANSFORMER

    @property
    def languages(self) -> Languages:
        """Of source and target."""
        return Languages(self.source_language, self.target_language)

    @property
    def source_surprisal(self) -> float:
        """How unlike its training text the tokenizer finds the source, in nats a character; 0 for none."""
        characters = sum(piece.characters for piece in self.source_pieces[:-1])
        return -self.source_log_prob / characters if characters else 0.0

    def alignment(
        self, level: Level = "words", *, row: Row = "predicts", target_level: Level | None = None
    ) -> Alignment | None:
        """Where the model looked for each target unit, over source units; None for one without attention.

        `row` says at which step: the one that *predicts* a target piece, or the next, which *reads* it. The
        last piece, an end token unless `target_cut`, is predicted but never read: it then gives no row.
        "explains" gives the posteriors of the step that predicts in place of its weights, None where they
        were not computed. `target_level` is that of the target where it differs: "pieces" gives a row for
        each step over source words.

        Merging is exact. The weights of the source pieces of one word are summed, the rows of the target
        pieces of one word are averaged: each row stays a distribution. Scores merge likewise: log-sum-exp
        over source pieces (so that a softmax over words gives the summed weights), mean over target rows.
        Log-probabilities of the pieces of a word are summed.
        """
        looks = self.posteriors if row == "explains" else self.weights
        if looks is None or self.scores is None:
            return None
        # columns: (S, source_units)
        source_units, columns = units_of(self.source, self.source_pieces, level, self.source_language)
        later = int(row == "reads")  # how many steps after the one that predicts
        steps = len(self.target_pieces) - later  # T from here on
        pieces = self.target_pieces[:steps]
        # rows: (T, target_units)
        target_units, rows = units_of(self.target, pieces, target_level or level, self.target_language)
        share = rows / np.maximum(rows.sum(axis=0), 1)  # each target piece's part of its unit's mean
        weights = looks[later:].astype(np.float64)  # (T, S)
        scores = self.scores[later:].astype(np.float64)  # (T, S)
        first = columns.argmax(axis=0)  # the first piece of each source unit
        by_word = np.logaddexp.reduceat(scores, first, axis=1)  # (T, source_units)
        return Alignment(
            source_units=source_units,
            target_units=target_units,
            weights=read_only(share.T @ weights @ columns),
            scores=read_only(share.T @ by_word),
            log_probs=read_only(rows.T @ self.log_probs[:steps].astype(np.float64)),
        )

    def written(self, level: Level = "words") -> Written:
        """The target units and how likely each was, whether the model attends or not."""
        units, rows = units_of(self.target, self.target_pieces, level, self.target_language)
        return Written(units, read_only(rows.T @ self.log_probs.astype(np.float64)))

    def read(self, level: Level = "words") -> tuple[Unit, ...]:
        """The source units that were read, the end token last."""
        return units_of(self.source, self.source_pieces, level, self.source_language)[0]

    def to_json(self) -> str:
        """The whole record as JSON text, numbers in full: `Trace.from_json` restores it bit for bit."""
        record = {
            f.name: _numbers(value) if isinstance(value := getattr(self, f.name), np.ndarray) else value
            for f in fields(self)
        }
        return json.dumps(record, ensure_ascii=False, allow_nan=False)

    @staticmethod
    def from_json(text: str, *, path: str = "the text") -> Trace:
        """A trace stored by `to_json`; `path` names it in errors. Raises TraceError."""
        try:
            record: Mapping[str, Any] = parse_json(text)
            values = {
                f.name: record[f.name] for f in fields(Trace) if f.name in record or f.default is MISSING
            }
            for name in ("source_pieces", "target_pieces", "fed"):
                values[name] = tuple(Piece(*piece) for piece in values[name])
            for name in ("forcing", "edits"):
                values[name] = tuple(values.get(name, ()))
            values["candidates"] = tuple(
                tuple(Candidate(*candidate) for candidate in step) for step in values.get("candidates", ())
            )
            for name in _ARRAYS:
                if values.get(name) is not None:
                    values[name] = np.array(values[name], dtype=np.float32)
            return Trace(**values)
        except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError) as error:
            raise TraceError("trace_json", path=path, reason=f"{type(error).__name__}: {error}") from error


class Written(NamedTuple):
    """What a model wrote."""

    units: tuple[Unit, ...]  # (target_units,)
    log_probs: Array  # (target_units,) in nats, the pieces of a unit summed


@dataclass(frozen=True, kw_only=True, eq=False)
class Alignment:
    """A trace on the axes people look at: rows are target units, columns source units, both in order.

    Units are words or pieces; the end token, where there is one, is the last unit of its axis.
    """

    source_units: tuple[Unit, ...]
    target_units: tuple[Unit, ...]
    weights: Array  # (target_units, source_units); every row sums to one
    scores: Array  # (target_units, source_units)
    log_probs: Array  # (target_units,) in nats

    @property
    def entropy(self) -> Array:
        """How spread out each row is, in nats: 0 for one source unit, log(source_units) for all alike."""
        weights = self.weights.astype(np.float64)
        return read_only(-(weights * np.log(np.where(weights > 0, weights, 1.0))).sum(axis=1))

    @property
    def links(self) -> tuple[tuple[int, int], ...]:
        """The strongest cell of each row as (source unit, target unit) pairs. A row whose strongest is that
        of an end token, and the row of the end token, give no link."""
        strongest = self.weights.argmax(axis=1)
        return tuple(
            (int(column), row)
            for row, column in enumerate(strongest)
            if not (self.target_units[row].is_end or self.source_units[column].is_end)
        )

    def without_end(self) -> Alignment:
        """The same picture without the end tokens' row and column; rows then sum to less than one."""
        rows = [i for i, unit in enumerate(self.target_units) if not unit.is_end]
        columns = [j for j, unit in enumerate(self.source_units) if not unit.is_end]
        return Alignment(
            source_units=tuple(self.source_units[j] for j in columns),
            target_units=tuple(self.target_units[i] for i in rows),
            weights=read_only(self.weights[np.ix_(rows, columns)]),
            scores=read_only(self.scores[np.ix_(rows, columns)]),
            log_probs=read_only(self.log_probs[rows]),
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class Difference:
    """How much more one run looked at each source unit than another, over the steps that both have."""

    source_units: tuple[Unit, ...]
    target_units: tuple[Unit, ...]  # as many as there are steps; where the runs differ, both say so
    weights: Array  # (steps, source_units) from -1 to 1, positive where the first looked more; rows sum to 0


def difference(first: Alignment, second: Alignment) -> Difference:
    """Two runs over one source, their steps in rows, the second taken from the first.

    Raises TraceError when their source axes are not the same.
    """
    if first.source_units != second.source_units:
        raise TraceError(
            "trace_shape", name="source", found=len(second.source_units), expected=len(first.source_units)
        )
    rows = min(len(first.target_units), len(second.target_units))
    units = zip(first.target_units, second.target_units, strict=False)
    weights = first.weights[:rows].astype(np.float64) - second.weights[:rows]
    return Difference(
        source_units=first.source_units,
        target_units=tuple(
            a if a.text == b.text else Unit(f"{a.text} / {b.text}", a.start, a.end, is_end=False)
            for a, b in units
        ),
        weights=read_only(weights),
    )


_ARRAYS = (
    "log_probs",
    "encoder_states",
    "decoder_states",
    "attentional_states",
    "scores",
    "weights",
    "contexts",
    "encoder_looks",
    "decoder_looks",
    "cross_looks",
    "cross_fetched",
    "initial_state",
    "posteriors",
    "vocabulary_log_probs",
)
_ON_DEMAND: Final = ("posteriors", "vocabulary_log_probs")
_LACKED: Final = ("attentional_states", "contexts", "cross_fetched")  # by Transformers, or by older ones


def _check_shape(name: str, found: tuple[int, ...], expected: tuple[int, ...]) -> None:
    if found != expected:
        raise TraceError("trace_shape", name=name, found=found, expected=expected)


def read_only(array: NDArray[Any]) -> Array:
    """A copy as float32 that nobody writes to."""
    frozen = np.array(array, dtype=np.float32)
    frozen.setflags(write=False)
    return frozen


def _numbers(array: Array) -> list[Any]:
    """Nested lists with the shortest decimals that give back the same float32."""
    return [float(str(x)) for x in array] if array.ndim == 1 else [_numbers(row) for row in array]
