"""How many people the server has room for, by the files that it may open.

A visit holds a socket and the three files of an event loop, which Streamlit keeps for two minutes after the
visitor has left, in case they come back; nobody else being there, until somebody comes. Here whoever has
left keeps their session for a while, but never at the cost of somebody who comes.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from streamlit.runtime import get_instance

_ENOUGH: Final = 10_240  # open files; macOS allows a process no more
_OWN: Final = 100  # the server's own: libraries, log, workers, and connections that fetch files
_VISIT: Final = 4
_KEPT: Final = 100  # seconds that a session waits for who has left; Streamlit forgets it after 120


def raise_limit() -> int:
    """Let this process open more files, if it may; how many it may open now."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return _ENOUGH
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return _ENOUGH
    wanted = _ENOUGH if hard == resource.RLIM_INFINITY else min(hard, _ENOUGH)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return max(soft, wanted)


class Seats:
    """Who is here, and whose session still waits for them."""

    def __init__(self, files: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.count = max(1, (files - _OWN) // _VISIT)
        self._open = 0
        self._left: dict[str, float] = {}  # when who is away was first missed
        self._clock = clock

    @property
    def open(self) -> int:
        """How many people are here."""
        return self._open

    def are_taken(self) -> bool:
        """Whether nobody else can come in."""
        return self._open >= self.count

    @contextmanager
    def taken(self) -> Iterator[None]:
        """One of them, as long as a visit lasts."""
        self._open += 1
        self.clear()
        try:
            yield
        finally:
            self._open -= 1
            self.clear()

    def clear(self) -> None:
        """Close the sessions of those who have been away for long, and the oldest where there is no room."""
        runtime = get_instance()
        manager = runtime._session_mgr  # Streamlit has no other way to know who is away
        sessions = [info.session.id for info in manager.list_sessions()]
        away = [name for name in sessions if not manager.is_active_session(name)]
        now = self._clock()
        self._left = {name: self._left.get(name, now) for name in away}
        room = max(0, self.count - self._open)
        for place, name in enumerate(sorted(away, key=self._left.__getitem__)):
            if now - self._left[name] > _KEPT or len(away) - place > room:
                runtime.close_session(name)
                del self._left[name]
