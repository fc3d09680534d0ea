"""Every word a reader sees, in the reader's language: `assets/strings/<language>/`, a file for each
laboratory, one for what they share, one for errors."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from s2s.errors import S2SError
from s2s.places import ASSETS

FOLDER: Final = ASSETS / "strings"
LANGUAGES: Final[Mapping[str, str]] = {"en": "English", "ko": "한국어"}  # each names itself


class Strings:
    """The words of one language, by dotted key: `say("sentence.label")`."""

    def __init__(self, language: str, entries: Mapping[str, str]) -> None:
        self.language = language
        self._entries = entries

    def __call__(self, key: str, **values: object) -> str:
        """The words of a key with its placeholders filled in."""
        return self._entries[key].format(**values) if values else self._entries[key]

    def error(self, error: S2SError) -> str:
        """What an error of the library says, in this language."""
        return self(f"errors.{error.key}", **error.values)

    @property
    def keys(self) -> frozenset[str]:
        """Every key there is."""
        return frozenset(self._entries)


@cache
def load(language: str) -> Strings:
    """The words of a language, one of LANGUAGES."""
    entries: dict[str, str] = {}
    for path in sorted((FOLDER / language).glob("*.toml")):
        entries |= _flat(tomllib.loads(path.read_text(encoding="utf-8")))
    return Strings(language, entries)


def _flat(record: Mapping[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    entries: list[tuple[str, str]] = []
    for name, value in record.items():
        entries += _flat(value, f"{prefix}{name}.") if isinstance(value, dict) else [(prefix + name, value)]
    return entries
