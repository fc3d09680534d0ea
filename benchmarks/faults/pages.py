"""The pages through Streamlit's own test runner: odd texts in the field, odd parameters in the address."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import redirect_stdout
from random import Random
from typing import Any, Final

from streamlit.testing.v1 import AppTest

from benchmarks.faults import Case, odd_text, tried
from benchmarks.server import ROOT
from pages.labs import pages
from s2s.records import parse_json

_PATIENCE: Final = 120  # seconds
_ODD: Final = (
    "", "0", "1", "-1", "1e999", "NaN", "inf", "1_000", "٣", "１", "0x10", "true", "null", "[]", "{}", "dot",
    "fr-en-dot", "fr-en-none", "../..", "/etc/passwd", "<script>alert(1)</script>", "'\"", "%00", "\x00",
    "\ud800",
    "a" * 10_000, "한국어", "en,ko", "weights", "words", "9" * 400, "1.5", " 1", "--", "*", "\n", "\u202e",
)  # fmt: skip


def texts(count: int, draw: Random) -> Iterator[Case]:
    """Typed into the field of a page that is open."""
    scripts = [page.script for page in pages()]
    apps: dict[str, AppTest] = {}
    for number in range(count):
        script, text = scripts[number % len(scripts)], odd_text(draw)
        if script not in apps:
            apps[script] = _opened(script, {})
        app = apps[script]
        app.session_state["text"] = text
        yield tried(f"{script}: {text!r}", lambda: _flaw_of(_run(app)))  # noqa: B023


def parameters(count: int, draw: Random) -> Iterator[Case]:
    """Addresses with one to four parameters that a page knows, and what nobody would choose."""
    scripts = [page.script for page in pages()]
    known = {script: _parameters_of(_opened(script, {})) for script in scripts}
    for number in range(count):
        script = scripts[number % len(scripts)]
        names = draw.sample(known[script], k=min(len(known[script]), draw.randint(1, 4)))
        query = {name: [_odd_value(draw) for _ in range(draw.randint(1, 2))] for name in names}
        yield tried(f"{script} {query!r}", lambda: _flaw_of(_opened(script, query)))  # noqa: B023


def _odd_value(draw: Random) -> str:
    """What an address can hold: bytes that are no UTF-8 arrive as U+FFFD."""
    text = draw.choice(_ODD) if draw.random() < 0.8 else odd_text(draw)
    return text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")


def _opened(script: str, query: dict[str, list[str]]) -> AppTest:
    app = AppTest.from_file(ROOT / "app.py", default_timeout=_PATIENCE)
    for name, values in query.items():
        app.query_params[name] = values
    if script != "app.py":
        app.switch_page(script)
    return _run(app)


def _run(app: AppTest) -> AppTest:
    """Once more; what went wrong becomes a row of the table, not pages of Streamlit's."""
    with redirect_stdout(io.StringIO()):
        return app.run()


def _sent(app: AppTest) -> list[Any]:
    return [
        parse_json(component.proto.json or component.proto.mixed.json)
        for component in app.get("bidi_component")
    ]


def _parameters_of(app: AppTest) -> list[str]:
    """What a page reads from its address, as far as it writes it there itself."""
    named = {name for data in _sent(app) for name in data.get("codes", {})}
    return sorted(named | {"text", "reference", "pin", "zoom"})


def _flaw_of(app: AppTest) -> str:
    if app.exception:
        return str(app.exception[0].value)[:300]
    _sent(app)
    shown = "\n".join(element.value for element in (*app.text, *app.markdown))
    return "a traceback is shown" if "Traceback" in shown or 'File "' in shown else ""
