from pathlib import Path

import pytest

from s2s.errors import DataError
from s2s.evaluate.gold import GoldPair, read_gold

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
