"""What a visitor sees and waits for, in a real Chromium: the first picture, a keystroke, a first visit.

A script that runs before the page's own lists the paints of new pictures, with the words on the axis,
so that the paint of a given sentence can be told from those of the letters before it.
"""

from __future__ import annotations

import random
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, ViewportSize

from benchmarks.chromium import chromium
from benchmarks.frames import blank_frames
from benchmarks.report import Row, spread
from benchmarks.sentences import SENTENCES
from benchmarks.server import HOST, Server, running
from pages.kit.sentence import DEBOUNCE

_FIRST_PICTURE_WITHIN: Final = 6.0  # seconds
_PICTURE_WITHIN: Final = 150.0  # milliseconds after the end of the debounce
_VISIT_UNDER: Final = 5.0  # MB
_PATIENCE: Final = 120_000.0  # milliseconds
_KEY_EVERY: Final = (90, 220)  # milliseconds between two keys of somebody who types well
_STILL: Final = 700  # milliseconds without a paint, after which the last one was the answer
_WINDOW: Final[ViewportSize] = {"width": 1440, "height": 900}
# Every paint, with the words on the axes and whether a model answered (a card then gives a time in ms);
# every key; and, while sampling, every frame: where the cells of each picture are, and whether one has none.
_WATCH: Final = r"""
const all = (selector) => [...document.querySelectorAll(selector)];
window.bench = {
  paints: [], keys: [], frames: 0, empty: 0, areas: [], sampling: false,
  words: () => all(".s2s-plot .xtick text").map((text) => text.textContent).join(" "),
  answered: () => all(".s2s-fact dd").some((fact) => /^[\d.]+ ms$/.test(fact.textContent)),
  inSight: (scroll) => {
    const cells = scroll.querySelector(".heatmaplayer image")?.getBoundingClientRect();
    const around = scroll.getBoundingClientRect();
    return cells?.width ? [
      Math.max(cells.left, around.left, 0), Math.max(cells.top, around.top, 0),
      Math.min(cells.right, around.right, innerWidth), Math.min(cells.bottom, around.bottom, innerHeight),
    ] : null;
  },
  sample: () => {
    if (!bench.sampling) return;
    requestAnimationFrame(bench.sample);
    bench.frames += 1;
    const cells = all(".s2s-card .s2s-scroll").map(bench.inSight);
    if (cells.length < 3 || cells.includes(null)) bench.empty += 1;
    else bench.areas.push({at: performance.timeOrigin + performance.now(), cells});
  },
};
// Pictures change in one task; a frame is painted after it, and before the task that follows the frame. A
// model that says what was stored of it changes the time alone.
new MutationObserver((changes) => {
  if (!bench.words() || !changes.some(({target}) => target.closest?.(".s2s-plot, .s2s-fact"))) return;
  requestAnimationFrame(() => {
    const {port1, port2} = new MessageChannel();
    port1.onmessage = () =>
      bench.paints.push({at: performance.now(), words: bench.words(), answered: bench.answered()});
    port2.postMessage(null);
  });
}).observe(document, {subtree: true, childList: true, attributes: true});
document.addEventListener("keydown", (event) => bench.keys.push(event.timeStamp), true);
"""
_LOADED: Final = "window.bench?.paints.some((paint) => paint.answered)"


class Start(NamedTuple):
    """Seconds after the server's process was started."""

    picture: float  # the first picture is painted: stored traces, while the models load
    loaded: float  # a picture with an answer of the models


class Typed(NamedTuple):
    """What it was like to type a sentence."""

    waits: list[float]  # milliseconds from the key before a pause to its picture
    letters: int
    lost: int  # letters that are not in the field at the end


class Visit(NamedTuple):
    """What a first visit fetched."""

    responses: int  # bytes, headers included
    messages: int  # bytes over the websocket, both ways
    foreign: tuple[str, ...]  # addresses that are not this machine


