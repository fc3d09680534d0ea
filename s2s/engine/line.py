"""The sentences that one model is asked to translate: those on their way together, and those that wait."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

from s2s.engine.questions import Question, Translate

if TYPE_CHECKING:
    from s2s.translator import Translator


class Asked:
    """A question that waits, or is being answered."""

    def __init__(self, model: str, question: Question[Any], guess: str) -> None:
        self.model, self.question, self.guess = model, question, guess
        self.since = time.perf_counter()
        self.asking = 0  # how many want to know
        self.answer: Future[Any] = Future()

    @property
    def text(self) -> str:
        """What is to be translated, where that is the question."""
        return self.question.text if isinstance(self.question, Translate) else ""


class Line:
    """A thread that translates them. It sleeps while nobody asks.

    At most `most` are on their way; `end` is told each answer, `alone` answers what failed together, so that
    it fails alone, and `share` hears of each step how many sentences shared it.
    """

    def __init__(
        self,
        translator: Callable[[], Translator],
        most: int,
        end: Callable[[Hashable, Asked, Any], None],
        alone: Callable[[Hashable, Asked], None],
        share: Callable[[int], None],
    ) -> None:
        self._translator, self._most = translator, most
        self._end, self._alone, self._share = end, alone, share
        self._waiting: deque[tuple[Hashable, Asked]] = deque()
        self._ready = threading.Condition()
        threading.Thread(target=self._run, name="translate", daemon=True).start()

    def join(self, key: Hashable, asked: Asked) -> None:
        """Stand at the end of the line."""
        with self._ready:
            self._waiting.append((key, asked))
            self._ready.notify()

    def _run(self) -> None:
        while True:
            with self._ready:
                while not self._waiting:
                    self._ready.wait()
            going: dict[Hashable, Asked] = {}
            try:
                self._translate(going)
            except Exception:
                for key, asked in going.items():
                    self._alone(key, asked)

    def _translate(self, going: dict[Hashable, Asked]) -> None:
        """Until nobody is left; `going` are those on their way."""
        batch = None
        while True:
            joining = self._next(self._most - len(going))
            going |= joining
            if not going:
                return
            batch = batch or self._translator().batch()
            batch.add({key: (asked.text, asked.guess) for key, asked in joining.items()})
            self._share(len(going))
            for key, trace in batch.step().items():
                self._end(key, going[key], trace)
                del going[key]

    def _next(self, room: int) -> dict[Hashable, Asked]:
        """Those who come next, without those who have given up."""
        found: dict[Hashable, Asked] = {}
        with self._ready:
            while self._waiting and len(found) < room:
                key, asked = self._waiting.popleft()
                if asked.answer.set_running_or_notify_cancel():
                    found[key] = asked
        return found
