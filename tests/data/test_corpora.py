import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2s.data import corpora
from s2s.data.corpora import Pair, pairs_as_tsv, read_bounded, read_pairs, read_parallel, read_tatoeba
from s2s.errors import DataError

GOOD = "Il pleut.\tIt rains.\nÇa va ?\tAre you well?\n"
PAIRS = [Pair("Il pleut.", "It rains."), Pair("Ça va ?", "Are you well?")]
TATOEBA = "It rains.\tIl pleut.\nAre you well?\tÇa va ?\tCC-BY 2.0 (France) #1 & #2\n"
FORMS = ["plain", "byte order mark", "CRLF", "no last line feed", "empty lines"]


def _file(folder: Path, data: bytes, name: str = "pairs.tsv") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def _in_form(text: str, form: str) -> bytes:
    if form == "byte order mark":
        text = "\ufeff" + text
    elif form == "CRLF":
        text = text.replace("\n", "\r\n")
    elif form == "no last line feed":
        text = text.rstrip("\n")
    elif form == "empty lines":
        text = "\n" + text.replace("\n", "\n\n")
    return text.encode()


def _packed(folder: Path, data: bytes, name: str) -> Path:
    return _file(folder, gzip.compress(data) if name.endswith(".gz") else data, name)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", ["pairs.tsv", "pairs.tsv.gz"])
def test_pairs_are_read_as_written(tmp_path: Path, form: str, name: str) -> None:
    assert read_pairs(_packed(tmp_path, _in_form(GOOD, form), name)) == PAIRS


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", ["fra.txt", "fra.txt.gz"])
def test_a_tatoeba_file_gives_pairs_into_english(tmp_path: Path, form: str, name: str) -> None:
    assert read_tatoeba(_packed(tmp_path, _in_form(TATOEBA, form), name)) == PAIRS


@pytest.mark.parametrize("form", FORMS)
def test_a_tatoeba_file_that_is_not_on_disk_is_read_alike(form: str) -> None:
    assert read_tatoeba(Path("nowhere/fra.txt"), data=_in_form(TATOEBA, form)) == PAIRS


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_parallel_files_are_read_line_by_line(tmp_path: Path, form: str, suffix: str) -> None:
    sides = ["".join(f"{side}\n" for side in sides) for sides in zip(*PAIRS, strict=True)]
    source = _packed(tmp_path, _in_form(sides[0], form), f"train.fr{suffix}")
    target = _packed(tmp_path, _in_form(sides[1], form), f"train.en{suffix}")
    assert read_parallel(source, target) == PAIRS


def test_parallel_files_may_have_another_form_each(tmp_path: Path) -> None:
    source = _packed(tmp_path, _in_form("Il pleut.\nÇa va ?\n", "CRLF"), "a.gz")
    target = _packed(tmp_path, _in_form("It rains.\nAre you well?\n", "no last line feed"), "b")
    assert read_parallel(source, target) == PAIRS


def test_a_tab_in_a_parallel_file_is_part_of_the_sentence(tmp_path: Path) -> None:
    source, target = _file(tmp_path, b"a\tb\n", "a"), _file(tmp_path, b"c\n", "b")
    assert read_parallel(source, target) == [Pair("a\tb", "c")]


def test_only_a_line_feed_ends_a_line(tmp_path: Path) -> None:
    path = _file(tmp_path, "a\u2028b\x0bc\tx\x85y\n".encode())
    assert read_pairs(path) == [Pair("a\u2028b\x0bc", "x\x85y")]
    assert read_tatoeba(path) == [Pair("x\x85y", "a\u2028b\x0bc")]
    assert read_parallel(path, path) == [Pair("a\u2028b\x0bc\tx\x85y", "a\u2028b\x0bc\tx\x85y")]


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


@pytest.mark.parametrize(("line", "found"), [("one", 1), ("a\tb\tc\td", 4)])
def test_a_tatoeba_line_may_have_two_or_three_columns(tmp_path: Path, line: str, found: int) -> None:
    path = _file(tmp_path, f"{TATOEBA}\n{line}\n".encode(), "fra.txt")
    with pytest.raises(DataError, match=r"fra\.txt, line 4") as caught:
        read_tatoeba(path)
    assert caught.value.key == "line_columns_tatoeba"
    assert caught.value.values == {"path": path, "line": 4, "found": found}


@pytest.mark.parametrize("line", ["\tb", "a\t", " \tb", "a\t\u00a0", "\t"])
@pytest.mark.parametrize("read", [read_pairs, read_tatoeba])
def test_a_line_with_an_empty_side_is_named_with_file_and_number(
    tmp_path: Path, line: str, read: Callable[[Path], list[Pair]]
) -> None:
    path = _file(tmp_path, f"{GOOD}{line}\n".encode())
    with pytest.raises(DataError) as caught:
        read(path)
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


