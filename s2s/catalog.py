"""Which models there are and what their folders say, without loading them: no torch here.

The family that is shipped, what its models are for and how they are compared are rows of data here; languages
are in `s2s.languages`. A reader's own models are those of the folders that S2S_MODELS names.

A model is a folder: `weights.safetensors` (float16), `config.json` (with a format number), two SentencePiece
models, a model card. One that is missing, damaged or foreign gets a sentence that says what is wrong where.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from s2s.config import (
    ATTENTIONS,
    CELLS,
    NO_ATTENTION,
    RECURRENT,
    SCALED,
    TRANSFORMER,
    AnyModelConfig,
    model_config,
)
from s2s.errors import CheckpointError, ConfigError, DataError
from s2s.folders import folders_with
from s2s.languages import FIRST, Languages
from s2s.places import ASSETS
from s2s.records import check, parse_json

FORMAT: Final = 2
WEIGHTS: Final = "weights.safetensors"
CONFIG: Final = "config.json"
SOURCE_TOKENIZER: Final = "source.model"
TARGET_TOKENIZER: Final = "target.model"
CARD: Final = "README.md"
PROBE: Final = "probe.safetensors"  # beside the weights where there is one, see `s2s.evaluate.probe`
SHIPPED: Final = ASSETS / "models"
OUTSIDE: Final = "S2S_MODELS"  # in the environment: folders of a reader's models
PART_LIMIT: Final = 1 << 26  # bytes of a part other than the weights, whose size their header tells


class Kind(NamedTuple):
    """What tells one model of the family from another."""

    name: str  # what the names of its models end in
    attention: str
    cell: str = "lstm"
    direction: str = "both"
    regime: str = ""  # that it is there to show, a row of `s2s.recipes.REGIMES`; "" for all others
    family: str = RECURRENT

    @property
    def settings(self) -> dict[str, str]:
        """As its settings name them."""
        if self.family == TRANSFORMER:
            return {"family": self.family}
        return {"attention": self.attention, "cell": self.cell, "direction": self.direction}

    @property
    def attends(self) -> bool:
        """Whether its models look back."""
        return self.attention != NO_ATTENTION

    def model(self, languages: Languages = FIRST) -> str:
        """The name of its model that is shipped for these languages."""
        return f"{languages.name}-{self.name}"


# In the order people meet them. The first four differ in how they look back alone; then come other cells,
# encoders that read one way only, smaller models that differ only in how they were trained, the successor.
FAMILY: Final = (
    Kind("none", "none"),
    Kind("dot", "dot"),
    Kind("general", "general"),
    Kind("concat", "concat"),
    Kind("none-rnn", "none", cell="rnn"),
    Kind("none-gru", "none", cell="gru"),
    Kind("general-rnn", "general", cell="rnn"),
    Kind("none-forward", "none", direction="forward"),
    Kind("none-backward", "none", direction="backward"),
    Kind("general-teacher", "general", regime="teacher"),
    Kind("general-scheduled", "general", regime="scheduled"),
    Kind("general-free", "general", regime="free"),
    Kind("general-professor", "general", regime="professor"),
    Kind("transformer", SCALED, cell="", direction="", family=TRANSFORMER),
)
RECURRENTS: Final = tuple(kind for kind in FAMILY if kind.family == RECURRENT)
SHAPES: Final = tuple(kind for kind in RECURRENTS if not kind.regime)  # that differ in what they are
TRAINED: Final = tuple(kind for kind in FAMILY if kind.regime)  # that differ in how they were trained
SCORERS: Final = tuple(kind for kind in SHAPES if (kind.cell, kind.direction) == ("lstm", "both"))
PROBED: Final = ("none", "general", "none-forward", "none-backward")  # kinds that come with a probe
KINDS: Final = {kind.name: kind for kind in FAMILY}
PLAIN: Final = KINDS["none"]
DOT: Final = KINDS["dot"]
ATTENDING: Final = KINDS["general"]  # stands for all that attend, and judges translations
BACKWARD: Final = KINDS["none-backward"]
SUCCESSOR: Final = KINDS["transformer"]


class Comparison(NamedTuple):
    """Kinds that stand side by side, and the two of them that a claim is about."""

    kinds: tuple[str, ...]
    weak: str
    strong: str
    plain: str = ""  # what the plain one of them is called in the strings, where it must be told what it is


# By what tells their models apart.
COMPARED: Final[Mapping[str, Comparison]] = {
    "attention": Comparison(("none", "dot", "general", "concat"), "none", "general"),
    "cells": Comparison(("none-rnn", "none-gru", "none"), "none-rnn", "none", "none_lstm"),
    "cells_general": Comparison(("general-rnn", "general"), "general-rnn", "general", "general_lstm"),
    "direction": Comparison(
        ("none-forward", "none-backward", "none"), "none-forward", "none-backward", "none_both"
    ),
    "recurrence": Comparison(("general", "transformer"), "general", "transformer"),
}


class Task(NamedTuple):
    """What shipped models are for: what they read, what they make of it, and which of the family there are.

    Its sentences are in `assets/pairs/<name>`, what is said of it in the strings of its purpose.
    """

    languages: Languages
    licence: str  # of the weights
    kinds: tuple[str, ...]

    @property
    def name(self) -> str:
        """What its models' names begin with, and its folders are called; a link says it."""
        return self.languages.name

    @property
    def models(self) -> tuple[str, ...]:
        """All its models, in the order people meet them."""
        return tuple(KINDS[kind].model(self.languages) for kind in self.kinds)

    @property
    def main(self) -> tuple[str, ...]:
        """Those of the main page, the one without attention last; how they score is all they differ in."""
        kinds = [kind for kind in SCORERS if kind.name in self.kinds]
        return tuple(kind.model(self.languages) for kind in sorted(kinds, key=lambda kind: not kind.attends))

    @property
    def shown_first(self) -> tuple[str, ...]:
        """Those of the main page that attend."""
        return tuple(name for name in self.main if name != PLAIN.model(self.languages))

    @property
    def judge(self) -> str:
        """The one that stands for all that attend."""
        return ATTENDING.model(self.languages)


