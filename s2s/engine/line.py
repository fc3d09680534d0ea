"""The sentences that models are asked to translate: those on their way together, and those that wait."""

from __future__ import annotations

import atexit
import threading
import time
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from heapq import heappop, heappush
from typing import TYPE_CHECKING, Any, Final, Protocol

from s2s.engine.questions import Question, Request, Translate

if TYPE_CHECKING:
    from s2s.translations import Translations
    from s2s.translator import Translator

_LONGEST: Final = 10.0  # seconds that a step may take when Python ends


class Asked:
    """A question that waits, or is being answered; the key tells it from all others."""

    def __init__(self, key: Hashable, request: Request, since: float | None = None) -> None:
        """`since` is when its reader began to wait, now if None."""
        self.key, self.request = key, request
        self.came = self.ended = time.perf_counter()
        self.since = self.came if since is None else since
        self.asking = 0  # how many want to know
        self.answer: Future[Any] = Future()

    def __lt__(self, other: Asked) -> bool:
        """Whose turn comes first."""
        return self.since < other.since

    @property
    def model(self) -> str:
        """Whom it is put to."""
        return self.request.model

    @property
    def question(self) -> Question[Any]:
        """What is asked."""
        return self.request.question

    @property
    def text(self) -> str:
        """What is to be translated, where that is the question."""
        return self.question.text if isinstance(self.question, Translate) else ""


class Listener(Protocol):
    """Who is told what becomes of questions, by whatever thread knows it."""

    def answered(self, asked: Asked, value: Any) -> None:
        """There is an answer."""
        ...

    def failed(self, asked: Asked, error: BaseException) -> None:
        """There is none."""
        ...

    def shared(self, steps: int, sentences: int) -> None:
        """So many steps were taken, by so many sentences in all."""
        ...


class Line:
    """A thread that translates them, step by step for one model after the other. It sleeps while nobody asks.

    One thread, since several would wait for each other: a step is many short operations, and after each of
    them Python lets another thread go first. At most `most` sentences of a model are on their way; `alone`
    answers what failed together, so that it fails alone. When Python ends, it ends after the step that it is
    at: torch aborts a process whose threads are taken away in the middle of a computation.
    """

    def __init__(self, most: int, listener: Listener, alone: Callable[[Asked], None]) -> None:
        self._most, self._listener, self._alone = most, listener, alone
        self._models: dict[str, _Model] = {}
        self._ready = threading.Condition()
        self._is_ending = False
        self._thread = threading.Thread(target=self._run, name="translate", daemon=True)
        self._thread.start()
        atexit.register(self._end)

    def join(self, asked: Asked, translator: Translator) -> None:
        """Stand in the line of a model, which has this translator."""
        with self._ready:
            if asked.model not in self._models:
                self._models[asked.model] = _Model(translator)
            heappush(self._models[asked.model].waiting, asked)
            self._ready.notify()

    def _end(self) -> None:
        with self._ready:
            self._is_ending = True
            self._ready.notify()
        self._thread.join(_LONGEST)

    def _run(self) -> None:
        while busy := self._busy():
            for model in busy:
                try:
                    self._step(model)
                except Exception:
                    left, model.going, model.batch = model.going, {}, None
                    for asked in left.values():
                        self._alone(asked)

    def _busy(self) -> list[_Model]:
        """Those with sentences, as soon as there are any; none when Python ends."""
        with self._ready:
            while not self._is_ending:
                if busy := [model for model in self._models.values() if model.is_busy]:
                    return busy
                self._ready.wait()
        return []

    def _step(self, model: _Model) -> None:
        joining = self._next(model)
        model.going |= joining
        if not model.going:  # nobody waits for an answer any longer
            return
        batch = model.batch = model.batch or model.translator.batch()
        batch.add({key: (asked.text, asked.request.guess) for key, asked in joining.items()})
        self._listener.shared(1, len(model.going))
        for key, trace in batch.step().items():
            self._listener.answered(model.going.pop(key), trace)

    def _next(self, model: _Model) -> dict[Hashable, Asked]:
        """Those who come next, without those who have given up."""
        found: dict[Hashable, Asked] = {}
        with self._ready:
            while model.waiting and len(model.going) + len(found) < self._most:
                asked = heappop(model.waiting)
                if asked.answer.set_running_or_notify_cancel():
                    found[asked.key] = asked
        return found


class _Model:
    """A model, its sentences on their way, and those that wait."""

    def __init__(self, translator: Translator) -> None:
        self.translator = translator
        self.batch: Translations | None = None
        self.going: dict[Hashable, Asked] = {}
        self.waiting: list[Asked] = []  # a heap

    @property
    def is_busy(self) -> bool:
        return bool(self.going or self.waiting)
