"""A turn that one thread has at a time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from pages.kit.turns import Turns

PATIENCE = 20.0  # seconds; a machine may be slow


def until(is_so: Callable[[], bool]) -> None:
    """Wait for it."""
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.001)


def test_one_has_it_at_a_time_and_all_come_in_the_order_in_which_they_asked():
    turns, order, inside = Turns(longest=PATIENCE), [], []
    first = threading.Event()

    def draw(number: int) -> None:
        with turns.taken():
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
    assert order == [0, 1, 2, 3, 4]


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


def test_it_is_never_lost_between_many():
    turns, drawn = Turns(longest=0.001), []

    def draw(number: int) -> None:
        for _ in range(50):
            with turns.taken():
                with turns.left():
                    time.sleep(0)
                drawn.append(number)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(draw, range(8)))
    assert len(drawn) == 400
    assert not turns._is_taken
    assert not turns._queue
