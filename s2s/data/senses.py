"""What each word of a language can be in a translation, and how sure it is that one of these is said.

Learned from sentence pairs: both directions of an aligner are joined, and whatever a word is linked to often
enough, and more often than that word comes up anyhow, is a sense of it. A word whose senses stand in nearly
every translation by a person is missed where none of them does; of one that is often said otherwise (*de*,
*se*, *train* in *en train de*) nothing follows.

A language pair has its table in `assets/pairs/<pair>/senses.tsv`. Words are forms as `s2s.text.words` cuts
them, in lower case.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from s2s.data.aligner import Aligner, Words
from s2s.data.corpora import read_lines
from s2s.errors import DataError
from s2s.languages import Languages
from s2s.places import ASSETS
from s2s.text import is_word

FILE: Final = "senses.tsv"
_LEAST: Final = 2  # times that a word is linked to one of its senses
_SHARE: Final = 0.005  # of its occurrences, at least
_LIFT: Final = 5.0  # and so many times as often as the sense comes up in any translation (`oversaying`)


class Sense(NamedTuple):
    """What a word can be in a translation."""

    said: frozenset[str]
    share: float  # of its occurrences in pairs by people, those where one of `said` stands on the other side


Senses = Mapping[str, Sense]  # by word


@cache
def senses(languages: Languages) -> Senses:
    """The table of a language pair; nothing where there is no such file. Raises DataError."""
    path = ASSETS / "pairs" / languages.name / FILE
    return read_senses(path) if path.is_file() else {}


def read_senses(path: Path) -> Senses:
    """A table from its file: word, share and senses with a tab between them. Raises DataError."""
    found = {}
    for number, line in enumerate(read_lines(path), start=1):
        try:
            word, share, said = line.split("\t")
            found[word] = Sense(frozenset(said.split(" ")), float(share))
        except ValueError as error:
            raise DataError("file_unreadable", path=path, reason=f"line {number}: {error}") from error
    return found


def as_tsv(table: Senses) -> str:
    """The table as its file has it."""
    return "".join(
        f"{word}\t{sense.share:.3f}\t{' '.join(sorted(sense.said))}\n" for word, sense in table.items()
    )


def learn(
    sources: Sequence[Words],
    targets: Sequence[Words],
    *,
    iterations: int = 5,
    on_round: Callable[[], object] = lambda: None,
) -> dict[str, Sense]:
    """The senses of each source word that occurs at least twice, the most frequent first, those as frequent
    in the order of their letters. Takes sentences as words, and calls `on_round`, as `Aligner` does."""
    aligner = Aligner.learned(sources, targets, iterations=iterations, on_round=on_round)
    linked: dict[str, Counter[str]] = defaultdict(Counter)
    for aligned in aligner.align(sources, targets):
        source, target = sources[aligned.pair], targets[aligned.pair]
        for i, j in aligned.links:
            if is_word(source[i]) and is_word(target[j]):
                linked[source[i]][target[j]] += 1
    times = Counter(word for sentence in sources for word in sentence)
    anyhow = Counter(word for sentence in targets for word in sentence)
    whole = anyhow.total()
    said = {
        word: frozenset(
            sense
            for sense, count in found.items()
            if count >= _LEAST
            and count >= _SHARE * times[word]
            and count / times[word] >= _LIFT * anyhow[sense] / whole
        )
        for word, found in linked.items()
    }
    met: Counter[str] = Counter()
    for source, target in zip(sources, targets, strict=True):
        there = set(target)
        met.update(word for word in source if not there.isdisjoint(said.get(word, ())))
    # One occurrence more, of which one does not know: a rare word is not as sure as a frequent one.
    return {
        word: Sense(said[word], (met[word] + 0.5) / (times[word] + 1))
        for word in sorted(said, key=lambda word: (-times[word], word))
        if said[word]
    }
