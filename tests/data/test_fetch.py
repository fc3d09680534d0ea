import contextlib
import dataclasses
import hashlib
import io
import socket
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from s2s.cli import main
from s2s.data import fetch as fetching
from s2s.data.corpora import Pair, read_pairs
from s2s.data.fetch import ABOUT, CORPORA, fetch, unpack
from s2s.errors import DataError

PAIRS = [Pair(f"Voici la phrase {i} !", f"This is sentence {i}!") for i in range(40)]
FRA = "".join(
    f"{target}\t{source.replace(' !', chr(0x202F) + '!')}\tby someone\n" for source, target in PAIRS
).encode()


def _zip(files: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", compression) as archive:
        for name, data in files.items():
            # without a date it has the present one, and two processes see different checksums
            archive.writestr(zipfile.ZipInfo(name), data, compression)
    return packed.getvalue()


ARCHIVE = _zip({ABOUT: b"Be so kind as to name us.", "fra.txt": FRA})
SHA1, SHA256 = hashlib.sha1(ARCHIVE).hexdigest(), hashlib.sha256(ARCHIVE).hexdigest()


class Server(ThreadingHTTPServer):
    """Gives the bytes it has for a path; of the next `to_break` answers half, then it hangs up."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.files: dict[str, bytes] = {}
        self.to_break = 0
        self.asked = 0

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server_port}{path}"


class _Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.asked += 1
        data = self.server.files.get(self.path)
        if data is None:
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.server.to_break:
            self.server.to_break -= 1
            data = data[: len(data) // 2]
        self.wfile.write(data)

    def log_message(self, format: str, *_: object) -> None:  # noqa: A002
        pass  # standard error is what the tests read


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with Server() as running:
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        try:
            yield running
        finally:
            running.shutdown()
            thread.join()


@pytest.fixture
def url(server: Server) -> str:
    server.files["/fra-eng.zip"] = ARCHIVE
    return server.url("/fra-eng.zip")


def _command(out: Path, *more: str) -> list[str]:
    return ["data", "fetch", "fra-eng", "--out", str(out), "--dev", "5", "--test", "7", *more]


def _refusal(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> str:
    """The one sentence that a command ends with, on a line of its own."""
    assert main(arguments) == 1
    *_, last = capsys.readouterr().err.rstrip("\n").split("\n")
    *_, sentence = last.split("\r")
    assert sentence.strip().startswith("s2s: ")
    return sentence


@pytest.mark.parametrize("checksum", [SHA1, SHA256, SHA1.upper()])
def test_a_download_becomes_a_folder_to_train_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], url: str, checksum: str
) -> None:
    out = tmp_path / "new" / "fra-eng"
    assert main(_command(out, "--url", url, "--checksum", checksum)) == 0
    parts = {name: read_pairs(out / f"{name}.tsv.gz") for name in ("train", "dev", "test")}
    assert [len(pairs) for pairs in parts.values()] == [28, 5, 7]
    assert sorted(pair for pairs in parts.values() for pair in pairs) == sorted(PAIRS)
    assert (out / ABOUT).read_bytes() == b"Be so kind as to name us."
    assert {path.name for path in out.iterdir()} == {
        "train.tsv.gz", "dev.tsv.gz", "test.tsv.gz", "README.md", ABOUT
    }  # fmt: skip
    said = capsys.readouterr().err
    assert f"{checksum.lower()}, checked" in said
    assert "B/s" in said
    assert f"{out}: 28 pairs in train, 5 in dev, 7 in test" in said


def test_the_readme_says_whose_the_sentences_are_and_how_they_were_split(tmp_path: Path, url: str) -> None:
    assert main(_command(tmp_path, "--url", url, "--checksum", SHA1, "--seed", "6")) == 0
    readme = (tmp_path / "README.md").read_text(encoding="utf-8")
    for wanted in (
        url, SHA1, "tatoeba.org", "www.manythings.org/anki", "CC BY 2.0 (France)", ABOUT,
        "French TAB English",
        "| train.tsv.gz | 28 | 28 |", "| dev.tsv.gz | 5 | 5 |", "| test.tsv.gz | 7 | 7 |",
        "40 pairs", "seed 6",
    ):  # fmt: skip
        assert wanted in readme


def test_the_same_command_gives_the_same_bytes(tmp_path: Path, url: str) -> None:
    for name in ("one", "two", "two"):  # the last finds its own work
        assert main(_command(tmp_path / name, "--url", url, "--checksum", SHA1)) == 0
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


def test_without_a_checksum_it_is_said_that_nothing_was_checked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], url: str
) -> None:
    assert main(_command(tmp_path, "--url", url)) == 0
    assert f"sha256 {SHA256}, not checked against anything" in capsys.readouterr().err
    assert f"sha256 {SHA256}, not checked against anything" in (tmp_path / "README.md").read_text()


def test_an_archive_that_is_here_needs_no_network(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "by-hand.zip"
    command = _command(tmp_path / "out", "--url", str(path), "--checksum", SHA1)
    assert f"{path} does not exist" in _refusal(capsys, command)
    path.write_bytes(ARCHIVE)
    assert main(command) == 0
    assert len(read_pairs(tmp_path / "out" / "train.tsv.gz")) == 28


def test_the_known_checksum_guards_the_known_address(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setitem(CORPORA, "fra-eng", dataclasses.replace(CORPORA["fra-eng"], url=url))
    sentence = _refusal(capsys, _command(tmp_path / "out"))
    assert CORPORA["fra-eng"].checksum in sentence
    assert SHA1 in sentence
    assert main(_command(tmp_path / "out", "--checksum", SHA1)) == 0


def test_a_wrong_checksum_is_refused_and_nothing_is_left(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], url: str
) -> None:
    wrong = SHA256[::-1]
    sentence = _refusal(capsys, _command(tmp_path / "out", "--url", url, "--checksum", wrong))
    assert SHA256 in sentence
    assert wrong in sentence
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("checksum", ["abc", "g" * 40, SHA1 + "0", f"sha1:{SHA1}"])
def test_what_is_no_checksum_is_refused_before_the_download(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], server: Server, url: str, checksum: str
) -> None:
    assert checksum in _refusal(capsys, _command(tmp_path, "--url", url, "--checksum", checksum))
    assert server.asked == 0


@pytest.mark.parametrize("more", [(), ("--checksum", SHA1)])
def test_a_connection_that_breaks_leaves_nothing_and_the_next_try_is_whole(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], server: Server, url: str, more: tuple[str, ...]
) -> None:
    server.to_break = 1
    command = _command(tmp_path / "out", "--url", url, *more)
    assert url in _refusal(capsys, command)
    assert list(tmp_path.iterdir()) == []
    assert main(command) == 0
    assert len(read_pairs(tmp_path / "out" / "train.tsv.gz")) == 28


def test_an_address_without_a_file_is_told_with_the_servers_answer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], server: Server
) -> None:
    sentence = _refusal(capsys, _command(tmp_path / "out", "--url", server.url("/gone.zip")))
    assert "404" in sentence
    assert "/gone.zip" in sentence
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_is_not_there_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with contextlib.closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))  # bound, but nobody listens
        url = f"http://127.0.0.1:{free.getsockname()[1]}/fra-eng.zip"
        sentence = _refusal(capsys, _command(tmp_path / "out", "--url", url))
    assert "refused" in sentence
    assert "--url" in sentence
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("url", ["gopher://example.org/fra-eng.zip", "http://", "http://[1/x.zip"])
def test_an_address_that_is_none_is_one_sentence(url: str) -> None:
    with pytest.raises(DataError) as caught:
        fetch(url)
    assert caught.value.key == "download_failed"
    assert caught.value.values["url"] == url
    assert caught.value.values["reason"]


def test_an_archive_without_the_sentences_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], server: Server
) -> None:
    server.files["/other.zip"] = _zip({"deu.txt": FRA, "fra.txt.bak": FRA})
    sentence = _refusal(capsys, _command(tmp_path / "out", "--url", server.url("/other.zip")))
    assert "fra.txt" in sentence
    assert list(tmp_path.iterdir()) == []


def test_a_truncated_archive_is_refused_where_there_is_no_checksum(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], server: Server
) -> None:
    server.files["/half.zip"] = ARCHIVE[: len(ARCHIVE) // 2]
    sentence = _refusal(capsys, _command(tmp_path / "out", "--url", server.url("/half.zip")))
    assert "zip" in sentence
    assert list(tmp_path.iterdir()) == []


def test_no_beginning_of_an_archive_is_taken_for_the_whole() -> None:
    for length in range(len(ARCHIVE)):
        with pytest.raises(DataError) as caught:
            unpack(ARCHIVE[:length], member="fra.txt", url="here")
        assert caught.value.key == "archive_damaged"
        assert caught.value.values["reason"]


def test_a_changed_byte_is_an_error_of_ours_or_harmless() -> None:
    told = 0
    for position in range(len(ARCHIVE)):
        for change in (0x01, 0xFF):
            damaged = bytearray(ARCHIVE)
            damaged[position] ^= change
            try:
                assert unpack(bytes(damaged), member="fra.txt", url="here").pairs == FRA
            except DataError:
                told += 1
    assert told > len(ARCHIVE)


def test_an_archive_that_becomes_more_than_the_limit_is_not_unpacked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "LIMIT", 1 << 20)
    bomb = _zip({"fra.txt": b"a\tb\n" * (1 << 20)})
    assert len(bomb) < 1 << 16
    (tmp_path / "bomb.zip").write_bytes(bomb)
    sentence = _refusal(capsys, _command(tmp_path / "out", "--url", str(tmp_path / "bomb.zip")))
    assert "fra.txt in" in sentence
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("compression", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_an_archive_packed_in_a_way_that_has_no_bound_is_refused(compression: int) -> None:
    with pytest.raises(DataError, match="neither stored nor deflated"):
        unpack(_zip({"fra.txt": FRA}, compression), member="fra.txt", url="here")


def test_an_archive_above_the_limit_is_not_read_whole_from_wherever_it_comes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    (tmp_path / "here.zip").write_bytes(ARCHIVE)
    for place in (url, str(tmp_path / "here.zip")):
        monkeypatch.setattr(fetching, "ARCHIVE_LIMIT", len(ARCHIVE))
        assert fetch(place).data == ARCHIVE
        monkeypatch.setattr(fetching, "ARCHIVE_LIMIT", len(ARCHIVE) - 1)
        with pytest.raises(DataError) as caught:
            fetch(place)
        assert caught.value.key == "archive_too_large"


@pytest.mark.parametrize("folder", ["", "fra-eng/", "a/b/"])
def test_the_sentences_are_found_in_any_folder_of_the_archive(folder: str) -> None:
    contents = unpack(_zip({f"{folder}x.txt": b"x", f"{folder}fra.txt": FRA}), member="fra.txt", url="here")
    assert contents == (FRA, None)


def test_bad_lines_of_the_archive_are_told_with_their_numbers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], server: Server
) -> None:
    server.files["/odd.zip"] = _zip({"fra.txt": b"only one\n" + FRA + b"a\tb\tc\td\n"})
    assert main(_command(tmp_path, "--url", server.url("/odd.zip"))) == 0
    said = capsys.readouterr().err
    assert "skipped: fra.txt, line 1 has 1 columns" in said
    assert "skipped: fra.txt, line 42 has 4 columns" in said
    assert "40 pairs were read and 2 bad lines skipped" in said
    assert not (tmp_path / ABOUT).exists()
    assert ABOUT not in (tmp_path / "README.md").read_text(encoding="utf-8")
