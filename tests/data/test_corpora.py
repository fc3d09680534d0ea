import gzip
from pathlib import Path

import pytest

from s2s.data.corpora import Pair, read_pairs
from s2s.errors import DataError

GOOD = "Il pleut.\tIt rains.\nÇa va ?\tAre you well?\n"
PAIRS = [Pair("Il pleut.", "It rains."), Pair("Ça va ?", "Are you well?")]


def _file(folder: Path, data: bytes, name: str = "pairs.tsv") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    "text",
    [GOOD, "\ufeff" + GOOD, GOOD.replace("\n", "\r\n"), GOOD.rstrip("\n"), "\n" + GOOD.replace("\n", "\n\n")],
    ids=["plain", "byte order mark", "CRLF", "no last line feed", "empty lines"],
)
@pytest.mark.parametrize("name", ["pairs.tsv", "pairs.tsv.gz"])
def test_pairs_are_read_as_written(tmp_path: Path, text: str, name: str) -> None:
    data = text.encode()
    path = _file(tmp_path, gzip.compress(data) if name.endswith(".gz") else data, name)
    assert read_pairs(path) == PAIRS


def test_only_a_line_feed_ends_a_line(tmp_path: Path) -> None:
    path = _file(tmp_path, "a\u2028b\x0bc\tx\x85y\n".encode())
    assert read_pairs(path) == [Pair("a\u2028b\x0bc", "x\x85y")]


@pytest.mark.parametrize(("line", "found"), [("one", 1), ("a\tb\tc", 3), ("a\tb\tc\td", 4)])
def test_a_line_with_other_columns_is_named_with_file_and_number(
    tmp_path: Path, line: str, found: int
) -> None:
    path = _file(tmp_path, f"{GOOD}\n{line}\n".encode())
    with pytest.raises(DataError) as caught:
        read_pairs(path)
    assert caught.value.key == "line_columns"
    assert caught.value.values == {"path": path, "line": 4, "found": found}
    assert "pairs.tsv, line 4" in str(caught.value)


@pytest.mark.parametrize("line", ["\tb", "a\t", " \tb", "a\t\u00a0", "\t"])
def test_a_line_with_an_empty_side_is_named_with_file_and_number(tmp_path: Path, line: str) -> None:
    path = _file(tmp_path, f"{GOOD}{line}\n".encode())
    with pytest.raises(DataError) as caught:
        read_pairs(path)
    assert caught.value.key == "line_empty_side"
    assert caught.value.values == {"path": path, "line": 3}


def test_bad_lines_are_handed_over_and_left_out(tmp_path: Path) -> None:
    path = _file(tmp_path, "one\nIl pleut.\tIt rains.\n\ta\nÇa va ?\tAre you well?\n1\t2\t3\n".encode())
    bad: list[DataError] = []
    assert read_pairs(path, on_bad_line=bad.append) == PAIRS
    assert [(error.key, error.values["line"]) for error in bad] == [
        ("line_columns", 1),
        ("line_empty_side", 3),
        ("line_columns", 5),
    ]


@pytest.mark.parametrize("data", [b"", b"\n\n", b"only one column\n"])
def test_a_file_without_a_pair_is_refused(tmp_path: Path, data: bytes) -> None:
    path = _file(tmp_path, data)
    with pytest.raises(DataError) as caught:
        read_pairs(path, on_bad_line=lambda error: None)
    assert caught.value.key == "corpus_empty"


def test_text_that_is_not_utf8_is_refused_with_the_byte(tmp_path: Path) -> None:
    path = _file(tmp_path, b"a\tb\nd\xe9j\xe0\tc\n")
    with pytest.raises(DataError) as caught:
        read_pairs(path)
    assert caught.value.key == "file_not_utf8"
    assert caught.value.values == {"path": path, "position": 5}


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"nowhere\.tsv") as caught:
        read_pairs(tmp_path / "nowhere.tsv")
    assert caught.value.key == "file_missing"


_WHOLE = gzip.compress(GOOD.encode() * 50, mtime=0)


@pytest.mark.parametrize(
    "data",
    [GOOD.encode(), _WHOLE[: len(_WHOLE) // 2], _WHOLE[:-4], _WHOLE[:12] + b"\xff" * 9 + _WHOLE[21:]],
    ids=["not gzip", "half", "without its end", "bytes changed"],
)
def test_a_damaged_gzip_file_is_one_error_that_names_it(tmp_path: Path, data: bytes) -> None:
    path = _file(tmp_path, data, "pairs.tsv.gz")
    with pytest.raises(DataError, match=r"pairs\.tsv\.gz"):
        read_pairs(path)


def test_a_folder_in_place_of_a_file_is_one_error(tmp_path: Path) -> None:
    with pytest.raises(DataError):
        read_pairs(tmp_path)
