"""Exposure bias, measured: many pairs decoded twice, fed by a teacher and by the model itself."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from s2s.data.corpora import Pair
from s2s.data.tokenizer import spell
from s2s.errors import DataError
from s2s.evaluate import translation
from s2s.evaluate.divergence import Regimes
from s2s.evaluate.gap import RARE, Gap, Position, SentenceScores, StepScores
from s2s.evaluate.translation import Sentence
from s2s.text import normalise
from s2s.traces import Piece, Trace


class Compares(Protocol):
    """What can be measured; `s2s.translator.Translator` is one."""

    def compare(self, source: str, reference: str) -> Regimes:
        """A pair forced and free. Raises DataError for a reference that is too long."""


class Steps(NamedTuple):
    """One regime over the steps that both have."""

    right: NDArray[np.bool_]  # (steps,) its likeliest piece is the reference's
    loss: NDArray[np.float64]  # (steps,) -log p of the reference's piece, in nats
    entropy: NDArray[np.float64] | None  # (steps,) of the weights over source pieces, in nats


class Compared(NamedTuple):
    """What is kept of a pair; its traces are too large to keep thousands."""

    pair: Pair
    forced: Steps
    free: Steps
    first: int | None  # the row where the runs first go on with different pieces
    said: tuple[str, str]  # forced: what the model would say at each step; free: what it said
    reference_log_prob: float  # of the whole reference under teacher forcing, in nats
    reference_pieces: int


def measure_gap(translator: Compares, pairs: Sequence[Pair]) -> Iterator[Gap | None]:
    """None after each pair; at last, the gap. Raises DataError where no pair can be compared."""
    compared = []
    for pair in pairs:
        compared.append(compare_pair(translator, pair))
        yield None
    gap = gap_of(compared)
    if gap is None:
        raise DataError("nothing_to_compare", pairs=len(pairs))
    yield gap


def compare_pair(translator: Compares, pair: Pair) -> Compared | None:
    """A pair under both regimes; None for a reference that is empty or longer than any translation."""
    if not normalise(pair.target).text:  # `compare` would take the model's own translation for it
        return None
    try:
        runs = translator.compare(pair.source, pair.target)
    except DataError:
        return None
    would_say = [Piece(step[0].text, step[0].id, 0, 0) for step in runs.forced.candidates]
    return Compared(
        pair=pair,
        forced=_steps(runs, runs.forced, 0),
        free=_steps(runs, runs.free, 1),
        first=runs.divergence.first,
        said=(spell(would_say)[0], runs.free.target),
        reference_log_prob=math.fsum(runs.forced.log_probs),
        reference_pieces=len(runs.forced.log_probs),
    )


def gap_of(compared: Sequence[Compared | None]) -> Gap | None:
    """The gap over pairs that were compared; None among them were skipped. None if all were."""
    kept = [one for one in compared if one is not None]
    if not kept:
        return None
    row = np.concatenate([np.arange(len(one.forced.loss)) for one in kept])  # (all steps,)
    forced, free = _together([one.forced for one in kept]), _together([one.free for one in kept])
    rare = np.bincount(row) * RARE < len(kept)  # never the first: every pair has that
    last = int(rare.argmax()) if rare.any() else len(rare) - 1
    firsts = np.bincount([one.first for one in kept if one.first is not None])

    def position(first: int, to: int | None) -> Position:
        chosen = (row >= first) & (row <= (row.max() if to is None else to))
        return Position(
            first=first + 1,
            last=None if to is None else to + 1,
            steps=int(chosen.sum()),
            forced=_scores(forced, chosen),
            free=_scores(free, chosen),
        )

    return Gap(
        pairs=len(kept),
        skipped=len(compared) - len(kept),
        overall=position(0, None),
        positions=(*(position(step, step) for step in range(last)), position(last, None)),
        firsts=tuple(firsts.tolist()),
        forced=_sentences(kept, 0),
        free=_sentences(kept, 1),
    )


def _steps(runs: Regimes, run: Trace, which: int) -> Steps:
    chosen = zip(run.candidates, runs.wanted, strict=False)
    right = [wanted is not None and step[0].id == wanted.id for step, wanted in chosen]
    return Steps(
        right=np.array(right[: runs.steps], dtype=np.bool_),
        loss=-runs.reference_log_probs[which][: runs.steps].astype(np.float64),
        entropy=None if run.weights is None else _entropy(run.weights[: runs.steps].astype(np.float64)),
    )


def _entropy(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """How spread out each row is: (steps,), in nats."""
    summed: NDArray[np.float64] = -(weights * np.log(np.where(weights > 0, weights, 1.0))).sum(axis=1)
    return summed


def _together(parts: Sequence[Steps]) -> Steps:
    entropies = [part.entropy for part in parts if part.entropy is not None]
    return Steps(
        right=np.concatenate([part.right for part in parts]),
        loss=np.concatenate([part.loss for part in parts]),
        entropy=np.concatenate(entropies) if entropies else None,
    )


def _scores(steps: Steps, chosen: NDArray[np.bool_]) -> StepScores:
    return StepScores(
        accuracy=float(steps.right[chosen].mean()),
        loss=float(steps.loss[chosen].mean()),
        entropy=None if steps.entropy is None else float(steps.entropy[chosen].mean()),
    )


def _sentences(kept: Sequence[Compared], which: int) -> SentenceScores:
    said = [one.said[which] for one in kept]
    references = [Sentence(one.pair.source, (one.pair.target,)) for one in kept]
    return SentenceScores(
        exact=translation.exact(said, references), bleu=translation.bleu(said, references).value
    )
