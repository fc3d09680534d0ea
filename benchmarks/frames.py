"""Whether a picture is ever away while one types: in the document, and in what was really painted."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Page

_ONE_COLOUR: Final = 2.0  # of 255, standard deviation; a picture that varies less is empty
_SMALLEST: Final = 40  # pixels; less of a picture in sight is not judged
_LAG: Final = 0.15  # seconds between a frame of the document and the same frame on the screen, at most


class Frames(NamedTuple):
    """How often a card with a picture had none in it."""

    asked: int  # animation frames in which the document was looked at
    empty: int  # of these, with a picture missing
    seen: int  # frames of the screen with all pictures in sight
    blank: int  # of these, with a picture in one colour


class Screen(NamedTuple):
    """A frame as painted."""

    at: float  # seconds since the epoch
    image: bytes  # JPEG


def blank_frames(page: Page, letters: str, *, press: Callable[[Page, str], None]) -> Frames:
    """Type letters behind a sentence that is there, watching every frame.

    Copying every frame of the screen slows all down, so no time is measured here. The page must hold
    `window.bench` (see `browser`).
    """
    screens: list[Screen] = []
    viewer = page.context.new_cdp_session(page)

    def keep(event: dict[str, Any]) -> None:
        screens.append(Screen(event["metadata"]["timestamp"], base64.b64decode(event["data"])))
        viewer.send("Page.screencastFrameAck", {"sessionId": event["sessionId"]})

    viewer.on("Page.screencastFrame", keep)
    page.get_by_role("textbox").press("End")
    page.evaluate("() => { bench.sampling = true; bench.sample(); }")
    viewer.send("Page.startScreencast", {"format": "jpeg", "quality": 60})
    press(page, letters)
    page.wait_for_timeout(1000)
    viewer.send("Page.stopScreencast")
    asked, empty, sampled = page.evaluate("bench.sampling = false, [bench.frames, bench.empty, bench.areas]")
    times = np.array([sample["at"] for sample in sampled]) / 1000
    areas = np.array([sample["cells"] for sample in sampled]).reshape(len(sampled), -1, 4)
    width = page.evaluate("innerWidth")
    judged: list[bool] = []
    for screen in screens:
        inside = _always_inside(areas[np.abs(times - screen.at) < _LAG])
        if inside is not None:
            pixels = _grey(screen, width)
            judged.append(any(_in_one_colour(pixels, area) for area in inside))
    return Frames(asked, empty, len(judged), sum(judged))


def _always_inside(areas: NDArray[np.float64]) -> NDArray[np.int_] | None:
    """(frames, pictures, 4) to (pictures, 4): what lies inside each picture in all these frames, in pixels;
    None where that is too little to judge."""
    if not len(areas):
        return None
    starts, stops = np.ceil(areas[..., :2].max(axis=0)), np.floor(areas[..., 2:].min(axis=0))
    return np.hstack([starts, stops]).astype(int) if (stops - starts >= _SMALLEST).all() else None


def _grey(screen: Screen, width: int) -> NDArray[np.float64]:
    """The frame in grey, at the size of the window."""
    image = Image.open(io.BytesIO(screen.image)).convert("L")
    if image.width != width:
        image = image.resize((width, round(image.height * width / image.width)))
    return np.asarray(image, dtype=np.float64)


def _in_one_colour(pixels: NDArray[np.float64], area: NDArray[np.int_]) -> bool:
    left, top, right, bottom = area
    return bool(pixels[top:bottom, left:right].std() < _ONE_COLOUR)
