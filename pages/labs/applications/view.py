"""What a reader chose of the row with sound."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pages.kit.listening import voices
from pages.kit.state import OneOf, chosen

SAID: Final = "2957"  # by whoever is chosen


@dataclass(frozen=True)
class View:
    """Whose voice."""

    voice: str = chosen(OneOf(voices), link="of-voice")
