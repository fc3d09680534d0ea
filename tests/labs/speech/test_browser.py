"""What a person does with spoken digits, in a real Chromium."""

import json
import re
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Page, expect

from pages.kit.listening import hear, utterance
from pages.kit.strings import load
from s2s.sound.hearing import Hearing
from s2s.sound.waves import write_wav
from tests.visits import OpenVisit, expect_narrow, expect_query

SOUND = ".s2s-sound"
PLAYED = "[data-played]"


def ready(page: Page) -> None:
    expect(page.locator(".s2s-card .s2s-plot .main-svg").first).to_be_visible()


def played(page: Page) -> tuple[float, float]:
    """From when to when the sound that was played last."""
    text = page.locator(f"{SOUND}{PLAYED}").get_attribute("data-played") or ""
    start, end = map(float, text.split("-"))
    return start, end


def expect_played(page: Page, start: float, end: float) -> None:
    expect(page.locator(SOUND)).to_have_attribute("data-played", f"{start:.3f}-{end:.3f}")


def test_a_click_plays_what_was_looked_at_and_arrows_and_a_link_say_the_same(
    visit: OpenVisit, server: str, tmp_path: Path
):
    say = load("en")
    page = visit(f"{server}/speech?lang=en&voice=lucas&digits=40728").page
    ready(page)
    heard = hear(utterance("lucas", "40728").samples)
    page.locator(".s2s-sound-whole").click()
    expect_played(page, 0, heard.seconds)
    page.locator(".s2s-sound-part").nth(2).click()
    expect_played(page, *utterance("lucas", "40728").spoken[2].seconds)
    page.locator(".s2s-card .s2s-word").nth(1).click()
    expect_played(page, *heard.looked_at(1))
    expect_query(page, lambda query: query["pin-speech"] == [f"{heard.said[1]} 1"])
    scroll = page.locator(".s2s-card .s2s-scroll").first
    scroll.focus()
    for key in ("ArrowDown", "ArrowRight", "ArrowDown", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    expect_played(page, *heard.looked_at(2))
    box = page.locator(".s2s-card .s2s-picture").first.bounding_box()
    assert box is not None
    meta = page.evaluate("document.querySelector('.s2s-card .s2s-plot').layout.meta")
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + 24 + meta["sound"] / 2)
    start, end = played(page)
    assert abs(end - start - 0.08) < 0.002
    page.keyboard.press("Escape")
    assert say("speech.menu") in page.title()
    leaves_whole(page, visit, heard, tmp_path)


def leaves_whole(page: Page, visit: OpenVisit, heard: Hearing, folder: Path) -> None:
    """As an image, as a drawing, as numbers, and as a page without a network in which the sound plays."""
    files = {}
    for item in ("png", "svg", "json", "html"):
        page.locator(".s2s-card .s2s-out").first.click()
        with page.expect_download() as waited:
            page.locator(f"[data-item={item}]").click()
        files[item] = folder / waited.value.suggested_filename
        waited.value.save_as(files[item])
        page.keyboard.press("Escape")
    with Image.open(files["png"]) as image:
        assert image.getpixel((4, 4))[:3] == (255, 255, 255)
        assert len(image.getcolors(1 << 24) or []) > 50
    assert "3500 Hz" in files["svg"].read_text(encoding="utf-8")
    record = json.loads(files["json"].read_text(encoding="utf-8"))
    assert record["rows"] == ["</s>" if digit is None else str(digit) for digit in heard.said]
    np.testing.assert_allclose(record["cells"][0]["values"], heard.weights, atol=1e-6)
    alone = visit(files["html"].as_uri(), offline=True).page
    alone.locator(".s2s-sound-part").first.click()
    expect(alone.locator(SOUND)).to_have_attribute("data-played", re.compile(r"^0\.\d+-"))


def test_a_file_is_heard_on_a_narrow_dark_page_in_the_other_language(
    visit: OpenVisit, server: str, tmp_path: Path
):
    say = load("ko")
    window = visit(f"{server}/speech?lang=ko&sound=file", width=390, height=800, color_scheme="dark")
    page = window.page
    path = tmp_path / "said.wav"
    path.write_bytes(write_wav(utterance("george", "63").samples))
    page.locator("input[type=file]").set_input_files(path)
    ready(page)
    expect(page.get_by_text(say("speech.finding_own", heard="6 3"))).to_be_visible()
    expect_narrow(page)
    page.locator(".s2s-card .s2s-word").first.click()
    assert 0 <= played(page)[0] < played(page)[1]
