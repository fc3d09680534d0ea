"""Who judges what a translation lost: a model with attention, made to say the translation."""

from __future__ import annotations

from typing import Final

from pages.kit.family import own
from s2s import catalog
from s2s.languages import FIRST

JUDGE: Final = catalog.ATTENDING.model()


def judged_own(*, is_offered: bool) -> tuple[str, ...]:
    """The reader's own models that the judge can judge, or those that it cannot: it knows its languages."""
    return tuple(name for name, one in own().configs.items() if (one.languages == FIRST) == is_offered)
