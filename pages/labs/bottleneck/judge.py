"""Who judges what a translation lost: a model with attention, made to say the translation."""

from __future__ import annotations

from typing import Final

from pages.kit.family import name_of, own
from pages.kit.strings import Strings
from s2s import catalog
from s2s.languages import FIRST

JUDGE: Final = catalog.ATTENDING.model()


def judged_own(*, is_offered: bool) -> tuple[str, ...]:
    """The reader's own models that the judge can judge, or those that it cannot: it knows its languages."""
    return tuple(name for name, one in own().configs.items() if (one.languages == FIRST) == is_offered)


def left_out(say: Strings) -> str:
    """Why some of the reader's own models are not offered; nothing where all are."""
    names = judged_own(is_offered=False)
    judge = name_of(JUDGE, say)
    return say("bottleneck.left_out", models=", ".join(names), judge=judge) if names else ""
