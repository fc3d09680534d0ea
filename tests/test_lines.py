"""Lines of text as `translate`, `align`, `trace` and `compare` read them."""

import codecs
import gzip
import io
import itertools
import os
import sys
import tracemalloc
from pathlib import Path

import pytest

from s2s.cli import lines
from s2s.cli.lines import Lines, sides
from s2s.errors import DataError
from s2s.translator import Translator

TEXT = "Il pleut.\n\nOù est-il ?\r\n😀 학교\nsans fin"
WANTED = list(enumerate(["Il pleut.", "", "Où est-il ?", "😀 학교", "sans fin"], start=1))


def given(monkeypatch: pytest.MonkeyPatch, data: bytes) -> Lines:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    return Lines("-")


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be-mark", "utf-32", "utf-32-be-mark"]
)
def test_text_is_read_by_its_byte_order_mark_from_a_file_and_from_standard_input(
    monkeypatch, capsys, tmp_path: Path, encoding: str, packed: bool
):
    mark = {"utf-16": codecs.BOM_UTF16_BE, "utf-32": codecs.BOM_UTF32_BE}
    bare = encoding.removesuffix("-mark")
    data = mark[encoding[:6]] + TEXT.encode(bare) if bare != encoding else TEXT.encode(encoding)
    path = tmp_path / ("text.gz" if packed else "text")
    path.write_bytes(gzip.compress(data) if packed else data)
    assert list(Lines(str(path))) == WANTED
    if not packed:
        assert list(given(monkeypatch, data)) == WANTED
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("data", [b"O\xf9 est-il ?\n", b"\xff\xfe\x00\n", "Il".encode("utf-16-le") + b"\n"])
def test_what_is_no_text_is_told_with_its_line_and_the_next_lines_are_read(monkeypatch, capsys, data: bytes):
    *_, before, last = given(monkeypatch, b"Il pleut.\n" * 2 + data + b"Il neige.\n")
    assert last == (4, "Il neige.")
    assert before[0] == 3
    assert capsys.readouterr().err == (
        "s2s: standard input, line 3 is not UTF-8 text; save the file as UTF-8.\n"
    )


def test_bytes_that_begin_like_a_mark_are_none_if_no_line_would_end(monkeypatch, capsys):
    assert [text for _, text in given(monkeypatch, b"\xff\xfe\x00\nIl pleut.\n")][1:] == ["Il pleut."]
    assert "line 1 is not UTF-8" in capsys.readouterr().err


def test_a_line_is_read_up_to_the_limit_and_the_rest_of_it_passed_over(monkeypatch, capsys):
    monkeypatch.setattr(lines, "LIMIT", 10)
    text = b"0123456789\n" + b"x" * 35 + b"\n0123456\n" + b"y" * 25
    assert list(given(monkeypatch, text)) == [
        (1, "0123456789"), (2, "x" * 10), (3, "0123456"), (4, "y" * 10)
    ]  # fmt: skip
    told = capsys.readouterr().err.splitlines()
    assert [line.partition(" has more than 10 characters")[0] for line in told] == [
        "s2s: standard input, line 2", "s2s: standard input, line 4"
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["nowhere", ".", "damaged.gz", "\udcff"])
def test_a_file_that_cannot_be_read_is_one_error_with_its_name(monkeypatch, tmp_path: Path, name: str):
    monkeypatch.chdir(tmp_path)
    Path("damaged.gz").write_bytes(gzip.compress(b"a\n" * 9000)[:30])
    with pytest.raises(DataError) as caught:
        list(Lines(name))
    assert caught.value.values["path"] == name


@pytest.mark.parametrize(
    ("line", "found"),
    [("a", ["a"]), ("a\tb", ["a", "b"]), ("a ||| b", ["a", "b"]), ("a ||| b\tc", ["a ||| b", "c"]),
     ("a|||b", ["a|||b"]), ("a ||| b ||| c", ["a", "b", "c"]), ("", [""])],
)  # fmt: skip
def test_a_line_is_a_source_or_a_pair(line: str, found: list[str]):
    assert sides(line) == found


def test_what_was_cut_of_a_line_or_its_translation_is_told(capsys):
    translator = Translator.load("fr-en-dot")
    long = translator.translate("le jardin " * 200)
    assert long.source_cut
    Lines("in.txt").tell_cuts(7, long)
    Lines("in.txt").tell_cuts(8, translator.translate("le jardin"))
    told = capsys.readouterr().err.splitlines()
    assert told[0].startswith(f"s2s: in.txt, line 7 has more than {len(long.source_pieces)} pieces")
    assert repr(long.read()[-2].text) in told[0]
    assert len(told) == 1 + long.target_cut


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_characters_and_line_ends_may_be_cut_by_a_read(monkeypatch, capsys, encoding: str):
    monkeypatch.setattr(lines, "_READ", 3)
    assert list(given(monkeypatch, TEXT.encode(encoding))) == WANTED
    assert capsys.readouterr().err == ""


def test_a_pipe_gives_what_is_written_and_keeps_back_only_a_line_that_has_no_end(monkeypatch):
    read, write = os.pipe()
    with os.fdopen(read, encoding="utf-8") as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        windows = Lines("-").windows()
        os.write(write, b"a\nb\nc")
        assert [line.text for line in next(windows).lines] == ["a", "b"]
        os.write(write, b"d\n")
        assert [line[:2] for line in next(windows).lines] == [(3, "cd")]
        os.write(write, b"e")
        os.close(write)
        assert [line[:2] for line in next(windows).lines] == [(4, "e")]
        assert list(windows) == []


class Endless(io.RawIOBase):
    """A file of text without end."""

    def __init__(self, text: bytes) -> None:
        self._text, self.given = text, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        count = len(buffer) // len(self._text) * len(self._text)
        buffer[:count] = self._text * (count // len(self._text))
        self.given += count
        return count


@pytest.mark.parametrize("line", [b"\n", b"le chat dort\n", b"mot " * 200 + b"\n"])
def test_of_a_text_without_end_no_more_than_one_read_is_held(monkeypatch, line: bytes):
    endless = Endless(line)
    stdin = io.TextIOWrapper(io.BufferedReader(endless))
    monkeypatch.setattr(sys, "stdin", stdin)
    answered = 0
    for number, window in zip(range(20), Lines("-").windows(), strict=False):
        assert endless.given - answered <= lines._READ + io.DEFAULT_BUFFER_SIZE, number
        answered += len(window.lines) * len(line)
    assert answered > 10 * lines._READ


def test_of_a_line_without_end_no_more_than_the_limit_is_held(monkeypatch, capsys):
    stdin = io.TextIOWrapper(io.BufferedReader(Endless(b"mot ")))
    monkeypatch.setattr(sys, "stdin", stdin)
    monkeypatch.setattr(lines, "LIMIT", 1 << 16)
    texts = itertools.chain(itertools.islice(lines._decoded(stdin.buffer), 1000), ["\n"])  # 32 MB
    tracemalloc.start()
    try:
        (ended,) = [ended for ended in lines._ended(texts) if ended]
        assert tracemalloc.get_traced_memory()[1] < 1 << 20
    finally:
        tracemalloc.stop()
    assert ended == [("mot " * (1 << 14)) + "mo"]
