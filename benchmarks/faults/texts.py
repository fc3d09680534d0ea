"""Odd texts, through the library, through the command line and into the pages."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from random import Random
from typing import Final

import numpy as np

from benchmarks.faults import Case, odd_text, tried
from benchmarks.server import ROOT
from s2s import catalog
from s2s.evaluate.divergence import Injection
from s2s.records import parse_json
from s2s.traces import Trace
from s2s.translator import Translator

_TOGETHER: Final = 500  # lines of one command
_PATIENCE: Final = 300  # seconds


def library(count: int, draw: Random) -> Iterator[Case]:
    """Translated, compared, explained, taken apart; each trace is whole and its JSON is JSON."""
    models = [Translator.load(name) for name in catalog.MAIN]
    for number in range(count):
        text, model = odd_text(draw), models[number % len(models)]
        other = odd_text(draw)
        yield tried(f"{model.name} {number}: {text!r}", lambda: _flaw_of_answer(model, text))  # noqa: B023
        if number % 4 == 0:
            yield tried(
                f"{model.name} {number}: compare {text!r} with {other!r}",
                lambda: _flaw_of_comparison(model, text, other, draw.randint(2, 6)),  # noqa: B023
            )
        if number % 16 == 0:
            yield tried(f"{model.name} {number}: take apart {text!r}", lambda: _take_apart(model, text))  # noqa: B023


def _flaw_of_answer(model: Translator, text: str) -> str:
    return flaw_of(model.translate(text))


def _flaw_of_comparison(model: Translator, text: str, other: str, step: int) -> str:
    both = model.compare(text, other, ratio=0.5, injection=Injection(step=step, word=other[:20]))
    return flaw_of(both.forced, given=other) or flaw_of(both.free, given=other)


def _take_apart(model: Translator, text: str) -> str:
    gradients = model.gradients(text, step=0)
    if not np.isfinite(gradients.states).all():
        return "gradients that are not finite"
    flow = model.flow(text)
    if not np.isfinite(flow.whole).all():
        return "a flow that is not finite"
    return flaw_of(model.workings(text).trace)


def flaw_of(trace: Trace, *, given: str = "") -> str:
    """What is wrong with a trace; "" if nothing is. A reference that was `given`
    is the target, as it came, of each run that is fed all of it or says it."""
    numbers = [trace.log_probs, trace.decoder_states, trace.encoder_states]
    if trace.weights is not None:
        numbers.append(trace.weights)
        if np.abs(trace.weights.sum(axis=1) - 1).max() > 1e-4:
            return "weights that do not sum to one"
    if not all(np.isfinite(array).all() for array in numbers):
        return "numbers that are not finite"
    for text, pieces in ((trace.source, trace.source_pieces), (trace.target, trace.target_pieces)):
        if any(not 0 <= piece.start <= piece.end <= len(text) for piece in pieces):
            return "a piece that stands outside its text"
    if trace.target != given and ("\n" in trace.target or "\r" in trace.target):
        return "a line break in the translation"
    parse_json(trace.to_json())
    return ""


def lines(count: int, draw: Random) -> Iterator[Case]:
    """Lines through `s2s translate`: one out for one in, status 0, nothing but translations on the output."""
    for start in range(0, count, _TOGETHER):
        sent = [
            "".join(c for c in odd_text(draw) if c not in "\r\n\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029")
            for _ in range(min(_TOGETHER, count - start))
        ]
        data = "".join(f"{line}\n" for line in sent).encode("utf-8", "surrogatepass")
        yield tried(f"lines {start} to {start + len(sent)} through translate", lambda: _flaw_of_lines(data))  # noqa: B023


def _flaw_of_lines(data: bytes) -> str:
    command = [sys.executable, "-m", "s2s", "translate", "--model", catalog.MAIN[0]]
    done = subprocess.run(command, input=data, capture_output=True, cwd=ROOT, timeout=_PATIENCE, check=False)
    if b"Traceback" in done.stderr or b"Traceback" in done.stdout:
        return done.stderr[-500:].decode(errors="replace")
    if done.returncode != 0:
        return f"status {done.returncode}: {done.stderr[-300:]!r}"
    came = done.stdout.count(b"\n")
    wanted = data.count(b"\n")
    return "" if came == wanted else f"{came} lines came out of {wanted}"
