"""Where Streamlit meets the engine: which one answers, whether a reader still waits, and giving way if not.

The models of this process answer, unless S2S_ENGINE in the environment names an engine elsewhere: then they
answer only while that one does not.

A letter that is typed while an answer is computed is a request to run again, which waits until the run is
over. A run that still waits for its turn has nothing to show: it gives way at once.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Final, NoReturn

from streamlit.runtime.scriptrunner import RerunException, StopException, get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequestType

from s2s.engine.cache import Cache
from s2s.engine.fallback import Fallback
from s2s.engine.local import Local, Told, key_of
from s2s.engine.questions import Request
from s2s.engine.remote import ENGINE, Remote
from s2s.errors import EngineError

Wanted = Callable[[], bool]
_AT_ONCE: Final = 64  # questions of all readers together that wait for an engine elsewhere, each in a thread


class Engines:
    """The engine of this process, and the one elsewhere where there is to be one."""

    def __init__(self, local: Local, cache: Cache, *, address: str | None = None) -> None:
        """`address` is that of an engine elsewhere, S2S_ENGINE if it is None."""
        self.local = local
        self._cache = cache
        self._side_by_side = ThreadPoolExecutor(_AT_ONCE, "ask")
        self._wrong: EngineError | None = None
        self._remote: Remote | None = None
        self._elsewhere: Fallback | None = None
        address = os.environ.get(ENGINE, "") if address is None else address
        if address:
            try:
                self._remote = Remote(address)
                self._elsewhere = Fallback(self._remote, local)
            except EngineError as error:
                self._wrong = error

    @property
    def failure(self) -> EngineError | None:
        """Why the models here answer, though others were to; None where all is as it was meant."""
        return self._wrong if self._elsewhere is None else self._elsewhere.failure

    def close(self) -> None:
        """Ask the one elsewhere no more."""
        if self._elsewhere is not None:
            self._elsewhere.close()
        if self._remote is not None:
            self._remote.close()

    def ask_all(
        self, asks: Sequence[Request], *, wanted: Wanted | None = None, since: float | None = None
    ) -> list[Told]:
        """See `Local.ask_all`. Questions that went elsewhere are not given up."""
        if self._elsewhere is None or self._elsewhere.failure is not None:
            return self.local.ask_all(asks, wanted=wanted, since=since)
        return list(self._side_by_side.map(partial(self._ask_elsewhere, self._elsewhere), asks))

    def _ask_elsewhere(self, there: Fallback, ask: Request) -> Told:
        began = time.perf_counter()
        find = partial(there.ask, ask.model, ask.question, guess=ask.guess)
        found: Any
        try:
            found = self._cache.find(key_of(ask.model, ask.question), find)
        except Exception as error:
            found = error
        return Told(found, time.perf_counter() - began)


def wanted() -> Wanted | None:
    """A function that says whether this run of a fragment is still the last that its reader asked for. Other
    threads may call it. None in a run that draws more than that, a page or several fragments, and outside of
    runs: what they ask is always wanted. What waits for another part of the page alone, as one that looks how
    a job is at every second, leaves this run wanted: nobody would draw the rest of it."""
    context = get_script_run_ctx(suppress_warning=True)
    if context is None or context.script_requests is None or len(context.fragment_ids_this_run or ()) != 1:
        return None
    requests, (own,) = context.script_requests, context.fragment_ids_this_run or ("",)

    def is_wanted() -> bool:  # Streamlit has no other way to look
        if requests._state != ScriptRequestType.RERUN:
            return requests._state == ScriptRequestType.CONTINUE
        asked = requests._rerun_data.fragment_id_queue
        return bool(asked) and own not in asked

    return is_wanted


def give_way() -> NoReturn:
    """End this run for the one that was asked for since; what is on the page stays until that has drawn."""
    context = get_script_run_ctx(suppress_warning=True)
    requests = None if context is None else context.script_requests
    request = None if requests is None else requests.on_scriptrunner_ready()
    if request is not None and request.type == ScriptRequestType.RERUN:
        raise RerunException(request.rerun_data)
    raise StopException
