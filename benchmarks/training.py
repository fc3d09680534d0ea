"""How fast our trainer learns, and what share of the machine's own matrix products it keeps busy.

`python -m benchmarks.training FOLDER ATTENTION PRECISION SECONDS` measures one model in a process of its own
and prints JSON.
"""

from __future__ import annotations

import json
import math
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from benchmarks import apart, flops
from benchmarks.corpus import shipped_pieces, train_pairs
from benchmarks.report import Row
from s2s.catalog import SUCCESSOR, locate, read_config
from s2s.config import ATTENTIONS, GENERAL, TRANSFORMER, AnyModelConfig, ModelConfig, TrainConfig
from s2s.data.batches import training_batches
from s2s.data.examples import Examples

if TYPE_CHECKING:
    import torch

    from s2s.train.loop import Progress, Run

_FORMATS: Final = ("float32", "bfloat16")
_TOKENS: Final = 10_000  # target pieces a second, where bfloat16 is the machine's faster format
_SHARE: Final = 0.5  # of float32's peak, where it is not
_NEVER: Final = 1_000_000  # updates until something that takes time and teaches nothing
_PRODUCT: Final = 2048  # rows and columns of the matrices that tell the peak
_PRODUCTS: Final = 20
_SAMPLE: Final = 20_000  # pairs whose batches tell what a target piece costs
_BATCHES: Final = 200
_TURNS: Final = 2


class Speed(NamedTuple):
    """What one process measured."""

    tokens_per_second: float  # target pieces, padding not counted
    precision: str  # float32 or bfloat16, also where `auto` chose it
    peaks: dict[str, float]  # operations a second in products of large matrices, by number format


class Trained(NamedTuple):
    """What a trainer, ours or another, made of its time."""

    tokens: int  # target pieces learned from, end tokens counted, padding not
    seconds: float  # of training: not of reading data, looking at dev data, or saving
    said: list[str]  # its translations


def rows(folder: Path, *, seconds: float) -> list[Row]:
    """The machine's peak, then each attention in both formats, what auto picks first."""
    speeds: list[tuple[str, Speed, bool]] = []
    for attention in ATTENTIONS:
        picked = _measure_apart(folder, attention, "auto", seconds)
        (other,) = (name for name in _FORMATS if name != picked.precision)
        speeds += [
            (attention, picked, True),
            (attention, _measure_apart(folder, attention, other, seconds), False),
        ]
    peaks = {name: max(speed.peaks[name] for _, speed, _ in speeds) for name in _FORMATS}
    costs = _costs(folder)
    return [
        Row(
            "train",
            f"product of two {_PRODUCT} x {_PRODUCT} matrices with {apart.THREADS} threads: the peak",
            ", ".join(f"{name} {peak / 1e9:.0f} GFLOP/s" for name, peak in peaks.items()),
        ),
        *(
            _row(attention, speed, costs[attention], peaks, is_picked=is_picked)
            for attention, speed, is_picked in speeds
        ),
        _beside_successor(folder, seconds),
    ]


def _beside_successor(folder: Path, seconds: float) -> Row:
    """A Transformer and a recurrent model in turns, each twice, the faster of its turns counts."""
    turns = [
        (name, _measure_apart(folder, name, "auto", seconds)) for name in (GENERAL, TRANSFORMER) * _TURNS
    ]
    best = {name: max(speed.tokens_per_second for of, speed in turns if of == name) for name, _ in turns}
    recurrent, successor = best[GENERAL], best[TRANSFORMER]
    return Row(
        "train",
        f"Transformer and {GENERAL} in turns, {turns[-1][1].precision} (auto)",
        f"{successor:,.0f} and {recurrent:,.0f} target tokens/s, {1e6 / successor:.0f} and "
        f"{1e6 / recurrent:.0f} microseconds each: {successor / recurrent:.2f} times as many",
    )


def _row(attention: str, speed: Speed, cost: float, peaks: dict[str, float], *, is_picked: bool) -> Row:
    rate = speed.tokens_per_second
    share = rate * cost / peaks[speed.precision]
    aim, met = "", None
    if is_picked and peaks["bfloat16"] > peaks["float32"]:
        aim, met = f"over {_TOKENS:,} target tokens/s", rate > _TOKENS
    elif is_picked:
        aim, met = f"at least {_SHARE:.0%} of the peak", share >= _SHARE
    return Row(
        "train",
        f"{attention}, {speed.precision}{' (auto)' if is_picked else ''}",
        f"{rate:,.0f} target tokens/s, {cost / 1e6:.1f} MFLOP each: {share:.0%} of the peak",
        aim,
        met,
    )


