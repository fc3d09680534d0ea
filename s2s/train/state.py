"""What an interrupted run goes on from: weights, their average, AdamW's moments, its tokenizers. Nothing
random is kept: each update draws from a seed of its own.

One file in the run's folder, `training.safetensors`, replaced at once and never half-written: the numbers
as tensors, settings and history as JSON in its header, and a checksum of both. Nothing is pickled.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file
from safetensors.torch import save as save_tensors
from torch import Tensor, nn

from s2s.catalog import SOURCE_TOKENIZER, TARGET_TOKENIZER, write_whole
from s2s.config import (
    RECURRENT,
    AnyModelConfig,
    ModelConfig,
    TrainConfig,
    TypingConfig,
    model_config,
)
from s2s.data.tokenizer import Tokenizer
from s2s.errors import CheckpointError, ConfigError, TrainingError
from s2s.sound.config import SpeechConfig, SpeechTrainConfig
from s2s.train import tally
from s2s.train.professor import Critic

RUN: Final = "training.safetensors"
# The first format had neither a number nor a checksum, and left its tokenizers to the model folder.
FORMAT: Final = 2
COUNTED_ON: Final = ("updates", "seconds", "tokens", "drawn", "left_out", "history")  # of a model's card
_MAY_DIFFER: Final = ("device", "threads", "dev_every", "save_every")  # on going on with a run
_NOTHING: Final[dict[str, Any]] = {**dict.fromkeys(COUNTED_ON, 0), "history": ()}
_TOKENIZERS: Final = {"tokenizer.source": SOURCE_TOKENIZER, "tokenizer.target": TARGET_TOKENIZER}
_Settings = tuple[Callable[[Mapping[str, Any]], object], Callable[[Mapping[str, Any]], object]]
_TEXT: Final[_Settings] = (model_config, TrainConfig.from_dict)  # of models that read text


@dataclass(kw_only=True)
class TrainState:
    """A run between two updates."""

    model: nn.Module
    parallel: nn.Module  # the model itself or, of several processes, what averages its gradient over them
    device: torch.device
    average: dict[str, Tensor]  # the moving average of the weights, by parameter name
    optimizer: torch.optim.Optimizer
    critic: Critic | None = None  # of professor forcing
    half: bool = False  # products in bfloat16
    updates: int = 0
    seconds: float = 0.0  # spent in updates, over all sittings
    tokens: int = 0  # target pieces learned from
    history: list[dict[str, float]] = field(default_factory=list)  # a point per look at the dev loss
    tally: dict[str, float] = field(default_factory=lambda: dict(tally.NOTHING))  # since the last such look
    before: dict[str, Any] = field(default_factory=lambda: dict(_NOTHING))  # the same of what it went on from


class Saved(NamedTuple):
    """What the file of a run holds."""

    record: dict[str, Any]  # settings, counts and history
    tensors: dict[str, Tensor]


def save(
    state: TrainState,
    folder: Path,
    *,
    model: AnyModelConfig | SpeechConfig,
    train: TrainConfig | SpeechTrainConfig,
    fingerprint: str,
    tokenizers: tuple[Tokenizer, Tokenizer] | None,
) -> None:
    """Write the run so that `restore` goes on with exactly the next update; `fingerprint` is of its pairs.
    One that listens has no tokenizers.

    Writes nothing and raises TrainingError when a number is not finite, DataError when there is no room.
    """
    tensors = _tensors(state)
    if strange := _not_finite(tensors):
        raise TrainingError("diverged", updates=state.updates, found=strange, rate=train.peak_rate)
    for name, tokenizer in zip(_TOKENIZERS, tokenizers, strict=True) if tokenizers else ():
        tensors[name] = torch.frombuffer(bytearray(tokenizer.serialized), dtype=torch.uint8)
    record = {
        "format": FORMAT,
        "model": model.to_dict(),
        "train": train.to_dict(),
        "fingerprint": fingerprint,
        "half": state.half,
        "updates": state.updates,
        "seconds": state.seconds,
        "tokens": state.tokens,
        "history": state.history,
        "tally": state.tally,
        "before": state.before,
    }
    text = json.dumps(record)
    contiguous = {name: value.cpu().contiguous() for name, value in tensors.items()}
    metadata = {"run": text, "checksum": _checksum(text, contiguous)}
    write_whole(folder / RUN, save_tensors(contiguous, metadata=metadata))


def _tensors(state: TrainState) -> dict[str, Tensor]:
    """The numbers of a run, by the names that they have in its file."""
    tensors = {f"average.{name}": value for name, value in state.average.items()}
    for learner in _learners(state):
        weights = learner.network.state_dict().items()
        tensors |= {f"{learner.weights}.{name}": value for name, value in weights}
        for number, moments in learner.optimizer.state_dict()["state"].items():
            tensors |= {f"{learner.moments}.{number}.{name}": value for name, value in moments.items()}
    return tensors


class _Learner(NamedTuple):
    """A network, what it learns with, and what a file calls the numbers of both."""

    network: nn.Module
    optimizer: torch.optim.Optimizer
    weights: str
    moments: str


def _learners(state: TrainState) -> list[_Learner]:
    found = [_Learner(state.model, state.optimizer, "model", "optimizer")]
    if state.critic is not None:
        found.append(_Learner(*state.critic, "critic", "critic_optimizer"))
    return found


def _not_finite(tensors: Mapping[str, Tensor]) -> str:
    """The first tensor with a number that is none, "" where there is not any."""
    return next((name for name, value in tensors.items() if not value.isfinite().all()), "")


def _checksum(record: str, tensors: Mapping[str, Tensor]) -> str:
    """The SHA-256, in hexadecimal, of everything that a run's file says."""
    digest = hashlib.sha256(record.encode())
    for name, value in sorted(tensors.items()):
        digest.update(f"\n{name} {value.dtype} {list(value.shape)}\n".encode())
        digest.update(value.reshape(-1).view(torch.uint8).numpy().data)
    return digest.hexdigest()


