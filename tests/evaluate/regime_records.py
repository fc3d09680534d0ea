"""A record of training regimes made up for the tests: two models, two seeds of each."""

import dataclasses

from s2s.evaluate.evaluation import Band
from s2s.evaluate.regimes import (
    Beside,
    Both,
    Cost,
    Led,
    Length,
    Level,
    Machine,
    OnText,
    Reached,
    Regimes,
    Repetition,
    Step,
    Telling,
    Text,
    Trained,
)
from tests.evaluate.gaps import GAP


def band(value: float, half: float = 0.0) -> Band:
    return Band(value=value, low=value - half, high=value + half)


def both(forced: float, free: float, gap: float, half: float = 0.02) -> Both:
    return Both(forced=band(forced, half), free=band(free, half), gap=band(gap, half))


def beside(accuracy: float, loss: float, bleu: float, half: float) -> Beside:
    return Beside(
        accuracy_gap=band(accuracy, half),
        accuracy_forced=band(0.0, half),
        accuracy_free=band(-accuracy, half),
        loss_gap=band(loss, half),
        bleu=band(bleu, half),
    )


def on_text(gap: float, bleu: float, other: Beside | None) -> OnText:
    """On a text where the accuracy fed by itself is so much lower, with that BLEU of free runs."""
    return OnText(
        gap=GAP,
        accuracy=both(0.75, 0.75 - gap, gap),
        loss=both(1.25, 1.25 + 5 * gap, 5 * gap),
        bleu=both(58.5, bleu, 58.5 - bleu, 1.0),
        steps=tuple(
            Step(
                first=at.first,
                last=at.last,
                steps=at.steps,
                accuracy=both(at.forced.accuracy, at.free.accuracy, at.forced.accuracy - at.free.accuracy),
                loss=both(at.forced.loss, at.free.loss, at.free.loss - at.forced.loss),
            )
            for at in GAP.positions
        ),
        by_length=(
            Length(shortest=1, longest=5, pairs=8, bleu=band(bleu, 2.0)),
            Length(shortest=6, longest=None, pairs=0, bleu=None),
        ),
        beside=other,
    )


def history(*losses: float, norm: float = 1.0) -> tuple[dict[str, float], ...]:
    """A look at the dev loss every 100 updates."""
    return tuple(
        {"updates": 100 * n, "dev_loss": loss, "loss": loss, "mean_loss": loss, "gradient_norm": norm}
        for n, loss in enumerate(losses, 1)
    )


TEACHER = Trained(
    regime="teacher",
    model="fr-en-general-teacher",
    weights="a" * 64,
    parameters=1000,
    updates=400,
    seconds=60.0,
    tokens=10_000,
    device="a processor",
    precision="float32",
    settings={"regime": "teacher", "seed": 1},
    history=history(4.0, 3.0, 2.0, 1.5),
    everyday=on_text(0.25, 51.25, None),
    general=on_text(0.375, 20.0, None),
    telling=Telling(accuracy=band(0.9, 0.02), updates=300, learned=8, held_out=8, seeds=3),
)
PROFESSOR = dataclasses.replace(
    TEACHER,
    regime="professor",
    model="fr-en-general-professor",
    weights="b" * 64,
    seconds=180.0,
    settings={"regime": "professor", "seed": 1},
    history=tuple({**at, "discriminator_accuracy": 0.75} for at in TEACHER.history),
    everyday=on_text(0.2, 51.0, beside(-0.05, -0.25, -0.25, 0.01)),
    general=on_text(0.37, 19.5, beside(-0.005, -0.025, -0.5, 1.0)),
    telling=Telling(accuracy=band(0.7, 0.02), updates=300, learned=8, held_out=8, seeds=3),
)


def repetition(regime: str, seed: int, *losses: float, norm: float) -> Repetition:
    return Repetition(
        regime=regime,
        seed=seed,
        updates=100 * len(losses),
        seconds=30.0,
        device="a processor",
        history=history(*losses, norm=norm),
        pairs=8,
        accuracy=Led(forced=0.5, free=0.25),
        loss=Led(forced=3.0, free=4.0),
        bleu=Led(forced=20.0, free=15.0),
    )


REGIMES = Regimes(
    everyday=Text(name="test.tsv", fingerprint="c" * 64, pairs=10, measured=9, compared=8),
    general=Text(name="general.tsv", fingerprint="d" * 64, pairs=8, measured=8, compared=8),
    trained=(TEACHER, PROFESSOR),
    repetitions=(
        repetition("teacher", 1, 4.0, 3.0, norm=1.0),
        repetition("teacher", 2, 4.25, 3.25, norm=1.25),
        repetition("professor", 1, 5.0, 4.0, norm=2.0),
        repetition("professor", 2, 5.5, 3.5, norm=2.25),
    ),
    machine=Machine(device="a processor", precision="float32", threads=1, batches=4, pieces=800),
    costs=(
        Cost(regime="teacher", milliseconds=(100.0, 110.0, 105.0), times=band(1.0)),
        Cost(
            regime="professor", milliseconds=(300.0, 320.0, 310.0), times=Band(value=2.95, low=2.9, high=3.0)
        ),
    ),
    levels=(
        Level(
            rule="all_reach",
            dev_loss=4.0,
            reached=(
                Reached(regime="teacher", seed=1, updates=100.0, seconds=10.5),
                Reached(regime="teacher", seed=2, updates=125.0, seconds=13.125),
                Reached(regime="professor", seed=1, updates=200.0, seconds=62.0),
                Reached(regime="professor", seed=2, updates=175.0, seconds=54.25),
            ),
        ),
    ),
    resamples=1000,
    seed=1,
    versions={"Python": "3.11", "torch": "2.13.0"},
)
