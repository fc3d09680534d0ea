"""Models on the same pairs, with bands: what was compared of each pair is summed and resampled."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from s2s.errors import DataError
from s2s.evaluate.exposure import Compared, Steps, gap_of
from s2s.evaluate.gap import Position
from s2s.evaluate.regimes import Beside, Both, Length, OnText, Step
from s2s.evaluate.translation import LENGTHS, Sentence, band, resampled_bleu, resamples
from s2s.languages import FIRST
from s2s.text import words

Floats = NDArray[np.float64]


class Quantities(NamedTuple):
    """What is held against another model: a value in each row of `translation.resamples`, (rows,) each."""

    accuracy: tuple[Floats, Floats]  # forced, free
    loss: tuple[Floats, Floats]
    bleu: tuple[Floats, Floats]


def in_common(compared: Sequence[Sequence[Compared | None]]) -> list[list[Compared]]:
    """Of what each model made of the same pairs, those that all of them could compare. Raises DataError where
    there is none."""
    rows = [row for row in zip(*compared, strict=True) if all(one is not None for one in row)]
    if not rows:
        raise DataError("nothing_to_compare", pairs=len(compared[0]))
    return [[one for one in column if one is not None] for column in zip(*rows, strict=True)]


def on_text(
    compared: Sequence[Compared],
    *,
    teacher: Quantities | None,
    skipped: int = 0,
    language: str = FIRST.source,
) -> tuple[OnText, Quantities]:
    """A model on pairs that were compared, at least one, beside the `teacher` on the same ones; and what
    another is held against."""
    drawn = resamples(len(compared))
    gap = gap_of([*compared, *[None] * skipped])
    assert gap is not None
    found = _quantities(compared, drawn)
    return OnText(
        gap=gap,
        accuracy=_both(*found.accuracy, is_high_good=True),
        loss=_both(*found.loss, is_high_good=False),
        bleu=_both(*found.bleu, is_high_good=True),
        steps=tuple(_step(compared, at, drawn) for at in gap.positions),
        by_length=_by_length(compared, language),
        beside=None if teacher is None else _beside(found, teacher),
    ), found


def _quantities(compared: Sequence[Compared], drawn: NDArray[np.int64]) -> Quantities:
    references = [Sentence(one.pair.source, (one.pair.target,)) for one in compared]
    forced, free = (
        resampled_bleu([one.said[which] for one in compared], references, drawn) for which in (0, 1)
    )
    accuracy, loss = _scores(compared, slice(None), drawn)
    return Quantities(accuracy, loss, (forced, free))


def _scores(
    compared: Sequence[Compared], rows: slice, drawn: NDArray[np.int64]
) -> tuple[tuple[Floats, Floats], tuple[Floats, Floats]]:
    """Accuracy and loss, forced and free, over some steps."""
    weights = drawn.astype(np.float64)
    steps = weights @ np.array([len(one.forced.loss[rows]) for one in compared], dtype=np.float64)
    steps = np.where(steps > 0, steps, np.nan)  # a resample that has none of them

    def mean(values: Sequence[Steps], name: str) -> Floats:
        sums = np.array([getattr(steps, name)[rows].sum() for steps in values], dtype=np.float64)
        found: Floats = (weights @ sums) / steps
        return found

    runs = [[one.forced for one in compared], [one.free for one in compared]]
    accuracy, loss = ((mean(runs[0], name), mean(runs[1], name)) for name in ("right", "loss"))
    return accuracy, loss


def _step(compared: Sequence[Compared], at: Position, drawn: NDArray[np.int64]) -> Step:
    accuracy, loss = _scores(compared, slice(at.first - 1, at.last), drawn)
    return Step(
        first=at.first,
        last=at.last,
        steps=at.steps,
        accuracy=_both(*accuracy, is_high_good=True),
        loss=_both(*loss, is_high_good=False),
    )


def _both(forced: Floats, free: Floats, *, is_high_good: bool) -> Both:
    return Both(
        forced=band(forced), free=band(free), gap=band(forced - free if is_high_good else free - forced)
    )


def _beside(its: Quantities, teacher: Quantities) -> Beside:
    accuracy, other_accuracy = (each.accuracy[0] - each.accuracy[1] for each in (its, teacher))
    loss, other_loss = (each.loss[1] - each.loss[0] for each in (its, teacher))
    return Beside(
        accuracy_gap=band(accuracy - other_accuracy),
        accuracy_forced=band(its.accuracy[0] - teacher.accuracy[0]),
        accuracy_free=band(its.accuracy[1] - teacher.accuracy[1]),
        loss_gap=band(loss - other_loss),
        bleu=band(its.bleu[1] - teacher.bleu[1]),
    )


def _by_length(compared: Sequence[Compared], language: str) -> tuple[Length, ...]:
    lengths = [len(words(one.pair.source, language)) for one in compared]
    found = []
    for shortest, longest in LENGTHS:
        chosen = [one for one, n in zip(compared, lengths, strict=True) if shortest <= n <= (longest or n)]
        bleu = None
        if chosen:
            references = [Sentence(one.pair.source, (one.pair.target,)) for one in chosen]
            said = [one.said[1] for one in chosen]
            bleu = band(resampled_bleu(said, references, resamples(len(chosen))))
        found.append(Length(shortest=shortest, longest=longest, pairs=len(chosen), bleu=bleu))
    return tuple(found)
