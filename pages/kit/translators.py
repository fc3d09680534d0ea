"""The models behind the pages: loaded once per process, in the background; answers kept, up to a bound.

Those of the main page come first, so that it is ready first; the rest of the family follows.
"""

from __future__ import annotations

import functools
import gc
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final, NamedTuple, ParamSpec, TypeVar

import streamlit as st

from pages.kit.engine import Engines, Wanted, give_way, wanted
from pages.kit.examples import stored_trace
from pages.kit.failures import foreseen
from s2s import catalog
from s2s.engine.cache import MEGABYTE, Cache
from s2s.engine.local import GivenUpError, Local
from s2s.engine.questions import Compare, Explain, Found, Question, Translate, Work
from s2s.errors import CheckpointError, S2SError, TraceError
from s2s.evaluate.divergence import Regimes
from s2s.evaluate.lost import Judged, judge
from s2s.evaluate.probe import Probe, ReadWord, read_words
from s2s.evaluate.probe import load as load_probe
from s2s.traces import Alignment, Trace
from s2s.walkthrough.workings import Parameters, Workings

if TYPE_CHECKING:
    from s2s.translator import Translator

MODELS: Final = catalog.MAIN  # loaded first
# Answers that are kept. To a sentence of 8 words one takes 67 kB, a comparison or workings 285 kB; to one of
# 73 words 1 MB, 2.7 MB and 4.4 MB. The parameters in workings are the model's.
_KEPT: Final = 200 * MEGABYTE
_AT_ONCE: Final = 64  # questions of all readers together for which somebody waits, each in a thread

Given = ParamSpec("Given")
Result = TypeVar("Result")


class Answer(NamedTuple):
    """What a model said, and how long it took."""

    trace: Trace
    milliseconds: float | None  # None for a stored trace


class Shelf:
    """The shipped translators, one set per server process. Threads may share them. What fails unforeseen in
    an answer fails as an S2SError, so that the answers beside it are shown."""

    def __init__(self) -> None:
        self.cache = Cache(_KEPT, shared=(Parameters,))
        self.engines = Engines(Local(self.translator, cache=self.cache), self.cache)
        self.side_by_side = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="ask")  # the models of one answer
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
    def ask(
        self, name: str, question: Question[Found], *, guess: str = "", wanted: Wanted | None = None
    ) -> Found:
        """The answer of a model; a repeated question is answered from memory. Raises the S2SError that keeps
        a model from being used, or the question from being answered."""
        return self.engines.ask(name, question, guess=guess, wanted=wanted)

    def probe(self, name: str) -> Probe:
        """The probe of a model. Raises CheckpointError."""
        if name in self._errors:
            raise self._errors[name]
        return load_probe(catalog.locate(name))

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


@functools.cache
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
    ask = functools.partial(answer, text=text, wanted=wanted())

    def say(model: str) -> Answer | S2SError:
        return _or_error(lambda model: ask(model, guess=before.get(model, "")), model)

    try:
        said = list(shelf().side_by_side.map(say, models))
    except GivenUpError:
        give_way()
    for model, one in zip(models, said, strict=True):
        if isinstance(one, Answer):
            before[model] = one.trace.target
    return dict(zip(models, said, strict=True))


def _or_error(ask: Callable[[str], Answer], model: str) -> Answer | S2SError:
    try:
        return ask(model)
    except S2SError as error:
        return error


def _stored(model: str) -> Answer:
    return Answer(stored_trace(model), None)


def answer(name: str, text: str, guess: str = "", wanted: Wanted | None = None) -> Answer:
    """What a model says to a sentence, and how long that took when it was first asked."""
    started = time.perf_counter()
    trace = shelf().ask(name, Translate(text), guess=guess, wanted=wanted)
    took = (time.perf_counter() - started) * 1000
    return Answer(trace, shelf().cache.find((answer, name, text), lambda: took))


def compare(name: str, question: Compare) -> Regimes:
    """Both regimes of a sentence by one model."""
    return shelf().ask(name, question)


def workings(name: str, text: str) -> Workings:
    """All that a model computes for a sentence."""
    return shelf().ask(name, Work(text))


def explain(name: str, text: str, target: str) -> Alignment:
    """Which source word explains each word of a translation, by a model with attention. Raises TraceError
    for one without."""
    alignment = shelf().ask(name, Explain(text, target)).alignment(row="explains")
    if alignment is None:
        raise TraceError("model_without_attention", name=name)
    return alignment


def _kept(compute: Callable[Given, Result]) -> Callable[Given, Result]:
    """What follows from answers, kept beside them."""

    @functools.wraps(compute)
    def find(*args: Given.args, **options: Given.kwargs) -> Result:
        return shelf().cache.find((compute, args), lambda: compute(*args, **options))

    return find


def judged(judge_name: str, name: str, text: str) -> tuple[Judged, ...]:
    """Which words of a sentence a model's translation has lost; `judge_name` is the model that judges."""
    return judged_target(judge_name, text, answer(name, text).trace.target)


@_kept
def judged_target(judge_name: str, text: str, target: str) -> tuple[Judged, ...]:
    """The same of any translation."""
    return judge(explain(judge_name, text, target))


@st.cache_resource(show_spinner=False)
def probe(name: str) -> Probe:
    """The probe of a model."""
    return shelf().probe(name)


@_kept
def read_from_state(name: str, text: str) -> tuple[ReadWord, ...]:
    """Which words of a sentence can be read from the state that a model's encoder hands over."""
    return read_words(probe(name), answer(name, text).trace)
