"""How many lines a second `s2s translate` gives for a file, beside one sentence at a time.

It is measured in a process of its own: `python -m benchmarks.files LINES FOLDER` prints the turns as JSON.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from benchmarks.corpus import test_sentences
from benchmarks.report import Row
from s2s.cli import main

MODEL: Final = "fr-en-general"
_LINES: Final = 2000
_TURN: Final = 500  # lines that either translates before the other has its turn
_AT_LEAST: Final = 4.0  # times the lines a second of one by one


class Turn(NamedTuple):
    """The same lines, translated in both ways."""

    lines: int
    alone: float  # seconds
    together: float
    differ: int  # answers


def rows(folder: Path, *, sentences: int) -> list[Row]:
    """A row for either way, on the first so many sentences of the test part; with one thread."""
    finished = subprocess.run(
        [sys.executable, "-m", "benchmarks.files", str(min(sentences, _LINES)), str(folder)],
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return told([Turn(**one) for one in json.loads(finished.stdout)])


def turns(sentences: int, folder: Path) -> list[Turn]:
    """All of them, in this process."""
    texts = [sentence.source for sentence in test_sentences(folder, sentences)]
    return [turn(texts[start : start + _TURN]) for start in range(0, len(texts), _TURN)]


def told(turns: Sequence[Turn]) -> list[Row]:
    """Lines a second by all turns; the ratio is the median of the turns."""
    lines = sum(turn.lines for turn in turns)
    alone, together = sum(turn.alone for turn in turns), sum(turn.together for turn in turns)
    ratio = statistics.median(turn.alone / turn.together for turn in turns)
    differ = sum(turn.differ for turn in turns)
    return [
        Row("files", f"{MODEL}, one by one", f"{lines / alone:,.0f} lines/s"),
        Row(
            "files",
            f"{MODEL}, a file",
            f"{lines / together:,.0f} lines/s, {ratio:.1f} times as many; {differ} of {lines:,} answers "
            "differ",
            f"at least {_AT_LEAST:.0f} times",
            ratio >= _AT_LEAST,
        ),
    ]


def turn(texts: Sequence[str]) -> Turn:
    """One by one first, then the command with a file of the same lines; either loads the model."""
    alone, wanted = _timed(lambda: _one_by_one(texts))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "in.txt"
        path.write_text("".join(f"{text}\n" for text in texts), encoding="utf-8")
        together, answers = _timed(lambda: _command(path))
    return Turn(len(texts), alone, together, sum(a != b for a, b in zip(wanted, answers, strict=True)))


def _one_by_one(texts: Sequence[str]) -> list[str]:
    from s2s.translator import Translator

    translator = Translator.load(MODEL)
    return [translator.translate(text).target for text in texts]


def _command(path: Path) -> list[str]:
    with contextlib.redirect_stdout(io.StringIO()) as out:
        status = main(["translate", "--model", MODEL, str(path)])
    if status:
        raise SystemExit(f"translate ended with status {status}")
    return out.getvalue().split("\n")[:-1]


def _timed(work: Callable[[], list[str]]) -> tuple[float, list[str]]:
    started = time.perf_counter()
    found = work()
    return time.perf_counter() - started, found


if __name__ == "__main__":
    print(json.dumps([one._asdict() for one in turns(int(sys.argv[1]), Path(sys.argv[2]))]))
