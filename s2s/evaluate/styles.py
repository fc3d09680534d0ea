"""How people type a sentence: in lower case, without accents, without the final mark."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from s2s.text import without_accents, without_final_mark

Style = Callable[[str], str]

AS_IT_IS: Final = "as in the corpus"


def as_it_is(text: str) -> str:
    """The text itself."""
    return text


def lower_case_without_mark(text: str) -> str:
    """The text in lower case and without its final mark."""
    return without_final_mark(text).lower()


def bare(text: str) -> str:
    """The text without accents, in lower case and without its final mark."""
    return lower_case_without_mark(without_accents(text))


# In the order of the table's rows; scores are held against those of the first, which changes nothing.
STYLES: Final[Mapping[str, Style]] = MappingProxyType(
    {
        AS_IT_IS: as_it_is,
        "no final mark": without_final_mark,
        "lower case": str.lower,
        "lower case, no mark": lower_case_without_mark,
        "no accents": without_accents,
        "capitals": str.upper,
        "no accents, lower case, no mark": bare,
    }
)
