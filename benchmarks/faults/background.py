"""A class starts work in the background at once: how much runs, who waits where, who is refused."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from random import Random
from typing import Final, NamedTuple

from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.asyncio.client import ClientConnection

from benchmarks.crowd import connected, run_page, until_loaded
from benchmarks.faults import Case
from benchmarks.processes import command, family
from benchmarks.server import Server, running
from benchmarks.windows import followed
from pages.kit.jobs import Jobs
from pages.kit.strings import load

_PAGE: Final = "gradients"
_SAY: Final = load("en")
_PATIENCE: Final = 60.0  # seconds until what was asked for is on the screen
_WORKER: Final = b"\0-m\0s2s\0costs\0"


class Button(NamedTuple):
    """What a session must name to press it."""

    page: str
    fragment: str
    widget: str


class Person(NamedTuple):
    """A window and what it has been told of its own work."""

    connection: ClientConnection
    start: Button
    told: list[str]


def asked_by_all(count: int, draw: Random) -> Iterator[Case]:
    """So many people start a measurement of costs each, and those who come after them until nobody else is
    taken in; then all stop it."""
    with running() as server:
        asyncio.run(until_loaded(server))
        yield from asyncio.run(_all_at_once(server, count))


async def _all_at_once(server: Server, count: int) -> list[Case]:
    room = Jobs()
    most = room.at_once + room.waiting
    people = [await _come(server) for _ in range(most + count)]
    listening = [asyncio.create_task(_listen(person)) for person in people]
    found = []
    try:
        await asyncio.gather(*(_press(person.connection, person.start) for person in people[:count]))
        in_line = min(count, most) - room.at_once
        places = [_SAY("jobs.waiting", ahead=ahead, running=room.at_once) for ahead in range(in_line)]
        found += [
            await _case(f"{count} start at once: {in_line} wait, each is told another place", lambda: (
                sorted(told for told in map(_last, people) if told in places) == sorted(places))),
            _at_work(server, room.at_once),
        ]  # fmt: skip
        await asyncio.gather(*(_press(person.connection, person.start) for person in people[count:]))
        full = _SAY("jobs.full", waiting=room.waiting)
        found += [
            await _case(f"{most + count} in all: {count} are told that the line is full", lambda: (
                sum(_last(person) == full for person in people) == count)),
            _at_work(server, room.at_once),
        ]  # fmt: skip
        for person in people:
            await person.connection.close()
        await asyncio.sleep(0)
    finally:
        for task in listening:
            task.cancel()
    return found


async def _case(what: str, holds: Callable[[], bool]) -> Case:
    started = time.monotonic()
    while not holds():
        if time.monotonic() - started > _PATIENCE:
            return Case(what, f"not so within {_PATIENCE:.0f} s")
        await asyncio.sleep(0.1)
    return Case(what)


def _at_work(server: Server, most: int) -> Case:
    """Whether no more processes work than are to."""
    count = len(workers(server.process))
    return Case(f"{most} work at a time", "" if 0 < count <= most else f"{count} work")


def workers(server: int) -> Sequence[int]:
    """The processes that a server has started for pages."""
    found = []
    for one in family(server):
        with suppress(OSError):  # it has ended meanwhile
            if _WORKER in command(one):
                found.append(one)
    return found


async def _come(server: Server) -> Person:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:  # the part of the page may wait for models
        connection = await connected(server)
        messages = await run_page(connection, _PAGE)
        page = next(m.new_session.page_script_hash for m in messages if m.WhichOneof("type") == "new_session")
        for message in messages:
            if message.WhichOneof("type") == "delta" and message.delta.WhichOneof("type") == "new_element":
                element = message.delta.new_element
                if element.WhichOneof("type") == "button" and element.button.label == _SAY("costs.start"):
                    return Person(connection, Button(page, message.delta.fragment_id, element.button.id), [])
        await connection.close()
    raise RuntimeError("the page has no such button")


def _asked(page: str) -> BackMsg:
    request = BackMsg()
    request.rerun_script.page_script_hash = page
    return request


async def _press(connection: ClientConnection, button: Button) -> None:
    request = _asked(button.page)
    request.rerun_script.fragment_id = button.fragment
    widget = request.rerun_script.widget_states.widgets.add()
    widget.id, widget.trigger_value = button.widget, True
    await connection.send(request.SerializeToString())


async def _listen(person: Person) -> None:
    """Note what a window is told."""
    async for message in followed(person.connection, lambda: _asked(person.start.page)):
        if message.WhichOneof("type") == "delta" and message.delta.WhichOneof("type") == "new_element":
            element = message.delta.new_element
            if element.WhichOneof("type") == "progress":
                person.told.append(element.progress.text)
            elif element.WhichOneof("type") == "text":
                person.told.append(element.text.body)


def _last(person: Person) -> str:
    return person.told[-1] if person.told else ""
