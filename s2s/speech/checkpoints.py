"""A model that listens to and from its folder (`s2s.sound.shelf` says what is in one). Nothing is ever
unpickled."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors.torch import save as save_tensors

from s2s.catalog import CARD, WEIGHTS, write_whole
from s2s.checkpoints import read_weights
from s2s.model.families import parameter_count
from s2s.sound.config import SpeechConfig
from s2s.sound.shelf import CONFIG, FORMAT, LICENCE, UNHEARD, SpeechCard, read_card
from s2s.speech.model import Listener, shapes


def save(model: Listener, folder: Path, *, card: SpeechCard) -> None:
    """Write a model folder; each file is replaced at once, never half-written."""
    folder.mkdir(parents=True, exist_ok=True)
    card = dataclasses.replace(card, parameters=parameter_count(model))
    weights = {
        name: value.detach().to(torch.float16).contiguous() for name, value in model.state_dict().items()
    }
    write_whole(folder / WEIGHTS, save_tensors(weights))
    write_card(folder, model.config, card)


def write_card(folder: Path, config: SpeechConfig, card: SpeechCard) -> None:
    """Write what a folder says of its model."""
    record = {"format": FORMAT, "model": config.to_dict(), "card": dataclasses.asdict(card)}
    write_whole(folder / CARD, _card_text(folder.name, config, card).encode(errors="replace"))
    text = json.dumps(record, indent=1, ensure_ascii=False) + "\n"
    write_whole(folder / CONFIG, text.encode(errors="replace"))


def load(folder: Path) -> Listener:
    """The model in a folder, in evaluation mode, float32. Raises CheckpointError."""
    config, _ = read_card(folder)
    weights = read_weights(folder / WEIGHTS, shapes(config))
    model = Listener(config)
    model.load_state_dict(weights)
    return model.eval()


def _card_text(name: str, config: SpeechConfig, card: SpeechCard) -> str:
    batch, guidance = card.train.get("batch", "?"), card.train.get("guidance", 0)
    lines = [
        f"# {name}",
        "",
        f"Spoken English digits to digits: a pyramidal encoder (Chan et al. 2016; {config.layers} "
        f"bidirectional LSTM layers over log-mel frames, a state for each {10 * config.frames_a_state} ms) "
        f"in front of the decoder and attention `{config.attention}` of the translators, hidden "
        f"{config.hidden}, {card.parameters / 1e6:.2f} M parameters, float16.",
        "",
        f"- Trained for {card.updates} updates of {batch} utterances ({card.seconds / 60:.0f} minutes), seed "
        f"{card.train.get('seed', 'not stated')}, each utterance joined anew from recordings and changed: "
        "speed, tempo, vocal tract, loudness, noise, echo, microphone, blanked bands and times.",
        *_guided(guidance),
        *(_measured(where, figures) for where, figures in card.measured.items()),
        f"- Data: {card.data or 'not stated'}",
        f"- Licence of the weights: {LICENCE}, as of the recordings they were made from.",
        *(
            [f"- Computed on {card.device} in {card.precision} with {_versions(card)}."]
            if card.device
            else []
        ),
        f"- Settings: `{CONFIG}`.",
    ]
    return "\n".join(lines) + "\n"


def _guided(guidance: float) -> list[str]:
    if not guidance:
        return ["- Attention was not taught: it was learned from the digits alone."]
    return [
        f"- Attention was taught, too: the recordings' places in an utterance are known, and looking outside "
        f"the right one cost (weight {guidance} of minus the logarithm of the share inside). That attention "
        "finds the digits is therefore no discovery of the model's."
    ]


def _measured(where: str, figures: Mapping[str, float]) -> str:
    told = ", ".join(f"{name} {100 * figures[key]:.1f} %" for key, name in _FIGURES.items() if key in figures)
    named = _PARTS.get(where, where)
    return f"- On {figures.get('utterances', 0):.0f} utterances of {named}: {told}."


# What else than a part of the corpus it may have been measured on.
_PARTS = {UNHEARD: "a voice that was left out of a shorter training of the same kind, by what that gave"}
_FIGURES = {
    "wer": "word error rate",
    "whole": "utterances without an error",
    "inside": "of attention inside the right recording",
    "peak_inside": "peaks inside it",
    "monotone": "moves forward in time",
}


def _versions(card: SpeechCard) -> str:
    return ", ".join(f"{name} {version}" for name, version in card.versions.items())
