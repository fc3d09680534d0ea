"""What a reader chose of the sections about the sentence, and the models that there are to choose from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from pages.kit.family import config_of, own
from pages.kit.state import Number, OneOf, chosen
from s2s import catalog
from s2s.config import CELLS, NO_ATTENTION, ModelConfig
from s2s.errors import CheckpointError

COMPARED: Final = (NO_ATTENTION, catalog.ATTENDING.attention)  # attentions that are compared by cell
_FIRST: Final = catalog.ATTENDING.model()  # looked at first, and whose translation all are asked about


class Start(NamedTuple):
    """A model to measure: a shipped one, or one that has learned nothing, of the same sizes."""

    model: str
    cell: str
    attention: str
    is_trained: bool


def shipped() -> list[str]:
    """The shipped models, the one that is looked at first in front."""
    return sorted(catalog.shipped(), key=lambda name: name != _FIRST)


def present() -> dict[str, ModelConfig]:
    """Those that can be read."""
    found: dict[str, ModelConfig] = {}
    for name in shipped():
        try:
            found[name] = config_of(name)
        except CheckpointError:
            continue  # the page of the models says it
    return found


def all_starts(models: Mapping[str, ModelConfig]) -> list[Start]:
    """All that is measured: those of the models that are compared, and every cell untrained."""
    trained = [
        Start(name, config.cell, config.attention, True)
        for name, config in models.items()
        if config.attention in COMPARED and config.direction == "both"
    ]
    base = next(iter(models))
    return trained + [Start(base, cell, attention, False) for cell in CELLS for attention in COMPARED]


def scaled_starts(models: Mapping[str, ModelConfig]) -> dict[str, Start]:
    """Those whose recurrent matrix may be scaled, by code; of the untrained those without attention."""
    found = all_starts(models)
    trained = {start.model: start for start in found if start.is_trained}
    return trained | {s.cell: s for s in found if not s.is_trained and s.attention == NO_ATTENTION}


@dataclass(frozen=True)
class View:
    """Which word of which model is followed back, how long the sentence is, and what is scaled how far."""

    back: str = chosen(OneOf(lambda: (*shipped(), *own().configs)))
    piece: int | None = chosen(Number(None, 0, 999))  # of its translation; None is the longest
    more: int = chosen(Number(0, 0, 5))  # sentences that are added
    scaled: str = chosen(OneOf(lambda: (*shipped(), *CELLS)))  # a trained model, or an untrained cell
    scale: float = chosen(Number(6.0, 0.25, 8.0, step=0.25))
