"""Whether a Korean sentence is polite (존댓말) or casual (반말), by its ending: a rule, and no analysis.

A sentence is polite where its last word ends as polite sentences do. Some casual ones end so by accident, as
with 좋아요 for a title or -니까 for a reason, so what people wrote is counted by the same rule beside it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

_WORD: Final = re.compile(r"\w+")
_POLITE: Final = ("요", "니다", "니까", "시오", "죠")


def is_polite(text: str) -> bool:
    """Whether its last word, marks aside, has a polite ending."""
    said = _WORD.findall(text)
    return bool(said) and said[-1].endswith(_POLITE)


def is_casual(text: str) -> bool:
    """Whether there is a word, and no polite ending at the end."""
    return _WORD.search(text) is not None and not is_polite(text)


# By the purpose of languages whose outputs are to have it.
REGISTERS: Final[Mapping[str, Callable[[str], bool]]] = MappingProxyType(
    {"casual": is_casual, "polite": is_polite}
)
