"""Trainings that are killed at any moment and gone on with: the model is that of the undisturbed run, to the
bit."""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Final

from benchmarks.faults import Case, tried
from benchmarks.server import ROOT

_UPDATES: Final = 60
_PATIENCE: Final = 120  # seconds for a whole run
_MOST_RESUMED: Final = 4
_WORDS: Final = ("chat chien maison voiture ville ami livre rue mer pain".split(),
                 "cat dog house car town friend book street sea bread".split())  # fmt: skip


def killed(count: int, draw: Random) -> Iterator[Case]:
    """Killed, stopped or hung up on, up to four times, and resumed to the end."""
    with tempfile.TemporaryDirectory(prefix="s2s-faults-") as place:
        folder = Path(place)
        _write_pairs(folder)
        undisturbed = folder / "undisturbed"
        started = time.monotonic()
        finished = _train(folder, undisturbed)
        seconds = time.monotonic() - started
        if finished.returncode:
            yield Case("the undisturbed run", finished.stderr[-300:].decode(errors="replace"))
            return
        wanted = (undisturbed / "weights.safetensors").read_bytes()
        for number in range(count):
            moments = [draw.uniform(0, seconds) for _ in range(draw.randint(1, _MOST_RESUMED))]
            by = draw.choice((signal.SIGKILL, signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP))
            out = folder / f"run{number}"
            what = f"{number}: {by.name} after {', '.join(f'{moment:.2f}' for moment in moments)} s"
            yield tried(what, lambda: _flaw(folder, out, by, moments, wanted))  # noqa: B023


def two_at_once(count: int, draw: Random) -> Iterator[Case]:
    """Two runs that begin in one folder: one is refused in a sentence, the other's model is whole."""
    with tempfile.TemporaryDirectory(prefix="s2s-faults-") as place:
        folder = Path(place)
        _write_pairs(folder)
        for number in range(count):
            out = folder / f"both{number}"
            yield tried(f"{number}: two runs in one folder", lambda: _flaw_of_two(folder, out, draw))  # noqa: B023


def _flaw_of_two(folder: Path, out: Path, draw: Random) -> str:
    first = _start(folder, out)
    time.sleep(draw.uniform(0, 0.5))
    second = _start(folder, out)
    ends = [process.communicate(timeout=_PATIENCE) for process in (first, second)]
    statuses = sorted((first.returncode, second.returncode))
    if any(b"Traceback" in said for _, said in ends):
        return "a traceback"
    if statuses[0] != 0 or statuses[1] not in (1, 2):
        return f"statuses {statuses}"
    return "" if (out / "weights.safetensors").is_file() else "no model"


def _flaw(folder: Path, out: Path, by: signal.Signals, moments: list[float], wanted: bytes) -> str:
    for moment in moments:
        process = _start(folder, out, *(["--resume"] if _may_resume(out) else []))
        try:
            process.wait(timeout=moment)
        except subprocess.TimeoutExpired:
            process.send_signal(by)
        _, said = process.communicate(timeout=_PATIENCE)
        if b"Traceback" in said:
            return said[-500:].decode(errors="replace")
    last = _train(folder, out, *(["--resume"] if _may_resume(out) else []))
    model = out / "weights.safetensors"
    if last.returncode and not (b"finished" in last.stderr and model.is_file()):
        return f"status {last.returncode}: {last.stderr[-300:].decode(errors='replace')}"
    return "" if model.read_bytes() == wanted else "another model than that of the undisturbed run"


def _may_resume(out: Path) -> bool:
    """What a person would look at: whether something has been saved."""
    return (out / "training.safetensors").is_file()


def _write_pairs(folder: Path) -> None:
    french, english = _WORDS
    lines = [
        f"le {french[a]} voit le {french[b]} .\tthe {english[a]} sees the {english[b]} ."
        for a in range(10)
        for b in range(10)
    ]
    (folder / "pairs.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _start(folder: Path, out: Path, *more: str) -> subprocess.Popen[bytes]:
    pairs = str(folder / "pairs.tsv")
    return subprocess.Popen(
        [
            sys.executable, "-m", "s2s", "train", "--train", pairs, "--dev", pairs, "--out", str(out),
            "--hidden", "16", "--source-vocab", "33", "--target-vocab", "33", "--updates", str(_UPDATES),
            "--save-every", "3", "--dev-every", "20", "--threads", "1", "--batch-tokens", "256",
            "--precision", "float32", *more,  # else the faster one is taken, which is not always the same
        ],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, cwd=ROOT,
    )  # fmt: skip


def _train(folder: Path, out: Path, *more: str) -> subprocess.CompletedProcess[bytes]:
    process = _start(folder, out, *more)
    said, told = process.communicate(timeout=_PATIENCE)
    return subprocess.CompletedProcess(process.args, process.returncode, said, told)
