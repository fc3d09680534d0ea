import re
from collections import Counter
from pathlib import Path

import pytest

from s2s.errors import DataError
from s2s.evaluate.alignment_error import Linked, alignment_score
from s2s.evaluate.gold import GOLD, GoldPair, read_gold
from s2s.languages import Languages
from s2s.text import is_word, words

LINE = "Je ne dors pas.\tI do not sleep.\t0-0 1?1 1-2 2-3 3-2 4-4\tnegation, word-order"


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "gold.tsv"
    path.write_bytes(text.encode())
    return path


def test_a_line_is_a_pair_with_its_links_and_phenomena(tmp_path):
    (pair,) = read_gold(write(tmp_path, f"# a comment\n\n{LINE}\r\n"))
    sure = frozenset({(0, 0), (1, 2), (2, 3), (3, 2), (4, 4)})
    assert pair == GoldPair(
        source="Je ne dors pas.",
        target="I do not sleep.",
        sure=sure,
        possible=sure | {(1, 1)},
        phenomena=("negation", "word-order"),
    )


def test_a_pair_may_have_no_link_and_show_nothing(tmp_path):
    (pair,) = read_gold(write(tmp_path, "Oui.\tYes.\t\t"))
    assert (pair.sure, pair.possible, pair.phenomena) == (frozenset(), frozenset(), ())


@pytest.mark.parametrize(
    "link", ["0", "0-", "-0", "a-0", "0:0", "0-0-0", "2-0", "0-3", "2?0", "0?3", "0,0", "9" * 9 + "-0", "²-0"]
)
def test_a_link_that_is_none_is_told_with_its_file_line_and_the_words_there_are(tmp_path, link):
    path = write(tmp_path, f"# two words and three\n{LINE}\nOui.\tYes, yes\t0-0 {link}\t\n")
    with pytest.raises(DataError) as caught:
        read_gold(path)
    assert caught.value.key == "gold_link"
    assert caught.value.values == {"path": path, "line": 3, "link": link, "sources": 2, "targets": 3}


@pytest.mark.parametrize("line", ["a\tb", "a\tb\t0-0", "a\tb\t0-0\t\t", "a"])
def test_a_line_without_four_columns_is_told_with_its_file_and_line(tmp_path, line):
    path = write(tmp_path, f"{LINE}\n{line}\n")
    with pytest.raises(DataError) as caught:
        read_gold(path)
    assert caught.value.key == "gold_columns"
    assert caught.value.values == {"path": path, "line": 2, "found": line.count("\t") + 1}


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing but a comment\n"])
def test_a_file_without_pairs_is_refused(tmp_path, text):
    with pytest.raises(DataError) as caught:
        read_gold(write(tmp_path, text))
    assert caught.value.key == "gold_empty"


def test_a_file_that_cannot_be_read_is_one_error_that_names_it(tmp_path):
    foreign = tmp_path / "latin.tsv"
    foreign.write_bytes("# été\n".encode("latin-1"))
    for path, key in (
        (tmp_path / "none.tsv", "file_missing"),
        (tmp_path, "file_unreadable"),
        (foreign, "line_not_utf8"),
    ):
        with pytest.raises(DataError) as caught:
            read_gold(path)
        assert (caught.value.key, caught.value.values["path"]) == (key, path)


FILES = {path.stem: path for path in sorted(GOLD.parent.glob("*.tsv"))}
PAGE = (GOLD.parent / "README.md").read_text(encoding="utf-8")
NAMES = {"fr": "French", "ko": "Korean", "en": "English"}


def languages_of(name: str) -> Languages:
    return Languages(*name.split("-"))


def section(name: str, what: str) -> str:
    source, target = languages_of(name).codes
    return PAGE.split(f"## {NAMES[source]} to {NAMES[target]}: {what}\n")[1].split("\n## ")[0]


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_this_project_has_a_hundred_pairs_each_once_with_links_in_order(name: str):
    pairs = read_gold(FILES[name], languages_of(name))
    assert len(pairs) == len({pair.source for pair in pairs}) == 100
    for line in FILES[name].read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            links = [tuple(map(int, re.split("[-?]", link))) for link in line.split("\t")[2].split()]
            assert links == sorted(set(links)), line


@pytest.mark.parametrize("name", FILES)
def test_equal_marks_are_linked_in_order_and_marks_with_nothing_else(name: str):
    source, target = languages_of(name).codes
    for pair in read_gold(FILES[name], languages_of(name)):
        sides = words(pair.source, source), words(pair.target, target)
        marks = [{i: w.text for i, w in enumerate(side) if not is_word(w.text)} for side in sides]
        for mark in {*marks[0].values()} & {*marks[1].values()}:
            there, here = ([i for i, text in side.items() if text == mark] for side in marks)
            assert set(zip(there, here, strict=False)) <= pair.sure, pair.source
        assert all((i in marks[0]) == (j in marks[1]) for i, j in pair.possible), pair.source


@pytest.mark.parametrize("name", FILES)
def test_the_page_beside_the_files_counts_what_is_in_them(name: str):
    languages = languages_of(name)
    pairs = read_gold(FILES[name], languages)
    told = dict(re.findall(r"^\| `([\w-]+)` \| (\d+) \|", section(name, "phenomena"), re.MULTILINE))
    counted = Counter(tag for pair in pairs for tag in pair.phenomena)
    assert {tag: int(count) for tag, count in told.items()} == counted
    totals = section(name, "totals")
    for code, texts in zip(
        languages.codes, zip(*((p.source, p.target) for p in pairs), strict=True), strict=True
    ):
        found = [word.text for text in texts for word in words(text, code)]
        plain = sum(map(is_word, found))
        assert (
            f"| {NAMES[code]} words, without and with punctuation marks | {plain}, {len(found)} |" in totals
        )
    sure = sum(len(pair.sure) for pair in pairs)
    possible = sum(len(pair.possible) for pair in pairs) - sure
    share = round(100 * sure / (sure + possible))
    assert f"| Sure links | {sure} ({share} %) |" in totals
    assert f"| Possible links | {possible} ({100 - share} %) |" in totals


@pytest.mark.parametrize("name", FILES)
def test_whoever_draws_the_links_of_a_person_makes_no_error(name: str):
    pairs = read_gold(FILES[name], languages_of(name))
    assert alignment_score([Linked(pair, pair.sure) for pair in pairs]).aer == 0
    assert alignment_score([Linked(pair, pair.possible) for pair in pairs]).aer == 0
