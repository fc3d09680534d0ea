"""Which models there are and what their folders say, without loading them: no torch here.

A model is a folder: `weights.safetensors` (float16), `config.json` (with a format number), the two
SentencePiece models, and a model card. A folder that is missing, damaged or foreign gets one sentence
that names the file and what is wrong.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple

from s2s.config import ModelConfig
from s2s.errors import CheckpointError, ConfigError
from s2s.places import ASSETS

FORMAT: Final = 2
WEIGHTS: Final = "weights.safetensors"
CONFIG: Final = "config.json"
SOURCE_TOKENIZER: Final = "source.model"
TARGET_TOKENIZER: Final = "target.model"
CARD: Final = "README.md"
PROBE: Final = "probe.safetensors"  # beside the weights where there is one, see `s2s.evaluate.probe`
SHIPPED: Final = ASSETS / "models"


class Kind(NamedTuple):
    """What tells one model of the family from another."""

    name: str  # what the names of its models end in
    attention: str
    cell: str = "lstm"
    direction: str = "both"

    @property
    def settings(self) -> dict[str, str]:
        """As `ModelConfig` names them."""
        return {name: value for name, value in self._asdict().items() if name != "name"}


# In the order people meet them. The first four differ in how they look back alone, then come other cells
# without and with attention, then encoders that read one way only.
FAMILY: Final = (
    Kind("none", "none"),
    Kind("dot", "dot"),
    Kind("general", "general"),
    Kind("concat", "concat"),
    Kind("none-rnn", "none", cell="rnn"),
    Kind("none-gru", "none", cell="gru"),
    Kind("general-rnn", "general", cell="rnn"),
    Kind("general-gru", "general", cell="gru"),
    Kind("none-forward", "none", direction="forward"),
    Kind("none-backward", "none", direction="backward"),
)
SCORERS: Final = tuple(kind for kind in FAMILY if (kind.cell, kind.direction) == ("lstm", "both"))
PROBED: Final = ("none", "general", "none-forward", "none-backward")  # kinds that come with a probe


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


def shipped() -> tuple[str, ...]:
    """The names of the models in the repository, in the order people meet them."""
    return ordered(folder.name for folder in SHIPPED.glob("*") if (folder / CONFIG).is_file())


def ordered(names: Iterable[str]) -> tuple[str, ...]:
    """Names of models in the order people meet them; those that are not of the family come last."""
    return tuple(sorted(names, key=lambda name: (_place(name), name)))


def _place(name: str) -> int:
    """Where in the family a model stands, by the longest end of its name that says so."""
    ends = {place: kind.name for place, kind in enumerate(FAMILY) if name.endswith(f"-{kind.name}")}
    return max(ends, key=lambda place: len(ends[place]), default=len(FAMILY))


def locate(name: str) -> Path:
    """The folder of a shipped model, or the folder itself. Raises CheckpointError."""
    if (SHIPPED / name / CONFIG).is_file() and Path(name).name == name:
        return SHIPPED / name
    folder = Path(name)
    if folder.exists() or len(folder.parts) > 1:
        return folder
    raise CheckpointError("model_unknown", name=name, known=", ".join(shipped()) or "none")


def read_config(folder: Path) -> tuple[ModelConfig, Card]:
    """What a folder says of its model, without its weights. Raises CheckpointError."""
    if not folder.is_dir():
        files = ", ".join((CONFIG, WEIGHTS, SOURCE_TOKENIZER, TARGET_TOKENIZER))
        raise CheckpointError("folder_missing", path=folder, files=files)
    path = folder / CONFIG
    try:
        record = json.loads(read_part(path).decode("utf-8"))
        if not isinstance(record, dict):
            raise ValueError("not an object")
    except (ValueError, RecursionError) as error:  # UnicodeDecodeError, JSONDecodeError are ValueErrors
        raise CheckpointError("part_damaged", path=path, reason=str(error)) from error
    if record.get("format") != FORMAT:
        raise CheckpointError(
            "format_foreign", path=path, found=record.get("format", "none"), expected=FORMAT
        )
    try:
        return ModelConfig.from_dict(record["model"]), Card(**record["card"])
    except (ConfigError, KeyError, TypeError, AttributeError) as error:
        raise CheckpointError("part_damaged", path=path, reason=str(error)) from error


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that it is there whole or not at all."""
    partial = path.with_name(path.name + ".part")
    with partial.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


def read_part(path: Path) -> bytes:
    """The bytes of one file of a model folder. Raises CheckpointError."""
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise CheckpointError("part_missing", path=path) from error
    except OSError as error:
        raise CheckpointError("part_damaged", path=path, reason=error.strerror) from error
