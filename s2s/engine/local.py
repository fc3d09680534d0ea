"""An engine in this process: questions that wait at the same time are answered together.

    engine = Local(Translator.load, cache=Cache(200 * MEGABYTE))
    trace = engine.ask("fr-en-general", Translate("Il fait froid."))

Sentences to translate join those of their model that are already on their way, at their next step, and each
is answered as soon as it has ended: nobody waits for a batch to fill, and a long sentence holds up nobody.
What takes longer (comparisons, workings) is answered one after the other, on processors that translations
leave. The same question asked twice at once is computed once; one that everybody who asked it has given up
is not computed. Those who ask stand in a line: whoever asks again stands at its end.
"""

from __future__ import annotations

import os
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillWaiting
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from s2s.engine.cache import Cache
from s2s.engine.line import Asked, Line
from s2s.engine.questions import Found, Question, Translate

if TYPE_CHECKING:
    from s2s.translator import Translator

MOST: Final = 16  # sentences of a model that are on their way together; others wait
_LOOK: Final = 0.05  # seconds between two looks whether an answer is still wanted
_MINUTE: Final = 60.0
_REMEMBERED: Final = 10_000  # answers, of whose times the figures are made


class GivenUpError(Exception):
    """Nobody wants the answer any longer."""


class Figures(NamedTuple):
    """How an engine is doing: counts since its start, and of the last minute how long answers took."""

    answers: int  # computed
    from_cache: int
    joined: int  # asked while the same was being computed
    given_up: int
    waiting: int
    answers_a_second: float
    p50: float  # milliseconds from question to answer
    p95: float
    sentences_a_step: float  # mean number of sentences that shared a step, since the start
    bytes_kept: int


class Local:
    """See the module. `translator` gives the translator of a model, or raises why it cannot be used."""

    def __init__(self, translator: Callable[[str], Translator], *, cache: Cache, most: int = MOST) -> None:
        self._translator, self._cache, self._most = translator, cache, most
        self._lock = threading.Lock()
        self._asked: dict[Hashable, Asked] = {}
        self._lines: dict[str, Line] = {}
        self._one_by_one = ThreadPoolExecutor(max(1, (os.cpu_count() or 1) - 1), "one-by-one")
        self._counts: Counter[str] = Counter()
        self._times: deque[tuple[float, float]] = deque(
            maxlen=_REMEMBERED
        )  # when, and after how many seconds

    def ask(
        self,
        model: str,
        question: Question[Found],
        *,
        guess: str = "",
        wanted: Callable[[], bool] | None = None,
    ) -> Found:
        """See `Engine.ask`. `wanted` is asked again and again while the question waits for its turn. Raises
        GivenUpError once it says no."""
        key = key_of(model, question)
        with self._lock:
            kept = self._cache.get(key)
            if kept is not None:
                self._counts["from_cache"] += 1
                found: Found = kept
                return found
            asked = self._asked.get(key)
            if asked is None:
                asked = self._asked[key] = Asked(model, question, guess)
                self._send(key, asked)
            else:
                self._counts["joined"] += 1
            asked.asking += 1
        answer: Found = self._wait(key, asked, wanted)
        return answer

    def figures(self) -> Figures:
        """How it is doing."""
        now = time.perf_counter()
        with self._lock:
            times = [took for when, took in self._times if now - when < _MINUTE]
            counts = Counter(self._counts)
            waiting = len(self._asked)
        p50, p95 = 1000 * np.percentile(times or [0.0], (50, 95))
        return Figures(
            answers=counts["answers"],
            from_cache=counts["from_cache"],
            joined=counts["joined"],
            given_up=counts["given_up"],
            waiting=waiting,
            answers_a_second=len(times) / _MINUTE,
            p50=float(p50),
            p95=float(p95),
            sentences_a_step=counts["sentences"] / max(1, counts["steps"]),
            bytes_kept=self._cache.size,
        )

    def _send(self, key: Hashable, asked: Asked) -> None:
        """Bring a question on its way; the lock is held."""
        if isinstance(asked.question, Translate):
            if asked.model not in self._lines:
                translator = partial(self._translator, asked.model)
                self._lines[asked.model] = Line(translator, self._most, self._end, self._answer, self._share)
            self._lines[asked.model].join(key, asked)
        else:
            self._one_by_one.submit(self._begin, key, asked)

    def _wait(self, key: Hashable, asked: Asked, wanted: Callable[[], bool] | None) -> Any:
        while True:
            try:
                return asked.answer.result(timeout=None if wanted is None else _LOOK)
            except StillWaiting:
                if asked.answer.done():  # that is what was raised in there
                    raise
                if wanted is not None and not wanted() and self._give_up(key, asked):
                    raise GivenUpError from None

    def _give_up(self, key: Hashable, asked: Asked) -> bool:
        """Whether it still waits, so that it can be given up."""
        with self._lock:
            if asked.answer.running() or asked.answer.done():
                return False
            asked.asking -= 1
            if not asked.asking and asked.answer.cancel():
                self._counts["given_up"] += 1
                del self._asked[key]
            return True

    def _begin(self, key: Hashable, asked: Asked) -> None:
        if asked.answer.set_running_or_notify_cancel():
            self._answer(key, asked)

    def _answer(self, key: Hashable, asked: Asked) -> None:
        """Answer one question alone."""
        try:
            value = asked.question.of(self._translator(asked.model))
        except BaseException as error:
            self._end(key, asked)
            asked.answer.set_exception(error)
        else:
            self._end(key, asked, value)

    def _end(self, key: Hashable, asked: Asked, value: Any = None) -> None:
        """Keep an answer, and tell it; None for one that failed."""
        if value is not None:
            self._cache.keep(key, value)
        now = time.perf_counter()
        with self._lock:
            self._asked.pop(key, None)
            self._counts["answers"] += 1
            self._times.append((now, now - asked.since))
        if value is not None:
            asked.answer.set_result(value)

    def _share(self, sentences: int) -> None:
        with self._lock:
            self._counts["steps"] += 1
            self._counts["sentences"] += sentences


def key_of(model: str, question: Question[Any]) -> Hashable:
    """What an answer is kept under."""
    return model, type(question), question  # two records of other types may be equal
