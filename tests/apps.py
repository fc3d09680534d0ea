"""The app through AppTest: opening a page, typing, and reading what it computed and said."""

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from pages.kit import experiment
from pages.kit.jobs import Jobs
from pages.kit.state import fields_of
from pages.kit.strings import load
from s2s import catalog

# Streamlit looks through all that is installed for each AppTest; it does not change meanwhile.
manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)

ROOT = Path(__file__).resolve().parents[1]
SAY = {language: load(language) for language in ("en", "ko")}
WIDTH = catalog.read_config(catalog.locate("fr-en-general"))[0].hidden  # numbers in a state
ODD = [
    "a", "42", "😀😀", "한국어 문장입니다.", "<b>gras</b><script>alert(1)</script>", "**gras** _x_ # titre",
    "$\\frac{1}{2}$ $x$", "![x](http://example.org/x.png) [y](http://example.org)", "Un.\nDeux.\r\n\tTrois.",
    "\u200b", "…", "e\u0301te\u0301", "\x00\x07", ":material/home: :smile:", "x" * 3000,
]  # fmt: skip


def open_app(page: str = "", *, failing: bool = False, **query: str | list[str]) -> AppTest:
    """The main page, or the page of that name, opened with a link. Nothing on it may fail unforeseen unless
    the test wants it to."""
    app = AppTest.from_file(ROOT / "app.py", default_timeout=120)
    for key, value in query.items():
        app.query_params[key] = value
    if page:
        app.switch_page(f"pages/{page}.py")
    return run(app, failing=failing)


def panels(app: AppTest) -> dict[str, dict]:
    """What the page sent to the browser, by the name of the card."""
    sent = [json.loads(component.proto.json) for component in app.get("bidi_component")]
    return {panel["name"]: panel for data in sent for panel in data.get("panels", ())}


def run(app: AppTest, *, failing: bool = False) -> AppTest:
    app.run()
    assert not app.exception
    assert failing == bool(app.error), [error.value for error in app.error]
    return app


def type_in(app: AppTest, text: str) -> AppTest:
    app.session_state["text"] = text
    return run(app)


def keep(app: AppTest, view: type, **values: object) -> AppTest:
    """Choose, as the browser would tell it."""
    for name, value in values.items():
        app.session_state[fields_of(view)[name].kept] = value
    return run(app)


def cards(app: AppTest) -> list[dict]:
    """What the first laboratory of the page sent to the browser, a record per card."""
    sent = [json.loads(component.proto.json) for component in app.get("bidi_component")]
    panels, *_ = [data["panels"] for data in sent if "panels" in data]
    return panels


def linked(app: AppTest) -> dict[str, list[str]]:
    """What the page lets the address say of its switches, nothing for one at its default."""
    sent = [json.loads(component.proto.json) for component in app.get("bidi_component")]
    return {key: codes for data in sent for key, codes in data.get("codes", {}).items()}


def said(app: AppTest) -> str:
    """All running text of the page outside the cards."""
    return "\n".join([*(text.value for text in app.text), *(html.proto.body for html in app.get("html"))])


def until(condition: Callable[[], object]) -> None:
    """Wait for something that happens elsewhere; two minutes say that it never will."""
    deadline = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def started(app: AppTest, name: str) -> AppTest:
    """The page with an experiment under way that has said something."""
    app.button(key=f"{name}-start").click()
    run(app)
    asked = app.session_state[f"asked.{name}"]
    until(lambda: getattr(asked.job.state, "so_far", None))
    return run(app)


def ended(app: AppTest, name: str) -> AppTest:
    """The page when that is over."""
    until(lambda: app.session_state[f"asked.{name}"].job.is_over)
    return run(app)


@contextmanager
def working(worker: str, gate: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Jobs]:
    """Pages let this code work in the background; it is told of a file that lets it go on to its end."""
    made = Jobs((sys.executable, "-c", worker, str(gate)))
    monkeypatch.setattr(experiment, "jobs", lambda: made)
    yield made
    made.stop_all()
