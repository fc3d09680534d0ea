"""A model to and from its folder (`catalog` says what is in one). Nothing is ever unpickled."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load as load_tensors
from safetensors.torch import save as save_tensors
from torch import Tensor

from s2s.catalog import (
    CARD,
    CONFIG,
    FORMAT,
    SOURCE_TOKENIZER,
    TARGET_TOKENIZER,
    WEIGHTS,
    Card,
    part_size,
    read_config,
    read_part,
    write_whole,
)
from s2s.config import PROFESSOR, SCHEDULED, TEACHER, AnyModelConfig, TransformerConfig
from s2s.data.tokenizer import Tokenizer
from s2s.errors import CheckpointError
from s2s.model.families import Model, build, parameter_count, shapes

_HEADER_LIMIT: Final = 1 << 20  # bytes; that of a model of 8 layers has 13 thousand
_LARGEST: Final = torch.finfo(torch.float16).max


class Checkpoint(NamedTuple):
    """A model and the tokenizers it was trained with."""

    model: Model
    source: Tokenizer
    target: Tokenizer


def save(checkpoint: Checkpoint, folder: Path, *, card: Card) -> None:
    """Write a model folder; each file is replaced at once, never half-written."""
    folder.mkdir(parents=True, exist_ok=True)
    model = checkpoint.model.config
    card = dataclasses.replace(card, parameters=parameter_count(checkpoint.model))
    weights = {
        name: value.detach().to(torch.float16).contiguous()
        for name, value in checkpoint.model.state_dict().items()
    }
    config = {"format": FORMAT, "model": model.to_dict(), "card": dataclasses.asdict(card)}
    write_whole(folder / SOURCE_TOKENIZER, checkpoint.source.serialized)
    write_whole(folder / TARGET_TOKENIZER, checkpoint.target.serialized)
    write_whole(folder / WEIGHTS, save_tensors(weights))
    write_whole(folder / CARD, _bytes(_card_text(folder.name, model, card)))
    write_whole(folder / CONFIG, _bytes(json.dumps(config, indent=1, ensure_ascii=False) + "\n"))


def _bytes(text: str) -> bytes:
    """A text as UTF-8; a name or credit that was typed in another encoding has question marks in it."""
    return text.encode(errors="replace")


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
    weights = read_weights(path, shapes(config))
    model = build(config, seed=0)
    model.load_state_dict(weights)
    return Checkpoint(model.eval(), source, target)


def read_weights(path: Path, expected: Mapping[str, tuple[int, ...]]) -> dict[str, Tensor]:
    """The tensors of a file, which has those of these shapes and finite numbers in them. Raises
    CheckpointError."""
    try:
        _check_shapes(expected, path)
        weights = load_tensors(read_part(path, limit=None))
    except (SafetensorError, OSError) as error:
        raise CheckpointError("part_damaged", path=path, reason=str(error)) from error
    _check_numbers(weights, path)
    return weights


def _check_shapes(expected: Mapping[str, tuple[int, ...]], path: Path) -> None:
    """Raises CheckpointError unless the file's header has the tensors that a config asks for, in their
    shapes: only then is anything of their size allocated."""
    part_size(path)
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
    if length > _HEADER_LIMIT:
        reason = f"its header has {length:,} bytes, more than {_HEADER_LIMIT:,}"
        raise CheckpointError("part_damaged", path=path, reason=reason)
    with safe_open(path, framework="numpy") as tensors:
        found = {name: tuple(tensors.get_slice(name).get_shape()) for name in tensors.keys()}  # noqa: SIM118
    for name in sorted(expected.keys() | found.keys()):
        if expected.get(name) != found.get(name):
            reason = f"{name} is {found.get(name, 'absent')}, expected {expected.get(name, 'absent')}"
            raise CheckpointError("weights_mismatch", path=path, reason=reason)


def _check_numbers(weights: Mapping[str, Tensor], path: Path) -> None:
    """Raises CheckpointError for NaN, infinity, and numbers that float16 cannot hold: products of these may
    overflow to infinity in float32."""
    for name, value in weights.items():
        low, high = value.to(torch.float32).aminmax()
        if not -_LARGEST <= low <= high <= _LARGEST:  # false for NaN, too
            reason = f"{name} has numbers from {low:g} to {high:g}, beyond float16 or none"
            raise CheckpointError("part_damaged", path=path, reason=reason)


_READS: Final = {"both": "both ways", "forward": "forward", "backward": "backward"}


def _card_text(name: str, config: AnyModelConfig, card: Card) -> str:
    last = card.history[-1] if card.history else None
    lines = [
        f"# {name}",
        "",
        f"{_shape(config)}, {card.parameters / 1e6:.2f} M parameters, float16.",
        "",
        f"- Trained for {card.updates} updates on {card.tokens / 1e6:.1f} M target pieces "
        f"({card.seconds / 60:.0f} minutes), seed {card.train.get('seed', 'not stated')}.",
        *([f"- Examples: {_examples(card)}."] if card.drawn else []),
        *([f"- Regime: {_regime(card.train)}."] if card.train.get("regime", TEACHER) != TEACHER else []),
        f"- Dev loss {last['dev_loss']:.3f} nats a piece." if last else "- Not yet looked at on dev data.",
        f"- From {config.source_language} to {config.target_language}.",
        *([f"- One head was taught to look where `{card.guide}` finds words said."] if card.guide else []),
        f"- Data: {card.data or 'not stated'}",
        *([f"- Fingerprint of the pairs: SHA-256 `{card.fingerprint}`."] if card.fingerprint else []),
        *([f"- Computed on {_computed_on(card)}."] if card.device else []),
        "- Settings: `config.json`.",
    ]
    return "\n".join(lines) + "\n"


def _shape(config: AnyModelConfig) -> str:
    if isinstance(config, TransformerConfig):
        return (
            f"A Transformer ({config.layers} and {config.layers} layers of {config.heads} heads, hidden "
            f"{config.hidden}, feed-forward {config.feedforward}, positions {config.positions}, pre-norm)"
        )
    return (
        f"A recurrent encoder-decoder ({config.cell.upper()}, hidden {config.hidden}, {config.layers} layer, "
        f"the encoder reads {_READS[config.direction]}) with attention `{config.attention}`"
    )


def _examples(card: Card) -> str:
    limit = card.train.get("max_length", "the most")
    return f"{card.drawn:,} drawn, {card.left_out:,} of them left out as empty or longer than {limit} pieces"


_OF_REGIME: Final = {
    SCHEDULED: ("sampling", "schedule"),
    PROFESSOR: ("fooling", "fooling_forced", "discriminator_hidden", "discriminator_rate"),
}


def _regime(train: Mapping[str, Any]) -> str:
    """What the decoder was fed, with the settings that count there."""
    regime = train["regime"]
    names = [*_OF_REGIME.get(regime, ())]
    if regime == SCHEDULED:
        names += [name for name in train if name.startswith(f"{train['schedule']}_")]
    told = ", ".join(f"{name} {train[name]}" for name in names)
    return f"{regime}, {told}" if told else str(regime)


def _computed_on(card: Card) -> str:
    by = f" by {card.processes} processes" if card.processes > 1 else ""
    versions = ", ".join(f"{name} {version}" for name, version in card.versions.items())
    return f"{card.device}{by} in {card.precision} with {versions}"
