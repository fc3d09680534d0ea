"""The sentence bank: sentences by what they show, with translations and with links that a person drew.

It has the pairs of `assets/pairs/<pair>/bank.tsv` and of the gold alignments, both in the gold format. A
topic shows those of its phenomena, the plainest first: those with the fewest phenomena, then the shortest.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final, NamedTuple

from pages.kit.examples import pairs
from pages.kit.glosses import TRANSLATIONS, table
from pages.kit.strings import Strings
from s2s.evaluate.gold import GoldPair, read_gold
from s2s.languages import Languages
from s2s.places import ASSETS
from s2s.text import count_words, normalise

# Each topic, and the phenomena of the pairs that show it.
TOPICS: Final[Mapping[str, frozenset[str]]] = {
    "verb_last": frozenset({"verb-last"}),
    "clause_before_noun": frozenset({"clause-before-noun"}),
    "dropped_subject": frozenset({"dropped-subject"}),
    "particle": frozenset({"particle"}),
    "adjective_order": frozenset({"adjective-order"}),
    "negation": frozenset({"negation"}),
    "clitic": frozenset({"clitic"}),
    "il_y_a": frozenset({"il-y-a"}),
    "question": frozenset({"question", "inversion", "est-ce-que"}),
    "tense": frozenset({"tense"}),
    "honorific": frozenset({"honorific"}),
    "compound_tense": frozenset({"compound-tense"}),
    "many_words": frozenset({"many-words"}),
    "idiom": frozenset({"idiom"}),
    "number": frozenset({"numbers-time", "counter"}),
    "comparison": frozenset({"comparison"}),
    "condition": frozenset({"condition", "reason"}),
    "elision": frozenset({"elision"}),
    "request": frozenset({"request"}),
    "statement": frozenset({"statement"}),
    "half": frozenset({"half"}),
    "two_sentences": frozenset({"two-sentences"}),
    "long": frozenset({"long"}),
}
MOST: Final = 12  # sentences of a topic
_LONG: Final = 17  # words from which on a sentence is a long one


class Banked(NamedTuple):
    """A sentence of the bank as its panel shows it."""

    text: str
    meaning: str  # in the reader's language
    target: str  # the translation that is linked, which may be searched, too
    topics: tuple[str, ...]


@cache
def bank(languages: Languages) -> Mapping[str, tuple[GoldPair, ...]]:
    """The pairs of each topic, the plainest first; a topic without any is left out."""
    places = (ASSETS / "pairs" / languages.name / "bank.tsv", ASSETS / "gold" / f"{languages.name}.tsv")
    found = [pair for path in places if path.is_file() for pair in read_gold(path, languages)]
    found.sort(key=lambda pair: (len(pair.phenomena), _length(pair, languages)))
    topics = {
        topic: tuple(pair for pair in found if phenomena & _phenomena(pair, languages))[:MOST]
        for topic, phenomena in TOPICS.items()
    }
    return {topic: shown for topic, shown in topics.items() if shown}


def _length(pair: GoldPair, languages: Languages) -> int:
    return count_words(pair.source, languages.source)


def _phenomena(pair: GoldPair, languages: Languages) -> frozenset[str]:
    is_long = _length(pair, languages) >= _LONG
    return frozenset(pair.phenomena) | (frozenset({"long"}) if is_long else frozenset())


@cache
def _by_text(languages: Languages) -> Mapping[str, GoldPair]:
    return {normalise(pair.source).text: pair for shown in bank(languages).values() for pair in shown}


def linked(text: str, languages: Languages) -> GoldPair | None:
    """The pair of the bank whose source this text is, spaces and quotation marks aside."""
    return _by_text(languages).get(normalise(text).text)


def has_links(languages: Languages) -> bool:
    """Whether a person has linked the words of any of its sentences."""
    return any(pair.possible for shown in bank(languages).values() for pair in shown)


def banked(languages: Languages, language: str) -> tuple[Banked, ...]:
    """All sentences, each once, in the order of the topics."""
    topics: dict[str, list[str]] = {}
    for topic, shown in bank(languages).items():
        for pair in shown:
            topics.setdefault(pair.source, []).append(topic)
    by_source = _by_text(languages)
    return tuple(
        Banked(text, meaning(text, languages, language), by_source[normalise(text).text].target, tuple(of))
        for text, of in topics.items()
    )


def meaning(text: str, languages: Languages, language: str) -> str:
    """What an example or a sentence of the bank means, in the reader's language; else its translation as far
    as there is one."""
    translated = table(languages, TRANSLATIONS).get(language, {}).get(text)
    pair = linked(text, languages)
    if languages.purpose:
        return translated or ""  # what becomes of it says something else
    return translated or pairs(languages).get(text) or (pair.target if pair else "")


def names(languages: Languages, say: Strings) -> dict[str, str]:
    """What the topics are called that there are."""
    return {topic: say(f"bank.{topic}") for topic in bank(languages)}
