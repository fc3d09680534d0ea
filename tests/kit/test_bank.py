"""The sentence bank: what is in it, and that the links drawn in it are whole."""

import re
from pathlib import Path

import pytest

from pages.kit.bank import MOST, TOPICS, bank, banked, linked, meaning, names
from pages.kit.examples import EXAMPLES, REFERENCES
from pages.kit.strings import LANGUAGES, load
from s2s import catalog
from s2s.evaluate.gold import GOLD, GoldPair, read_gold
from s2s.languages import FIRST, Languages
from s2s.places import ASSETS
from s2s.text import normalise, words

PAIRS = [task.languages for task in catalog.TASKS if not task.languages.purpose]
KOREAN = Languages("ko", "en")
# Topics that only sentences of other tasks have.
LACKED = {
    FIRST: TOPICS.keys() & {
        "request", "statement", "half", "verb_last", "clause_before_noun", "dropped_subject", "particle",
        "tense", "honorific", "comparison", "condition",
    },
    KOREAN: {"statement", "adjective_order", "clitic", "il_y_a", "compound_tense", "elision"},
}  # fmt: skip
OWN = {pair: read_gold(Path(ASSETS / "pairs" / pair.name / "bank.tsv"), pair) for pair in PAIRS}
SENTENCES = [(languages, pair) for languages, own in OWN.items() for pair in own]


@pytest.mark.parametrize("languages", PAIRS, ids=lambda pair: pair.name)
def test_every_topic_has_eight_to_twelve_sentences_the_plainest_first(languages: Languages):
    assert bank(languages).keys() == TOPICS.keys() - LACKED[languages]
    for topic, shown in bank(languages).items():
        assert 8 <= len(shown) <= MOST
        counts = [len(pair.phenomena) for pair in shown]
        assert counts == sorted(counts)
        assert topic == "long" or all(TOPICS[topic] & {*pair.phenomena} for pair in shown)
    assert len(banked(languages, "en")) >= 100
    assert bank(Languages("xx", "en")) == {}


@pytest.mark.parametrize("languages", PAIRS, ids=lambda pair: pair.name)
def test_no_sentence_is_there_twice_or_read_otherwise_than_it_stands(languages: Languages):
    gold = read_gold(GOLD.with_name(f"{languages.name}.tsv"), languages)
    texts = [pair.source for pair in (*OWN[languages], *gold)]
    assert len(set(texts)) == len(texts)
    for pair in (*OWN[languages], *gold):
        assert (pair.source, pair.target) == (normalise(pair.source).text, normalise(pair.target).text)
    for pair in OWN[languages]:
        assert set(pair.phenomena) <= {tag for tags in TOPICS.values() for tag in tags} | {
            "possessive",
            "partitive",
        }


@pytest.mark.parametrize(("languages", "pair"), SENTENCES, ids=lambda one: getattr(one, "source", ""))
def test_every_word_is_linked_and_equal_marks_are_linked_in_order(languages: Languages, pair: GoldPair):
    sides = words(pair.source, languages.source), words(pair.target, languages.target)
    for side, found in enumerate(sides):
        linked_words = {link[side] for link in pair.possible}
        unlinked = [word.text for i, word in enumerate(found) if i not in linked_words]
        assert [text for text in unlinked if any(c.isalnum() for c in text)] == []
    sources, targets = (
        [(word.text, i) for i, word in enumerate(side) if not any(c.isalnum() for c in word.text)]
        for side in sides
    )
    for mark in {text for text, _ in sources}:
        there, here = ([i for text, i in side if text == mark] for side in (sources, targets))
        assert set(zip(there, here, strict=False)) <= pair.sure
    marks = {i for _, i in sources}, {j for _, j in targets}
    assert all((i in marks[0]) == (j in marks[1]) for i, j in pair.possible)


@pytest.mark.parametrize("language", LANGUAGES)
def test_examples_and_sentences_are_translated_for_every_reader(language: str):
    for text in (*EXAMPLES, *(one.text for one in banked(FIRST, language))):
        found = meaning(text, FIRST, language)
        if language == "ko":
            assert re.search("[가-힣]", found)
        elif text in REFERENCES:
            assert found == REFERENCES[text]
        else:
            assert found == linked(text, FIRST).target
    for pair, lacked in LACKED.items():
        assert names(pair, load(language)).keys() == TOPICS.keys() - lacked


@pytest.mark.parametrize("language", LANGUAGES)
def test_of_a_pair_without_translations_its_own_translation_is_what_a_sentence_means(language: str):
    for one in banked(KOREAN, language):
        assert one.meaning == (linked(one.text, KOREAN).target)
        assert one.meaning.isascii()


def test_a_sentence_is_known_however_its_spaces_and_marks_are_typed():
    pair = linked("  J’ai faim. ", FIRST)
    assert pair is not None
    assert (pair.source, pair.target) == ("J'ai faim.", "I'm hungry.")
    assert linked("J'ai soif.", FIRST) is None
    assert meaning("J'ai soif.", FIRST, "ko") == ""
