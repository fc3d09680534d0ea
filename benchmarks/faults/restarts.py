"""The server is killed and started again while people have its pages open: they go on by themselves."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import time
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from itertools import islice
from random import Random
from typing import Any, Final, NamedTuple, TypeVar

from playwright.sync_api import Browser, Page, expect
from websockets.asyncio.client import ClientConnection

from benchmarks.chromium import chromium
from benchmarks.crowd import (
    Field,
    connected,
    field_of,
    rerun,
    run_page,
    sentence_in,
    spelled,
    until_loaded,
)
from benchmarks.faults import Case, tried
from benchmarks.sentences import unlike
from benchmarks.server import Server, free_port, running
from benchmarks.windows import followed
from pages.kit.strings import load

_PATIENCE: Final = 60.0  # seconds until everybody must be answered again; the models load meanwhile
_SENTENCES: Final = ("Elle lit un livre.", "Il fait froid ce matin.")  # neither stands there by itself
_FIRST: Final = "Le chat noir dort sur la chaise."  # this one does
_MORE: Final = " Il ronfle."
_SAY: Final = load("en")
_SHOWN: Final = ".s2s-card:nth-child(1) .s2s-plot .xtick text"


Found = TypeVar("Found")


class Window(NamedTuple):
    """A page that is open, and what stands in its field; "" where nobody has typed yet."""

    field: Field
    sentence: str


def killed(count: int, draw: Random) -> Iterator[Case]:
    """So many windows, every other one typed in, and four in a real browser."""
    with chromium() as browser:
        yield from killed_under(browser, count)


def killed_under(browser: Browser, count: int) -> Iterator[Case]:
    """The same, in a browser that is there."""
    port = free_port()
    sentences = list(islice(unlike(), 2 * count))
    with running(port) as server:
        _alone(until_loaded(server))
        pages = [_opened(browser, server, name) for name in ("", "", "gradients", "")]
        _type(pages[0], _SENTENCES[0])
        _wait_for_source(pages[0], _SENTENCES[0])
        _wait_for_source(pages[3], _FIRST)
        pages[2].get_by_role("button", name=_SAY("memory.start")).click()
        _wait_for_progress(pages[2])
        windows = _alone(_open(server, sentences[:count]))
        os.kill(server.process, signal.SIGKILL)
    for page in (pages[0], pages[3]):
        _type(page, _MORE, over=False)
    with running(port) as server:
        yield from _alone(_go_on(server, windows, sentences[count:]))
        yield tried("a browser: a run in the background", lambda: _found_again(pages[2]))
        yield tried(
            "a browser: typed in before, and while nobody answered",
            lambda: _went_on(pages[0], _SENTENCES[0] + _MORE),
        )
        yield tried(
            "a browser: typed in only while nobody answered", lambda: _went_on(pages[3], _FIRST + _MORE)
        )
        yield tried("a browser: open before, typed in only now", lambda: _first_words(pages[1]))
    for page in pages:
        page.context.close()


async def _open(server: Server, sentences: list[str]) -> list[Window]:
    """Windows that run the page, and type a sentence in every other one."""
    connections = [await connected(server) for _ in sentences]
    windows = []
    for number, (connection, sentence) in enumerate(zip(connections, sentences, strict=True)):
        field = field_of(await run_page(connection))
        if number % 2:
            await connection.send(rerun(field, sentence).SerializeToString())
            await _answered(connection, field, sentence)
        windows.append(Window(field, sentence if number % 2 else ""))
    for connection in connections:
        connection.transport.abort()
    return windows


async def _go_on(server: Server, windows: list[Window], sentences: list[str]) -> list[Case]:
    """All come back at once, as a browser does: it runs a page again whose last run was that of a fragment,
    with what its fields hold, and leaves one that has only been opened until something is typed."""
    started = time.monotonic()

    async def come_back(window: Window, sentence: str) -> Case:
        kind = "typed in before" if window.sentence else "typed in only now"
        wanted = window.sentence or sentence
        broke = ""
        try:
            async with connected(server) as connection:
                whole = window.field._replace(fragment="") if window.sentence else window.field
                await connection.send(rerun(whole, wanted).SerializeToString())
                await asyncio.wait_for(_answered(connection, window.field, wanted), _PATIENCE)
        except Exception as error:
            broke = f"{type(error).__name__} {error}: no answer after {time.monotonic() - started:.0f} s"
        return Case(f"a window {kind}: {wanted}", broke)

    return await asyncio.gather(*map(come_back, windows, sentences))


async def _answered(connection: ClientConnection, field: Field, sentence: str) -> None:
    """Until the pictures of a sentence have come."""
    async with aclosing(followed(connection, lambda: rerun(field, sentence))) as messages:
        async for message in messages:
            if sentence_in(message) == spelled(sentence):
                return


def _alone(work: Coroutine[Any, Any, Found]) -> Found:
    """In a thread of its own: Playwright has an event loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


def _opened(browser: Browser, server: Server, name: str) -> Page:
    page = browser.new_context(locale="en-GB").new_page()
    page.goto(server.url + name)
    expect(page.locator("input.s2s-field").first).to_be_visible(timeout=_PATIENCE * 1000)
    return page


def _type(page: Page, text: str, *, over: bool = True) -> None:
    field = page.locator("input.s2s-field").first
    field.click()
    field.press("Control+a" if over else "End")
    page.keyboard.type(text, delay=30)


def _wait_for_source(page: Page, text: str) -> None:
    page.wait_for_function(
        """([selector, expected]) => {
            const shown = [...document.querySelectorAll(selector)].map((tick) => tick.textContent);
            return shown.length === expected.length + 1 && expected.every((word, i) => shown[i] === word);
        }""",
        arg=[_SHOWN, list(spelled(text))],
        timeout=_PATIENCE * 1000,
    )


def _went_on(page: Page, wanted: str) -> str:
    found = page.locator("input.s2s-field").first.input_value()
    if found != wanted:
        return f"the field holds {found!r}"
    _wait_for_source(page, wanted)
    return ""


def _first_words(page: Page) -> str:
    _type(page, _SENTENCES[1])
    _wait_for_source(page, _SENTENCES[1])
    return ""


def _found_again(page: Page) -> str:
    """Also where it has ended meanwhile: it takes half a minute."""
    _wait_for_progress(page, _SAY("memory.held"), _SAY("memory.not_held"))
    return ""


def _wait_for_progress(page: Page, *others: str) -> None:
    wanted = [re.escape(_SAY("jobs.running", percent="P")).replace("P", r"\d+"), *map(re.escape, others)]
    expect(page.get_by_text(re.compile("|".join(wanted)))).to_be_visible(timeout=_PATIENCE * 1000)
