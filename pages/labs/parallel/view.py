"""What a reader chose of the sections about the sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pages.kit.state import Choice, Number, chosen
from s2s.text import well_formed


class Words(Choice):
    """Some words, or none."""

    def checked(self, value: Any) -> str:
        """The text with a blank between its words."""
        return " ".join(well_formed(value).split()) if isinstance(value, str) else ""


@dataclass(frozen=True)
class View:
    """Whose gradient is followed, and in what order the words stand."""

    follow: int | None = chosen(Number(None, 0, 999))  # piece of the translation; None is the longest
    order: int = chosen(Number(1, 1, 9999))  # seed
    own: str = chosen(Words())  # the words in an order of the reader's; "" for the one that is drawn