def start_rows(*, times: int) -> list[Row]:
    """From the start of the server to the first picture; a fresh server and an empty browser cache each."""
    starts: list[Start] = []
    with chromium() as browser:
        for _ in range(times):
            with running() as server:
                starts.append(_start(browser, server))
    picture = statistics.median(start.picture for start in starts)
    slowest = max(start.picture for start in starts)
    loaded = statistics.median(start.loaded for start in starts)
    return [
        Row(
            "start",
            "server process started, to first picture painted",
            f"{picture:.1f} s, slowest of {times} {slowest:.1f} s",
            f"within {_FIRST_PICTURE_WITHIN:.0f} s",
            slowest < _FIRST_PICTURE_WITHIN,
        ),
        Row("start", "the same, to first answer of the loaded models painted", f"{loaded:.1f} s"),
        Row("start", "import torch in a fresh process, for comparison", f"{_import_torch(times):.1f} s"),
    ]


def keystroke_rows(*, sentences: int) -> list[Row]:
    """From a key to the picture of the text it ends; and whether a picture was ever away while typing."""
    with running() as server, chromium() as browser:
        page = _opened(browser, server)
        page.wait_for_function(_LOADED, timeout=_PATIENCE)
        _settle(page)
        typed = [_type(page, sentence) for sentence in SENTENCES[:sentences]]
        frames = blank_frames(page, " " + SENTENCES[-1], press=_press)
    waits = [wait for one in typed for wait in one.waits]
    lost = sum(one.lost for one in typed)
    debounce = float(DEBOUNCE)
    after = spread([wait - debounce for wait in waits])
    whole = spread(waits)
    return [
        Row(
            "keystroke",
            f"key to picture painted, the debounce of {debounce:.0f} ms included ({len(waits)} pauses)",
            f"p50 {whole.p50:.0f} ms, p95 {whole.p95:.0f} ms",
        ),
        Row(
            "keystroke",
            "end of the debounce to picture painted",
            f"p50 {after.p50:.0f} ms, p95 {after.p95:.0f} ms",
            f"p50 within {_PICTURE_WITHIN:.0f} ms",
            after.p50 < _PICTURE_WITHIN,
        ),
        Row(
            "keystroke",
            "frames with an empty picture while typing a sentence",
            f"{frames.empty} of {frames.asked} in the document, {frames.blank} of {frames.seen} as painted",
            "0",
            frames.empty == 0 and frames.blank == 0,
        ),
        Row(
            "keystroke",
            "letters that the field lost",
            f"{lost} of {sum(one.letters for one in typed)}",
            "0",
            lost == 0,
        ),
    ]


def bytes_rows() -> list[Row]:
    """What a first visit with an empty cache moves, from a server whose models still load (the most)."""
    with running() as server, chromium() as browser:
        seen = visit(browser, server)
    whole = (seen.responses + seen.messages) / 1e6
    return [
        Row(
            "bytes",
            "first visit, until the models answer",
            f"{whole:.2f} MB ({seen.responses / 1e6:.2f} in files, {seen.messages / 1e6:.2f} in messages)",
            f"under {_VISIT_UNDER:.0f} MB",
            whole < _VISIT_UNDER,
        ),
        Row(
            "bytes",
            "requests that leave this machine",
            f"{len(seen.foreign)} {' '.join(sorted(set(seen.foreign)))}".strip(),
            "0",
            not seen.foreign,
        ),
    ]


def _opened(browser: Browser, server: Server) -> Page:
    """The page in a window of its own, with an empty cache, in English."""
    page = browser.new_context(
        viewport=_WINDOW, locale="en-GB", bypass_csp=True
    ).new_page()  # it waits by eval
    page.add_init_script(_WATCH)
    page.goto(server.url, wait_until="commit")
    return page


