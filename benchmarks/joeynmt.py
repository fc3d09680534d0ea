"""JoeyNMT (Kreutzer et al. 2019), the field's toolkit that is written to be read, trained for some seconds.

It runs as its users run it: from the command line, with a file of settings, `joeynmt.yaml`. It knows no
budget of time, but it stops and saves at Ctrl-C.
"""

from __future__ import annotations

import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from benchmarks import apart
from benchmarks.corpus import dev_pairs, shipped_pieces, train_pairs
from benchmarks.environments import python_with
from benchmarks.training import Trained
from s2s.data.corpora import Pair
from s2s.data.tokenizer import END_ID, Tokenizer
from s2s.text import normalise

_SETTINGS: Final = Path(__file__).with_suffix(".yaml")
_COUNT: Final = """
import pathlib, sys
from joeynmt.helpers import load_checkpoint
print(load_checkpoint(pathlib.Path(sys.argv[1]), "cpu")["stats_state"]["total_tokens"])
"""


def trained(folder: Path, sources: Sequence[str], *, seconds: float) -> Trained:
    """What it learned from the pairs in `folder`, and how it then translates, greedily."""
    python = python_with("joeynmt")
    with tempfile.TemporaryDirectory() as place:
        work = Path(place)
        _lay_out(folder, work)
        took = _train(python, work, seconds)
        return Trained(_tokens(python, work), took, _translate(python, work, sources))


def _lay_out(folder: Path, work: Path) -> None:
    """The files that the settings name: text as our models read it, and our pieces."""
    pieces = shipped_pieces()
    shutil.copyfile(pieces.source_file, work / "source.model")
    shutil.copyfile(pieces.target_file, work / "target.model")
    _write_lines(work / "source.vocab", _surfaces(pieces.source))
    _write_lines(work / "target.vocab", _surfaces(pieces.target))
    _write_pairs(work / "train", train_pairs(folder))
    _write_pairs(work / "dev", dev_pairs(folder))


def _surfaces(tokenizer: Tokenizer) -> list[str]:
    """All pieces but the special ones, which it adds itself."""
    return [tokenizer.surface(number) for number in range(END_ID + 1, tokenizer.size)]


def _write_pairs(path: Path, pairs: Sequence[Pair]) -> None:
    _write_lines(path.with_suffix(".source"), (normalise(pair.source).text for pair in pairs))
    _write_lines(path.with_suffix(".target"), (normalise(pair.target).text for pair in pairs))


def _write_lines(path: Path, lines: Iterable[str]) -> None:
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def _train(python: Path, work: Path, seconds: float) -> float:
    """Seconds from the first update to the end of the last."""
    # A process started in the background ignores Ctrl-C, and so would its child; with a handler it does not.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    process = subprocess.Popen(
        [python, "-m", "joeynmt", "train", _SETTINGS, "--skip-test"],
        cwd=work,
        env=apart.environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    said: list[str] = []
    stop = threading.Timer(seconds, process.send_signal, [signal.SIGINT])
    started = took = 0.0
    try:
        for line in process.stderr:
            said.append(line)
            if not started and "EPOCH 1" in line:
                started = time.perf_counter()
                stop.start()
            elif "Interrupt at epoch" in line:
                took = time.perf_counter() - started
    finally:
        stop.cancel()
        process.kill()
        process.wait()
    if not took:
        raise SystemExit(f"JoeyNMT stopped by itself: {''.join(said[-20:])}")
    return took


def _tokens(python: Path, work: Path) -> int:
    """Target pieces it learned from, as it counts them itself: end tokens counted, padding not.

    Its checkpoints are for itself to read.
    """
    arguments = [str(python), "-c", _COUNT, str(work / "model" / "latest.ckpt")]
    done = subprocess.run(arguments, env=apart.environment(), capture_output=True, text=True, check=True)
    return int(done.stdout.split()[-1])


def _translate(python: Path, work: Path, sources: Sequence[str]) -> list[str]:
    finished = subprocess.run(
        [python, "-m", "joeynmt", "translate", _SETTINGS],
        cwd=work,
        env=apart.environment(),
        input="".join(f"{normalise(source).text}\n" for source in sources),
        capture_output=True,
        text=True,
    )
    said = finished.stdout.split("\n")[:-1]
    if finished.returncode or len(said) != len(sources):
        raise SystemExit(f"JoeyNMT said {len(said)} of {len(sources)} sentences: {finished.stderr[-2000:]}")
    return said
