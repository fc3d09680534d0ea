"""An engine on this machine, behind one cache: nothing is computed twice, or for nobody.

    engine = Local(Threads(Translator.load), cache=Cache(200 * MEGABYTE))
    trace = engine.ask("fr-en-general", Translate("Il fait froid."))

Who computes, threads of this process or other processes, is given. The same question asked twice at once is
computed once; one that everybody who asked it has given up is not computed. Whoever has waited longest comes
next, also with another question than the one that they came with.
"""

from __future__ import annotations

import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import FIRST_COMPLETED, wait
from typing import Any, Final, NamedTuple

import numpy as np

from s2s.engine.cache import Cache
from s2s.engine.line import Asked
from s2s.engine.questions import Found, Question, Request
from s2s.engine.threads import Workers

_LOOK: Final = 0.05  # seconds between two looks whether an answer is still wanted
_MINUTE: Final = 60.0
_REMEMBERED: Final = 10_000  # answers, of whose times the figures are made


class GivenUpError(Exception):
    """Nobody wants the answer any longer."""


class Told(NamedTuple):
    """An answer, or the error in its place, and how many seconds it took."""

    answer: Any
    seconds: float

    def get(self) -> Any:
        """The answer. Raises the error."""
        if isinstance(self.answer, BaseException):
            raise self.answer
        return self.answer


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
    """See the module."""

    def __init__(self, workers: Workers, *, cache: Cache) -> None:
        self._cache = cache
        self._lock = threading.Lock()
        self._asked: dict[Hashable, Asked] = {}
        self._counts: Counter[str] = Counter()
        # When, and after how many seconds.
        self._times: deque[tuple[float, float]] = deque(maxlen=_REMEMBERED)
        self._workers = workers
        workers.start(self)

    def ask(self, model: str, question: Question[Found], *, guess: str = "") -> Found:
        """See `Engine.ask`."""
        (told,) = self.ask_all([Request(model, question, guess)])
        found: Found = told.get()
        return found

    def ask_all(
        self,
        requests: Sequence[Request],
        *,
        wanted: Callable[[], bool] | None = None,
        since: float | None = None,
    ) -> list[Told]:
        """The answers to several questions, for which one reader waits, or why there is none.

        `wanted` is asked again and again while all of them wait for their turn. Raises GivenUpError once it
        says no; whoever then asks something else keeps their place with `since`, the moment at which they
        began to wait (`time.perf_counter`).
        """
        began = time.perf_counter()
        places = [self._place(request, since) for request in requests]
        asked = [one for one in places if isinstance(one, Asked)]
        if wanted is not None and len(asked) == len(places):
            self._until_begun(asked, wanted)
        return [
            Told(one.answer.exception() or one.answer.result(), max(0.0, one.ended - began))
            if isinstance(one, Asked)
            else one
            for one in places
        ]

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

    def answered(self, asked: Asked, value: Any) -> None:
        """Keep an answer, and tell it (see `Listener`)."""
        self._cache.keep(asked.key, value)
        self._ended(asked)
        asked.answer.set_result(value)

    def failed(self, asked: Asked, error: BaseException) -> None:
        """Tell why there is no answer (see `Listener`)."""
        self._ended(asked)
        asked.answer.set_exception(error)

    def shared(self, steps: int, sentences: int) -> None:
        """Count them (see `Listener`)."""
        with self._lock:
            self._counts["steps"] += steps
            self._counts["sentences"] += sentences

    def _place(self, request: Request, since: float | None) -> Asked | Told:
        """What is known, or else the question, which waits."""
        key = key_of(request.model, request.question)
        with self._lock:
            kept = self._cache.get(key)
            if kept is not None:
                self._counts["from_cache"] += 1
                return Told(kept, 0.0)
            asked = self._asked.get(key)
            is_new = asked is None
            if asked is None:
                asked = self._asked[key] = Asked(key, request, since)
            else:
                self._counts["joined"] += 1
            asked.asking += 1
        if is_new:
            self._workers.send(asked)
        return asked

    def _until_begun(self, asked: Sequence[Asked], wanted: Callable[[], bool]) -> None:
        """Wait until one of them is no longer waiting. Raises GivenUpError."""
        while not any(one.answer.running() or one.answer.done() for one in asked):
            wait([one.answer for one in asked], timeout=_LOOK, return_when=FIRST_COMPLETED)
            if not wanted() and self._give_up(asked):
                raise GivenUpError

    def _give_up(self, asked: Sequence[Asked]) -> bool:
        """Whether all of them still wait, so that they can be given up."""
        with self._lock:
            if any(one.answer.running() or one.answer.done() for one in asked):
                return False
            for one in asked:
                one.asking -= 1
                if not one.asking and one.answer.cancel():
                    self._counts["given_up"] += 1
                    del self._asked[one.key]
            return True

    def _ended(self, asked: Asked) -> None:
        asked.ended = time.perf_counter()
        with self._lock:
            self._asked.pop(asked.key, None)
            self._counts["answers"] += 1
            self._times.append((asked.ended, asked.ended - asked.came))


def key_of(model: str, question: Question[Any]) -> Hashable:
    """What an answer is kept under."""
    return model, type(question), question  # two records of other types may be equal