_ONE: Final = (ATTENDING.name,)
_SCORERS: Final = tuple(kind.name for kind in SCORERS)
# In the order of the switch; the first is what links mean that say nothing of it.
TASKS: Final = (
    Task(FIRST, "CC BY-SA 4.0", tuple(KINDS)),
    Task(Languages("ko", "en"), "CC BY-SA 4.0", _SCORERS),
    Task(Languages("ko", "ko", "core"), "CC BY-SA 4.0", _ONE),
    Task(Languages("ko", "ko", "casual"), "CC BY-SA 4.0", _ONE),
    Task(Languages("ko", "ko", "polite"), "CC BY-SA 4.0", _ONE),
    Task(Languages("ko", "ko", "chat"), "MIT", _ONE),
)
_TASK_OF: Final = {name: task for task in TASKS for name in task.models}
MAIN: Final = TASKS[0].main
SHOWN_FIRST: Final = TASKS[0].shown_first
# What links call a choice of these, and models that may be shipped: no model outside may be called so.
RESERVED: Final = (*ATTENTIONS, *CELLS, "all", *_TASK_OF)


@dataclass(frozen=True, kw_only=True)
class Card:
    """How a model came to be: kept in its config and told in its model card."""

    data: str = ""  # corpus and licence
    fingerprint: str = ""  # of the pairs it learned from, see data/fingerprint; "" when not stated
    parameters: int = 0  # numbers the model learned
    train: Mapping[str, Any] = field(default_factory=dict)
    updates: int = 0
    seconds: float = 0.0
    tokens: int = 0
    drawn: int = 0  # examples made so far, those waiting for a batch too; 0 when not stated
    left_out: int = 0  # of those, the ones that were empty or over the limit
    history: tuple[Mapping[str, float], ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)  # of python and libraries, in the last sitting
    device: str = ""  # what computed in the last sitting; "" when not stated
    processes: int = 1  # that shared the work in the last sitting
    precision: str = ""  # number format of the products; "" when not stated
    guide: str = ""  # the model that taught a head where to look; "" for none


def shipped() -> tuple[str, ...]:
    """The names of the models in the repository, in the order people meet them."""
    return ordered(folders_with(SHIPPED, CONFIG))


def shipped_for(task: Task) -> tuple[str, ...]:
    """Those of a task."""
    return tuple(name for name in shipped() if task_of(name) == task)


def tasks() -> tuple[Task, ...]:
    """The tasks of which models are in the repository; the first in any case."""
    here = {task_of(name) for name in shipped()}
    return tuple(task for task in TASKS if task in here or task is TASKS[0])


def task_of(name: str) -> Task | None:
    """What a model of the catalogue is for; None for one that is not in it."""
    return _TASK_OF.get(name)


def ordered(names: Iterable[str]) -> tuple[str, ...]:
    """Names of models in the order people meet them, task by task; those that are not of the family come
    last."""
    return tuple(sorted(names, key=lambda name: (*_place(name), name)))


@cache
def _place(name: str) -> tuple[int, int]:
    """Where among the tasks and in the family a model stands; behind them for one that is not of them."""
    kind, task = kind_of(name), task_of(name)
    return (
        len(TASKS) if task is None else TASKS.index(task),
        len(FAMILY) if kind is None else FAMILY.index(kind),
    )


def kind_of(name: str) -> Kind | None:
    """The kind of a model, by the longest end of its name that says so; None for one that is not of the
    family."""
    kinds = [kind for kind in FAMILY if name.endswith(f"-{kind.name}")]
    return max(kinds, key=lambda kind: len(kind.name), default=None)


def locate(name: str) -> Path:
    """The folder of a shipped model, of a reader's own, or the folder itself. Raises CheckpointError."""
    try:
        return offered(name)
    except CheckpointError:
        folder = Path(name)
        if len(folder.parts) > 1 or (name and _is_so(folder.exists)):
            return folder
        raise


def _is_so(question: Callable[[], bool]) -> bool:
    """What `is_file` and the like of a path say; no where the system takes no such path, as one too long."""
    try:
        return question()
    except OSError:
        return False


