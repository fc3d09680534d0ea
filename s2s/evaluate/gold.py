"""Sentence pairs whose words a person has linked: the gold that alignments are measured against."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from s2s.data.aligner import Link as Link
from s2s.data.corpora import read_lines
from s2s.errors import DataError
from s2s.languages import FIRST, Languages
from s2s.places import ASSETS
from s2s.text import words

GOLD: Final = ASSETS / "gold" / f"{FIRST.name}.tsv"  # this project's own

_LINK: Final = re.compile(r"([0-9]{1,4})([-?])([0-9]{1,4})")


@dataclass(frozen=True, kw_only=True)
class GoldPair:
    """A sentence and its translation with their links, sure and possible (Och & Ney 2003).

    A link is (source word, target word), both counted from 0 in `s2s.text.words`.
    """

    source: str
    target: str
    sure: frozenset[Link]
    possible: frozenset[Link]  # the sure ones among them
    phenomena: tuple[str, ...] = ()  # what makes the pair worth having, such as "negation"


def read_gold(path: Path, languages: Languages = FIRST) -> list[GoldPair]:
    """The pairs of a file of UTF-8 lines: source, target, links and phenomena with a tab between them.

    A link is `i-j` where it is sure and `i?j` where it is possible; links are separated by spaces, phenomena
    by commas. Empty lines, and those that begin with `#`, are passed over. Raises DataError.
    """
    lines = enumerate(read_lines(path), start=1)
    pairs = [
        _pair(line, path, number, languages) for number, line in lines if line and not line.startswith("#")
    ]
    if not pairs:
        raise DataError("gold_empty", path=path)
    return pairs


def _pair(line: str, path: Path, number: int, languages: Languages) -> GoldPair:
    columns = line.split("\t")
    if len(columns) != 4:
        raise DataError("gold_columns", path=path, line=number, found=len(columns))
    source, target, links, phenomena = columns
    sources, targets = len(words(source, languages.source)), len(words(target, languages.target))
    linked: dict[str, set[Link]] = {"-": set(), "?": set()}
    for link in links.split():
        match = _LINK.fullmatch(link)
        if match is None or int(match[1]) >= sources or int(match[3]) >= targets:
            raise DataError("gold_link", path=path, line=number, link=link, sources=sources, targets=targets)
        linked[match[2]].add((int(match[1]), int(match[3])))
    return GoldPair(
        source=source,
        target=target,
        sure=frozenset(linked["-"]),
        possible=frozenset(linked["-"] | linked["?"]),
        phenomena=tuple(tag.strip() for tag in phenomena.split(",") if tag.strip()),
    )
