"""Work on a page through AppTest, with real processes: begun, seen by all, followed, stopped, and its end."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.kit import experiment
from pages.kit.experiment import told_line
from pages.kit.jobs import MINUTES, Jobs, Place, Running, Stopped, Stopping, Waiting
from pages.kit.strings import load
from tests.apps import run, until

SAY = {language: load(language) for language in ("en", "ko")}
EN = SAY["en"]
GAP, MEMORY = EN("jobs.kind_gap"), EN("jobs.kind_memory")

# Says how far it is, waits for a file to appear, and gives a result or fails; a deaf one has to be killed.
WORKER = """
import json, pathlib, signal, sys, time
if "deaf" in sys.argv:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
print(json.dumps(dict(event="progress", done=1, total=4, so_far=dict(words="so far"))), flush=True)
while not pathlib.Path(sys.argv[1]).exists():
    time.sleep(0.01)
if "crash" in sys.argv:
    raise MemoryError("no room")
print(json.dumps(dict(event="result", words="the result")), flush=True)
"""


def page(language: str, reader: str, manners: str) -> None:
    """A button, and what is known of the work."""
    import streamlit as st

    from pages.kit import experiment
    from pages.kit.strings import load

    experiment.this_reader = lambda: reader
    say = load(language)

    def start(ticket: object) -> bool:
        if ticket != "its ticket":
            return False
        experiment.begin("gap", "question", ["gap", manners], about="*a name*", ticket=ticket)
        return True

    experiment.keep("gap", say, start)
    experiment.show_line(say)
    st.button("begin", disabled=experiment.is_busy("gap"), on_click=start, args=("its ticket",))
    experiment.follow(
        "gap",
        say,
        result=lambda request, known: st.text(f"{request.about}: {known['words']}"),
        so_far=lambda request, known: st.text(known["words"]),
        title=lambda request: f"title of {request.about}",
    )


@pytest.fixture
def gate(tmp_path: Path) -> Path:
    return tmp_path / "gate"


@pytest.fixture(autouse=True)
def background(monkeypatch: pytest.MonkeyPatch, gate: Path) -> Iterator[Jobs]:
    made = Jobs((sys.executable, "-c", WORKER, str(gate)), at_once=1)
    monkeypatch.setattr(experiment, "jobs", lambda: made)
    monkeypatch.setattr(experiment, "this_reader", experiment.this_reader)  # pages put their own there
    yield made
    made.stop_all()


def opened(reader: str = "me", *, language: str = "en", manners: str = "") -> AppTest:
    given = {"language": language, "reader": reader, "manners": manners}
    return run(AppTest.from_function(page, default_timeout=60, kwargs=given))


def begin(app: AppTest) -> AppTest:
    app.button[0].click()
    run(app)
    until(lambda: request(app).job.state == Running(1, 4, {"words": "so far"}))
    return run(app)


def request(app: AppTest) -> experiment.Request:
    return app.session_state["asked.gap"]


def texts(app: AppTest) -> list[str]:
    return [text.value for text in app.text]


def bars(app: AppTest) -> list[str]:
    return [bar.proto.text for bar in app.get("progress")]


def ended(app: AppTest) -> AppTest:
    until(lambda: request(app).job.is_over)
    return run(app)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_it_is_followed_to_its_result(gate: Path, language: str):
    app = opened(language=language)
    assert [caption.value for caption in app.caption] == [SAY[language]("jobs.line_empty", minutes=MINUTES)]
    assert texts(app) == []
    begin(app)
    assert bars(app) == [SAY[language]("jobs.running", percent=25)]
    assert texts(app) == ["title of *a name*", "so far"]
    assert app.button[0].disabled
    gate.touch()
    ended(app)
    assert texts(app) == ["title of *a name*", "*a name*: the result"]
    assert not bars(app)
    assert not app.button[0].disabled


def test_stopped_is_said_when_the_process_has_ended_and_what_was_known_stays():
    app = begin(opened(manners="deaf"))
    app.button(key="gap-stop").click()
    run(app)
    assert request(app).job.state == Stopping(Stopped())
    assert bars(app) == [EN("jobs.stopping")]
    assert app.button(key="gap-stop").disabled
    assert app.button[0].disabled
    ended(app)
    assert request(app).job.process.returncode is not None
    assert texts(app) == ["title of *a name*", EN("jobs.stopped_so_far"), "so far"]


def test_who_leaves_what_others_want_is_told_so_and_may_come_back(gate: Path):
    first, second = begin(opened("me")), begin(opened("another"))
    first.button(key="gap-stop").click()
    opened("me")  # the page that is drawn last says who presses a button
    run(first)
    assert EN("jobs.left") in texts(first)
    assert not first.button[0].disabled
    assert not request(second).job.is_over
    begin(first)
    gate.touch()
    for app in (first, second):
        assert "*a name*: the result" in texts(ended(app))


def test_a_failure_and_the_end_of_its_time_are_said(gate: Path, monkeypatch: pytest.MonkeyPatch):
    gate.touch()
    app = opened(manners="crash")
    app.button[0].click()
    assert EN("jobs.failed", reason="MemoryError: no room") in texts(ended(run(app)))
    gate.unlink()
    late = Jobs((sys.executable, "-c", WORKER, str(gate)), limit=0.0)
    monkeypatch.setattr(experiment, "jobs", lambda: late)
    app.button[0].click()
    assert EN("jobs.late", minutes=MINUTES) in texts(ended(run(app)))


@pytest.mark.parametrize("language", ["en", "ko"])
def test_who_comes_when_the_line_is_full_is_told_so(
    gate: Path, monkeypatch: pytest.MonkeyPatch, language: str
):
    full = Jobs((sys.executable, "-c", WORKER, str(gate)), waiting=0)
    monkeypatch.setattr(experiment, "jobs", lambda: full)
    app = opened(language=language)
    app.button[0].click()
    assert SAY[language]("jobs.full", waiting=0) in texts(run(app))
    assert not app.button[0].disabled


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ((), EN("jobs.line_empty", minutes=MINUTES)),
        (
            (Place("gap", Running(1, 3)),),
            EN("jobs.line_room", running=f"{GAP} 33%", minutes=MINUTES),
        ),
        (
            (Place("gap", Stopping(Stopped())), Place("memory", Running(0, 0))),
            EN("jobs.line_full", running=f"{GAP}, being stopped, {MEMORY} 0%", waiting=0, place=1,
               minutes=MINUTES),
        ),
        (
            (Place("gap", Running(2, 3)), Place("gap", Running(9, 9)), *[Place("costs", Waiting(0))] * 3),
            EN("jobs.line_full", running=f"{GAP} 66%, {GAP} 100%", waiting=3, place=4, minutes=MINUTES),
        ),
    ],
)  # fmt: skip
def test_the_line_says_what_runs_how_far_and_where_one_would_stand(line: tuple[Place, ...], words: str):
    assert told_line(line, 2, EN) == words


def test_everybody_sees_the_line_before_they_begin():
    begin(opened("me"))
    line = EN("jobs.line_full", running=f"{GAP} 25%", waiting=0, place=1, minutes=MINUTES)
    assert [caption.value for caption in opened("another").caption] == [line]


def kept(app: AppTest) -> str | None:
    """What the window is given to keep."""
    [sent] = [json.loads(one.proto.json) for one in app.get("bidi_component")]
    return sent["asked"]


def come_back(asked: object) -> AppTest:
    """A window that has kept something, on a server that knows nobody."""
    app = opened()
    app.session_state["gap-asked"] = {"asked": asked}
    return run(app)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_what_is_under_way_is_kept_by_its_window_and_begins_again_on_another_server(
    gate: Path, language: str
):
    first = opened(language=language)
    assert kept(first) is None
    begin(first)
    asked = kept(first)
    experiment.jobs().stop_all()
    app = opened(language=language)
    app.session_state["gap-asked"] = {"asked": asked}
    experiment.jobs()._jobs.clear()
    run(app)
    until(lambda: request(app).job.state == Running(1, 4, {"words": "so far"}))
    assert kept(run(app)) == asked
    gate.touch()
    assert "*a name*: the result" in texts(ended(app))
    over = kept(run(app))
    assert over != asked
    app = opened(language=language)
    app.session_state["gap-asked"] = {"asked": over}
    assert SAY[language]("jobs.lost") in texts(run(app))
    assert "asked.gap" not in app.session_state


@pytest.mark.parametrize("asked", ["", "[", "7", '"its ticket"', '["another", true]', "[" * 10_000, 7, None])
def test_what_is_no_ticket_begins_nothing(asked: object, background: Jobs):
    app = come_back(asked)
    assert background.line() == ()
    assert "asked.gap" not in app.session_state