def offered(name: str) -> Path:
    """The folder of a shipped model or of a reader's own, and of no other: names come from links, too. Raises
    CheckpointError."""
    if name in shipped():
        return SHIPPED / name
    own = outside().folders
    if name in own:
        return own[name]
    raise CheckpointError("model_unknown", name=name, known=", ".join((*shipped(), *own)) or "none")


class Outside(NamedTuple):
    """A reader's own models: folders outside the repository, by the names they go by."""

    folders: Mapping[str, Path]
    errors: tuple[CheckpointError, ...]  # why a place that was named has none


def outside() -> Outside:
    """What is in the folders of the environment's S2S_MODELS, parted as in PATH: each is a model folder or
    holds some. A model is called like its folder; where that name is taken, with the folder around it."""
    places = [place for place in os.environ.get(OUTSIDE, "").split(os.pathsep) if place]
    if not places:
        return Outside({}, ())
    folders: dict[str, Path] = {}
    errors: list[CheckpointError] = []
    taken = {*shipped(), *RESERVED}
    for place in places:
        try:
            found = _model_folders(Path(place).expanduser().resolve())
        except CheckpointError as error:
            errors.append(error)
            continue
        for folder in found:
            name = folder.name
            if name in taken:
                name = f"{folder.parent.name}/{name}"
            if name not in taken and folder not in folders.values():
                taken.add(name)
                folders[name] = folder
    return Outside(folders, tuple(errors))


def _model_folders(place: Path) -> list[Path]:
    """The folder itself, or those in it that have a part of a model. Raises CheckpointError."""
    try:
        if _has_parts(place):
            return [place]
        found = sorted(folder for folder in place.iterdir() if _has_parts(folder))
    except FileNotFoundError as error:
        raise CheckpointError("models_missing", path=place) from error
    except OSError as error:
        raise CheckpointError("part_damaged", path=place, reason=error.strerror) from error
    if not found:
        raise CheckpointError("models_none", path=place, config=CONFIG)
    return found


def _has_parts(folder: Path) -> bool:
    """Whether a folder means to be a model: an interrupted copy lacks some of its parts."""
    return any((folder / part).is_file() for part in (CONFIG, WEIGHTS))


def read_config(folder: Path) -> tuple[AnyModelConfig, Card]:
    """What a folder says of its model, without its weights. Raises CheckpointError."""
    if not _is_so(folder.is_dir):
        files = ", ".join((CONFIG, WEIGHTS, SOURCE_TOKENIZER, TARGET_TOKENIZER))
        raise CheckpointError("folder_missing", path=folder, files=files)
    path = folder / CONFIG
    try:
        record = parse_json(read_part(path))
        if not isinstance(record, dict):
            raise ValueError("not an object")
    except (ValueError, RecursionError) as error:  # UnicodeDecodeError, JSONDecodeError are ValueErrors
        raise CheckpointError("part_damaged", path=path, reason=str(error)) from error
    if record.get("format") != FORMAT:
        raise CheckpointError(
            "format_foreign", path=path, found=record.get("format", "none"), expected=FORMAT
        )
    try:
        return model_config(record["model"]), _card(record["card"])
    except (ConfigError, KeyError, TypeError, AttributeError) as error:
        raise CheckpointError("part_damaged", path=path, reason=str(error).removesuffix(".")) from error


def _card(values: Mapping[str, Any]) -> Card:
    """Raises TypeError for values of other types than the card's."""
    card = Card(**values)
    check(card, Card, "card")
    for point in card.history:
        if not {"updates", "dev_loss"} <= point.keys():
            raise TypeError(f"card.history has {dict(point)}, expected updates and dev_loss")
    return card


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that it is there whole or not at all. Raises DataError, and leaves what was there."""
    partial = path.with_name(path.name + ".part")
    try:
        with partial.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError as error:
        with suppress(OSError):
            partial.unlink()
        raise DataError("file_unwritable", path=path, reason=error.strerror) from error


def read_part(path: Path, *, limit: int | None = PART_LIMIT) -> bytes:
    """The bytes of one file of a model folder, at most `limit` where one is given. Raises CheckpointError."""
    size = part_size(path)
    if limit is not None and size > limit:
        reason = f"it has {size:,} bytes, more than {limit:,}"
        raise CheckpointError("part_damaged", path=path, reason=reason)
    try:
        return path.read_bytes()
    except OSError as error:
        raise CheckpointError("part_damaged", path=path, reason=error.strerror) from error


def part_size(path: Path) -> int:
    """The bytes that one file of a model folder has. Raises CheckpointError, also for a folder, a pipe or a
    device: reading one may never end."""
    try:
        found = path.stat()
    except FileNotFoundError as error:
        raise CheckpointError("part_missing", path=path) from error
    except OSError as error:
        raise CheckpointError("part_damaged", path=path, reason=error.strerror) from error
    if not stat.S_ISREG(found.st_mode):
        raise CheckpointError("part_damaged", path=path, reason="it is not a regular file")
    return found.st_size
