"""What test_processes starts with torchrun: the trainings of a group of processes. `runs` are several in one
start, which takes seconds; `interrupted` and `broken` are the command line, with a mishap in process 1."""

import os
import signal
import sys
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

import torch

from s2s.cli import main
from s2s.config import ModelConfig, TrainConfig, TypingConfig
from s2s.train import loop
from s2s.train.loop import Run, fit
from s2s.train.processes import ALONE, Group, joined
from tests.sentences import PAIRS

PLAIN = {"dropout": 0.0, "word_dropout": 0.0, "agreement": 0.0}
RANDOM = {"dropout": 0.3, "word_dropout": 0.2, "agreement": 0.4}  # all three draw in each process
SCHEDULED = {**PLAIN, "regime": "scheduled", "schedule": "exponential", "exponential_k": 0.7}
PROFESSOR = {**PLAIN, "regime": "professor", "fooling": 1.0, "fooling_forced": 0.5}


def make_run(folder: Path, *, dropout: float, **settings: Any) -> Run:
    """A few updates that look at the dev loss after each; the tokenizers are trained with the model."""
    return Run(
        folder=folder,
        model=ModelConfig(attention="concat", hidden=16, source_vocab=60, target_vocab=60, dropout=dropout),
        train=TrainConfig(
            **TypingConfig.off(), updates=6, batch_tokens=64, warmup=2, peak_rate=1e-2, precision="float32",
            device="cpu", dev_every=1, coverage=0.5, **settings,
        ),
        pairs=PAIRS,
        dev_pairs=PAIRS[:5],
    )  # fmt: skip


def learn(folder: Path, settings: dict[str, Any], *, sittings: tuple[int, ...], group: Group = ALONE) -> None:
    """A run with so many updates in each sitting."""
    for number, updates in enumerate(sittings):
        steps = fit(make_run(folder, **settings), resume=number > 0, group=group)
        list(islice(steps, updates))
        steps.close()


def runs(place: Path) -> None:
    with joined() as group:
        learn(place / "plain", PLAIN, sittings=(6,), group=group)
        learn(place / "random", RANDOM, sittings=(6,), group=group)
        learn(place / "stopped", RANDOM, sittings=(2, 4), group=group)
        learn(place / "scheduled", SCHEDULED, sittings=(6,), group=group)
        learn(place / "professor", PROFESSOR, sittings=(3, 3), group=group)


def interrupt() -> None:
    os.kill(os.getpid(), signal.SIGINT)


def break_down() -> None:
    raise MemoryError("no room for another update")


def with_mishap(mishap: Callable[[], None], arguments: list[str]) -> int:
    """The command line, where process 1 has a mishap at the beginning of update 3."""
    learn_from = loop._learn

    def fail_and_learn(work: Any, *rest: Any) -> loop.Progress:
        if os.environ["RANK"] == "1" and work.state.updates == 2:
            mishap()
        return learn_from(work, *rest)

    loop._learn = fail_and_learn
    return main(arguments)


if __name__ == "__main__":
    torch.set_num_threads(1)
    what, *rest = sys.argv[1:]
    if what == "runs":
        runs(Path(rest[0]))
    else:
        sys.exit(with_mishap({"interrupted": interrupt, "broken": break_down}[what], rest))
