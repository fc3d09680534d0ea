"""How fast a model learns by what its decoder is fed, the reference or its own words, beside teacher forcing.

`python -m benchmarks.feeding FOLDER ROUNDS` measures all regimes in a process of its own and prints JSON.
"""

from __future__ import annotations

import dataclasses
import json
import statistics
import sys
import time
from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from benchmarks import apart
from benchmarks.report import Row
from benchmarks.training import our_run
from s2s.config import FREE, PROFESSOR, SCHEDULED, STEP_BY_STEP, TWO_PASS
from s2s.data.batches import Batch, training_batches
from s2s.data.examples import Examples

if TYPE_CHECKING:
    from s2s.train.loop import Run

_SHARE: Final = 0.45  # of teacher forcing's tokens a second, for the two-pass form
_BATCHES: Final = 12
_PAIRS: Final = 20_000  # that they are made of
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
    """In this process: updates on the same batches, one regime after the other; the first round, in which
    kernels are built, does not count."""
    import torch

    from s2s.train import devices
    from s2s.train.loop import new_state
    from s2s.train.processes import ALONE
    from s2s.train.update import update

    torch.set_num_threads(apart.THREADS)
    device = torch.device("cpu")
    run = our_run(folder, Path("unused"), attention="general", precision="auto", minutes=0.0)
    runs = {
        name: run._replace(train=dataclasses.replace(run.train, **settings))
        for name, settings in _REGIMES.items()
    }
    states = {name: new_state(one, device, ALONE) for name, one in runs.items()}
    half = devices.has_bfloat16(device)
    for state in states.values():
        state.half = half
    batches = _batches(run)
    pieces = sum(batch.pieces for batch in batches)
    rates: dict[str, list[float]] = {name: [] for name in runs}
    for turn in range(rounds + 1):
        for name, state in states.items():
            train = runs[name].train
            started = time.perf_counter()
            for batch in batches:
                update(state, batch, rate=train.peak_rate, train=train)
                state.updates += 1
            rates[name] += [pieces / (time.perf_counter() - started)] if turn else []
    return rates


def _batches(run: Run) -> list[Batch]:
    """Some of the recipe's own."""
    assert run.source is not None
    assert run.target is not None
    train, drawn = run.train, np.random.default_rng(run.train.seed)
    examples = Examples(
        run.pairs[:_PAIRS], source=run.source, target=run.target, typing=train, joined=train.joined,
        max_length=train.max_length,
    )  # fmt: skip
    parts = examples.parts(drawn)
    return list(islice(training_batches(parts, batch_tokens=train.batch_tokens, random=drawn), _BATCHES))


if __name__ == "__main__":
    place, count = sys.argv[1:]
    print(json.dumps(measure(Path(place), int(count))))