def _start(browser: Browser, server: Server) -> Start:
    page = _opened(browser, server)
    page.wait_for_function("window.bench?.paints.length", timeout=_PATIENCE)
    page.wait_for_function(_LOADED, timeout=_PATIENCE)
    _settle(page)
    origin, paints = page.evaluate("[performance.timeOrigin, bench.paints]")
    page.context.close()
    answered = next(paint for paint in paints if paint["answered"])
    return Start(*((origin + paint["at"]) / 1000 - server.started for paint in (paints[0], answered)))


def _type(page: Page, sentence: str) -> Typed:
    """Type a sentence over the last, pausing after every fourth word."""
    field = page.get_by_role("textbox")
    field.click()
    field.press("Control+a")
    waits: list[float] = []
    for part in re.findall(r"(?:\S+ ){3}\S+(?: |$)", sentence):
        _press(page, part.rstrip())
        waits.append(_wait_for_picture(page))
        if part.endswith(" "):
            page.keyboard.press(" ")
    return Typed(waits, len(sentence), len(sentence) - len(field.input_value()))


def _press(page: Page, letters: str) -> None:
    pauses = random.Random(letters)
    for number, letter in enumerate(letters):
        if number:
            time.sleep(pauses.uniform(*_KEY_EVERY) / 1000)
        page.keyboard.type(letter)


def _wait_for_picture(page: Page) -> float:
    """Milliseconds from the last key to the first paint that shows what is still shown when all is still."""
    _settle(page)
    key, paints = page.evaluate("[bench.keys.at(-1), bench.paints]")
    after = [paint for paint in paints if paint["at"] > key]
    if not after:
        raise RuntimeError("no picture was painted after the last key")
    answer = next(paint["at"] for paint in after if paint["words"] == after[-1]["words"])
    return float(answer - key)


def _settle(page: Page) -> None:
    """Wait until nothing was typed or painted for a while."""
    page.wait_for_function(
        f"performance.now() - Math.max(bench.paints.at(-1)?.at ?? 0, bench.keys.at(-1) ?? 0) > {_STILL}",
        timeout=_PATIENCE,
    )


def visit(browser: Browser, server: Server) -> Visit:
    """A first visit with an empty cache, until the models answer."""
    page = browser.new_context(
        viewport=_WINDOW, locale="en-GB", bypass_csp=True
    ).new_page()  # it waits by eval
    page.add_init_script(_WATCH)
    moved = {"responses": 0, "messages": 0}
    asked: list[str] = []
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")

    def count_response(event: dict[str, Any]) -> None:
        moved["responses"] += int(event["encodedDataLength"])

    def count_message(event: dict[str, Any]) -> None:
        frame = event["response"]
        text = frame["payloadData"]
        moved["messages"] += len(text.encode()) if frame["opcode"] == 1 else len(text.rstrip("=")) * 3 // 4

    network.on("Network.loadingFinished", count_response)
    network.on("Network.webSocketFrameReceived", count_message)
    network.on("Network.webSocketFrameSent", count_message)
    network.on("Network.webSocketCreated", lambda event: asked.append(event["url"]))
    page.context.on("request", lambda request: asked.append(request.url))
    page.goto(server.url, wait_until="commit")
    page.wait_for_function(_LOADED, timeout=_PATIENCE)
    _settle(page)
    page.context.close()
    return Visit(moved["responses"], moved["messages"], _foreign(asked))


def _foreign(addresses: Sequence[str]) -> tuple[str, ...]:
    parts = [urlsplit(address) for address in addresses]
    return tuple(p.hostname or "" for p in parts if p.scheme not in ("data", "blob") and p.hostname != HOST)


def _import_torch(times: int) -> float:
    """Seconds, in processes of their own."""
    program = "import time; started = time.perf_counter(); import torch; print(time.perf_counter() - started)"
    return statistics.median(
        float(subprocess.run([sys.executable, "-c", program], capture_output=True, check=True).stdout)
        for _ in range(times)
    )