@pytest.mark.parametrize(
    ("source", "target", "alone"), [("a\n\n", "x\ny\n", "fr"), ("a\nb\n", "x\n \u00a0\n", "en")]
)
def test_a_line_without_a_partner_is_named_with_its_file_and_number(
    tmp_path: Path, source: str, target: str, alone: str
) -> None:
    files = {"fr": _file(tmp_path, source.encode(), "fr"), "en": _file(tmp_path, target.encode(), "en")}
    other = files["en" if alone == "fr" else "fr"]
    with pytest.raises(DataError) as caught:
        read_parallel(files["fr"], files["en"])
    assert caught.value.key == "line_alone"
    assert caught.value.values == {"path": files[alone], "line": 2, "other": other}
    bad: list[DataError] = []
    assert read_parallel(files["fr"], files["en"], on_bad_line=bad.append) == [Pair("a", "x")]
    assert [error.values for error in bad] == [caught.value.values]


def test_lines_that_are_empty_in_both_files_are_passed_over_but_counted(tmp_path: Path) -> None:
    source, target = _file(tmp_path, b"\n \na\n\nb\n", "fr"), _file(tmp_path, b"\n\nx\n\t\n\n", "en")
    bad: list[DataError] = []
    assert read_parallel(source, target, on_bad_line=bad.append) == [Pair("a", "x")]
    assert [error.values["line"] for error in bad] == [5]


@pytest.mark.parametrize(("source", "target", "counts"), [("a\nb", "x\n", (2, 1)), ("", "x\n\n", (0, 2))])
def test_parallel_files_of_different_lengths_are_refused_with_both(
    tmp_path: Path, source: str, target: str, counts: tuple[int, int]
) -> None:
    files = _file(tmp_path, source.encode(), "fr"), _file(tmp_path, target.encode(), "en")
    with pytest.raises(DataError) as caught:
        read_parallel(*files, on_bad_line=lambda error: None)
    assert caught.value.key == "lines_differ"
    assert caught.value.values == {
        "source": files[0], "sources": counts[0], "target": files[1], "targets": counts[1]
    }  # fmt: skip


def test_bad_lines_of_a_tatoeba_file_are_handed_over_and_left_out(tmp_path: Path) -> None:
    path = _file(tmp_path, f"one\n{TATOEBA}a\t \tby me\n".encode())
    bad: list[DataError] = []
    assert read_tatoeba(path, on_bad_line=bad.append) == PAIRS
    assert [(error.key, error.values["line"]) for error in bad] == [
        ("line_columns_tatoeba", 1),
        ("line_empty_side", 4),
    ]


@pytest.mark.parametrize("data", [b"", b"\n\n", b"only one column\n"])
def test_a_file_without_a_pair_is_refused(tmp_path: Path, data: bytes) -> None:
    path = _file(tmp_path, data)
    with pytest.raises(DataError) as caught:
        read_pairs(path, on_bad_line=lambda error: None)
    assert caught.value.key == "corpus_empty"


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_text_that_is_not_utf8_is_refused_with_its_first_line(tmp_path: Path, mark: bytes) -> None:
    path = _file(tmp_path, mark + b"a\tb\n\nd\xe9j\xe0\tc\n\xe9\td\n")
    with pytest.raises(DataError) as caught:
        read_pairs(path, on_bad_line=lambda error: None)
    assert caught.value.key == "line_not_utf8"
    assert caught.value.values == {"path": path, "line": 3}


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


@pytest.mark.parametrize("name", ["pairs.tsv", "pairs.tsv.gz"])
@pytest.mark.parametrize("limit", ["LIMIT", "LINES"])
def test_more_text_than_the_limit_is_refused_however_small_it_is_packed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, limit: str
) -> None:
    path = _packed(tmp_path, b"a\tb\n" * 1000, name)
    monkeypatch.setattr(corpora, limit, 4000 if limit == "LIMIT" else 1000)
    assert len(read_pairs(path)) == 1000
    monkeypatch.setattr(corpora, limit, 3999 if limit == "LIMIT" else 999)
    with pytest.raises(DataError, match=r"pairs\.tsv") as caught:
        read_pairs(path)
    assert caught.value.key == "text_too_large"


def test_no_more_is_unpacked_than_the_limit() -> None:
    class Endless:
        given = 0

        def read(self, size: int, /) -> bytes:
            self.given += size
            return bytes(size)

    endless, error = Endless(), DataError("corpus_empty", path="endless")
    with pytest.raises(DataError, match="endless"):
        read_bounded(endless, 5 << 20, else_raise=error)
    assert endless.given == 6 << 20


def test_a_file_without_an_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corpora, "LIMIT", 1 << 20)
    with pytest.raises(DataError, match="/dev/zero holds more than 1,048,576 bytes"):
        read_pairs(Path("/dev/zero"))


any_line = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\t\r\n"), min_size=1)
any_side = any_line.filter(lambda text: bool(text.strip()) and not text.startswith("\ufeff"))


@given(st.lists(st.builds(Pair, any_side, any_side), min_size=1, max_size=5))
def test_pairs_written_are_the_pairs_read(
    tmp_path_factory: pytest.TempPathFactory, pairs: list[Pair]
) -> None:
    path = _file(tmp_path_factory.mktemp("written"), pairs_as_tsv(pairs), "pairs.tsv.gz")
    assert read_pairs(path) == pairs


def test_the_same_pairs_are_the_same_bytes_on_every_machine_and_day() -> None:
    data = pairs_as_tsv(PAIRS)
    flags, time, system = data[3], data[4:8], data[9]
    assert (flags, time, system) == (0, bytes(4), 255)  # RFC 1952: no name, no time, unknown system
    assert gzip.decompress(data).decode() == GOOD
