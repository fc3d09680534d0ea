"""The models that gradients are measured in: trained ones, and others of their sizes that learned nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from pages.kit.family import available, config_of, name_of, own, shipped
from pages.kit.strings import Strings
from pages.kit.tasks import chosen_task
from s2s import catalog
from s2s.config import CELLS, NO_ATTENTION, ModelConfig
from s2s.engine.questions import Variant
from s2s.errors import CheckpointError
from s2s.languages import Languages

UNTRAINED_SEED: Final = 1
COMPARED: Final = (NO_ATTENTION, catalog.ATTENDING.attention)  # attentions that are compared by cell


class Start(NamedTuple):
    """A model to measure: a trained one, or one that has learned nothing, of the same sizes."""

    model: str
    cell: str
    attention: str
    is_trained: bool
    is_own: bool = False  # a reader's, which stands for itself and not for a cell


def in_turn() -> list[str]:
    """The task's models: in front the one that is looked at first, whose translation all are asked about.
    Those that differ in how they were trained alone are called alike on this page, and left out."""
    names = available(tuple(kind.name for kind in catalog.SHAPES))
    return sorted(names, key=lambda name: name != chosen_task().judge)


def present() -> dict[str, ModelConfig]:
    """The task's models that differ in what they are and can be read, the one that is looked at first in
    front."""
    found: dict[str, ModelConfig] = {}
    for name in in_turn():
        try:
            config = config_of(name)
        except CheckpointError:
            continue  # the page of the models says it
        if isinstance(config, ModelConfig):  # of a Transformer there is no chain of states to follow
            found[name] = config
    return found


def measured_models(languages: Languages) -> dict[str, ModelConfig]:
    """The models that a translation can be traced back in: those of its languages, the shipped ones first."""
    here = present() if languages == chosen_task().languages else {}
    mine = {
        name: config
        for name, config in own().configs.items()
        if config.languages == languages and isinstance(config, ModelConfig)
    }
    return here | mine


def starts_of(models: Mapping[str, ModelConfig]) -> list[Start]:
    """What is measured of these models: each that stands for a cell, a reader's own, and every cell
    untrained, of the sizes of the first."""
    here = shipped()
    found = [
        Start(name, config.cell, config.attention, True, is_own=name not in here)
        for name, config in models.items()
        if name not in here or (config.attention in COMPARED and config.direction == "both")
    ]
    base = next(iter(models))
    return found + [Start(base, cell, attention, False) for cell in CELLS for attention in COMPARED]


def model_title(config: ModelConfig, say: Strings) -> str:
    """What a model is called on this page: how it scores, and its cell."""
    title = f"{say(f'scorer.{config.attention}')} · {config.cell.upper()}"
    if config.direction == "both":
        return title
    return f"{title} · {say(f'gradients.reads_{config.direction}')}"


def start_code(start: Start) -> str:
    """A start in the link."""
    return start.model if start.is_trained else start.cell


def start_title(start: Start, models: Mapping[str, ModelConfig], say: Strings) -> str:
    """What a start is called; `models` are those that can be read."""
    if start.is_own:
        return say("scaling.trained", model=name_of(start.model, say))
    if start.is_trained:
        return say("scaling.trained", model=model_title(models[start.model], say))
    return say("scaling.untrained", model=start.cell.upper())


def variant_of(start: Start, factor: float) -> Variant:
    """The network to measure, its recurrent matrices scaled by `factor`."""
    untrained = None if start.is_trained else (start.cell, start.attention)
    return Variant(untrained, UNTRAINED_SEED, factor)
