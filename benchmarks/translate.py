"""How long a translation with its trace takes, cold and warm, beside the bare computation of the same sizes.

Each subject (a model, or the three that the page shows) is measured in processes of its own, since only
the first sentence of a process is cold: `python -m benchmarks.translate ROUNDS NAME...` prints one as JSON.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final, NamedTuple

from benchmarks.report import Row
from benchmarks.sentences import SENTENCES
from s2s import catalog

if TYPE_CHECKING:
    from benchmarks.bare import Bare
    from s2s.translator import Translator

TRIO: Final = ("fr-en-dot", "fr-en-general", "fr-en-concat")
MODELS: Final = ("fr-en-none", *TRIO)
_WITHIN: Final = 2.0  # times the bare computation
_TRIO_WITHIN: Final = 25.0  # milliseconds, warm


class Measured(NamedTuple):
    """One process, in milliseconds."""

    cold: float  # the first sentence after loading
    traced: list[float]  # each sentence of each round
    bare: list[float]  # the same sentences, in torch or in NumPy, whichever is faster
    typed: list[float]  # the same sentences as they are typed, four letters more each time
    steps: float  # target pieces of a sentence, the mean


def rows(*, rounds: int, processes: int) -> list[Row]:
    """A row for each model of the main page, and one for its three that attend together."""
    alone = [_row((name,), _runs((name,), rounds, processes)) for name in MODELS]
    together = _runs(TRIO, rounds, processes)
    typed = statistics.median(time for run in together for time in run.typed)
    return [
        *alone,
        _row(TRIO, together),
        Row(
            "translate",
            "the same three side by side while a sentence is typed",
            f"{typed:.1f} ms an answer, on {os.cpu_count()} cores",
            f"under {_TRIO_WITHIN:.0f} ms",
            typed < _TRIO_WITHIN,
        ),
    ]


def _runs(names: tuple[str, ...], rounds: int, processes: int) -> list[Measured]:
    return [_measure_apart(names, rounds) for _ in range(processes)]


def _row(names: tuple[str, ...], runs: list[Measured]) -> Row:
    cold = statistics.median(run.cold for run in runs)
    traced = statistics.median(time for run in runs for time in run.traced)
    bare = statistics.median(time for run in runs for time in run.bare)
    ratio = traced / bare
    together = len(names) > 1
    return Row(
        "translate",
        " + ".join(names) if together else names[0],
        f"{traced:.1f} ms warm, {cold:.1f} ms cold; bare {bare:.1f} ms, ratio {ratio:.2f} "
        f"({runs[0].steps:.0f} pieces)",
        f"under {_TRIO_WITHIN:.0f} ms warm, ratio under {_WITHIN:.0f}"
        if together
        else f"ratio under {_WITHIN:.0f}",
        ratio < _WITHIN and (not together or traced < _TRIO_WITHIN),
    )


def _measure_apart(names: tuple[str, ...], rounds: int) -> Measured:
    """In a fresh process, with one thread."""
    finished = subprocess.run(
        [sys.executable, "-m", "benchmarks.translate", str(rounds), *names],
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return Measured(**json.loads(finished.stdout))


class _Held(NamedTuple):
    """A sentence that a model and its bare computations translate alike."""

    bares: tuple[Bare, ...]
    source: list[int]
    steps: int


def _held(translators: list[Translator], least: list[tuple[Bare, ...]], sentence: str) -> list[_Held]:
    """By each model; ends with an error where one says other words."""
    found = []
    for translator, both in zip(translators, least, strict=True):
        trace = translator.translate(sentence)
        source, target = ([piece.id for piece in side] for side in (trace.source_pieces, trace.target_pieces))
        for bare in both:
            if (said := bare.translate(source, len(target))) != target:
                raise SystemExit(f"{translator.name}: {bare} says {said}, the trace {target}")
        found.append(_Held(both, source, len(target)))
    return found


def measure(names: list[str], rounds: int) -> Measured:
    """In this process: the models one after the other, traced and bare in turns."""
    import torch

    from benchmarks.bare import bares
    from s2s.checkpoints import load
    from s2s.model.seq2seq import Seq2Seq
    from s2s.translator import Translator

    torch.set_num_threads(1)
    checkpoints = [load(catalog.locate(name)) for name in names]
    translators = [Translator(name, checkpoint) for name, checkpoint in zip(names, checkpoints, strict=True)]
    first, *others = SENTENCES
    started = time.perf_counter()
    for translator in translators:
        translator.translate(first)
    cold = _milliseconds_since(started)

    least = [bares(one.model) for one in checkpoints if isinstance(one.model, Seq2Seq)]
    asked = {sentence: _held(translators, least, sentence) for sentence in others}  # not timed: warms both up
    traced_times: list[float] = []
    bare_times: tuple[list[float], list[float]] = ([], [])  # in torch, in NumPy
    for _ in range(rounds):
        for sentence in others:
            started = time.perf_counter()
            for translator in translators:
                translator.translate(sentence)
            traced_times.append(_milliseconds_since(started))
            for number, times in enumerate(bare_times):
                started = time.perf_counter()
                for held in asked[sentence]:
                    held.bares[number].translate(held.source, held.steps)
                times.append(_milliseconds_since(started))
    return Measured(
        cold,
        traced_times,
        min(bare_times, key=statistics.median),
        _type(translators, others),
        statistics.mean(held.steps for sentence in others for held in asked[sentence]),
    )


def _type(translators: list[Translator], sentences: Sequence[str]) -> list[float]:
    """Milliseconds of each answer as the page asks for it: the models side by side, each with what it said to
    the letters before."""
    times: list[float] = []
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as side_by_side:
        for sentence in sentences:
            before = [""] * len(translators)
            for letters in range(4, len(sentence) + 1, 4):
                typed = sentence[:letters]
                started = time.perf_counter()
                said = side_by_side.map(
                    lambda one, guess, typed=typed: one.translate(typed, guess=guess), translators, before
                )
                before = [trace.target for trace in said]
                times.append(_milliseconds_since(started))
    return times


def _milliseconds_since(started: float) -> float:
    return (time.perf_counter() - started) * 1000


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[2:], int(sys.argv[1]))._asdict()))
