"""The models behind the pages: loaded once, in the background; answers kept, up to a bound.

Those of the main page come first, so that it is ready first, then those of the other tasks' main pages; the
rest of the family follows.
"""

from __future__ import annotations

import functools
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext, suppress
from typing import Final, NamedTuple, ParamSpec, TypeVar

import streamlit as st

from pages.kit.engine import Engines, Wanted, give_way, wanted
from pages.kit.examples import stored_trace
from pages.kit.tasks import chosen_task
from pages.kit.turns import TURNS
from s2s import catalog
from s2s.engine.cache import MEGABYTE, Cache
from s2s.engine.local import GivenUpError, Local, Told, key_of
from s2s.engine.questions import Compare, Explain, Found, Question, Request, Translate, Work, WorkHeads
from s2s.engine.threads import Loaded, Threads, Workers
from s2s.errors import S2SError, TraceError, unforeseen
from s2s.evaluate.divergence import Regimes
from s2s.evaluate.lost import Judged, judge_trace
from s2s.evaluate.probe import Probe, ReadWord, read_words
from s2s.evaluate.probe import load as load_probe
from s2s.traces import Trace
from s2s.walkthrough.transformer import HeadParameters, HeadWorkings
from s2s.walkthrough.workings import Parameters, Workings

MODELS: Final = catalog.MAIN  # loaded first
# Answers that are kept. To a sentence of 8 words one takes 67 kB, a comparison or workings 285 kB; to one of
# 73 words 1 MB, 2.7 MB and 4.4 MB. The parameters in workings are the model's.
_KEPT: Final = 200 * MEGABYTE
_WORDS: Final = "Un deux trois."  # said once by every model: the first time builds the kernels
_SAID: Final = "said_before"  # in a reader's session: by model, the last sentence and what it said
SINCE: Final = "waiting_since"  # and when they began to wait for an answer

Given = ParamSpec("Given")
Result = TypeVar("Result")


class Answer(NamedTuple):
    """What a model said, and how long it took."""

    trace: Trace
    milliseconds: float | None  # None for a stored trace


class Shelf:
    """The translators behind a server. Threads may share it. What fails unforeseen in an answer fails as an
    S2SError, so that the answers beside it are shown."""

    def __init__(self) -> None:
        self.cache = Cache(_KEPT, shared=(Parameters, HeadParameters))
        self.answer_with(Threads(Loaded()))
        self._loaded: set[str] = set()
        self._errors: dict[str, S2SError] = {}
        self._started = threading.Lock()

    def answer_with(self, workers: Workers) -> None:
        """Have others compute; before the first question."""
        self.workers = workers
        self.engines = Engines(Local(workers, cache=self.cache), self.cache)

    def has(self, names: Iterable[str]) -> bool:
        """Whether each of these models is loaded, or known to be unusable."""
        return all(name in self._loaded or name in self._errors for name in names)

    def load_in_background(self) -> None:
        """Start loading, once; returns at once."""
        if self._started.acquire(blocking=False):
            threading.Thread(target=self._load, name="load-translators", daemon=True).start()

    def ask(self, name: str, question: Question[Found]) -> Found:
        """The answer of a model; a repeated question is answered from memory. Another model than those that
        are loaded is loaded when it is first asked. Raises the S2SError that keeps a model from being used,
        or the question from being answered."""
        (told,) = self.ask_all([Request(name, question)])
        found: Found = told.get()
        return found

    def ask_all(
        self, asks: Sequence[Request], *, wanted: Wanted | None = None, since: float | None = None
    ) -> list[Told]:
        """The same for several questions, S2SErrors in place of answers; see `Local.ask_all`."""
        known = {ask.model: self._errors[ask.model] for ask in asks if ask.model in self._errors}
        others = [ask for ask in asks if ask.model not in known]
        is_kept = all(self.cache.get(key_of(ask.model, ask.question)) is not None for ask in others)
        with nullcontext() if is_kept else TURNS.left():
            told = iter(self.engines.ask_all(others, wanted=wanted, since=since))
        return [Told(known[ask.model], 0.0) if ask.model in known else _foreseen(next(told)) for ask in asks]

    def probe(self, name: str) -> Probe:
        """The probe of a model. Raises CheckpointError."""
        if name in self._errors:
            raise self._errors[name]
        return load_probe(catalog.locate(name))

    def _load(self) -> None:
        first = [name for task in catalog.tasks() for name in task.main]
        self._load_all(MODELS)
        for name in (*first, *catalog.shipped()):
            if not self.has([name]):
                self._load_all([name])
        for name in catalog.outside().folders:
            with suppress(S2SError):  # it says so again when it is asked, unless it has been mended
                self.ask(name, Translate(_WORDS))

    def _load_all(self, names: Sequence[str]) -> None:
        """At once, where there are several processes."""
        for name, told in zip(
            names, self.engines.local.ask_all([Request(n, Translate(_WORDS)) for n in names]), strict=True
        ):
            error = _foreseen(told).answer
            if isinstance(error, S2SError):
                self._errors[name] = error
            else:
                self._loaded.add(name)


