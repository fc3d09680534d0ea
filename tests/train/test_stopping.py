"""What stops a training from outside: signals save it, and what is said then is true."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from s2s.cli import main
from s2s.data.corpora import Pair
from s2s.errors import DataError
from s2s.train import loop, start
from s2s.train.state import read_record
from tests.sentences import PAIRS, PHRASES
from tests.train.runs import assert_same_state
from tests.train.test_command import train, tsv

ROOT = Path(__file__).resolve().parents[2]
SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]
UPDATES = 8


@pytest.fixture
def command(tmp_path: Path) -> Callable[..., int]:
    """A function from a folder's name to the exit code of a training there."""
    pairs = tsv(tmp_path / "pairs.tsv", PAIRS)

    def run(name: str, *more: object) -> int:
        files = ("--train", pairs, "--dev", pairs)
        return train(tmp_path / name, *files, "--threads", 1, "--updates", UPDATES, *more)

    return run


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int, int], None]]:
    """A function that lets a signal come in the middle of an update."""
    learn = loop._learn
    before = [signal.getsignal(number) for number in SIGNALS]

    def ask(number: int, update: int) -> None:
        def interrupted(work: Any, *rest: Any) -> loop.Progress:
            if work.state.updates == update - 1:
                os.kill(os.getpid(), number)
            return learn(work, *rest)

        monkeypatch.setattr(loop, "_learn", interrupted)

    yield ask
    assert [signal.getsignal(number) for number in SIGNALS] == before


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_saves_the_run_and_resume_ends_where_a_straight_run_ends(
    command: Callable[..., int],
    asked: Callable[[int, int], None],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    number: int,
) -> None:
    assert command("straight") == 0
    asked(number, 3)
    with pytest.raises(SystemExit) as caught:
        command("stopped")
    assert caught.value.code == 128 + number
    assert "stopped and saved; go on with --resume" in capsys.readouterr().err
    assert (read_record(tmp_path / "stopped") or {})["updates"] == 3
    monkeypatch.undo()
    assert command("stopped", "--resume") == 0
    assert_same_state(tmp_path / "straight", tmp_path / "stopped")


def test_sigterm_ends_the_command_with_143_and_its_run_is_saved(tmp_path: Path) -> None:
    pairs = tsv(tmp_path / "pairs.tsv", PHRASES)
    words = [sys.executable, "-m", "s2s", "train", "--out", tmp_path / "run", "--updates", 10_000]
    words += ["--train", pairs, "--dev", pairs, "--batch-tokens", 64, "--hidden", 16, "--threads", 1]
    words += ["--source-vocab", 30, "--target-vocab", 30, "--precision", "float32", "--dev-every", 2]
    process = subprocess.Popen(list(map(str, words)), stderr=subprocess.PIPE, text=True, cwd=ROOT)
    assert process.stderr is not None
    seen = ""
    while "dev loss" not in seen:  # it has begun to learn
        seen += (character := process.stderr.read(1))
        assert character, seen
    process.terminate()
    told = process.communicate()[1]
    assert process.returncode == 143
    assert "stopped and saved" in told
    assert "Traceback" not in told
    assert 0 < (read_record(tmp_path / "run") or {})["updates"] < 10_000


