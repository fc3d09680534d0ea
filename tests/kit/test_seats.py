"""How many come in, and what those who left still hold: with a runtime of paper, and with a real server."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from pages.kit import seats
from pages.kit.seats import Seats, raise_limit
from tests.apps import SAY, until
from tests.servers import Answer, ask, knock, leave, watched

FEW = 256  # open files: what macOS gives a terminal


class Paper:
    """A runtime with sessions that are here or away."""

    def __init__(self) -> None:
        self.here: list[str] = []
        self.away: list[str] = []
        self._session_mgr = self

    def list_sessions(self) -> list[SimpleNamespace]:
        return [SimpleNamespace(session=SimpleNamespace(id=name)) for name in [*self.here, *self.away]]

    def is_active_session(self, name: str) -> bool:
        return name in self.here

    def close_session(self, name: str) -> None:
        self.away.remove(name)


@pytest.fixture
def runtime(monkeypatch: pytest.MonkeyPatch) -> Paper:
    paper = Paper()
    monkeypatch.setattr(seats, "get_instance", lambda: paper)
    return paper


def test_a_seat_is_four_files_and_there_is_always_one():
    assert Seats(FEW).count == (FEW - 100) // 4
    assert Seats(10).count == 1


def test_a_session_waits_for_who_has_left_but_not_for_ever(runtime: Paper):
    now = [0.0]
    room = Seats(FEW, clock=lambda: now[0])
    runtime.away = ["early"]
    room.clear()
    now[0] = 60
    runtime.away.append("late")
    room.clear()
    assert runtime.away == ["early", "late"]
    now[0] = 101
    room.clear()
    assert runtime.away == ["late"]
    now[0] = 161
    room.clear()
    assert runtime.away == []


def test_who_comes_back_is_not_counted_as_away(runtime: Paper):
    now = [0.0]
    room = Seats(FEW, clock=lambda: now[0])
    runtime.away = ["one"]
    room.clear()
    runtime.away, runtime.here = [], ["one"]
    now[0] = 90
    room.clear()
    runtime.away, runtime.here = ["one"], []
    now[0] = 110
    room.clear()
    assert runtime.away == ["one"], "away for no time at all"


def test_whoever_comes_takes_the_place_of_who_left_first(runtime: Paper):
    now = [0.0]
    room = Seats(100 + 4 * 3, clock=lambda: now[0])
    for name in ("first", "second", "third"):
        runtime.away.append(name)
        now[0] += 1
        room.clear()
    assert len(runtime.away) == 3
    with room.taken():
        assert runtime.away == ["second", "third"]
        with room.taken(), room.taken():
            assert runtime.away == []
            assert room.are_taken()
        assert not room.are_taken()


def test_the_limit_is_raised_as_far_as_this_process_may(monkeypatch: pytest.MonkeyPatch):
    resource = pytest.importorskip("resource")
    asked = []
    monkeypatch.setattr(resource, "setrlimit", lambda _kind, limits: asked.append(limits))
    forever = resource.RLIM_INFINITY
    for limits, found in (((256, 4096), 4096), ((256, forever), 10_240), ((256, 256), 256),
                          ((20_000, 20_000), 20_000), ((forever, forever), 10_240)):  # fmt: skip
        monkeypatch.setattr(resource, "getrlimit", lambda _kind, limits=limits: limits)
        assert raise_limit() == found
    assert asked == [(4096, 4096), (10_240, forever)]


@pytest.mark.parametrize("language", ["en", "ko"])
def test_thirty_people_who_reload_twice_get_in_and_who_finds_it_full_is_told(tmp_path: Path, language: str):
    with watched(tmp_path, files=FEW) as server:
        here = [knock(server.port) for _ in range(30)]
        answers = list(here)
        for _ in range(2):
            for place, one in enumerate(here):
                leave([one])
                here[place] = until_in(server.port)
            answers += here
        assert [answer.status for answer in answers] == [101] * 90
        assert server.files() < FEW
        others = [knock(server.port) for _ in range(20)]
        assert {answer.status for answer in others} == {101, 403}
        full = ask(server.port, accept="text/html", accept_language=language)
        assert (full.status, full.body) == (503, SAY[language]("door.full"))
        assert full.headers["refresh"]
        leave([*here, *others])
        assert "Traceback" not in server.log


def until_in(port: int) -> Answer:
    """Come in, as a browser does that tries again when it is refused."""
    answer = knock(port)
    while answer.status != 101:
        leave([answer])
        answer = knock(port)
    return answer


def test_files_come_back_when_everybody_has_left(tmp_path: Path):
    soon = (
        "import pages.kit.seats, pages.kit.server\npages.kit.seats._KEPT = 0.5\npages.kit.server._SWEEP = 0.1"
    )
    with watched(tmp_path, before=soon) as server:
        ask(server.port)
        before = server.files()
        here = [knock(server.port) for _ in range(40)]
        until(lambda: server.files() >= 4 * 40)
        assert [answer.status for answer in here] == [101] * 40
        leave(here)
        until(lambda: server.files() <= before)
