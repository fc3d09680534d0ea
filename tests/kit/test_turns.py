"""A turn that one thread has at a time, and who takes and leaves it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from pages.kit import live
from pages.kit.turns import TURNS, Turns
from s2s.engine.local import Local
from tests.apps import open_app

PATIENCE = 20.0  # seconds; a machine may be slow


def until(is_so: Callable[[], bool]) -> None:
    """Wait for it."""
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.001)


@pytest.mark.parametrize(
    ("since", "expected"),
    [
        ((None,) * 5, [0, 1, 2, 3, 4]),
        ((9.0, 4.0, 3.0, 2.0, 3.0), [0, 3, 2, 4, 1]),
    ],
    ids=["in the order of asking", "who has waited longest"],
)
def test_one_has_it_at_a_time_and_then_comes(since: tuple[float | None, ...], expected: list[int]):
    turns, order, inside = Turns(longest=PATIENCE), [], []
    first = threading.Event()

    def draw(number: int) -> None:
        with turns.taken(since[number]):
            inside.append(number)
            assert inside == [number]
            if number == 0:
                first.wait(PATIENCE)
            order.append(number)
            inside.remove(number)

    with ThreadPoolExecutor(5) as pool:
        drawn = [pool.submit(draw, 0)]
        until(lambda: inside == [0])
        for number in range(1, 5):
            drawn.append(pool.submit(draw, number))
            until(lambda number=number: len(turns._queue) == number)
        first.set()
        for one in drawn:
            one.result(PATIENCE)
    assert order == expected


def test_others_come_in_while_whoever_has_it_waits_for_something_else():
    turns = Turns(longest=PATIENCE)
    is_answered, has_drawn = threading.Event(), threading.Event()

    def ask() -> None:
        with turns.taken():
            with turns.left():
                assert is_answered.wait(PATIENCE)
            assert turns._is_taken

    def draw() -> None:
        with turns.taken():
            has_drawn.set()

    with ThreadPoolExecutor(2) as pool:
        asked = pool.submit(ask)
        until(lambda: not turns._is_taken)
        drawn = pool.submit(draw)
        assert has_drawn.wait(PATIENCE)
        is_answered.set()
        asked.result(PATIENCE)
        drawn.result(PATIENCE)
    assert not turns._is_taken


def test_nobody_waits_for_ever_for_one_who_waits_for_them():
    turns = Turns(longest=0.02)
    with turns.taken(), ThreadPoolExecutor(1) as pool:

        def draw() -> bool:
            with turns.taken():
                return turns._has()

        assert pool.submit(draw).result(PATIENCE) is False
        assert not turns._queue
    with turns.taken():
        assert turns._has()


def test_many_may_wait_longer_than_one_may_draw():
    turns, has, inside = Turns(longest=0.2), [], []

    def draw(number: int) -> None:
        with turns.taken():
            inside.append(number)
            assert inside == [number]
            has.append(turns._has())
            time.sleep(0.05)
            inside.remove(number)

    with ThreadPoolExecutor(12) as pool:
        for one in [pool.submit(draw, number) for number in range(12)]:
            one.result(PATIENCE)
    assert has == [True] * 12


def test_a_turn_is_kept_in_blocks_within_and_given_back_where_one_fails():
    turns = Turns()
    with turns.taken(), turns.taken():
        assert turns._is_taken
    assert not turns._is_taken
    with turns.left():
        assert not turns._is_taken
    with pytest.raises(ValueError, match="drawn"), turns.taken(), turns.left():
        raise ValueError("drawn")
    assert not turns._is_taken


def test_it_is_never_lost_between_many_and_never_two_have_it():
    turns, drawn, inside = Turns(longest=PATIENCE), [], []

    def draw(number: int) -> None:
        for _ in range(50):
            with turns.taken():
                with turns.left():
                    time.sleep(0)
                inside.append(number)
                assert inside == [number]
                drawn.append(inside.pop())

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(draw, range(8)))
    assert len(drawn) == 400
    assert not turns._is_taken
    assert not turns._queue


@pytest.mark.usefixtures("loaded")
def test_a_page_answers_in_its_turn_and_leaves_it_while_a_model_computes(monkeypatch: pytest.MonkeyPatch):
    had: dict[str, list[bool]] = {"asking": [], "drawing": []}
    ask_all, draw = Local.ask_all, live.live_view

    def asked(self: Local, *args: object, **options: object) -> object:
        if threading.current_thread().name != "load-translators":
            had["asking"].append(TURNS._has())
        return ask_all(self, *args, **options)  # type: ignore[arg-type]

    def drawn(*args: object, **options: object) -> None:
        had["drawing"].append(TURNS._has())
        draw(*args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(Local, "ask_all", asked)
    monkeypatch.setattr("pages.labs.alignments.lab.live_view", drawn)
    app = open_app(text="Je viens demain avec ma soeur.")
    assert had["drawing"] == [True]
    assert had["asking"] == [False]
    had["asking"].clear()
    app.run()
    assert had == {"asking": [True], "drawing": [True, True]}  # from memory: nobody waits
    assert not TURNS._is_taken
