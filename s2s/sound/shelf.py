"""Which models that listen there are, and what their folders say, without loading them.

Such a folder has `speech.json` where that of a model that reads text has `config.json`, and no tokenizers;
neither kind is taken for the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from s2s.catalog import SHIPPED, WEIGHTS, read_part
from s2s.errors import CheckpointError, ConfigError
from s2s.places import ASSETS
from s2s.records import check, parse_json
from s2s.sound.config import SpeechConfig

FORMAT: Final = 1
CONFIG: Final = "speech.json"
MODEL: Final = "digits-general"  # the shipped one
UNHEARD: Final = "unheard"  # what cards call a speaker whom another model of the kind was trained without
LICENCE: Final = "CC BY-SA 4.0"
EXAMPLES: Final = ASSETS / "speech"  # recordings that come with the app


@dataclass(frozen=True, kw_only=True)
class SpeechCard:
    """How a model came to be, and what was measured of it."""

    data: str = ""  # corpus and licence
    parameters: int = 0
    train: Mapping[str, Any] = field(default_factory=dict)
    updates: int = 0
    seconds: float = 0.0  # in updates
    utterances: int = 0  # learned from
    history: tuple[Mapping[str, float], ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)
    device: str = ""
    precision: str = ""
    measured: Mapping[str, Mapping[str, float]] = field(default_factory=dict)  # by what it was measured on


def located(name: str = MODEL) -> Path | None:
    """The folder of a shipped model that listens; None where there is none of that name."""
    folder = SHIPPED / name
    is_there = Path(name).name == name and (folder / CONFIG).is_file() and (folder / WEIGHTS).is_file()
    return folder if is_there else None


def read_card(folder: Path) -> tuple[SpeechConfig, SpeechCard]:
    """What a folder says of its model. Raises CheckpointError."""
    path = folder / CONFIG
    try:
        record = parse_json(read_part(path))
        if not isinstance(record, dict):
            raise ValueError("not an object")
    except (ValueError, RecursionError) as error:
        raise CheckpointError("part_damaged", path=path, reason=str(error)) from error
    if record.get("format") != FORMAT:
        raise CheckpointError(
            "format_foreign", path=path, found=record.get("format", "missing"), expected=FORMAT
        )
    try:
        card = SpeechCard(**record["card"])
        check(card, SpeechCard, "card")
        return SpeechConfig.from_dict(record["model"]), card
    except (ConfigError, KeyError, TypeError, AttributeError) as error:
        raise CheckpointError("part_damaged", path=path, reason=str(error).removesuffix(".")) from error
