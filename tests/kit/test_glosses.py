"""What words mean in the reader's language: the file, and what is said of the words of a picture."""

import re

import pytest

from pages.kit.bank import banked
from pages.kit.examples import EXAMPLES, pairs, stored_trace
from pages.kit.glosses import GLOSSES, TRANSLATIONS, glosses, table
from pages.kit.strings import LANGUAGES, load
from s2s.languages import FIRST, Languages
from s2s.pieces import Unit
from s2s.places import ASSETS
from s2s.stems import stems
from s2s.text import lower_words, normalise, words

KOREAN = Languages("ko", "en")
HANGUL = re.compile("[가-힣]")


def is_word(text: str) -> bool:
    return any(character.isalpha() for character in text)


@pytest.mark.parametrize("name", [GLOSSES, TRANSLATIONS])
def test_a_table_has_each_entry_once_and_no_empty_cell(name: str):
    lines = (ASSETS / "pairs" / FIRST.name / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    head, *rows = (line.split("\t") for line in lines)
    assert head[0] == FIRST.source
    assert {len(row) for row in rows} == {len(head)}
    for row in rows:
        for cell in row:
            assert cell == normalise(cell).text != ""
    assert len({row[0] for row in rows}) == len(rows)
    korean = head.index("ko")
    assert [row[0] for row in rows if not HANGUL.search(row[korean])] == []


def test_glosses_are_of_words_as_the_pictures_cut_them_in_every_language_of_readers():
    known = table(FIRST, GLOSSES)
    assert known.keys() == LANGUAGES.keys()
    assert len(known["en"]) > 3000
    for form in known["en"]:
        beside = f"{form}a" if form.endswith("'") else f"x{form}" if form.startswith("-") else form
        assert form in lower_words(beside, FIRST.source)
    assert [form for form, meaning in known["en"].items() if HANGUL.search(meaning)] == []


def test_every_word_of_the_examples_and_of_the_bank_has_a_gloss():
    known = table(FIRST, GLOSSES)
    sentences = [*EXAMPLES, *(sentence.text for sentence in banked(FIRST, "en"))]
    found = {word for text in sentences for word in lower_words(text, FIRST.source) if is_word(word)}
    assert len(found) > 200
    for language in LANGUAGES:
        assert found - known[language].keys() == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_have_their_gloss_pieces_that_of_their_word_and_marks_none(language: str):
    say, known = load(language), table(FIRST, GLOSSES)[language]
    trace = stored_trace("fr-en-dot")
    told = [one.told for one in glosses(trace.read(), trace.source, FIRST, say)]
    assert told == [*(known[word] for word in lower_words(trace.source, "fr")[:-1]), "", ""]
    text = "Mangeons-la, Zzyx !"
    units = [Unit(text[i:j], i, j, is_end=False) for i, j in ((0, 3), (3, 8), (8, 11), (11, 12), (13, 17))]
    found = glosses(tuple(units), text, FIRST, say)
    meaning = known["mangeons"]
    assert [one.told for one in found] == [
        f"Mangeons: {meaning}",
        f"Mangeons: {meaning}",
        known["-la"],
        "",
        say("live.no_meaning"),
    ]
    assert [one.short for one in found] == [meaning, "", {"en": "it", "ko": "그것을"}[language], "", ""]
    assert [word.text for word in words(text, "fr")][:2] == ["Mangeons", "-la"]


def test_the_table_of_korean_has_each_entry_once_in_words_of_english():
    lines = (ASSETS / "pairs" / KOREAN.name / f"{GLOSSES}.tsv").read_text(encoding="utf-8").splitlines()
    head, *rows = (line.split("\t") for line in lines)
    assert head == ["ko", "en"]  # nobody who reads Korean needs it explained
    assert len({form for form, _ in rows}) == len(rows) > 600
    for form, told in rows:
        assert (form, told) == (normalise(form).text, told.strip())
        assert HANGUL.search(form)
        assert told
        assert not HANGUL.search(re.sub(r"\([^()]*\)", "", told))
        assert lower_words(form.removeprefix("-"), "ko") == [form.removeprefix("-")]


def test_every_korean_word_of_the_bank_has_a_gloss_itself_or_by_its_stem_and_particle():
    say = load("en")
    for text in (*pairs(KOREAN), *(one.text for one in banked(KOREAN, "en"))):
        units = tuple(Unit(word.text, word.start, word.end, is_end=False) for word in words(text, "ko"))
        for unit, gloss in zip(units, glosses(units, text, KOREAN, say), strict=True):
            assert gloss.told != say("live.no_meaning"), unit.text
            assert is_word(unit.text) == (gloss.told != "")


def test_a_word_that_the_table_lacks_has_the_meaning_of_its_stem_and_particle():
    known, say = table(KOREAN, GLOSSES)["en"], load("en")
    assert "도서관에서" not in known
    text = "도서관에서 책을 Zzyx에서"
    whole = tuple(Unit(word.text, word.start, word.end, is_end=False) for word in words(text, "ko"))
    library, book, unknown = glosses(whole, text, KOREAN, say)
    assert library == (f"{known['도서관']} + -에서 {known['-에서']}", "library-at")
    assert book == (f"{known['책']} + -을 {known['-을']}", "book")
    assert unknown == (say("live.no_meaning"), "")
    parts = tuple(Unit(part.text, part.start, part.end, is_end=False) for part in stems(text, "ko"))
    found = glosses(parts, text, KOREAN, say)[:2]
    assert found == (
        (f"도서관에서: {known['도서관']}", "library"),
        (f"도서관에서: {known['-에서']}", "at"),
    )


def test_languages_without_a_table_have_no_glosses():
    trace = stored_trace("fr-en-dot")
    assert glosses(trace.read(), trace.source, Languages("xx", "en"), load("en")) == ()
