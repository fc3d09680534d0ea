"""One script at a time: who draws for a reader, and who waits until it is their turn.

Python runs one thread at a time and changes between them every few milliseconds. With thirty readers thirty
scripts are half done at any moment, each a little further at its next turn, and the thread that takes what
comes and sends what is ready gets one turn in thirty, too: fewer answers arrive than could be drawn. Here a
script goes on until it is done or waits for a model, and the next begins in the order in which they came.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_LONGEST: Final = 1.0  # seconds that anybody waits: what keeps a turn for longer waits for something itself


class Turns:
    """A turn that one thread has at a time, in the order in which they asked. A thread that has waited for
    `longest` seconds goes on without it."""

    def __init__(self, *, longest: float = _LONGEST) -> None:
        self._longest = longest
        self._lock = threading.Lock()
        self._queue: deque[threading.Event] = deque()  # of those that wait
        self._is_taken = False
        self._own = threading.local()

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Have the turn while the block runs. A thread that has it already keeps it."""
        if self._has():
            yield
            return
        self._take()
        try:
            yield
        finally:
            self._leave()

    @contextmanager
    def left(self) -> Iterator[None]:
        """Leave it to others while the block runs, which waits for something else, if this thread has it."""
        if not self._has():
            yield
            return
        self._leave()
        try:
            yield
        finally:
            self._take()

    def _has(self) -> bool:
        return getattr(self._own, "has", False)

    def _take(self) -> None:
        with self._lock:
            if not self._is_taken:
                self._is_taken = self._own.has = True
                return
            mine = threading.Event()
            self._queue.append(mine)
        self._own.has = mine.wait(self._longest) or not self._given_up(mine)

    def _given_up(self, mine: threading.Event) -> bool:
        """Whether somebody who waits no longer was still waiting."""
        with self._lock:
            if mine.is_set():
                return False
            self._queue.remove(mine)
            return True

    def _leave(self) -> None:
        if not self._has():
            return
        self._own.has = False
        with self._lock:
            if self._queue:
                self._queue.popleft().set()
            else:
                self._is_taken = False


TURNS: Final = Turns()
