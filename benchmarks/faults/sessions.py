"""A server under people who come, type and go: what it holds afterwards is what it held before."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from itertools import cycle
from random import Random
from typing import Final, NamedTuple

from websockets.asyncio.client import ClientConnection

from benchmarks.crowd import Field, connected, field_of, rerun, run_page, until_loaded
from benchmarks.faults import Case, tried
from benchmarks.processes import memory, parts
from benchmarks.sentences import unlike
from benchmarks.server import Server, health, running
from pages.kit.translators import _KEPT

_PEOPLE: Final = 30
_SECONDS: Final = 30.0  # between two looks at the memory
_TOGETHER: Final = 10  # sessions that are open at once
_FORGOTTEN: Final = 130.0  # seconds; the app keeps the session of who has left for 100
_GROWTH: Final = 1.05
_FULL: Final = 0.95  # of the room for answers
_FEW: Final = 40  # files that may be open more than before


class Held(NamedTuple):
    """What a process holds."""

    megabytes: float
    threads: int
    files: int


def held(process: int) -> Held:
    """As the kernel tells it, of a process and all that it has started."""
    return Held(memory(process), parts(process, "task"), parts(process, "fd"))


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
    """30 people type for so many half minutes. Once the answers kept are full, memory stays where it is."""
    with running() as server:
        asyncio.run(until_loaded(server))
        full: Held | None = None
        for number, (now, kept) in enumerate(asyncio.run(_type_on(server, count))):
            what = f"half minute {number}: {now}, {kept:.0f} MB are answers"
            if full is not None:
                before = full
                yield tried(f"{what}; when they were full {full}", lambda: _flaw(before, now))  # noqa: B023
            else:
                yield Case(f"{what}, caches fill")
                full = now if kept > _FULL * _KEPT / 1e6 else None


async def _type_on(server: Server, count: int) -> list[tuple[Held, float]]:
    """What the server holds each half minute, and MB of answers that it keeps, while the same people type."""
    sentences = cycle(unlike())  # one that comes again was forgotten long ago
    connections = [await connected(server) for _ in range(_PEOPLE)]
    fields = [field_of(await run_page(connection)) for connection in connections]

    async def type_each_second(connection: ClientConnection, field: Field) -> None:
        while True:
            await connection.send(rerun(field, next(sentences)).SerializeToString())
            await asyncio.sleep(1.0)

    async def listen(connection: ClientConnection) -> None:
        async for _ in connection:
            pass

    typing = map(type_each_second, connections, fields)
    tasks = [asyncio.create_task(work) for work in (*typing, *map(listen, connections))]
    found = []
    for _ in range(count):
        await asyncio.sleep(_SECONDS)
        found.append((held(server.process), await asyncio.to_thread(_megabytes_kept, server)))
    for task in tasks:
        task.cancel()
    for connection in connections:
        await connection.close()
    return found


def _megabytes_kept(server: Server) -> float:
    return health(server)["bytes_kept"] / 1e6


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
