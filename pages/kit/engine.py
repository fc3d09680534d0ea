"""Where Streamlit meets the engine: whether a reader still waits for an answer, and giving way if not.

A letter that is typed while an answer is computed is a request to run again, which waits until the run is
over. A run that still waits for its turn has nothing to show: it gives way at once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn

from streamlit.runtime.scriptrunner import RerunException, StopException, get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequests, ScriptRequestType

Wanted = Callable[[], bool]


def wanted() -> Wanted | None:
    """A function that says whether this run is still the last that its reader asked for; None outside of a
    run. Other threads may call it."""
    requests = _requests()
    if requests is None:
        return None
    return lambda: requests._state == ScriptRequestType.CONTINUE  # Streamlit has no other way to look


def give_way() -> NoReturn:
    """End this run for the one that was asked for since; what is on the page stays until that has drawn."""
    requests = _requests()
    request = None if requests is None else requests.on_scriptrunner_ready()
    if request is not None and request.type == ScriptRequestType.RERUN:
        raise RerunException(request.rerun_data)
    raise StopException


def _requests() -> ScriptRequests | None:
    context = get_script_run_ctx(suppress_warning=True)
    return None if context is None else context.script_requests