def read_record(folder: Path) -> dict[str, Any] | None:
    """The settings and history of a run in a folder, None if there is none. Raises CheckpointError."""
    path = folder / RUN
    if not os.path.lexists(path):
        return None
    return _record(_header(path), path)


def is_finished(record: Mapping[str, Any]) -> bool:
    """Whether a run has done all that its settings ask for."""
    return share_done(record["updates"], record["seconds"], TrainConfig.from_dict(record["train"])) == 1


def share_done(updates: int, seconds: float, train: TrainConfig) -> float:
    """How much of a run is behind it, 0 to 1."""
    return min(1.0, seconds / (60 * train.minutes) if train.minutes else updates / train.updates)


def read(folder: Path, settings: _Settings = _TEXT) -> Saved:
    """The run in a folder, whole and unchanged since it was saved, with settings of these kinds. Raises
    CheckpointError.

    In a file of the first format, which has no checksum, only what makes no sense is found out.
    """
    path = folder / RUN
    header = _header(path)
    record = _record(header, path, settings)
    try:
        tensors = load_file(path)
    except (OSError, SafetensorError) as error:
        raise CheckpointError("state_damaged", path=path, reason=str(error)) from error
    if "checksum" in header and header["checksum"] != _checksum(header["run"], tensors):
        raise CheckpointError("state_damaged", path=path, reason="its checksum is that of other contents")
    if strange := _not_finite(tensors):
        raise CheckpointError("state_damaged", path=path, reason=f"{strange} has numbers that are not finite")
    return Saved(record, tensors)


def _header(path: Path) -> dict[str, str]:
    """The texts in a file's header. Raises CheckpointError."""
    try:
        if not path.is_file():  # a pipe would be waited for
            raise ValueError("not a file")
        with safe_open(path, framework="pt") as file:
            return file.metadata() or {}
    except (OSError, SafetensorError, ValueError) as error:
        raise CheckpointError("state_damaged", path=path, reason=str(error)) from error


def _record(header: Mapping[str, str], path: Path, settings: _Settings = _TEXT) -> dict[str, Any]:
    """The record in a header, of a form that can be gone on with. Raises CheckpointError."""
    try:
        record = json.loads(header.get("run", "null"))
        if not isinstance(record, dict):
            raise ValueError("not a run of ours")
        form = record.get("format", 1)
        if form not in (1, FORMAT):
            raise CheckpointError("format_foreign", path=path, found=form, expected=FORMAT)
        if ("checksum" in header) != (form == FORMAT):
            raise ValueError("its checksum is missing")
        record.setdefault("before", dict(_NOTHING))
        record.setdefault("tally", dict(tally.NOTHING))
        for name, is_right in _FORMS.items():
            if name not in record or not is_right(record[name]):
                raise ValueError(f"{name} is {record.get(name, 'missing')}")
        for kind, name in zip(settings, ("model", "train"), strict=True):
            kind(record[name])
    except (ValueError, RecursionError, ConfigError) as error:
        raise CheckpointError("state_damaged", path=path, reason=str(error)) from error
    return record


def _is_count(value: object) -> bool:
    return type(value) is int and value >= 0


def _is_time(value: object) -> bool:
    return type(value) in (int, float) and 0 <= value < math.inf  # type: ignore[operator]


def _is_history(value: object) -> bool:
    return isinstance(value, list | tuple) and all(
        isinstance(point, dict) and all(type(number) in (int, float) for number in point.values())
        for point in value
    )


def _is_tally(value: object) -> bool:
    return (
        isinstance(value, dict)
        and value.keys() == tally.NOTHING.keys()
        and all(type(number) in (int, float) and math.isfinite(number) for number in value.values())
    )


def _is_before(value: object) -> bool:
    return (
        isinstance(value, dict)
        and value.keys() == _NOTHING.keys()
        and _is_history(value["history"])
        and all(_is_time(value[name]) for name in COUNTED_ON if name != "history")
    )