def _costs(folder: Path) -> dict[str, float]:
    """Operations to learn from one target piece of the recipe's batches, by attention."""
    train, pieces, pairs = TrainConfig(), shipped_pieces(), train_pairs(folder)
    sample = random.Random(1).sample(pairs, min(_SAMPLE, len(pairs)))
    examples = Examples(
        sample,
        source=pieces.source,
        target=pieces.target,
        typing=train,
        joined=train.joined,
        max_length=train.max_length,
    )
    drawn = np.random.default_rng(train.seed)
    batches = training_batches(examples.parts(drawn), batch_tokens=train.batch_tokens, random=drawn)
    text = flops.counted(islice(batches, _BATCHES))
    return {
        attention: flops.training(ModelConfig(attention=attention), text) / text.target_pieces
        for attention in ATTENTIONS
    }


def our_run(folder: Path, model: Path, *, attention: str, precision: str, minutes: float) -> Run:
    """The recipe of the shipped models on the pairs in `folder`, for so many minutes, or with 0 until nobody
    asks for more; nothing is looked at or saved on the way. `attention` is a scorer, or the Transformer."""
    from s2s.train.loop import Run

    pieces = shipped_pieces()
    return Run(
        folder=model,
        model=_shape(attention),
        train=TrainConfig(
            updates=_NEVER,
            minutes=minutes,
            dev_every=_NEVER,
            save_every=_NEVER,
            precision=precision,
            device="cpu",
            threads=apart.THREADS,
        ),
        pairs=train_pairs(folder),
        dev_pairs=(),
        source=pieces.source,
        target=pieces.target,
    )


def _shape(attention: str) -> AnyModelConfig:
    """Of a recurrent model with that scorer, or of the shipped Transformer."""
    if attention == TRANSFORMER:
        return read_config(locate(SUCCESSOR.model()))[0]
    return ModelConfig(attention=attention)


def _measure_apart(folder: Path, attention: str, precision: str, seconds: float) -> Speed:
    return Speed(*apart.answer("benchmarks.training", str(folder), attention, precision, str(seconds)))


def measure(folder: Path, attention: str, precision: str, seconds: float) -> Speed:
    """In this process: the peaks, then a training of so many seconds, of which the second half counts. In
    the first, kernels are built for most of the shapes that batches have."""
    import torch

    from s2s.train.loop import fit

    torch.set_num_threads(apart.THREADS)
    peaks = {name: _peak(getattr(torch, name)) for name in _FORMATS}
    with tempfile.TemporaryDirectory() as place:
        model = Path(place) / "model"
        run = our_run(folder, model, attention=attention, precision=precision, minutes=0.0)
        with closing(fit(run)) as steps:
            rate = _second_half(steps, seconds)
        _, card = read_config(model)
    return Speed(rate, card.precision, peaks)


def _second_half(steps: Iterator[Progress], seconds: float) -> float:
    """Target pieces a second."""
    next(steps)
    started = time.perf_counter()
    halfway: tuple[int, float] | None = None
    for progress in steps:
        passed = time.perf_counter() - started
        if halfway is None and passed >= seconds / 2:
            halfway = progress.tokens, passed
        elif halfway is not None and passed >= seconds:
            return (progress.tokens - halfway[0]) / (passed - halfway[1])
    raise RuntimeError("the training ended before it was timed")


def _peak(dtype: torch.dtype) -> float:
    """The most operations a second in a product of two large matrices."""
    import torch

    left, right = (torch.rand(_PRODUCT, _PRODUCT).to(dtype) for _ in range(2))
    best = math.inf
    for _ in range(_PRODUCTS):
        started = time.perf_counter()
        left @ right
        best = min(best, time.perf_counter() - started)
    return 2 * _PRODUCT**3 / best


if __name__ == "__main__":
    place, attention, precision, seconds = sys.argv[1:]
    print(json.dumps(measure(Path(place), attention, precision, float(seconds))))
