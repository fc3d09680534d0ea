"""A real server and a real Chromium. These tests never skip: without a browser they fail, saying why."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from benchmarks.chromium import chromium
from benchmarks.server import running

expect.set_options(timeout=30_000)  # a machine may be slow; what is expected comes nevertheless


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
