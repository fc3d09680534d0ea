"""What the tests of a training share: to make a run, to stop it, to compare two."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from pathlib import Path

import torch
from safetensors.torch import load_file

from s2s.catalog import WEIGHTS
from s2s.train.loop import Progress, Run, fit
from s2s.train.state import RUN

MakeRun = Callable[..., Run]


def stop_after(run: Run, updates: int, *, resume: bool = False) -> list[Progress]:
    """As much of a run as this many updates, then closed."""
    steps = fit(run, resume=resume)
    done = list(islice(steps, updates))
    steps.close()
    return done


def learned(progress: list[Progress]) -> list[tuple[object, ...]]:
    """What does not depend on the clock."""
    return [(p.updates, p.total, p.loss, p.rate, p.tokens, p.dev_loss) for p in progress]


def assert_same_state(a: Path, b: Path) -> None:
    one, other = load_file(a / RUN), load_file(b / RUN)
    assert one.keys() == other.keys()
    assert any(name.startswith("optimizer.") for name in one)
    assert [name for name in one if not torch.equal(one[name], other[name])] == []
    assert (a / WEIGHTS).read_bytes() == (b / WEIGHTS).read_bytes()
