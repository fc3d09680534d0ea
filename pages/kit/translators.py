"""The models behind the pages: loaded once per process, in the background; answers kept, up to a bound.

Those of the main page come first, so that it is ready first; the rest of the family follows.
"""

from __future__ import annotations

import gc
import os
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

import streamlit as st

from pages.kit.cache import MEGABYTE, Cache
from pages.kit.examples import stored_trace
from pages.kit.failures import foreseen
from s2s import catalog
from s2s.errors import CheckpointError, S2SError, TraceError
from s2s.evaluate.divergence import Injection, Regimes
from s2s.evaluate.lost import Judged, judge
from s2s.evaluate.probe import Probe, ReadWord, read_words
from s2s.evaluate.probe import load as load_probe
from s2s.traces import Alignment, Trace
from s2s.walkthrough.workings import Parameters, Workings

if TYPE_CHECKING:
    from s2s.translator import Translator

MODELS: Final = catalog.MAIN  # loaded first
# A sentence of 8 words takes 67 kB as an answer and 285 kB as a comparison or workings; one of 73 words 1 MB,
# 2.7 MB and 4.4 MB. The parameters in workings are the model's.
_kept: Final = Cache(200 * MEGABYTE, shared=(Parameters,))


class Answer(NamedTuple):
    """What a model said, and how long it took."""

    trace: Trace
    milliseconds: float | None  # None for a stored trace


class Question(NamedTuple):
    """What is asked of a model under two regimes: see `Translator.compare`."""

    text: str
    reference: str
    ratio: float
    seed: int
    injection: Injection | None


class Shelf:
    """The shipped translators, one set per server process. Threads may share them. What fails unforeseen in
    an answer fails as an S2SError, so that the answers beside it are shown."""

    def __init__(self) -> None:
        # Two answers at a time: while one computes in torch, which lets go of Python's lock, another is in
        # Python. More at once would all be late.
        self.turn = threading.BoundedSemaphore(2)
        # The models of one answer: each reads its own weights, which one core alone cannot fetch any faster.
        self.side_by_side = ThreadPoolExecutor(max_workers=os.cpu_count(), thread_name_prefix="translate")
        self._translators: dict[str, Translator] = {}
        self._errors: dict[str, S2SError] = {}
        self._started = threading.Lock()
        self._adding = threading.Lock()  # one model on demand at a time

    def has(self, names: Iterable[str]) -> bool:
        """Whether each of these models is loaded, or known to be unusable."""
        return all(name in self._translators or name in self._errors for name in names)

    def load_in_background(self) -> None:
        """Start loading, once; returns at once."""
        if self._started.acquire(blocking=False):
            threading.Thread(target=self._load, name="load-translators", daemon=True).start()

    @foreseen()
    def answer(self, name: str, text: str, guess: str = "") -> Answer:
        """Translate and trace a sentence, the sooner the more of it is in `guess`. Raises the S2SError that
        keeps a model from being used."""
        translator = self.translator(name)
        started = time.perf_counter()
        trace = translator.translate(text, guess=guess)
        return Answer(trace, (time.perf_counter() - started) * 1000)

    @foreseen()
    def explain(self, name: str, text: str, target: str) -> Alignment:
        """Which source word explains each word of a translation, by a model with attention. Raises the
        S2SError that keeps it from being used, or the translation from being forced."""
        alignment = self.translator(name).explain(text, target).alignment(row="explains")
        if alignment is None:
            raise TraceError("model_without_attention", name=name)
        return alignment

    def probe(self, name: str) -> Probe:
        """The probe of a model. Raises CheckpointError."""
        if name in self._errors:
            raise self._errors[name]
        return load_probe(catalog.locate(name))

    @foreseen()
    def compare(self, name: str, question: Question) -> Regimes:
        """Both regimes of a sentence. Raises the S2SError that keeps a model from being used, or the question
        from being answered."""
        return self.translator(name).compare(
            question.text,
            question.reference,
            ratio=question.ratio,
            seed=question.seed,
            injection=question.injection,
        )

    @foreseen()
    def workings(self, name: str, text: str) -> Workings:
        """All that a model computes for a sentence. Raises the S2SError that keeps it from being used."""
        return self.translator(name).workings(text)

    def translator(self, name: str) -> Translator:
        """A translator of the shelf; another shipped model is loaded when it is first asked for. Raises the
        S2SError that keeps a model from being used."""
        with self._adding:
            if name not in self._translators and name not in self._errors:
                self._load_all([name])
        if name in self._errors:
            raise self._errors[name]
        return self._translators[name]

    def _load(self) -> None:
        self._load_all(MODELS)
        self._load_all(name for name in catalog.shipped() if name not in MODELS)
        self._load_all(catalog.outside().folders)
        gc.collect()
        gc.freeze()  # what is loaded stays: no later collection looks through it again

    def _load_all(self, names: Iterable[str]) -> None:
        for name in names:
            try:
                from s2s.translator import Translator  # loads torch: seconds, which nobody waits for

                translator = Translator.load(name)
                translator.translate("Un deux trois.")  # the first time builds the kernels
                self._translators[name] = translator
            except S2SError as error:
                self._errors[name] = error
            except Exception as error:  # whatever it is, the page says it and the other models answer
                self._errors[name] = CheckpointError("part_damaged", path=name, reason=repr(error))


