"""What the updates since the last look at the dev loss came to: sums that are saved with a run, and the point
of its history that is made from them."""

from __future__ import annotations

import math
from typing import Final, NamedTuple

from s2s.train.professor import gates


class Learned(NamedTuple):
    """What an update came to."""

    loss: float  # nats a piece; each process of a group has a summand
    gradient_norm: float  # before it was clipped; where it is not finite, nothing was learned
    accuracy: float | None = None  # of the discriminator, before it learned; None without one


NOTHING: Final[dict[str, float]] = {
    "updates": 0,
    "tokens": 0,
    "seconds": 0.0,
    "loss": 0.0,
    "finite": 0,  # updates whose gradient was finite: the others leave the weights as they are
    "gradient_norm": 0.0,
    "gradient_norm_max": 0.0,
    "judged": 0,  # updates in which a discriminator compared two runs
    "accuracy": 0.0,
    "taught": 0,  # those from which it learned
    "heard": 0,  # and those in which the model learned from it
}


def add(tally: dict[str, float], learned: Learned, *, tokens: int, seconds: float) -> None:
    """Count an update in."""
    tally["updates"] += 1
    tally["tokens"] += tokens
    tally["seconds"] += seconds
    tally["loss"] += learned.loss
    if math.isfinite(learned.gradient_norm):
        tally["finite"] += 1
        tally["gradient_norm"] += learned.gradient_norm
        tally["gradient_norm_max"] = max(tally["gradient_norm_max"], learned.gradient_norm)
    if learned.accuracy is not None:
        _add_verdict(tally, learned.accuracy)


def _add_verdict(tally: dict[str, float], accuracy: float) -> None:
    its = gates(accuracy)
    tally["judged"] += 1
    tally["accuracy"] += accuracy
    tally["taught"] += its.taught
    tally["heard"] += its.heard


def point(tally: dict[str, float]) -> dict[str, float]:
    """Means over the updates counted, the norm of the gradient before it was clipped, and how many updates
    had none that was finite; with a discriminator its accuracy, and how often each of its gates was open."""
    count, finite, judged = (tally[name] for name in ("updates", "finite", "judged"))
    verdicts = ("accuracy", "taught", "heard") if judged else ()
    return {
        "tokens_per_second": round(tally["tokens"] / max(tally["seconds"], 1e-9), 1),
        "mean_loss": tally["loss"] / count,
        "gradient_norm": tally["gradient_norm"] / max(1, finite),
        "gradient_norm_max": tally["gradient_norm_max"],
        "skipped": count - finite,
        **{f"discriminator_{name}": tally[name] / judged for name in verdicts},
    }
