"""What a reader chose of the sections about the sentence."""

from __future__ import annotations

from dataclasses import dataclass

from pages.kit.family import own, successor
from pages.kit.state import Number, OneOf, chosen
from pages.labs.gradients.starts import in_turn
from s2s.config import CELLS


def offered() -> list[str]:
    """The models that there are: the one that is looked at first in front, a reader's own behind the rest,
    and those that only a link names, to be told what they lack."""
    return [*in_turn(), *own().configs, *successor()]


@dataclass(frozen=True)
class View:
    """Which word of which model is followed back, how long the sentence is, and what is scaled how far."""

    back: str = chosen(OneOf(offered))
    piece: int | None = chosen(Number(None, 0, 999))  # of its translation; None is the longest
    more: int = chosen(Number(0, 0, 5))  # sentences that are added
    scaled: str = chosen(OneOf(lambda: (*offered(), *CELLS)))  # a trained model, or an untrained cell
    scale: float = chosen(Number(6.0, 0.25, 8.0, step=0.25))
