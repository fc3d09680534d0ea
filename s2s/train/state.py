"""What an interrupted run goes on from: weights, their average, AdamW's moments. Nothing random is kept: each
update draws from a seed of its own.

One file in the run's folder, `training.safetensors`, replaced at once and never half-written: the numbers
as tensors, settings and history as JSON in its header. Nothing is pickled.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file
from safetensors.torch import save as save_tensors
from torch import Tensor, nn

from s2s.catalog import write_whole
from s2s.config import ModelConfig, TrainConfig, TypingConfig
from s2s.errors import CheckpointError

RUN: Final = "training.safetensors"
COUNTED_ON: Final = ("updates", "seconds", "tokens", "drawn", "left_out", "history")  # of a model's card
_MAY_DIFFER: Final = ("device", "threads", "dev_every", "save_every")  # on going on with a run
_NOTHING: Final[dict[str, Any]] = {**dict.fromkeys(COUNTED_ON, 0), "history": ()}


@dataclass(kw_only=True)
class TrainState:
    """A run between two updates."""

    model: nn.Module
    parallel: nn.Module  # the model itself or, of several processes, what averages its gradient over them
    device: torch.device
    average: dict[str, Tensor]  # the moving average of the weights, by parameter name
    optimizer: torch.optim.Optimizer
    half: bool = False  # products in bfloat16
    updates: int = 0
    seconds: float = 0.0  # spent in updates, over all sittings
    tokens: int = 0  # target pieces learned from
    history: list[dict[str, float]] = field(default_factory=list)  # a point per look at the dev loss
    before: dict[str, Any] = field(default_factory=lambda: dict(_NOTHING))  # the same of what it went on from


def save(
    state: TrainState, folder: Path, *, model: ModelConfig, train: TrainConfig, fingerprint: str
) -> None:
    """Write the run so that `restore` goes on with exactly the next update; `fingerprint` is of its pairs."""
    tensors: dict[str, Tensor] = {}
    for name, value in state.model.state_dict().items():
        tensors[f"model.{name}"] = value
    for name, value in state.average.items():
        tensors[f"average.{name}"] = value
    for number, moments in state.optimizer.state_dict()["state"].items():
        for name, value in moments.items():
            tensors[f"optimizer.{number}.{name}"] = value
    record = {
        "model": model.to_dict(),
        "train": train.to_dict(),
        "fingerprint": fingerprint,
        "half": state.half,
        "updates": state.updates,
        "seconds": state.seconds,
        "tokens": state.tokens,
        "history": state.history,
        "before": state.before,
    }
    contiguous = {name: value.cpu().contiguous() for name, value in tensors.items()}
    write_whole(folder / RUN, save_tensors(contiguous, metadata={"run": json.dumps(record)}))


def read_record(folder: Path) -> dict[str, Any] | None:
    """The settings and history of a run in a folder, None if there is none. Raises CheckpointError."""
    path = folder / RUN
    if not path.exists():
        return None
    try:
        with safe_open(path, framework="pt") as file:
            record: dict[str, Any] = json.loads((file.metadata() or {}).get("run", "null"))
        if (
            not isinstance(record, dict)
            or not {"model", "train", "updates", "seconds", "history"} <= record.keys()
        ):
            raise ValueError("not a run of ours")
    except (OSError, SafetensorError, ValueError, RecursionError) as error:
        raise CheckpointError("part_damaged", path=path, reason=str(error)) from error
    return record


def restore(
    state: TrainState, folder: Path, *, model: ModelConfig, train: TrainConfig, fingerprint: str
) -> None:
    """Bring a fresh `state` to where the run in `folder` stopped.

    Raises CheckpointError if the folder's files are damaged or its settings or pairs differ from these.
    """
    path = folder / RUN
    record = read_record(folder)
    if record is None:
        raise CheckpointError("part_missing", path=path)
    # A run from before a setting was there had what is now its default; none was changed to what people type.
    older = {**ModelConfig().to_dict(), **TrainConfig(**TypingConfig.off()).to_dict()}
    kept = {**older, **record["model"], **record["train"]}
    for name, expected in {**model.to_dict(), **train.to_dict()}.items():
        if kept.get(name) != expected and name not in _MAY_DIFFER:
            raise CheckpointError(
                "resume_mismatch", path=folder, name=name, found=kept.get(name), expected=expected
            )
    if record.get("fingerprint") != fingerprint:
        raise CheckpointError("resume_other_pairs", path=folder)
    try:
        tensors = load_file(path)
    except (OSError, SafetensorError) as error:
        raise CheckpointError("part_damaged", path=path, reason=str(error)) from error
    parts: dict[str, dict[str, Tensor]] = {"model": {}, "average": {}, "optimizer": {}}
    for name, value in tensors.items():
        group, _, key = name.partition(".")
        parts[group][key] = value
    state.model.load_state_dict(parts["model"])
    state.average = {name: value.to(state.device) for name, value in parts["average"].items()}
    moments: dict[int, dict[str, Tensor]] = {}
    for name, value in parts["optimizer"].items():
        number, _, key = name.partition(".")
        moments.setdefault(int(number), {})[key] = value
    optimizer = state.optimizer.state_dict()
    state.optimizer.load_state_dict({"state": moments, "param_groups": optimizer["param_groups"]})
    state.updates, state.seconds = record["updates"], record["seconds"]
    state.half = record["half"]
    state.tokens, state.history = record["tokens"], record["history"]
    state.before = record.get("before", state.before)
