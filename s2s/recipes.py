"""How models of the family are trained that need more than the defaults.

Those that show a training regime are trained alike but for the regime, and smaller than the rest of the
family, because a regime that feeds the decoder its own words takes it a step at a time. The one without
recurrence has about as many parameters as the others, and learns where to look from one of them.

Settings are those of `s2s.config`; what is not named here is at its default.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from s2s.config import FREE, PROFESSOR, SCHEDULED, SIGMOID, STEP_BY_STEP, TEACHER, TWO_PASS

PIECES: Final = 3000  # in each vocabulary, so they have tokenizers of their own
UPDATES: Final = 5000
REPEATED_UPDATES: Final = 1000  # of repetitions with other seeds
SIZES: Final[Mapping[str, Any]] = {"hidden": 192}
WHOLE: Final[Mapping[str, Any]] = {"updates": UPDATES, "dev_every": 250}
REPEATED: Final[Mapping[str, Any]] = {"warmup": 100, "dev_every": 50}

# The schedule falls from 1 to 0.13 over the updates; half of the words are the decoder's own after 3,840.
_FALLING: Final = {"regime": SCHEDULED, "schedule": SIGMOID, "sigmoid_k": 600.0}
TWO_PASSES: Final = "scheduled-two-pass"
# In the order people meet them. A kind of the catalogue names its row; what no kind names is repeated with
# other seeds and not shipped.
REGIMES: Final[Mapping[str, Mapping[str, Any]]] = {
    TEACHER: {"regime": TEACHER},
    SCHEDULED: {**_FALLING, "sampling": STEP_BY_STEP},
    TWO_PASSES: {**_FALLING, "sampling": TWO_PASS},
    FREE: {"regime": FREE},
    PROFESSOR: {"regime": PROFESSOR},
}

# Of the model without recurrence; `s2s.catalog.ATTENDING` is its guide.
SUCCESSOR: Final[Mapping[str, Any]] = {
    "hidden": 256,
    "heads": 8,
    "layers": 2,
    "feedforward": 768,
    "batch_tokens": 6144,
    "peak_rate": 1.5e-3,
    "warmup": 800,
    "updates": 9000,
}


def settings(regime: str, updates: int) -> dict[str, Any]:
    """Of a training in some regime with so many updates. The k of its schedule is in proportion to these; the
    words become its own a little sooner then, half of them after 0.57 of 1,000 updates and 0.77 of 5,000."""
    found = dict(REGIMES[regime])
    if "sigmoid_k" in found:
        found["sigmoid_k"] = max(1.0, found["sigmoid_k"] * updates / UPDATES)
    return found


def regime_of(train: Mapping[str, Any]) -> str:
    """Which row of `REGIMES` the settings of a training belong to, whatever its schedule; those from before
    there were regimes are of teacher forcing."""
    regime: str = train.get("regime", TEACHER)
    return TWO_PASSES if regime == SCHEDULED and train.get("sampling", TWO_PASS) == TWO_PASS else regime


def ordered(names: Iterable[str]) -> tuple[str, ...]:
    """Names of regimes in the order people meet them; others come last."""
    known = tuple(REGIMES)
    place = {name: number for number, name in enumerate(known)}
    return tuple(sorted(names, key=lambda name: (place.get(name, len(known)), name)))
