"""Answers kept up to a bound in bytes: against a plain dictionary, under threads, and their size."""

from __future__ import annotations

import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from s2s.engine.cache import MEGABYTE, Cache, size_of
from tests.apps import until

WHOLE = size_of(b"")


@given(some.lists(some.tuples(some.integers(0, 9), some.integers(0, 3)), max_size=60), some.integers(0, 40))
def test_it_keeps_what_was_asked_last_as_far_as_the_bound_allows(asked: list[tuple[int, int]], limit: int):
    """Against a list of what was asked last, with as much of its end as the bound has room for."""
    computed = []
    cache = Cache(limit * WHOLE)

    @cache
    def repeat(number: int, blocks: int) -> bytes:
        computed.append((number, blocks))
        return bytes([number]) * (blocks * WHOLE)

    kept: dict[tuple[int, int], int] = {}  # of each question the size of its answer, the latest last
    expected = []
    for question in asked:
        answer = bytes([question[0]]) * (question[1] * WHOLE)
        if question in kept:
            kept[question] = kept.pop(question)
        else:
            expected.append(question)
            if size_of(answer) <= limit * WHOLE:
                kept[question] = size_of(answer)
            while sum(kept.values()) > limit * WHOLE:
                del kept[next(iter(kept))]
        assert repeat(*question) == answer
        assert cache.size == sum(kept.values()) <= limit * WHOLE
        assert len(cache) == len(kept)
    assert computed == expected


def test_functions_share_a_bound_and_never_each_others_answers():
    cache = Cache(3 * MEGABYTE)
    one = cache(lambda text: (1, bytes(MEGABYTE)))
    other = cache(lambda text: (2, bytes(MEGABYTE)))
    assert one("a")[0] == 1
    assert other("a")[0] == 2
    first = one("a")
    assert one("a") is first
    assert other("b")[0] == 2
    assert len(cache) == 2, "there is no room for three"
    assert one("a") is first, "other('a') was asked least recently"


def test_options_are_part_of_the_question():
    cache = Cache(MEGABYTE)
    add = cache(lambda number, by=1: number + by)
    assert [add(1), add(1, by=2), add(1), add(1, by=2)] == [2, 3, 2, 3]
    assert len(cache) == 2


def test_what_many_ask_at_once_is_computed_once():
    gate, begun = threading.Event(), threading.Event()
    computed = []

    @Cache(MEGABYTE)
    def slow(text: str) -> list[str]:
        computed.append(text)
        begun.set()
        gate.wait()
        return [text]

    with ThreadPoolExecutor(8) as pool:
        first = pool.submit(slow, "a")
        begun.wait()
        others = [pool.submit(slow, "a") for _ in range(7)]
        until(lambda: all(one.running() for one in others))
        gate.set()
        assert all(one.result() is first.result() for one in others)
    assert computed == ["a"]


def test_another_question_is_answered_while_one_is_computed():
    gate, begun = threading.Event(), threading.Event()

    @Cache(MEGABYTE)
    def answer(text: str) -> str:
        if text == "slow":
            begun.set()
            gate.wait()
        return text

    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(answer, "slow")
        begun.wait()
        assert answer("quick") == "quick"
        gate.set()
        assert slow.result() == "slow"


def test_an_error_reaches_all_who_asked_and_is_not_kept():
    gate, begun = threading.Event(), threading.Event()
    fails = [True]

    @Cache(MEGABYTE)
    def answer(text: str) -> str:
        begun.set()
        gate.wait()
        if fails[0]:
            raise ValueError(text)
        return text

    with ThreadPoolExecutor(2) as pool:
        asked = [pool.submit(answer, "a")]
        begun.wait()
        asked.append(pool.submit(answer, "a"))
        until(lambda: asked[1].running())
        gate.set()
        for one in asked:
            with pytest.raises(ValueError, match="a"):
                one.result()
    fails[0] = False
    assert answer("a") == "a"


def test_threads_that_ask_all_kinds_of_things_leave_the_books_in_order():
    cache = Cache(50 * WHOLE)
    repeat = cache(lambda number: bytes([number]) * (number * WHOLE))

    def ask(seed: int) -> bool:
        numbers = np.random.default_rng(seed).integers(0, 30, 300).tolist()
        return all(repeat(number) == bytes([number]) * (number * WHOLE) for number in numbers)

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(ask, range(8)))
    assert cache.size == sum(entry.size for entry in cache._entries.values()) <= cache.limit
    assert not cache._pending


class Named(NamedTuple):
    text: str
    numbers: np.ndarray


@dataclass
class Held:
    inner: object
    others: tuple[object, ...] = ()


def test_a_record_weighs_what_all_in_it_weighs_each_object_once():
    numbers = np.zeros(1000, np.float32)
    text = "".join(["some ", "text"])
    named = Named(text, numbers)
    assert size_of(numbers) == sys.getsizeof(numbers) >= 4000
    assert size_of(named) == sys.getsizeof(named) + sys.getsizeof(text) + sys.getsizeof(numbers)
    assert size_of(Held(named, (named, text))) - size_of(Held(named, ())) < 100, "once"
    assert size_of({"a": [numbers]}) > size_of(numbers)


def test_a_view_weighs_as_much_as_what_it_keeps_alive():
    view = np.zeros(100_000, np.float32)[:10]
    assert size_of(view) >= 400_000


def test_what_belongs_to_somebody_else_weighs_nothing():
    whole = Held(Named("x", np.zeros(1000)))
    assert size_of(whole, shared=(Named,)) == sys.getsizeof(whole) + sys.getsizeof(())
