"""A real server and a real Chromium. These tests never skip: without a browser they fail, saying why."""

import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Request, expect

from benchmarks.chromium import chromium
from benchmarks.server import HOST, running
from pages.kit.strings import LANGUAGES
from s2s.text import words
from tests.servers import Watched, watched

PATIENCE = 60_000  # milliseconds: a machine may be slow; what is expected comes nevertheless
expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that ask for a browser are marked as such, and files with such tests come last: first those in
    which a server dies, then those of the laboratories, which take longest, so that no process is left alone
    with one at the end. Last, because Playwright leaves an event loop running in its thread, where no other
    can be started then. Such a test may be tried twice, which the summary tells: the suite visits pages some
    hundreds of times, on machines that others use too.
    """
    asking = Counter[Path]()
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
            item.add_marker(pytest.mark.flaky(reruns=1))
            asking[item.path] += 1

    def turn(one: pytest.Item) -> tuple[bool, bool, bool, int]:
        of_laboratory, of_benchmark = one.path.name == "test_browser.py", "benchmarks" in one.path.parts
        return one.path in asking, not of_benchmark, not of_laboratory, -asking[one.path]

    items.sort(key=turn)


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
def watched_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    """A server shared by all tests, and whom it asked."""
    with watched(tmp_path_factory.mktemp("server")) as server:
        yield server


@pytest.fixture(scope="session")
def server(watched_server: Watched) -> str:
    """The address of the server shared by all tests."""
    return f"http://{HOST}:{watched_server.port}"


class Visit:
    """A browser window and everything it asked for."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.requests: list[str] = []
        self.errors: list[str] = []
        page.on("request", self._asked)
        page.on("websocket", lambda socket: self.requests.append(socket.url))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self._told)

    def _asked(self, request: Request) -> None:
        self.requests.append(request.url)

    def _told(self, message: ConsoleMessage) -> None:
        if "Content Security" in message.text:
            self.errors.append(message.text)

    def close(self) -> None:
        """Close the window; what the page stored is gone with it."""
        self.page.evaluate("localStorage.clear()")
        self.page.close()


class Windows:
    """The windows of a browser. What one of them loaded, the next finds in the browser's cache."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._contexts: dict[str, BrowserContext] = {}

    def open(self, address: str, *, width: int = 1280, height: int = 720, **options: object) -> Visit:
        """Open an address in a new window, with options of Playwright's `new_context`."""
        key = repr(sorted(options.items()))
        if key not in self._contexts:
            self._contexts[key] = self._browser.new_context(**options)  # type: ignore[arg-type]
            self._contexts[key].set_default_timeout(PATIENCE)
        visit = Visit(self._contexts[key].new_page())
        visit.page.set_viewport_size({"width": width, "height": height})
        visit.page.goto(address)
        return visit


@pytest.fixture(scope="session")
def windows(browser: Browser) -> Windows:
    return Windows(browser)


OpenVisit = Callable[..., Visit]


@pytest.fixture
def visit(windows: Windows) -> Iterator[OpenVisit]:
    """A function that opens an address in a new window; no window may end with a script error, or with
    something that the page's own policy refused to load.
    """
    yield from _opened(windows)


@pytest.fixture(scope="module")
def kept(windows: Windows) -> Iterator[OpenVisit]:
    """As `visit`, but a window stays open for the tests of a file, each of which says where it begins."""
    yield from _opened(windows)


@pytest.fixture(scope="module")
def main_window(kept: OpenVisit, server: str) -> Page:
    """The main page, which answers, in a window that the tests of a file share."""
    page = kept(server).page
    ready(page)
    return page


def _opened(windows: Windows) -> Iterator[OpenVisit]:
    opened: list[Visit] = []

    def open_visit(address: str, **options: object) -> Visit:
        opened.append(windows.open(address, **options))  # type: ignore[arg-type]
        return opened[-1]

    yield open_visit
    for one in opened:
        one.close()
    assert [error for one in opened for error in one.errors] == []


def both_languages(page: Page) -> Iterator[str]:
    """Korean, in which the page was opened, and then English, which is chosen on it."""
    expect(page.locator("html")).to_have_attribute("lang", "ko")
    yield "ko"
    page.get_by_role("radio", name=LANGUAGES["en"], exact=True).click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    yield "en"


TICKS = ".s2s-card:nth-child({card}) .s2s-plot .{axis}tick text"


def field(page: Page) -> Locator:
    return page.locator("input.s2s-field")


def ready(page: Page) -> None:
    """Wait until the translators answer by themselves: in every card a picture and the time it took."""
    expect(page.locator(".s2s-card")).to_have_count(3)
    for card in range(3):
        expect(page.locator(TICKS.format(card=card + 1, axis="x")).first).to_be_attached()
        expect(page.locator(".s2s-card").nth(card).locator(".s2s-fact dd").last).to_have_text(
            re.compile(r"\d+ ms")
        )


def axis(page: Page, card: int, name: str) -> list[str]:
    """The words on an axis of a picture: x for the source, y for the target."""
    return page.locator(TICKS.format(card=card + 1, axis=name)).all_text_contents()


def soon(page: Page, look: Callable[[], None]) -> None:
    """What `look` asserts of the page comes true, which on a busy machine takes its time."""
    deadline = time.monotonic() + PATIENCE / 1000
    while True:
        try:
            return look()
        except AssertionError:
            if time.monotonic() > deadline:
                raise
        page.wait_for_timeout(100)


Query = dict[str, list[str]]


def expect_query(page: Page, holds: Callable[[Query], bool]) -> Query:
    """The address once `holds` is true of it: what was changed comes into it within a second, or later."""

    def query() -> Query:
        return parse_qs(urlsplit(page.url).query, keep_blank_values=True)

    def look() -> None:
        assert holds(query()), page.url

    soon(page, look)
    return query()


def expect_narrow(page: Page, width: int = 390) -> None:
    """Nothing on the page is wider than so many pixels."""
    page.wait_for_function("(width) => document.documentElement.scrollWidth <= width", arg=width)


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
