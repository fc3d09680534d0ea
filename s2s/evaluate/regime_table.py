"""A record of training regimes as Markdown that reads well as plain text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import fmean, median
from typing import Final

from s2s.evaluate.curves import RULES
from s2s.evaluate.evaluation import Band
from s2s.evaluate.gap import label
from s2s.evaluate.regimes import Level, OnText, Regimes, Repetition, Text, Trained
from s2s.evaluate.table import NONE, grid

_GAP: Final = (
    "Each pair decoded twice, fed the pieces of its reference and fed its own, against that one reference. "
    "In brackets what 95 of 100 resamples of the pairs stay within. *More* is what a regime has more than "
    "teacher forcing in the same resamples: of a band with zero in it, nothing can be said."
)
_COST: Final = (
    "The dev loss is fed by the teacher whatever the regime, so it is what teacher forcing itself makes "
    "small. Several seeds: the mean, and in brackets the lowest and the highest."
)
_TELLING: Final = (
    "A new discriminator learns to tell each model's forced runs from its free ones and is asked about pairs "
    "that it has not seen; 50 is chance. *In training* is the accuracy of professor forcing's own, the mean "
    "over the updates before the first look at the dev loss and before the last."
)


def regimes_section(found: Regimes) -> list[str]:
    """The record as paragraphs and tables."""
    parts = [_trained(found), _GAP]
    for text, on in ((found.everyday, _everyday), (found.general, _general)):
        parts += [_text(text), _gaps(found, on), _lengths(found, on)]
    parts += [_COST, _costs(found)]
    if found.repetitions:
        parts += [_levels(level, found) for level in found.levels]
        parts.append(_repetitions(found))
    return [*parts, _TELLING, _tellings(found)]


def step_table(on: OnText) -> str:
    """A row for each step of a model on a text."""
    lines = [["step", "accuracy forced, %", "free, %", "gap, points", "loss forced, nats", "free", "gap"]]
    for step, position in zip(on.steps, on.gap.positions, strict=True):
        accuracy, loss = step.accuracy, step.loss
        lines.append(
            [
                label(position),
                *map(_percents, (accuracy.forced, accuracy.free, accuracy.gap)),
                *map(_numbers, (loss.forced, loss.free, loss.gap)),
            ]
        )
    return grid(lines)


_On = Callable[[Trained], OnText]


def _everyday(one: Trained) -> OnText:
    return one.everyday


def _general(one: Trained) -> OnText:
    return one.general


def _trained(found: Regimes) -> str:
    rows: dict[str, Callable[[Trained], str]] = {
        "regime": lambda one: one.regime,
        "updates": lambda one: f"{one.updates:,}",
        "minutes, where it was trained": lambda one: f"{one.seconds / 60:.1f}",
        "there": lambda one: f"{one.device}, {one.precision}",
        "target pieces, million": lambda one: f"{one.tokens / 1e6:.1f}",
        "dev loss at the end, nats": lambda one: (
            f"{one.history[-1]['dev_loss']:.3f}" if one.history else NONE
        ),
    }
    return _by_model(found.trained, rows)


def _text(text: Text) -> str:
    told = f"**{text.name}**: {text.compared:,} pairs"
    if text.measured < text.pairs:
        told += f" of {text.measured:,} drawn from {text.pairs:,}"
    return f"{told}; fingerprint {text.fingerprint[:12]}"


def _gaps(found: Regimes, on: _On) -> str:
    rows: dict[str, Callable[[Trained], str]] = {
        "accuracy forced, %": lambda one: _percents(on(one).accuracy.forced),
        "accuracy free, %": lambda one: _percents(on(one).accuracy.free),
        "gap in accuracy, points": lambda one: _percents(on(one).accuracy.gap),
        "loss forced, nats": lambda one: _numbers(on(one).loss.forced),
        "loss free, nats": lambda one: _numbers(on(one).loss.free),
        "gap in loss, nats": lambda one: _numbers(on(one).loss.gap),
        "BLEU forced": lambda one: _numbers(on(one).bleu.forced),
        "BLEU free": lambda one: _numbers(on(one).bleu.free),
        "runs that diverge, %": lambda one: f"{100 * on(one).gap.diverged:.1f}",
        "half of these by step": lambda one: str(on(one).gap.median_first or NONE),
        "more gap in accuracy, points": lambda one: _more(on(one), "accuracy_gap", _percents),
        "more accuracy forced, points": lambda one: _more(on(one), "accuracy_forced", _percents),
        "more accuracy free, points": lambda one: _more(on(one), "accuracy_free", _percents),
        "more gap in loss, nats": lambda one: _more(on(one), "loss_gap", _numbers),
        "more BLEU": lambda one: _more(on(one), "bleu", _numbers),
    }
    return _by_model(found.trained, rows)


def _more(on: OnText, name: str, told: Callable[[Band], str]) -> str:
    return NONE if on.beside is None else told(getattr(on.beside, name))


def _lengths(found: Regimes, on: _On) -> str:
    rows: dict[str, Callable[[Trained], str]] = {}
    for number, length in enumerate(on(found.teacher).by_length):
        last = "+" if length.longest is None else f"-{length.longest}"
        name = f"BLEU, source of {length.shortest}{last} words and marks ({length.pairs:,})"
        rows[name] = lambda one, number=number: _bleu(on(one).by_length[number].bleu)  # type: ignore[misc]
    return _by_model(found.trained, rows)


def _bleu(band: Band | None) -> str:
    return NONE if band is None else _numbers(band)


def _costs(found: Regimes) -> str:
    machine = found.machine
    lines = [["", "milliseconds an update", "times teacher forcing's"]]
    for cost in found.costs:
        lines.append([cost.regime, f"{median(cost.milliseconds):.0f}", _numbers(cost.times)])
    return (
        f"{grid(lines)}\n\n{machine.device}, {machine.precision}, threads: {machine.threads}; "
        f"{len(found.costs[0].milliseconds)} rounds of {machine.batches} batches, {machine.pieces:,} target "
        "pieces, each regime in turn; the processor's time, whatever else ran."
    )


def _levels(level: Level, found: Regimes) -> str:
    lines = [["", "updates", "seconds here", "seeds that reach it"]]
    for cost in found.costs:
        its = [one for one in level.reached if one.regime == cost.regime]
        updates = [one.updates for one in its if one.updates is not None]
        seconds = [one.seconds for one in its if one.seconds is not None]
        if its:
            lines.append(
                [cost.regime, _spread(updates, 0), _spread(seconds, 0), f"{len(updates)} of {len(its)}"]
            )
    return f"To a dev loss of {level.dev_loss:.3f}, {RULES[level.rule]}:\n\n{grid(lines)}"


def _repetitions(found: Regimes) -> str:
    names = list(dict.fromkeys(one.regime for one in found.repetitions))
    rows: dict[str, Callable[[Repetition], float]] = {
        "dev loss at the end, nats": lambda one: one.history[-1]["dev_loss"],
        "norm of the gradient": lambda one: fmean(at["gradient_norm"] for at in one.history),
        "accuracy forced, %": lambda one: 100 * one.accuracy.forced,
        "accuracy free, %": lambda one: 100 * one.accuracy.free,
        "BLEU free": lambda one: one.bleu.free,
    }
    lines = [["", *names]]
    for what, measure in rows.items():
        seeds = [[measure(one) for one in found.repetitions if one.regime == name] for name in names]
        lines.append([what, *(_spread(values, 2) for values in seeds)])
    updates = ", ".join(f"{n:,}" for n in sorted({one.updates for one in found.repetitions}))
    pairs = max(one.pairs for one in found.repetitions)
    count = len({one.seed for one in found.repetitions})
    return f"Repetitions: seeds: {count}, updates: {updates}, everyday pairs: {pairs:,}.\n\n{grid(lines)}"


def _tellings(found: Regimes) -> str:
    rows: dict[str, Callable[[Trained], str]] = {
        "told right by a new discriminator, %": lambda one: _percents(one.telling.accuracy),
        "pairs learned from / asked about": lambda one: f"{one.telling.learned:,} / {one.telling.held_out:,}",
        "in training, first look / last, %": _in_training,
    }
    return _by_model(found.trained, rows)


def _in_training(one: Trained) -> str:
    told = [at["discriminator_accuracy"] for at in one.history if "discriminator_accuracy" in at]
    return f"{100 * told[0]:.1f} / {100 * told[-1]:.1f}" if told else NONE


def _by_model(models: Sequence[Trained], rows: dict[str, Callable[[Trained], str]]) -> str:
    lines = [["", *(one.model for one in models)]]
    return grid([*lines, *([name, *map(told, models)] for name, told in rows.items())])


def _percents(band: Band) -> str:
    return f"{100 * band.value:.1f} ({100 * band.low:.1f} to {100 * band.high:.1f})"


def _numbers(band: Band) -> str:
    return f"{band.value:.2f} ({band.low:.2f} to {band.high:.2f})"


def _spread(values: Sequence[float], digits: int) -> str:
    if not values:
        return NONE
    return f"{fmean(values):,.{digits}f} ({min(values):,.{digits}f} to {max(values):,.{digits}f})"
