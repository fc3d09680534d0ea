"""How the server is doing, as it says itself."""

import asyncio
import json

import pytest

from pages.kit import health
from pages.kit.seats import Seats
from pages.kit.translators import Shelf
from s2s.engine.questions import Translate
from s2s.translator import Translator
from tests.sentences import PHRASES
from tests.servers import ask, knock, leave, watched


@pytest.fixture
def own(translator: Translator, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    monkeypatch.setattr(Translator, "load", lambda name: translator)
    made = Shelf()
    monkeypatch.setattr(health, "shelf", lambda: made)
    return made


def test_it_counts_answers_and_tells_the_memory(own: Shelf):
    before = health.health(Seats(1000))
    for phrase in (*PHRASES[:3], PHRASES[0]):
        own.ask("any", Translate(phrase.source))
    after = health.health(Seats(1000))
    assert (before["answers"], after["answers"], after["from_cache"]) == (0, 3, 1)
    assert after["bytes_kept"] > before["bytes_kept"] == 0
    assert after["megabytes"] is None or after["megabytes"] > 10
    assert (after["sessions"], after["loaded"]) == (0, False)


def test_a_minute_in_which_somebody_asked_is_a_line_in_the_log(own: Shelf, monkeypatch):
    lines: list[str] = []
    monkeypatch.setattr(health, "_MINUTE", 0.01)
    monkeypatch.setattr(health._LOG, "info", lambda form, *told: lines.append(form % told))

    async def live() -> None:
        task = asyncio.create_task(health.report(Seats(1000)))
        await asyncio.sleep(0.1)
        assert not lines, "nobody has asked yet"
        own.ask("any", Translate(PHRASES[0].source))
        while not lines:
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.1)
        task.cancel()

    asyncio.run(live())
    [line] = lines
    assert "answers 1," in line
    assert "p95" in line


def test_it_can_be_asked_for_by_who_may_come_in(tmp_path):
    with watched(tmp_path) as server:
        here = [knock(server.port) for _ in range(3)]
        told = ask(server.port, "/health")
        assert told.status == 200
        assert json.loads(told.body)["sessions"] == 3
        assert ask(server.port, "/health", host="evil.example").status == 403
        leave(here)
