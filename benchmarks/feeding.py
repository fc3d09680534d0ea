"""How fast a model learns by what its decoder is fed, the reference or its own words, beside teacher forcing.

`python -m benchmarks.feeding FOLDER ROUNDS` measures all regimes in a process of its own and prints JSON.
"""

from __future__ import annotations

import dataclasses
import json
import statistics
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from benchmarks import apart
from benchmarks.report import Row
from benchmarks.training import our_run
from s2s.config import FREE, PROFESSOR, SCHEDULED, STEP_BY_STEP, TWO_PASS

_SHARE: Final = 0.45  # of teacher forcing's tokens a second, for the two-pass form
_BATCHES: Final = 12
_LINE: Final = {"regime": SCHEDULED, "schedule": "linear", "linear_c": 0.0}
_TEACHER: Final = "teacher forcing"
_AIMED: Final = "scheduled sampling in two passes, every word its own"  # which costs the most
_REGIMES: Final[dict[str, dict[str, Any]]] = {
    _TEACHER: {},
    _AIMED: {**_LINE, "linear_k": 0.0, "sampling": TWO_PASS},
    "scheduled sampling in two passes, half of the words its own": {
        **_LINE, "linear_k": 0.5, "sampling": TWO_PASS
    },
    "scheduled sampling step by step, half of the words its own": {
        **_LINE, "linear_k": 0.5, "sampling": STEP_BY_STEP
    },
    "free running": {"regime": FREE},
    "professor forcing": {"regime": PROFESSOR},
}  # fmt: skip


def rows(folder: Path, *, rounds: int) -> list[Row]:
    """Each regime on the same batches."""
    return told(apart.answer("benchmarks.feeding", str(folder), str(rounds)))


def told(rates: Mapping[str, Sequence[float]]) -> list[Row]:
    """The rows, from target pieces a second in each round: each beside teacher forcing in the same round."""
    found = []
    for name, its in rates.items():
        share = statistics.median(rate / base for rate, base in zip(its, rates[_TEACHER], strict=True))
        measured, aim, met = f"{statistics.median(its):,.0f} target tokens/s", "", None
        if name != _TEACHER:
            measured += f", {share:.2f} of teacher forcing's"
        if name == _AIMED:
            aim, met = f"at least {_SHARE} of teacher forcing's", share >= _SHARE
        found.append(Row("feeding", name, measured, aim, met))
    return found


def measure(folder: Path, rounds: int) -> dict[str, list[float]]:
    """In this process: updates on the same batches, one regime after the other."""
    import torch

    from s2s.train.pace import batches_of, seconds_in_turns

    torch.set_num_threads(apart.THREADS)
    run = our_run(folder, Path("unused"), attention="general", precision="auto", minutes=0.0)
    runs = {
        name: run._replace(train=dataclasses.replace(run.train, **settings))
        for name, settings in _REGIMES.items()
    }
    batches = batches_of(run, _BATCHES)
    pieces = sum(batch.pieces for batch in batches)
    rates: dict[str, list[float]] = {name: [] for name in runs}
    for seconds in seconds_in_turns(runs, batches, rounds=rounds):
        for name, its in (seconds or {}).items():
            rates[name].append(pieces / its)
    return rates


if __name__ == "__main__":
    place, count = sys.argv[1:]
    print(json.dumps(measure(Path(place), int(count))))
