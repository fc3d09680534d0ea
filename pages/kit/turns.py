"""One script that answers at a time: who draws for a reader, and who waits until it is their turn.

Python runs one thread at a time and changes between them every few milliseconds. With thirty readers thirty
scripts are half done at any moment, each a little further at its next turn, and the event loop gets one turn
in thirty, too: fewer answers arrive than could be drawn. Here a script goes on until it is done or waits for
a model, and then comes whoever has waited longest.
"""

from __future__ import annotations

import bisect
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, NamedTuple

_LONGEST: Final = (
    1.0  # seconds that one may have the turn while others wait: then it waits for something itself
)


class _Waiting(NamedTuple):
    since: float
    number: int  # of equals, who came first
    is_granted: threading.Event


class Turns:
    """A turn that one thread has at a time; next is whoever has waited longest. Where it has not changed
    hands for `longest` seconds, those who wait go on without it."""

    def __init__(self, *, longest: float = _LONGEST) -> None:
        self._longest = longest
        self._lock = threading.Lock()
        self._queue: list[_Waiting] = []  # who has waited longest in front
        self._is_taken = False
        self._count = 0  # how often it was asked for
        self._changes = 0  # how often it was given back
        self._own = threading.local()

    @contextmanager
    def taken(self, since: float | None = None) -> Iterator[None]:
        """Have the turn while the block runs. A thread that has it already keeps it. `since` is when this
        reader began to wait (`time.perf_counter`), by default now."""
        if self._has():
            yield
            return
        self._own.since = time.perf_counter() if since is None else since
        self._take()
        try:
            yield
        finally:
            self._leave()

    @contextmanager
    def left(self) -> Iterator[None]:
        """Leave it to others while the block runs, which waits for something else, if this thread has it.
        Where the block fails it is not taken again: nothing will be drawn."""
        if not self._has():
            yield
            return
        self._leave()
        yield
        self._take()

    def _has(self) -> bool:
        return getattr(self._own, "has", False)

    def _take(self) -> None:
        with self._lock:
            self._count += 1
            if not self._is_taken:
                self._is_taken = self._own.has = True
                return
            mine = _Waiting(self._own.since, self._count, threading.Event())
            bisect.insort(self._queue, mine, key=lambda one: (one.since, one.number))
            changes = self._changes
        while not mine.is_granted.wait(self._longest):
            with self._lock:
                if mine.is_granted.is_set():
                    break
                if self._changes == changes:
                    self._queue.remove(mine)
                    return
                changes = self._changes
        self._own.has = True

    def _leave(self) -> None:
        if not self._has():
            return
        self._own.has = False
        with self._lock:
            self._changes += 1
            if self._queue:
                self._queue.pop(0).is_granted.set()
            else:
                self._is_taken = False


TURNS: Final = Turns()
