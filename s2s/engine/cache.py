"""Answers kept in memory, bounded by bytes: the one asked least recently goes first.

    kept = Cache(200 * MEGABYTE)

    @kept
    def compare(name, question): ...

A bound on entries says little: the answer to a long sentence takes a hundred times the memory of one to a
short one. Functions that share a cache share its bound. Threads may ask at any time; of several that ask the
same at once, one computes and the others wait for what it finds. An error is raised and never kept.
"""

from __future__ import annotations

import dataclasses
import functools
import sys
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from concurrent.futures import Future
from typing import Any, Final, NamedTuple, ParamSpec, TypeVar

import numpy as np

MEGABYTE: Final = 1 << 20

Given = ParamSpec("Given")
Found = TypeVar("Found")


class _Entry(NamedTuple):
    value: Any
    size: int  # bytes


class Cache:
    """Decorates functions of hashable arguments whose results are never changed.

    `limit` is in bytes, of the results of all its functions together; a result that is larger than that is
    not kept. Instances of `shared` types belong to somebody else, and are not counted.
    """

    def __init__(self, limit: int, *, shared: tuple[type, ...] = ()) -> None:
        self.limit = limit
        self.size = 0  # bytes of what is kept
        self._shared = shared
        self._lock = threading.Lock()
        self._entries: OrderedDict[Hashable, _Entry] = OrderedDict()
        self._pending: dict[Hashable, Future[Any]] = {}

    def __call__(self, compute: Callable[Given, Found]) -> Callable[Given, Found]:
        """The same function, its results kept."""

        @functools.wraps(compute)
        def ask(*args: Given.args, **options: Given.kwargs) -> Found:
            key = (compute, args, frozenset(options.items()))
            return self.find(key, lambda: compute(*args, **options))

        return ask

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: Hashable) -> Any:
        """What is kept under a key, or None."""
        with self._lock:
            if key not in self._entries:
                return None
            self._entries.move_to_end(key)
            return self._entries[key].value

    def keep(self, key: Hashable, value: object) -> None:
        """Keep something, in place of what was kept under its key."""
        entry = _Entry(value, size_of(value, shared=self._shared))
        with self._lock:
            if key in self._entries:
                self.size -= self._entries.pop(key).size
            if entry.size > self.limit:
                return
            self._entries[key] = entry
            self.size += entry.size
            while self.size > self.limit:
                self.size -= self._entries.popitem(last=False)[1].size

    def find(self, key: Hashable, compute: Callable[[], Found]) -> Found:
        """What is kept under a key, else what `compute` finds. Errors are those of `compute`."""
        with self._lock:
            if key in self._entries:
                self._entries.move_to_end(key)
                kept: Found = self._entries[key].value
                return kept
            pending = self._pending.get(key)
            is_first = pending is None
            if pending is None:
                pending = self._pending[key] = Future()
        if not is_first:
            found: Found = pending.result()
            return found
        try:
            value = compute()
            self.keep(key, value)
        except BaseException as error:
            pending.set_exception(error)
            raise
        else:
            pending.set_result(value)
            return value
        finally:
            with self._lock:
                del self._pending[key]


def size_of(record: object, *, shared: tuple[type, ...] = ()) -> int:
    """The bytes of a record and of everything in it, each object once: numbers of arrays, and the Python
    objects around them, which in a trace weigh as much."""
    total, seen, left = 0, set[int](), [record]
    while left:
        one = left.pop()
        if id(one) in seen or isinstance(one, shared):
            continue
        seen.add(id(one))
        total += sys.getsizeof(one)
        if isinstance(one, np.ndarray):
            if one.base is None:
                continue
            left.append(one.base)  # of a view, which keeps all of it
        elif isinstance(one, Mapping):
            left += [*one.keys(), *one.values()]
        elif isinstance(one, (tuple, list, set, frozenset)):
            left += one
        elif dataclasses.is_dataclass(one):
            left += [getattr(one, field.name) for field in dataclasses.fields(one)]
    return total
