"""A real Chromium, for measurements and for the browser tests."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Playwright, sync_playwright

# The first has no window to hide: a page opens for a quarter less of the processor.
_NAMES: Final = (
    "chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"
)  # fmt: skip
_FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


class NoChromiumError(Exception):
    """There is none, and none could be installed."""


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless browser; closed when the block is left. Raises NoChromiumError."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(playwright), args=list(_FLAGS))
        yield browser
        browser.close()


def find_chromium(playwright: Playwright) -> Path:
    """A Chromium: $CHROMIUM, one on the path, or Playwright's own, which is installed if it can be."""
    for candidate in (os.environ.get("CHROMIUM"), *map(shutil.which, _NAMES)):
        if candidate and Path(candidate).is_file():
            return Path(candidate)
    own = Path(playwright.chromium.executable_path)
    if not own.is_file():
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    if not own.is_file():
        raise NoChromiumError(
            "A Chromium is needed. Install one (Debian: apt-get install chromium; elsewhere: "
            "playwright install chromium), or set CHROMIUM to the path of one."
        )
    return own
