"""How fast a model learns by what its decoder is fed, the reference or its own words, beside teacher forcing.

`python -m benchmarks.feeding FOLDER ROUNDS` measures all regimes in a process of its own and prints JSON.
"""

from __future__ import annotations

import dataclasses
import json
import statistics
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, closing
from itertools import islice, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from benchmarks import apart
from benchmarks.report import Row
from benchmarks.training import our_run
from s2s.config import FREE, PROFESSOR, SCHEDULED, STEP_BY_STEP, TWO_PASS

if TYPE_CHECKING:
    from s2s.train.loop import Progress

_SHARE: Final = 0.45  # of teacher forcing's tokens a second, for the two-pass form
_UPDATES: Final = 20  # of each training in a round
_PAIRS: Final = 20_000  # that they learn from
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
    """In this process: trainings that see the same batches, in turns of so many updates; the first turn, in
    which kernels are built for most of the shapes that batches have, does not count."""
    import torch

    from s2s.train import devices
    from s2s.train.loop import fit

    precision = "bfloat16" if devices.has_bfloat16(torch.device("cpu")) else "float32"  # the same for all
    torch.set_num_threads(apart.THREADS)
    with tempfile.TemporaryDirectory() as place, ExitStack() as stack:
        run = our_run(folder, Path(place), attention="general", precision=precision, minutes=0.0)
        run = run._replace(pairs=run.pairs[:_PAIRS])
        trainings = {}
        for number, (name, settings) in enumerate(_REGIMES.items()):
            one = run._replace(
                folder=Path(place) / str(number), train=dataclasses.replace(run.train, **settings)
            )
            trainings[name] = stack.enter_context(closing(fit(one)))
        rates: dict[str, list[float]] = {name: [] for name in trainings}
        for turn in range(rounds + 1):
            for name, training in trainings.items():
                rate = _rate(list(islice(training, _UPDATES)))
                rates[name] += [rate] if turn else []
    return rates


def _rate(steps: Sequence[Progress]) -> float:
    """Target pieces a second of all updates but the first."""
    pieces = [after.tokens - before.tokens for before, after in pairwise(steps)]
    seconds = sum(count / step.tokens_per_second for count, step in zip(pieces, steps[1:], strict=True))
    return sum(pieces) / seconds


if __name__ == "__main__":
    place, count = sys.argv[1:]
    print(json.dumps(measure(Path(place), int(count))))
