"""A server under people who come, type and go: what it holds afterwards is what it held before."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Final, NamedTuple

from benchmarks.crowd import connected, run_page, type_together, until_loaded
from benchmarks.faults import Case, tried
from benchmarks.sentences import unlike
from benchmarks.server import Server, running
from pages.kit.health import megabytes

_PEOPLE: Final = 20
_SECONDS: Final = 30.0  # of typing, between two looks at the memory
_TOGETHER: Final = 10  # sessions that are open at once
_FORGOTTEN: Final = 130.0  # seconds; the app keeps the session of who has left for 100
_GROWTH: Final = 1.05
_FEW: Final = 40  # files that may be open more than before


class Held(NamedTuple):
    """What a process holds."""

    megabytes: float
    threads: int
    files: int


def held(process: int) -> Held:
    """As the kernel tells it."""
    place = Path(f"/proc/{process}")
    threads, files = (len(list((place / part).iterdir())) for part in ("task", "fd"))
    return Held(megabytes(process) or 0.0, threads, files)


def opened_and_closed(count: int, draw: Random) -> Iterator[Case]:
    """So many sessions in all, each runs the page once and goes; in two minutes their files are back."""
    with running() as server:
        asyncio.run(until_loaded(server))
        asyncio.run(_visit(server, _TOGETHER))
        before = held(server.process)
        for start in range(0, count, _TOGETHER):
            asyncio.run(_visit(server, min(_TOGETHER, count - start)))
            yield Case(f"sessions {start} to {start + _TOGETHER}")
        after = _once_forgotten(server, before)
        yield tried(f"{count} sessions: {before} -> {after}", lambda: _flaw(before, after))


def soak(count: int, draw: Random) -> Iterator[Case]:
    """20 people type for half a minute, so many times; once the caches are full, memory stays where it is."""
    sentences = unlike()
    with running() as server:
        asyncio.run(until_loaded(server))
        full = held(server.process)
        for number in range(count):
            asyncio.run(type_together(server, _PEOPLE, _SECONDS, sentences))
            now = held(server.process)
            if number < count // 2:
                full = now if now.megabytes > full.megabytes else full
                yield Case(f"half minute {number}: {now}, caches fill")
                continue
            yield tried(f"half minute {number}: {full} -> {now}", lambda: _flaw(full, now))  # noqa: B023


def _once_forgotten(server: Server, before: Held) -> Held:
    """What the server holds when it has waited long enough for those who left to come back."""
    deadline = time.monotonic() + _FORGOTTEN
    while (now := held(server.process)).files > before.files and time.monotonic() < deadline:
        time.sleep(1)
    return now


def _flaw(before: Held, after: Held) -> str:
    if after.megabytes > before.megabytes * _GROWTH:
        return f"memory grew from {before.megabytes:.0f} to {after.megabytes:.0f} MB"
    if after.files > before.files + _FEW:
        return f"open files grew from {before.files} to {after.files}"
    return ""


async def _visit(server: Server, people: int) -> None:
    async def one() -> None:
        async with connected(server) as connection:
            await run_page(connection)

    await asyncio.gather(*(one() for _ in range(people)))