def test_until_there_is_something_to_save_signals_end_the_process_at_once(
    command: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    learn, seen = start.learn_tokenizers, []

    def watched(*pairs: Any, **settings: Any) -> Any:
        seen.extend(signal.getsignal(number) for number in SIGNALS)
        return learn(*pairs, **settings)

    monkeypatch.setattr(start, "learn_tokenizers", watched)
    assert command("run") == 0
    assert seen == [signal.SIG_DFL] * 3


def test_a_run_under_nohup_outlives_its_terminal(
    command: Callable[..., int], asked: Callable[[int, int], None], tmp_path: Path
) -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        asked(signal.SIGHUP, 3)
        assert command("run") == 0
    finally:
        signal.signal(signal.SIGHUP, before)
    assert (read_record(tmp_path / "run") or {})["updates"] == UPDATES


def test_a_run_that_is_asked_to_stop_in_its_last_update_is_finished(
    command: Callable[..., int],
    asked: Callable[[int, int], None],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    asked(signal.SIGTERM, UPDATES)
    assert command("run") == 0
    assert "--resume" not in capsys.readouterr().err
    assert (read_record(tmp_path / "run") or {})["updates"] == UPDATES


def test_what_could_not_be_saved_is_not_said_to_be(
    command: Callable[..., int],
    asked: Callable[[int, int], None],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def full(*_: object) -> None:
        raise DataError("file_unwritable", path="run", reason="No space left on device")

    asked(signal.SIGTERM, 3)
    monkeypatch.setattr(loop, "_save", full)
    assert command("run") == 1
    told = capsys.readouterr().err
    assert "stopped and saved" not in told
    assert told.endswith("s2s: run cannot be written (No space left on device); choose another place.\n")


@pytest.mark.parametrize(
    "error",
    [
        MemoryError("no room"),
        RuntimeError("[enforce fail at alloc_cpu.cpp:127] DefaultCPUAllocator: can't allocate memory\nat"),
        RuntimeError("CUDA out of memory. Tried to allocate 2 GiB"),
    ],
)
def test_too_little_memory_is_one_sentence(
    command: Callable[..., int],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: Exception,
) -> None:
    def large(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(loop, "update", large)
    assert command("run") == 1
    assert "\ns2s: The memory is not enough" in "\n" + capsys.readouterr().err.rpartition("\r")[2]


def test_another_error_of_torch_is_not_taken_for_too_little_memory(
    command: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("mat1 and mat2 shapes cannot be multiplied")

    monkeypatch.setattr(loop, "update", broken)
    with pytest.raises(RuntimeError, match="mat1 and mat2"):
        command("run")


def test_a_folder_without_a_name_is_refused_and_nothing_there_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pairs = tsv(tmp_path / "pairs.tsv", PAIRS)
    mine = tmp_path / "mine"
    mine.mkdir()
    monkeypatch.chdir(mine)
    (mine / "README.md").write_text("# My project\n", encoding="utf-8")
    files = ("--train", str(pairs), "--dev", str(pairs))
    for place in ("", "/", "."):
        assert main(["train", *files, "--out", place]) == 1
        told = capsys.readouterr().err
        assert told.startswith("s2s: ")
        assert told.count("\n") == 1
    assert [path.name for path in mine.iterdir()] == ["README.md"]
    assert (mine / "README.md").read_text(encoding="utf-8") == "# My project\n"


def test_a_model_in_the_folder_that_one_is_in_has_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pairs = tsv(tmp_path / "pairs.tsv", PAIRS)
    (tmp_path / "mine").mkdir()
    monkeypatch.chdir(tmp_path / "mine")
    assert train(Path(), "--train", pairs, "--dev", pairs) == 0
    assert (tmp_path / "mine" / "README.md").read_text(encoding="utf-8").startswith("# mine\n")


def test_a_pair_of_half_a_megabyte_is_left_out_and_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pairs = tsv(tmp_path / "pairs.tsv", PAIRS)
    junk = tsv(tmp_path / "junk.tsv", [*PAIRS, Pair("mot " * 125_000, "word " * 100_000)])
    assert train(tmp_path / "one", "--train", pairs, "--dev", pairs) == 0
    capsys.readouterr()
    assert train(tmp_path / "two", "--train", junk, "--dev", pairs) == 0
    assert f"skipped: {junk}: pairs with more than 10,000 characters on a side: 1;" in capsys.readouterr().err
    assert_same_state(tmp_path / "one", tmp_path / "two")


def test_a_credit_in_another_encoding_is_kept_as_far_as_it_can_be_read(tmp_path: Path) -> None:
    pairs = tsv(tmp_path / "pairs.tsv", PAIRS)
    files = ("--train", pairs, "--dev", pairs)
    assert train(tmp_path / "run", *files, "--data", os.fsdecode(b"caf\xe9, CC0")) == 0
    assert "- Data: caf?, CC0" in (tmp_path / "run" / "README.md").read_text(encoding="utf-8")
