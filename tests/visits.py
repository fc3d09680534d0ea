"""A real server and a real Chromium. These tests never skip: without a browser they fail, saying why."""

import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, Request, expect

from benchmarks.chromium import chromium
from benchmarks.server import running
from s2s.text import words

expect.set_options(timeout=30_000)  # a machine may be slow; what is expected comes nevertheless


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that ask for a browser are marked as such, and files with such tests come last, large ones first:
    Playwright leaves an event loop running in its thread, where no other can be started from then on.
    """
    asking = Counter[Path]()
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
            asking[item.path] += 1
    items[:] = sorted(items, key=lambda item: asking[item.path] and 1 / asking[item.path])


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def fresh_server() -> Iterator[str]:
    """The address of a server nobody has visited yet."""
    with running() as server:
        yield server.url.rstrip("/")


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of a server shared by all tests."""
    with running() as server:
        yield server.url.rstrip("/")


class Visit:
    """A browser window and everything it asked for."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.requests: list[str] = []
        self.errors: list[str] = []
        page.on("request", self._asked)
        page.on("websocket", lambda socket: self.requests.append(socket.url))
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _asked(self, request: Request) -> None:
        self.requests.append(request.url)


OpenVisit = Callable[..., Visit]


@pytest.fixture
def visit(browser: Browser) -> Iterator[OpenVisit]:
    """A function that opens an address in a new window; no window may end with a script error."""
    opened: list[Visit] = []

    def open_visit(address: str, *, width: int = 1280, height: int = 720, **options: object) -> Visit:
        context = browser.new_context(viewport={"width": width, "height": height}, **options)  # type: ignore[arg-type]
        context.set_default_timeout(30_000)
        opened.append(Visit(context.new_page()))
        opened[-1].page.goto(address)
        return opened[-1]

    yield open_visit
    for one in opened:
        one.page.context.close()
        assert not one.errors


TICKS = ".s2s-card:nth-child({card}) .s2s-plot .{axis}tick text"


def field(page: Page) -> Locator:
    return page.locator("input.s2s-field")


def ready(page: Page) -> None:
    """Wait until the translators answer by themselves: in every card a picture and the time it took."""
    expect(page.locator(".s2s-card")).to_have_count(3)
    for card in range(3):
        expect(page.locator(TICKS.format(card=card + 1, axis="x")).first).to_be_attached()
        expect(page.locator(".s2s-card").nth(card).locator(".s2s-fact dd").last).to_have_text(
            re.compile(r"\d+ ms"), timeout=60_000
        )


def axis(page: Page, card: int, name: str) -> list[str]:
    """The words on an axis of a picture: x for the source, y for the target."""
    return page.locator(TICKS.format(card=card + 1, axis=name)).all_text_contents()


Query = dict[str, list[str]]


def expect_query(page: Page, holds: Callable[[Query], bool]) -> Query:
    """The address once `holds` is true of it: what was changed comes into it within a second or, on a busy
    machine, later.
    """
    deadline = time.monotonic() + 30
    while not holds(query := parse_qs(urlsplit(page.url).query, keep_blank_values=True)):
        assert time.monotonic() < deadline, query
        page.wait_for_timeout(100)
    return query


def wait_for_source(page: Page, text: str) -> None:
    expected = [word.text for word in words(text, "fr")]
    page.wait_for_function(
        """([selector, expected]) => [1, 2, 3].every((card) => {
            const ticks = [...document.querySelectorAll(selector.replace("CARD", card))];
            return ticks.length === expected.length + 1 &&
                expected.every((word, i) => ticks[i].textContent === word);
        })""",
        arg=[TICKS.format(card="CARD", axis="x"), expected],
    )