@st.cache_resource(show_spinner=False)
def shelf() -> Shelf:
    """The one shelf of this process."""
    return Shelf()


def answers(models: Sequence[str], text: str) -> dict[str, Answer | S2SError]:
    """What each model says to a sentence, in the given order, or why it cannot be used; while the models
    load, their stored answers to the first example, and nothing of those that have none."""
    if not shelf().has(MODELS):
        return {model: _or_error(_stored, model) for model in models if model in MODELS}
    # What a model said to this reader's last sentence: while someone types, most of what it says to the next.
    before: dict[str, str] = st.session_state.setdefault("said_before", {})
    guesses = [before.get(model, "") for model in models]
    texts = [text] * len(models)
    said = list(shelf().side_by_side.map(partial(_or_error, answer), models, texts, guesses))
    for model, one in zip(models, said, strict=True):
        if isinstance(one, Answer):
            before[model] = one.trace.target
    return dict(zip(models, said, strict=True))


def _or_error(ask: Callable[..., Answer], model: str, *about: str) -> Answer | S2SError:
    try:
        return ask(model, *about)
    except S2SError as error:
        return error


def _stored(model: str) -> Answer:
    return Answer(stored_trace(model), None)


def answer(name: str, text: str, guess: str = "") -> Answer:
    """What a model says to a sentence; a repeated question is answered from memory, whatever was guessed."""
    return _kept.find((answer, name, text), lambda: shelf().answer(name, text, guess))


@_kept
def compare(name: str, question: Question) -> Regimes:
    """Both regimes of a sentence by one model; a repeated question is answered from memory."""
    return shelf().compare(name, question)


@_kept
def workings(name: str, text: str) -> Workings:
    """All that a model computes for a sentence; a repeated question is answered from memory."""
    return shelf().workings(name, text)


def judged(judge_name: str, name: str, text: str) -> tuple[Judged, ...]:
    """Which words of a sentence a model's translation has lost; `judge_name` is the model that judges."""
    return judged_target(judge_name, text, answer(name, text).trace.target)


@_kept
def judged_target(judge_name: str, text: str, target: str) -> tuple[Judged, ...]:
    """The same of any translation."""
    return judge(shelf().explain(judge_name, text, target))


@st.cache_resource(show_spinner=False)
def probe(name: str) -> Probe:
    """The probe of a model."""
    return shelf().probe(name)


@_kept
def read_from_state(name: str, text: str) -> tuple[ReadWord, ...]:
    """Which words of a sentence can be read from the state that a model's encoder hands over."""
    return read_words(probe(name), answer(name, text).trace)
