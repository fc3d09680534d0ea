"""`translate`: lines in batches, answered as if they came one by one."""

import gzip
import io
import os
import re
import select
import signal
import subprocess
import sys
import termios
from collections.abc import Callable
from pathlib import Path

import pytest

from s2s.cli import lines as reading
from s2s.cli import main
from s2s.cli.lines import Lines
from s2s.cli.streams import say
from s2s.translator import Translator
from tests.sentences import PAIRS

ODD = ["", "   ", "mot " * 500, "a\tb\tc", "\ufffd", "\u2028\x0b\x0c", "😀 한국어", "\0", "LE CHAT DORT"]
TEXT = "\n".join([*(source for source, _ in PAIRS), *ODD, *(source * 3 for source, _ in PAIRS[:9]), "fin"])


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], str]:
    """A function that gives all that another says, on standard output and error, in the order it is said."""

    def of(run: Callable[[], object]) -> str:
        both = io.BytesIO()
        with monkeypatch.context() as patch:
            for name in ("stdout", "stderr"):
                patch.setattr(sys, name, io.TextIOWrapper(both, "utf-8", write_through=True))
            run()
            sys.stdout.detach()  # or they would close what both write to
            sys.stderr.detach()
        return both.getvalue().decode()

    return of


def one_by_one(translator: Translator, path: Path) -> None:
    """What the command does, a line at a time."""
    lines = Lines(str(path))
    for number, line in lines:
        if not line.strip():
            say("")
            continue
        trace = translator.translate(line)
        lines.tell_cuts(number, trace)
        say(trace.target)


@pytest.mark.parametrize("at_once", [64, 1 << 15])
def test_a_file_is_answered_line_by_line_with_each_warning_before_its_line(
    monkeypatch, said, tmp_path: Path, trained_folder: Path, at_once: int
):
    monkeypatch.setattr(reading, "_READ", at_once)
    monkeypatch.setattr(reading, "LIMIT", 1200)
    path = tmp_path / "in.txt"
    path.write_text(TEXT, encoding="utf-8")
    wanted = said(lambda: one_by_one(Translator.load(str(trained_folder)), path))
    assert said(lambda: main(["translate", "--model", str(trained_folder), str(path)])) == wanted
    number = len(PAIRS) + ODD.index("mot " * 500) + 1
    assert f"line {number} has more than 1200 characters" in wanted
    assert re.search(rf"line {number} has more than \d+ pieces and was read up to 'mot'", wanted)
    assert wanted.count("is not UTF-8 text") == 2
    answers = [line for line in wanted.split("\n")[:-1] if not line.startswith("s2s: ")]
    assert len(answers) == TEXT.count("\n") + 1


def test_what_stands_before_damage_in_a_file_is_answered(capfdbinary, tmp_path: Path, trained_folder: Path):
    sentences = [source for source, _ in PAIRS] * 40
    packed = gzip.compress("\n".join(sentences).encode())
    path = tmp_path / "damaged.gz"
    path.write_bytes(packed[: len(packed) * 3 // 4])
    assert main(["translate", "--model", str(trained_folder), str(path)]) == 1
    out, err = (text.decode() for text in capfdbinary.readouterr())
    answers = out.split("\n")[:-1]
    assert len(answers) > len(PAIRS)
    translator = Translator.load(str(trained_folder))
    assert answers[: len(PAIRS)] == [translator.translate(source).target for source, _ in PAIRS]
    assert err.count("\n") == 1
    assert "damaged.gz cannot be read" in err


COMMAND = (sys.executable, "-m", "s2s", "translate", "--model", "fr-en-dot")


@pytest.mark.parametrize("kind", ["pipe", "terminal"])
def test_each_line_is_answered_before_the_next_is_written(kind: str):
    ours, theirs = os.pipe()[::-1] if kind == "pipe" else os.openpty()
    with subprocess.Popen(COMMAND, stdin=theirs, stdout=subprocess.PIPE, bufsize=0) as process:
        os.close(theirs)
        try:
            assert process.stdout is not None
            for sentence, answer in (("Il pleut.", b"It's raining."), ("", b""), ("Merci.", b"Thank you.")):
                os.write(ours, f"{sentence}\n".encode())
                assert select.select([process.stdout], [], [], 120)[0], "it waits for more"
                assert process.stdout.readline() == answer + b"\n"
        finally:
            process.kill()
            os.close(ours)


def test_ctrl_c_between_answers_is_status_130_without_a_word():
    with subprocess.Popen(
        COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b"Il pleut encore ce matin.\n" * 1500)  # less than a pipe holds
        assert process.stdout.readline()
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=120)
    assert (process.returncode, err) == (130, b"")


class Terminal:
    """A terminal of which what was written to it can be read."""

    def __init__(self) -> None:
        self._ours, theirs = os.openpty()
        termios.tcsetwinsize(theirs, (24, 80))
        self.stream = os.fdopen(theirs, "w", encoding="utf-8")

    def shown(self) -> str:
        self.stream.flush()
        parts = []
        while select.select([self._ours], [], [], 0)[0]:
            parts.append(os.read(self._ours, 1 << 16))
        return b"".join(parts).decode()

    def close(self) -> None:
        self.stream.close()
        os.close(self._ours)


@pytest.fixture
def terminal():
    opened = Terminal()
    yield opened
    opened.close()


def test_the_progress_of_a_file_is_shown_on_a_terminal(
    monkeypatch, tmp_path: Path, trained_folder: Path, terminal: Terminal
):
    path = tmp_path / "in.txt"
    path.write_bytes(b"un chat dort\n" * 30 + b"\xff\n" + b"un chat dort\n" * 1200)
    monkeypatch.setattr(sys, "stderr", terminal.stream)
    monkeypatch.setattr(reading, "_READ", 1 << 10)
    assert main(["translate", "--model", str(trained_folder), str(path)]) == 0
    shown = terminal.shown()
    assert "100%" in shown
    assert "1,231 lines" in shown
    assert f"\rs2s: {path}, line 31 is not UTF-8 text; save the file as UTF-8.\r\n" in shown


def test_the_progress_of_a_redirected_file_is_shown_too(
    monkeypatch, tmp_path: Path, trained_folder: Path, terminal: Terminal
):
    path = tmp_path / "in.txt"
    path.write_text("un chat dort\n" * 9, encoding="utf-8")
    monkeypatch.setattr(sys, "stderr", terminal.stream)
    with path.open(encoding="utf-8") as file:
        monkeypatch.setattr(sys, "stdin", file)
        assert main(["translate", "--model", str(trained_folder)]) == 0
    assert "9 lines" in terminal.shown()


def test_no_progress_is_shown_where_nobody_waits_for_it(
    monkeypatch, capfd, tmp_path: Path, trained_folder: Path, terminal: Terminal
):
    path = tmp_path / "in.txt"
    path.write_text("un chat dort\n" * 9, encoding="utf-8")
    command = ["translate", "--model", str(trained_folder)]
    assert main([*command, str(path)]) == 0  # standard error is no terminal
    assert capfd.readouterr().err == ""
    monkeypatch.setattr(sys, "stderr", terminal.stream)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(path.read_bytes())))
    assert main(command) == 0  # the end of what is read is not known
    assert terminal.shown() == ""
    monkeypatch.setattr(sys, "stdout", terminal.stream)
    assert main([*command, str(path)]) == 0  # the answers are on the same terminal
    assert terminal.shown().count("\r") == 9
