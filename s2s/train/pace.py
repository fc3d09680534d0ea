"""What an update costs, several trainings in turns on the same batches."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Final

import numpy as np
import torch

from s2s.data.batches import Batch, training_batches
from s2s.data.examples import Examples
from s2s.train import devices
from s2s.train.loop import Run, new_state
from s2s.train.processes import ALONE
from s2s.train.update import update

PAIRS: Final = 20_000  # that batches are made of, at most


def batches_of(run: Run, count: int) -> list[Batch]:
    """So many of those that a run with tokenizers would make of its pairs."""
    assert run.source is not None
    assert run.target is not None
    train, drawn = run.train, np.random.default_rng(run.train.seed)
    examples = Examples(
        run.pairs[:PAIRS], source=run.source, target=run.target, typing=train, joined=train.joined,
        max_length=train.max_length,
    )  # fmt: skip
    parts = examples.parts(drawn)
    return list(islice(training_batches(parts, batch_tokens=train.batch_tokens, random=drawn), count))


def precision_here() -> str:
    """The number format of the products on this processor: bfloat16 where recurrences compute in it."""
    return "bfloat16" if devices.has_bfloat16(torch.device("cpu")) else "float32"


def seconds_in_turns(
    runs: Mapping[str, Run],
    batches: Sequence[Batch],
    *,
    rounds: int,
    clock: Callable[[], float] = time.perf_counter,
) -> Iterator[dict[str, float] | None]:
    """The seconds that each run takes for one update on each of the batches, on the processor, in so many
    rounds; None after the first round, in which kernels are built. Each batch is every run's before the next
    is anyone's. With one thread, `time.process_time` leaves out what else the machine does meanwhile.

    Updates stand evenly over the whole run, so that a schedule is met as it falls. What is learned is thrown
    away.
    """
    device = torch.device("cpu")
    states = {name: new_state(run, device, ALONE) for name, run in runs.items()}
    half = precision_here() == "bfloat16"
    for state in states.values():
        state.half = half
    for turn in range(rounds + 1):
        seconds = dict.fromkeys(runs, 0.0)
        for number, batch in enumerate(batches):
            for name, state in states.items():
                train = runs[name].train
                state.updates = number * train.updates // len(batches)
                started = clock()
                update(state, batch, rate=train.peak_rate, train=train)
                seconds[name] += clock() - started
        yield seconds if turn else None