def _foreseen(told: Told) -> Told:
    """Whatever went wrong as an S2SError."""
    error = told.answer
    if isinstance(error, Exception) and not isinstance(error, S2SError):
        return told._replace(answer=unforeseen(error))
    return told


@functools.cache
def shelf() -> Shelf:
    """The one shelf of this process."""
    return Shelf()


def answers(models: Sequence[str], text: str) -> dict[str, Answer | S2SError]:
    """What each model says to a sentence, in the given order, or why it cannot be used; while the models
    load, their stored answers to the first example, and nothing of those that have none."""
    main = chosen_task().main
    if not shelf().has(main):
        return {model: _stored_or_error(model) for model in models if model in main}
    # What a model said to this reader's last sentence: while someone types, most of what it says to the next.
    before: dict[str, tuple[str, str]] = st.session_state.setdefault(_SAID, {})
    since = st.session_state.setdefault(SINCE, time.perf_counter())  # they may wait with another by now
    asks = []
    for model in models:
        last, said = before.get(model, ("", ""))
        asks.append(Request(model, Translate(text), said if _is_edit(last, text) else ""))
    try:
        told = shelf().ask_all(asks, wanted=wanted(), since=since)
    except GivenUpError:
        give_way()
    st.session_state.pop(SINCE, None)
    found = {model: _answer(model, text, one) for model, one in zip(models, told, strict=True)}
    for model, one in found.items():
        if isinstance(one, Answer):
            before[model] = (text, one.trace.target)
    return found


def _answer(model: str, text: str, told: Told) -> Answer | S2SError:
    """With the time that it took when it was first asked."""
    if isinstance(told.answer, S2SError):
        return told.answer
    took = shelf().cache.find((answer, model, text), lambda: 1000 * told.seconds)
    return Answer(told.answer, took)


def _is_edit(last: str, text: str) -> bool:
    """Whether a sentence is the last one with something changed, and not another."""
    start = _shared(last, text)
    end = _shared(last[start:][::-1], text[start:][::-1])
    return 2 * (start + end) >= min(len(last), len(text)) > 0


def _shared(one: str, other: str) -> int:
    """With how many of the same characters two texts begin."""
    return next(
        (at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )


def _stored_or_error(model: str) -> Answer | S2SError:
    try:
        return Answer(stored_trace(model), None)
    except S2SError as error:
        return error


def answer(name: str, text: str) -> Answer:
    """What a model says to a sentence, and how long that took when it was first asked. Raises S2SError."""
    (told,) = shelf().ask_all([Request(name, Translate(text))])
    found = _answer(name, text, told)
    if isinstance(found, S2SError):
        raise found
    return found


def compare(name: str, question: Compare) -> Regimes:
    """Both regimes of a sentence by one model."""
    return shelf().ask(name, question)


def workings(name: str, text: str) -> Workings:
    """All that a model computes for a sentence."""
    return shelf().ask(name, Work(text))


def head_workings(name: str, text: str) -> HeadWorkings:
    """All that the attentions of a Transformer compute for a sentence."""
    return shelf().ask(name, WorkHeads(text))


def explain(name: str, text: str, target: str) -> Trace:
    """Which source word explains each word of a translation, by a model with attention. Raises TraceError
    for one without."""
    trace = shelf().ask(name, Explain(text, target))
    if trace.alignment(row="explains") is None:
        raise TraceError("model_without_attention", name=name)
    return trace


def _kept(compute: Callable[Given, Result]) -> Callable[Given, Result]:
    """What follows from answers, kept beside them."""

    @functools.wraps(compute)
    def find(*args: Given.args, **options: Given.kwargs) -> Result:
        cache, key = shelf().cache, (compute, args)
        kept: Result | None = cache.get(key)
        if kept is not None:
            return kept
        with TURNS.left():  # another reader may be computing it, and asks a model
            return cache.find(key, lambda: compute(*args, **options))

    return find


def judged(judge_name: str, name: str, text: str) -> tuple[Judged, ...]:
    """What became of the words of a sentence in a model's translation, by the judge's model."""
    return judged_target(judge_name, text, answer(name, text).trace.target)


@_kept
def judged_target(judge_name: str, text: str, target: str) -> tuple[Judged, ...]:
    """The same of any translation."""
    return judge_trace(explain(judge_name, text, target))


@st.cache_resource(show_spinner=False)
def probe(name: str) -> Probe:
    """The probe of a model."""
    return shelf().probe(name)


@_kept
def read_from_state(name: str, text: str) -> tuple[ReadWord, ...]:
    """Which words of a sentence can be read from the state that a model's encoder hands over."""
    return read_words(probe(name), answer(name, text).trace)
