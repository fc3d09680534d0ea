"""A real server and a real Chromium. These tests never skip: without a browser they fail, saying why."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, Request, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def find_chromium(playwright: Playwright) -> Path:
    """A Chromium: $CHROMIUM, one on the path, or Playwright's own, which is installed if it can be."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    candidates = [os.environ.get("CHROMIUM"), *map(shutil.which, names)]
    for candidate in candidates:
        if candidate and Path(candidate).is_file():
            return Path(candidate)
    own = Path(playwright.chromium.executable_path)
    if not own.is_file():
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    if not own.is_file():
        pytest.fail(
            "These tests need a Chromium. Install one (Debian: apt-get install chromium; elsewhere: "
            "playwright install chromium), or set CHROMIUM to the path of one."
        )
    return own


def start_server(*arguments: str) -> tuple[subprocess.Popen[bytes], str]:
    """The app on a free port of 127.0.0.1; the process and its address, once it answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    process = subprocess.Popen(
        [*command, "--server.headless", "true", *arguments],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    for _ in range(300):
        if process.poll() is not None:
            break
        try:
            urllib.request.urlopen(f"{address}/_stcore/health", timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return process, address
    process.kill()
    pytest.fail("the server did not start")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        executable = find_chromium(playwright)
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def fresh_server() -> Iterator[str]:
    """A server nobody has visited yet."""
    process, address = start_server()
    yield address
    process.terminate()
    process.wait(timeout=20)


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """A server shared by all tests."""
    process, address = start_server()
    yield address
    process.terminate()
    process.wait(timeout=20)


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
