"""The server: how Streamlit serves the app. `app.py` hands this to `streamlit.starlette.App`.

What has no setting is done here: the door (`pages.kit.door`), files sent compressed
(`pages.kit.packed`), processes for the models, open files (`pages.kit.seats`), errors that nobody
foresaw, the browser that opens. Two things take replacing a part of Streamlit: it asks a server on
the internet for this machine's address when an origin is not known to it; and it leaves unanswered
what is typed into a page that was opened before the server was started.
"""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from typing import Any, Final

import streamlit as st
from starlette.middleware import Middleware
from streamlit import cli_util, net_util
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.runtime.app_session import AppSession
from streamlit.web.server import server_util

from pages.kit import export, health
from pages.kit.door import Door
from pages.kit.failures import tell
from pages.kit.frame import page_language
from pages.kit.packed import Packed
from pages.kit.seats import Seats, raise_limit
from pages.kit.strings import load
from pages.kit.translators import shelf
from s2s.engine.processes import Processes

_PROCESSES: Final = "S2S_PROCESSES"  # in the environment: how many models compute in, 0 for the server's own
_MOST_PROCESSES: Final = 3  # without it, on a machine with as many cores: one for each scorer
_SWEEP: Final = 5.0  # seconds between two looks for sessions to close


def opened() -> dict[str, Any]:
    """What `App` is given beside the script. Opens nothing yet, but raises the limit of open files."""
    ask_nobody()
    take_in_open_pages()
    seats = Seats(raise_limit())
    return {
        "routes": [health.route(seats), export.route()],
        "middleware": [Middleware(Door, seats=seats), Middleware(Packed)],
        "lifespan": partial(_life, seats=seats),
        "on_script_error": lambda error: tell(error, load(page_language())),
    }


def ask_nobody() -> None:
    """Keep Streamlit from asking the internet, or the network, what the address of this machine is."""
    for name in ("get_external_ip", "get_internal_ip"):
        assert callable(getattr(net_util, name))
        setattr(net_util, name, lambda: None)


def take_in_open_pages() -> None:
    """Answer a page that was opened before this server was started. What is typed there asks for a part of
    the page alone, which a session that has not run the page yet does not have: it runs the whole page
    instead, with what the page's fields hold."""
    rerun = AppSession.request_rerun
    if rerun.__module__ == __name__:  # done already
        return

    def request_rerun(session: AppSession, client_state: ClientState | None) -> None:
        fragment = client_state.fragment_id if client_state else ""
        is_new = not session._client_state.HasField("widget_states")  # as it is when a first run has ended
        if client_state and fragment and is_new and not session.has_fragment(fragment):
            whole = ClientState()
            whole.CopyFrom(client_state)
            whole.fragment_id, whole.is_auto_rerun = "", False
            client_state = whole
        rerun(session, client_state)

    setattr(AppSession, "request_rerun", request_rerun)  # noqa: B010, no method is assigned to


def _life(_app: object, *, seats: Seats) -> AbstractAsyncContextManager[None]:
    return _serving(seats)


@asynccontextmanager
async def _serving(seats: Seats) -> AsyncIterator[None]:
    """From the start of the server to its end."""
    if threading.current_thread() is threading.main_thread():
        # Ended like by Ctrl-C, Python says goodbye, and workers end with it.
        signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    if not st.get_option("server.headless"):
        url = server_util.get_url(st.get_option("browser.serverAddress"))
        asyncio.get_running_loop().call_soon(cli_util.open_browser, url)
    if count := _processes():
        shelf().answer_with(Processes(count))
    for_life = [asyncio.create_task(_sweep(seats)), asyncio.create_task(health.report(seats))]
    try:
        yield
    finally:
        for task in for_life:
            task.cancel()


def _processes() -> int:
    """How many are to compute, 0 for none but this."""
    asked = os.environ.get(_PROCESSES, "")
    return int(asked) if asked.isdecimal() else min(_MOST_PROCESSES, os.cpu_count() or 1)


async def _sweep(seats: Seats) -> None:
    while True:
        await asyncio.sleep(_SWEEP)
        seats.clear()
