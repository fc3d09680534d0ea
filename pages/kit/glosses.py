"""What words and sentences mean, in the reader's language: tables in `assets/pairs/<pair>/`.

A table is read when it is first asked for. It has a column for each language, whose code stands in the first
line; the first column is what is explained. Words are forms as `s2s.text.words` cuts them, in lower case;
particles and endings, of languages that have them, stand behind a hyphen. Nothing is guessed: what a table
lacks has no meaning here. A word that it lacks may have that of its parts, as `s2s.stems` parts it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import Final, NamedTuple

from pages.kit.strings import Strings
from s2s.data.corpora import read_lines
from s2s.languages import Languages, parts_stems
from s2s.pieces import Unit
from s2s.places import ASSETS
from s2s.stems import stem_length
from s2s.text import normalise, words

Table = Mapping[str, Mapping[str, str]]  # by language, by what is explained

GLOSSES: Final = "glosses"
TRANSLATIONS: Final = "translations"
_FIRST: Final = re.compile(r"(?:\([^()]*\)|[^,;()])*")  # up to a comma or semicolon outside of brackets
_REMARK: Final = re.compile(r" ?\([^()]*\)$")


class Gloss(NamedTuple):
    """What is said of a unit of the source."""

    told: str  # its meanings, or that none is known; "" for marks, numbers and the end token
    short: str = (
        ""  # the first meaning, to stand under the word; "" where it stands there already, or none is known
    )


@cache
def table(languages: Languages, name: str) -> Table:
    """A table of a language pair; nothing where there is no such file. Raises DataError."""
    path = ASSETS / "pairs" / languages.name / f"{name}.tsv"
    if not path.is_file():
        return {}
    head, *rows = (line.split("\t") for line in read_lines(path) if line)
    return {code: {row[0]: row[column] for row in rows} for column, code in enumerate(head) if column}


@lru_cache(maxsize=64)  # every card of a page asks of the same source
def glosses(units: tuple[Unit, ...], text: str, languages: Languages, say: Strings) -> tuple[Gloss, ...]:
    """What each unit of a source text means; a piece has the meaning of its word, and says of which."""
    known = table(languages, GLOSSES).get(say.language, {})
    if not known:
        return ()
    places = words(text, languages.source)
    has_stems = parts_stems(languages.source)
    found: list[Gloss] = []
    last = None
    for unit in units:
        word = next((word for word in places if word.start < unit.end and unit.start < word.end), None)
        if unit.is_end or word is None or not any(c.isalpha() for c in word.text):
            found.append(Gloss(""))
            continue
        is_piece = unit.end - unit.start < word.end - word.start
        whole = _spelt(unit.text if _has_several(unit, places) else word.text)
        parts = _parts(whole) if has_stems else ()
        part = next((part for part in parts if is_piece and part in (unit.text, f"-{unit.text}")), "")
        gloss = _of_word(part or whole, () if part else parts, known)
        told = gloss.told or say("live.no_meaning")
        if is_piece:
            told = f"{word.text}: {told}"
        found.append(Gloss(told, "" if word == last and not part else gloss.short))
        last = word
    return tuple(found)


def _spelt(text: str) -> str:
    """As a table spells it."""
    return normalise(text).text.lower()


def _parts(word: str) -> tuple[str, ...]:
    """A stem, and behind a hyphen its particle or ending; nothing of a word that is whole."""
    cut = stem_length(word)
    return (word[:cut], f"-{word[cut:]}") if cut else ()


def _of_word(word: str, parts: tuple[str, ...], known: Mapping[str, str]) -> Gloss:
    """What the table says of a word, else of all its parts; short, a part follows the one before with a
    hyphen, those that say no word in the reader's language left out: library-at, book."""
    if word in known or not parts or not all(part in known for part in parts):
        meaning = known.get(word, "")
        return Gloss(meaning, _short(meaning))
    stem, ending = (known[part] for part in parts)
    tail = "" if ending.startswith("(") else f"-{_short(ending)}"
    return Gloss(f"{stem} + {parts[1]} {ending}", f"{_short(stem)}{tail}")


def _short(meaning: str) -> str:
    """The first word for the first meaning, without what stands in brackets behind it."""
    found = _FIRST.match(meaning)
    first = found[0] if found else ""
    return _REMARK.sub("", first) or first


def _has_several(unit: Unit, places: Sequence[tuple[str, int, int]]) -> bool:
    """Whether words that share a piece are one unit: no word's meaning is that of all."""
    return sum(start < unit.end and unit.start < end for _, start, end in places) > 1
