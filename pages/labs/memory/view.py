"""What a reader chose of the memory task."""

from __future__ import annotations

from dataclasses import dataclass

from pages.kit.state import Number, chosen


@dataclass(frozen=True)
class View:
    """What is drawn at random."""

    seed: int = chosen(Number(1, 0, 9999), link="memory_seed")