_FORMS: Final[dict[str, Callable[[object], bool]]] = {
    "model": lambda value: isinstance(value, dict),
    "train": lambda value: isinstance(value, dict),
    "fingerprint": lambda value: isinstance(value, str),
    "half": lambda value: isinstance(value, bool),
    "updates": _is_count,
    "seconds": _is_time,
    "tokens": _is_count,
    "history": _is_history,
    "tally": _is_tally,
    "before": _is_before,
}


def check(
    record: Mapping[str, Any],
    folder: Path,
    *,
    model: AnyModelConfig | SpeechConfig,
    train: TrainConfig | SpeechTrainConfig,
    fingerprint: str,
) -> None:
    """Raise CheckpointError if the settings or pairs of the run in `folder` differ from these."""
    # A run from before a setting was there had what is now its default; none was changed to what people type.
    older = {**ModelConfig().to_dict(), **TrainConfig(**TypingConfig.off()).to_dict(), "family": RECURRENT}
    kept = {**older, **record["model"], **record["train"]}
    asked = {**model.to_dict(), **train.to_dict(), "family": getattr(model, "family", RECURRENT)}
    for name, expected in asked.items():
        if kept.get(name) != expected and name not in _MAY_DIFFER:
            raise CheckpointError(
                "resume_mismatch", path=folder, name=name, found=kept.get(name), expected=expected
            )
    if record["fingerprint"] != fingerprint:
        raise CheckpointError("resume_other_pairs", path=folder)


def tokenizers(run: Saved, folder: Path) -> tuple[Tokenizer, Tokenizer]:
    """Those that the run in `folder` was begun with. Raises CheckpointError where the folder has others."""
    source, target = (_tokenizer(run, name, folder / part) for name, part in _TOKENIZERS.items())
    for found, size in ((source, "source_vocab"), (target, "target_vocab")):
        if found.size != run.record["model"].get(size, ModelConfig().to_dict()[size]):
            raise CheckpointError("resume_other_tokenizers", path=folder)
    return source, target


def _tokenizer(run: Saved, name: str, path: Path) -> Tokenizer:
    if name not in run.tensors:
        return Tokenizer.load(path)
    serialized = run.tensors[name].numpy().tobytes()
    try:
        is_changed = path.exists() and path.read_bytes() != serialized
    except OSError:
        is_changed = True
    if is_changed:
        raise CheckpointError("tokenizer_changed", path=path)
    return Tokenizer(serialized, path=path.parent / RUN)


def restore(state: TrainState, run: Saved, folder: Path) -> None:
    """Bring a fresh `state` to where the run in `folder` stopped. Raises CheckpointError if it is of another
    model."""
    tensors = {name: value for name, value in run.tensors.items() if name not in _TOKENIZERS}
    _check_shapes(state, tensors, folder / RUN)
    parts: dict[str, dict[str, Tensor]] = {}
    for name, value in tensors.items():
        group, _, key = name.partition(".")
        parts.setdefault(group, {})[key] = value
    state.average = {name: value.to(state.device) for name, value in parts["average"].items()}
    for learner in _learners(state):
        learner.network.load_state_dict(parts[learner.weights])
        moments: dict[int, dict[str, Tensor]] = {}
        for name, value in parts.get(learner.moments, {}).items():
            number, _, key = name.partition(".")
            moments.setdefault(int(number), {})[key] = value
        groups = learner.optimizer.state_dict()["param_groups"]
        learner.optimizer.load_state_dict({"state": moments, "param_groups": groups})
    record = run.record
    state.updates, state.seconds = record["updates"], record["seconds"]
    state.half = record["half"]
    state.tokens, state.history, state.tally = record["tokens"], record["history"], record["tally"]
    state.before = record["before"]


def _check_shapes(state: TrainState, tensors: Mapping[str, Tensor], path: Path) -> None:
    """Raise CheckpointError unless tensors are those of a state: AdamW's moments, which there are after the
    first step, all or none."""
    expected = {name: tuple(value.shape) for name, value in _tensors(state).items()}
    for learner in _learners(state):
        if not any(name.startswith(f"{learner.moments}.") for name in tensors):
            continue
        for number, parameter in enumerate(learner.network.parameters()):
            shape = tuple(parameter.shape)
            for name, its in (("step", ()), ("exp_avg", shape), ("exp_avg_sq", shape)):
                expected[f"{learner.moments}.{number}.{name}"] = its
    found = {name: tuple(value.shape) for name, value in tensors.items()}
    for name in sorted(expected.keys() | found.keys()):
        if found.get(name) != expected.get(name):
            reason = f"{name} is {found.get(name, 'missing')}, expected {expected.get(name, 'nothing')}"
            raise CheckpointError("state_damaged", path=path, reason=reason)
        if tensors[name].dtype != torch.float32:
            raise CheckpointError("state_damaged", path=path, reason=f"{name} is {tensors[name].dtype}")
