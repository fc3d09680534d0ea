"""How long the page of the walkthrough takes to answer a step, on the server.

`python -m benchmarks.walkthrough ROUNDS` prints the times as JSON, from a process of its own with one thread.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any, Final, NamedTuple

from benchmarks.apart import answer
from benchmarks.report import Row, spread
from benchmarks.sentences import SENTENCES

_APP: Final = Path(__file__).resolve().parent.parent / "app.py"
_PAGE: Final = "pages/walkthrough.py"
_STEPS: Final = 6  # of each sentence
_WITHIN: Final = 150.0  # milliseconds


class Measured(NamedTuple):
    """Milliseconds for each step of each sentence: the whole page, run as Streamlit runs it."""

    one: list[float]  # scorer
    all: list[float]  # three, in columns


def rows(*, rounds: int) -> list[Row]:
    """A step with one scorer, and with three in columns."""
    measured = Measured(**answer("benchmarks.walkthrough", str(rounds)))
    return [
        _row("a step of the walkthrough", measured.one),
        _row("the same for three scorers in columns", measured.all),
    ]


def _row(name: str, times: list[float]) -> Row:
    p50, p95 = spread(times)
    told = f"p50 {p50:.0f} ms, p95 {p95:.0f} ms"
    return Row("walkthrough", name, told, f"p95 under {_WITHIN:.0f} ms", p95 < _WITHIN)


def measure(rounds: int) -> Measured:
    """In this process: sentences in turns, after one step of each that is not timed."""
    from streamlit.testing.v1 import AppTest

    import pages.kit.frame  # noqa: F401  sets the threads, before torch is loaded
    from pages.kit.state import fields_of
    from pages.kit.translators import MODELS, shelf
    from pages.labs.walkthrough.view import View

    shelf().load_in_background()
    while not shelf().has(MODELS):
        time.sleep(0.05)
    times: dict[str, list[float]] = {}
    for name, scorer in (("one", "general"), ("all", "all")):
        app: Any = AppTest.from_file(_APP, default_timeout=60)
        app.query_params["scorer"] = scorer
        app.switch_page(_PAGE).run()
        times[name] = []
        for sentence in SENTENCES[:rounds]:
            app.session_state["text"] = sentence
            for step in range(_STEPS + 1):
                app.session_state[fields_of(View)["step"].kept] = step
                started = time.perf_counter()
                app.run()
                if step:
                    times[name].append((time.perf_counter() - started) * 1000)
    return Measured(**times)


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]))._asdict()))
