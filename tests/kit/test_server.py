"""How Streamlit serves the app: whom it asks, what a failing callback shows, how it begins and ends."""

import asyncio
import re
import signal
from pathlib import Path

import pytest
from streamlit import net_util
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
from streamlit.web.server.app_discovery import discover_asgi_app
from streamlit.web.server.server_util import is_url_from_allowed_origins

from pages.kit import server
from pages.kit.seats import Seats
from pages.kit.server import ask_nobody, opened, take_in_open_pages
from pages.kit.translators import Shelf
from s2s.engine.processes import Processes
from s2s.engine.threads import Threads
from tests.apps import ROOT, SAY, open_app, run
from tests.servers import ask, watched


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is set for a whole process is as before when the test is over."""
    for name in ("get_external_ip", "get_internal_ip"):
        monkeypatch.setattr(net_util, name, getattr(net_util, name))
    monkeypatch.setattr(AppSession, "request_rerun", AppSession.request_rerun)
    monkeypatch.setattr(server, "raise_limit", lambda: 1000)


@pytest.fixture
def own_shelf(monkeypatch: pytest.MonkeyPatch) -> Shelf:
    """Instead of the one of this process, and with nothing on it."""
    shelf = Shelf()
    monkeypatch.setattr(server, "shelf", lambda: shelf)
    monkeypatch.setattr(shelf, "load_in_background", lambda: None)
    return shelf


def test_streamlit_finds_the_app_that_it_is_to_serve():
    assert discover_asgi_app(ROOT / "app.py").import_string == "app:app"


def test_an_origin_that_is_not_known_is_refused_without_asking_anybody(monkeypatch, alone):
    def called(*_: object, **__: object) -> None:
        raise AssertionError("somebody is asked")

    monkeypatch.setattr("socket.socket", called)
    monkeypatch.setattr("requests.get", called)
    ask_nobody()
    assert not is_url_from_allowed_origins("http://evil.example")
    assert is_url_from_allowed_origins("http://localhost")


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_callback_that_fails_is_said_in_a_sentence_and_the_page_goes_on(monkeypatch, alone, language):
    handler = opened()["on_script_error"]
    begin = ScriptRunner.__init__

    def begin_with_handler(self: ScriptRunner, **options: object) -> None:
        begin(self, **options, on_script_error=handler)

    def fail(*_: object) -> None:
        raise RuntimeError("broken in /home/someone/secret.py")

    monkeypatch.setattr(ScriptRunner, "__init__", begin_with_handler)
    monkeypatch.setattr("pages.labs.memory.lab.begin", fail)
    app = open_app("gradients", lang=language)
    app.button(key="memory-start").click()
    run(app, failing=True)
    [error] = app.error
    before, behind = SAY[language]("errors.unforeseen").split("{number}")
    assert re.fullmatch(rf"{re.escape(before)}\d{{6}}{re.escape(behind)}", error.value)


@pytest.mark.parametrize("is_headless", [False, True])
def test_the_app_opens_in_a_browser_where_there_is_one(monkeypatch, alone, own_shelf, is_headless):
    options = {"server.headless": is_headless, "browser.serverAddress": "127.0.0.1"}
    shown: list[str] = []
    monkeypatch.setattr(server.st, "get_option", options.__getitem__)
    monkeypatch.setattr(server.server_util, "get_url", lambda address: f"http://{address}:8501")
    monkeypatch.setattr(server.cli_util, "open_browser", shown.append)
    monkeypatch.setattr(server.signal, "signal", lambda *_: None)

    async def live() -> None:
        async with opened()["lifespan"](None):
            await asyncio.sleep(0)
            await asyncio.sleep(0)

    asyncio.run(live())
    assert shown == ([] if is_headless else ["http://127.0.0.1:8501"])


@pytest.mark.parametrize(
    ("asked", "cores", "count"), [(None, 1, 1), (None, 2, 2), (None, 64, 3), ("5", 2, 5), ("0", 8, 0)]
)
def test_models_compute_in_processes_of_their_own(monkeypatch, alone, own_shelf, asked, cores, count):
    monkeypatch.setattr(server.signal, "signal", lambda *_: None)
    monkeypatch.setattr(server.cli_util, "open_browser", lambda _: None)
    monkeypatch.setattr(server.os, "cpu_count", lambda: cores)
    if asked is not None:
        monkeypatch.setenv("S2S_PROCESSES", asked)
    made: list[int] = []
    monkeypatch.setattr(server, "Processes", lambda count: made.append(count) or Processes(count))

    async def live() -> None:
        async with opened()["lifespan"](None):
            pass

    asyncio.run(live())
    assert made == [count] * bool(count)
    assert isinstance(own_shelf.workers, Processes if count else Threads)


def test_sessions_are_looked_for_again_and_again_as_long_as_it_serves(monkeypatch, alone, own_shelf):
    looks: list[Seats] = []
    monkeypatch.setattr(Seats, "clear", lambda seats: looks.append(seats))
    monkeypatch.setattr(server, "_SWEEP", 0.001)
    monkeypatch.setattr(server.signal, "signal", lambda *_: None)
    monkeypatch.setattr(server.cli_util, "open_browser", lambda _: None)

    async def live() -> int:
        async with opened()["lifespan"](None):
            while len(looks) < 3:
                await asyncio.sleep(0.001)
        seen = len(looks)
        await asyncio.sleep(0.01)
        return seen

    assert asyncio.run(live()) == len(looks)


def test_told_to_end_it_says_goodbye(tmp_path: Path):
    goodbye = tmp_path / "goodbye"
    before = f"import atexit, pathlib\natexit.register(pathlib.Path({str(goodbye)!r}).touch)"
    with watched(tmp_path, before=before) as one:
        assert ask(one.port, "/_stcore/health").status == 200
        one.process.send_signal(signal.SIGTERM)
        one.process.wait(20)
    assert goodbye.exists()
    assert "Traceback" not in one.log


class Session:
    """As much of Streamlit's as is asked."""

    def __init__(self, *fragments: str, has_run: bool) -> None:
        self._fragments = fragments
        self._client_state = ClientState()
        if has_run:
            self._client_state.widget_states.SetInParent()

    def has_fragment(self, fragment: str) -> bool:
        return fragment in self._fragments


@pytest.mark.parametrize(
    ("session", "asked", "wanted"),
    [
        (Session(has_run=False), "field", ""),  # the page was opened before the server was started
        (Session("field", has_run=False), "field", "field"),
        (Session(has_run=True), "field", "field"),  # of a page that was left: Streamlit drops it
        (Session(has_run=False), "", ""),
    ],
)
def test_what_is_typed_into_a_page_that_this_server_has_not_drawn_draws_all_of_it(
    monkeypatch, session: Session, asked: str, wanted: str
):
    given: list[ClientState] = []
    monkeypatch.setattr(AppSession, "request_rerun", lambda _, state: given.append(state))
    take_in_open_pages()
    state = ClientState(query_string="text=x", fragment_id=asked, is_auto_rerun=bool(asked))
    state.widget_states.widgets.add(id="field", string_value="Il pleut.")
    AppSession.request_rerun(session, state)
    [found] = given
    assert (found.fragment_id, found.is_auto_rerun) == (wanted, bool(wanted))
    assert (found.query_string, found.widget_states) == ("text=x", state.widget_states)
    take_in_open_pages()
    AppSession.request_rerun(session, None)
    assert given[1:] == [None], "once, however often an app is opened"
