"""The words that the grammar joins: Korean and English, with what a sentence has to know of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

from s2s.data.corpora import read_lines
from s2s.data.grammar.english import Verb, article, plural
from s2s.data.grammar.hangul import Kind, Stem, verb
from s2s.places import ASSETS

LEXICON: Final = ASSETS / "pairs" / "ko-en" / "lexicon.tsv"
EXPRESSIONS: Final = ASSETS / "pairs" / "ko-en" / "expressions.tsv"
_EXISTENCE: Final = ("있다", "없다")


@dataclass(frozen=True, slots=True)
class Entry:
    """A row: a word and its translation, its classes, and notes such as `mass` or `past=ate`."""

    part: str
    korean: str
    english: str
    classes: tuple[str, ...]
    notes: Mapping[str, str] = field(hash=False)
    infinitive: str = ""

    @property
    def is_plural(self) -> bool:
        """Whether the English noun has a plural only: pants."""
        return "plural" in self.notes and not self.notes["plural"]

    @property
    def is_counted(self) -> bool:
        """Whether the English noun takes a or an."""
        return not (self.is_plural or "mass" in self.notes or "proper" in self.notes)

    @property
    def many(self) -> str:
        """The English noun for several."""
        if not self.is_counted:
            return self.english
        return self.notes.get("plural", "").replace("_", " ") or plural(self.english)

    def with_article(self, before: str = "") -> str:
        """The English noun with a or an where it takes one; `before` are adjectives."""
        words = f"{before} {self.english}".strip()
        return f"{article(words)} {words}" if self.is_counted else words

    @property
    def stem(self) -> Stem:
        """The Korean verb or adjective, to be conjugated."""
        kind: Kind = "verb" if self.part == "verb" else "adjective"
        if "copula" in self.notes:
            kind = "copula"
        elif self.korean.endswith(_EXISTENCE):
            kind = "existence"
        return verb(self.korean, self.infinitive, kind)

    @property
    def verb(self) -> Verb:
        """The English verb with what belongs to it."""
        base, _, rest = self.english.partition(" ")
        return Verb(base, rest, self.notes.get("past", ""), self.notes.get("participle", ""))


@dataclass(frozen=True)
class Lexicon:
    """All entries, and those of each class."""

    entries: tuple[Entry, ...]
    nouns: Mapping[str, tuple[Entry, ...]]  # by class

    def part(self, name: str) -> tuple[Entry, ...]:
        """The entries of a part of speech."""
        return tuple(entry for entry in self.entries if entry.part == name)

    def of(self, classes: Sequence[str]) -> tuple[Entry, ...]:
        """The nouns of any of these classes."""
        return tuple(entry for name in classes for entry in self.nouns.get(name, ()))


@cache
def read_lexicon(path: Path = LEXICON) -> Lexicon:
    """The lexicon of a file, whose first line names the columns. Raises DataError where it cannot be read."""
    entries = tuple(_entry(row) for row in _rows(path))
    nouns: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.part == "noun":
            for name in entry.classes:
                nouns.setdefault(name, []).append(entry)
    return Lexicon(entries, {name: tuple(found) for name, found in nouns.items()})


def _rows(path: Path) -> list[list[str]]:
    return [line.split("\t") for line in read_lines(path)[1:]]


def _entry(row: list[str]) -> Entry:
    part, korean, english, classes, notes, infinitive = row
    pairs = (note.partition("=") for note in notes.split())
    named = {name: value for name, _, value in pairs}
    return Entry(part, korean, english, tuple(classes.split()), named, infinitive)
