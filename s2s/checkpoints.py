"""A model as a folder: `weights.safetensors` (float16), `config.json` (with a format number), the two
SentencePiece models, and a model card. Nothing is ever unpickled.

A folder that is missing, damaged or foreign gets one sentence that names the file and what is wrong.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple

import torch
from safetensors import SafetensorError
from safetensors.torch import load as load_tensors
from safetensors.torch import save as save_tensors

from s2s.config import ModelConfig
from s2s.data.tokenizer import Tokenizer
from s2s.errors import CheckpointError, ConfigError
from s2s.model.seq2seq import Seq2Seq, parameter_count

FORMAT: Final = 1
WEIGHTS: Final = "weights.safetensors"
CONFIG: Final = "config.json"
SOURCE_TOKENIZER: Final = "source.model"
TARGET_TOKENIZER: Final = "target.model"
CARD: Final = "README.md"
SHIPPED: Final = Path(__file__).resolve().parent.parent / "assets" / "models"


class Checkpoint(NamedTuple):
    """A model and the tokenizers it was trained with."""

    model: Seq2Seq
    source: Tokenizer
    target: Tokenizer


@dataclass(frozen=True, kw_only=True)
class Card:
    """How a model came to be: kept in its config and told in its model card."""

    data: str = ""  # corpus and licence
    train: Mapping[str, Any] = field(default_factory=dict)
    updates: int = 0
    seconds: float = 0.0
    tokens: int = 0
    history: tuple[Mapping[str, float], ...] = ()


def shipped() -> tuple[str, ...]:
    """The names of the models in the repository, in the order people meet them."""
    found = [folder.name for folder in SHIPPED.glob("*") if (folder / CONFIG).is_file()]
    order = ("none", "dot", "general", "concat")
    return tuple(sorted(found, key=lambda n: (order.index(e) if (e := n.split("-")[-1]) in order else 9, n)))


def locate(name: str) -> Path:
    """The folder of a shipped model, or the folder itself. Raises CheckpointError."""
    if (SHIPPED / name / CONFIG).is_file() and Path(name).name == name:
        return SHIPPED / name
    folder = Path(name)
    if folder.exists() or len(folder.parts) > 1:
        return folder
    raise CheckpointError("model_unknown", name=name, known=", ".join(shipped()) or "none")


def save(checkpoint: Checkpoint, folder: Path, *, card: Card) -> None:
    """Write a model folder; each file is replaced at once, never half-written."""
    folder.mkdir(parents=True, exist_ok=True)
    weights = {
        name: value.detach().to(torch.float16).contiguous()
        for name, value in checkpoint.model.state_dict().items()
    }
    config = {"format": FORMAT, "model": checkpoint.model.config.to_dict(), "card": asdict(card)}
    write_whole(folder / SOURCE_TOKENIZER, checkpoint.source.serialized)
    write_whole(folder / TARGET_TOKENIZER, checkpoint.target.serialized)
    write_whole(folder / WEIGHTS, save_tensors(weights))
    write_whole(folder / CARD, _card_text(folder.name, checkpoint.model, card).encode())
    write_whole(folder / CONFIG, (json.dumps(config, indent=1, ensure_ascii=False) + "\n").encode())


def load(folder: Path) -> Checkpoint:
    """The model in a folder, in evaluation mode, float32. Raises CheckpointError."""
    config, _ = read_config(folder)
    source = Tokenizer.load(folder / SOURCE_TOKENIZER)
    target = Tokenizer.load(folder / TARGET_TOKENIZER)
    path = folder / WEIGHTS
    for tokenizer, name in ((source, "source_vocab"), (target, "target_vocab")):
        if tokenizer.size != getattr(config, name):
            reason = f"{name} is {getattr(config, name)}, its tokenizer has {tokenizer.size} pieces"
            raise CheckpointError("weights_mismatch", path=path, reason=reason)
    try:
        weights = load_tensors(_read(path))
    except SafetensorError as error:
        raise CheckpointError("part_damaged", path=path, reason=str(error)) from error
    model = Seq2Seq(config)
    expected = {name: tuple(value.shape) for name, value in model.state_dict().items()}
    found = {name: tuple(value.shape) for name, value in weights.items()}
    for name in sorted(expected.keys() | found.keys()):
        if expected.get(name) != found.get(name):
            reason = f"{name} is {found.get(name, 'absent')}, expected {expected.get(name, 'absent')}"
            raise CheckpointError("weights_mismatch", path=path, reason=reason)
    model.load_state_dict(weights)
    return Checkpoint(model.eval(), source, target)


def read_config(folder: Path) -> tuple[ModelConfig, Card]:
    """What a folder says of its model, without its weights. Raises CheckpointError."""
    if not folder.is_dir():
        files = ", ".join((CONFIG, WEIGHTS, SOURCE_TOKENIZER, TARGET_TOKENIZER))
        raise CheckpointError("folder_missing", path=folder, files=files)
    path = folder / CONFIG
    try:
        record = json.loads(_read(path).decode("utf-8"))
        if not isinstance(record, dict):
            raise ValueError("not an object")
    except ValueError as error:  # UnicodeDecodeError and JSONDecodeError are ValueErrors
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


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise CheckpointError("part_missing", path=path) from error
    except OSError as error:
        raise CheckpointError("part_damaged", path=path, reason=error.strerror) from error


def _card_text(name: str, model: Seq2Seq, card: Card) -> str:
    config = model.config
    last = card.history[-1] if card.history else None
    lines = [
        f"# {name}",
        "",
        f"A recurrent encoder-decoder ({config.cell.upper()}, hidden {config.hidden}, {config.layers} layer) "
        f"with `{config.attention}` attention, {parameter_count(model) / 1e6:.2f} M parameters, float16.",
        "",
        f"- Trained for {card.updates} updates on {card.tokens / 1e6:.1f} M target pieces "
        f"({card.seconds / 60:.0f} minutes).",
        f"- Dev loss {last['dev_loss']:.3f} nats a piece." if last else "- Not yet looked at on dev data.",
        f"- Data: {card.data or 'not stated'}",
        "- Settings: `config.json`.",
    ]
    return "\n".join(lines) + "\n"
