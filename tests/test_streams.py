"""The command line with streams that are closed, full or left by their reader, and with Ctrl-C."""

import io
import os
import signal
import subprocess
import sys

import pytest

from s2s.cli import main
from s2s.translator import Translator

S2S = (sys.executable, "-m", "s2s")
FULL = "s2s: standard output cannot be written (No space left on device); choose another place.\n"
CLOSED = "s2s: standard output cannot be written (Bad file descriptor); choose another place.\n"
MISSING = "s2s: nowhere.tsv does not exist; check the spelling.\n"


def shell(redirected: str, *arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
    """The program with some of its streams redirected as a shell does it."""
    command = ["sh", "-c", f'"$@" {redirected}', "sh", *S2S, *arguments]
    return subprocess.run(command, input=text, capture_output=True, text=True, check=False, timeout=120)


@pytest.mark.parametrize(
    ("redirected", "arguments", "status", "out", "err"),
    [
        ("> /dev/full", ["--version"], 1, "", FULL),
        ("> /dev/full", ["compare", "--help"], 1, "", FULL),
        (">&-", ["--version"], 1, "", CLOSED),
        ("2>&-", ["data", "split", "nowhere.tsv", "--out", "x"], 1, "", ""),
        ("2> /dev/full", ["data", "split", "nowhere.tsv", "--out", "x"], 1, "", ""),
        ("<&- >&-", ["data", "split", "nowhere.tsv", "--out", "x"], 1, "", MISSING),
        ("<&- >&- 2>&-", ["--version"], 1, "", ""),
        ("2>&-", ["translate", "--model=--"], 2, "", ""),
    ],
)
def test_a_stream_that_cannot_be_used_is_a_status_and_at_most_a_sentence(
    redirected: str, arguments: list[str], status: int, out: str, err: str
):
    done = shell(redirected, *arguments)
    assert (done.returncode, done.stdout, done.stderr) == (status, out, err)


@pytest.mark.parametrize(
    ("redirected", "err"),
    [("<&-", "s2s: standard input cannot be read (Bad file descriptor); check the file.\n"),
     ("> /dev/full", FULL), (">&-", CLOSED)],
)  # fmt: skip
def test_a_line_that_cannot_be_read_or_answered_is_said(redirected: str, err: str):
    done = shell(redirected, "translate", "--model", "fr-en-dot", text="Il pleut.\n")
    assert (done.returncode, done.stdout, done.stderr) == (1, "", err)


@pytest.mark.parametrize("command", ["trace", "translate"])
def test_a_reader_that_has_seen_enough_ends_the_program_without_a_word(command: str):
    done = shell("| head -n 1", command, "--model", "fr-en-dot", text="Il pleut.\n" * 20)
    assert done.returncode == 0
    assert done.stdout.count("\n") == 1
    assert done.stderr == ""


@pytest.mark.parametrize("imported", [" argparse", " torch.torch_version"])
def test_ctrl_c_while_the_program_is_being_imported_is_status_130_without_a_word(imported: str):
    command = [S2S[0], "-X", "importtime", *S2S[1:], "costs"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if line.rstrip().endswith(imported):
                break
        process.send_signal(signal.SIGINT)
        out, rest = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, "")
    assert all(line.startswith("import time:") for line in rest.splitlines())


def test_ctrl_c_is_not_heard_by_a_program_that_was_told_not_to():
    code = "import signal, s2s.__main__ as program; signal.signal(signal.SIGINT, signal.SIG_IGN); "
    code += (
        "import s2s.cli; s2s.cli.main = lambda: print(signal.getsignal(signal.SIGINT).name); program.main()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "SIG_IGN\n"


def test_an_error_of_a_file_that_nobody_expects_is_one_sentence(monkeypatch, capsys):
    def fail(*_: object) -> None:
        raise PermissionError(13, "Permission denied", "somewhere")

    monkeypatch.setattr(Translator, "load", fail)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"")))
    assert main(["translate", "--model", "x"]) == 1
    said = capsys.readouterr().err
    assert said == "s2s: somewhere cannot be used (Permission denied); check it, or choose another place.\n"


def test_arguments_of_any_bytes_are_taken_or_refused_in_a_sentence(tmp_path):
    path = tmp_path / os.fsdecode(b"\xff.tsv")
    path.write_text("no tab\n", encoding="utf-8")
    done = shell("", "data", "split", str(path), "--strict", "--out", "x")
    assert done.returncode == 1
    assert done.stderr.startswith("s2s: ")
    assert done.stderr.count("\n") == 1
