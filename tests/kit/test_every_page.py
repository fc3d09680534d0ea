"""What holds of every page: it is heard, seen from the back and on a phone, in the reader's language; what a
browser's own translator must leave as it is, the letters that a keyboard lacks, and that nobody elsewhere is
asked."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from benchmarks.server import HOST
from pages.kit import frame
from pages.kit.examples import EXAMPLES
from pages.kit.export import streamlit_words
from pages.kit.strings import Strings, load
from pages.labs import pages
from s2s.figures.palette import DARK
from s2s.text import words
from tests.audits import finds_nothing
from tests.servers import Watched, outside
from tests.visits import Visit, Windows, both_languages, expect_narrow, soon

# The first picture of each page.
PICTURES = {
    "alignments": ".s2s-cards .s2s-scroll",
    "machine": ".s2s-mach-scroll",
    "walkthrough": ".s2s-story",
    "forcing": ".s2s-track-scroll",
    "bottleneck": ".s2s-read:not([hidden])",
    "gradients": ".s2s-cards .s2s-scroll",
    "transformer": ".s2s-cards .s2s-scroll",
    "speech": ".s2s-cards .s2s-scroll",
    "applications": ".s2s-cards .s2s-scroll",
    "lessons": "[class*=st-key-offer-]",
    "models": ".s2s-cards .s2s-scroll",
}
# What stands there when the picture is drawn.
DRAWN = {
    "alignments": ".s2s-plot .xtick",
    "machine": ".s2s-mach-out, .s2s-mach-box",
    "walkthrough": ".s2s-walk-target",
    "forcing": ".s2s-chip",
    "bottleneck": ".s2s-plot .xtick",
    "gradients": ".s2s-plot .xtick",
    "transformer": ".s2s-plot .xtick",
    "speech": ".s2s-plot .xtick",
    "applications": ".s2s-plot .xtick",
    "lessons": ".s2s-maker-bar",
    "models": ".stMain .js-plotly-plot .main-svg",
}
ENGLISH = """(said) => {
    const found = [];
    for (const node of document.querySelectorAll("body *")) {
        for (const name of ["aria-label", "title", "placeholder"]) found.push(node.getAttribute(name));
        for (const one of node.childNodes) if (one.nodeType === Node.TEXT_NODE) found.push(one.nodeValue);
    }
    return found.filter((text) => said.some((one) => new RegExp(`^\\\\s*${one}\\\\s*$`).test(text ?? "")));
}"""
KEYS = "éèêëàâçùûîïôœ«»"
WORDS = [word.text for word in words(EXAMPLES[0], "fr") if len(word.text) > 1]

# Where one of the words stands alone, or a number in a table, and may be translated.
OPEN = """(words) => {
    const found = [];
    const walker = document.createTreeWalker(document.querySelector(".stMain"), NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const text = walker.currentNode.textContent.trim(), around = walker.currentNode.parentElement;
        const isCell = around.closest("[class*=s2s] td") && /\\d/.test(text);
        if (!words.includes(text) && !isCell) continue;
        if (!around.closest("[translate=no]")) found.push(around.outerHTML);
    }
    return found;
}"""


def keeps_words_and_weights_from_translators(page: Page) -> None:
    page.wait_for_function("(words) => words.every((w) => document.body.textContent.includes(w))", arg=WORDS)
    assert page.evaluate(OPEN, WORDS) == []


def has_the_letters_that_a_keyboard_lacks(page: Page, say: Strings) -> None:
    """At the French sentence, and nowhere else."""
    expect(page.get_by_role("toolbar", name=say("sentence.accents"), exact=True)).to_have_count(1)
    expect(page.locator(".s2s-accents").get_by_role("button")).to_have_text([*KEYS])
    expect(page.get_by_text(say("sentence.accents_hint"), exact=True)).to_be_visible()
    expect(page.locator("input.s2s-field[lang=fr]")).to_have_accessible_description(
        say("sentence.accents_help")
    )
    reference = page.locator("input.s2s-field[lang=en]")
    expect(reference).to_have_count(1 if "/forcing" in page.url else 0)
    if reference.count():
        assert reference.get_attribute("aria-keyshortcuts") is None
        reference.fill("the")
        reference.press("ArrowDown")
        expect(reference).to_have_value("the")


@pytest.fixture(scope="module", params=pages(), ids=lambda one: one.name)
def one(request: pytest.FixtureRequest) -> frame.Page:
    found: frame.Page = request.param
    return found


def address(server: str, one: frame.Page) -> str:
    return f"{server}/{'' if one.script == 'app.py' else one.name}?lang=ko"


@pytest.fixture(scope="module")
def opened(windows: Windows, server: str, one: frame.Page) -> Iterator[Visit]:
    """The page, opened once for all that is asked of it."""
    visit = windows.open(address(server, one))
    yield visit
    visit.close()
    assert visit.errors == []


@pytest.fixture
def window(opened: Visit, server: str, one: frame.Page) -> Visit:
    """The same as it was opened, also for a test that is tried again."""
    page = opened.page
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1280, "height": 720})
    query = parse_qs(urlsplit(page.url).query)
    if query.get("lang") != ["ko"] or "size" in query:
        page.goto(address(server, one))
    return opened


def speaks_korean(page: Page, said: list[str]) -> None:
    assert page.evaluate(ENGLISH, said) == []


def begins_on_the_first_screen(page: Page, picture: Locator, height: int, least: int) -> None:
    """So much of it is seen before one scrolls, in pixels."""

    def look() -> None:
        box = picture.bounding_box()
        assert box
        assert box["y"] + min(least, box["height"]) <= height, box

    page.evaluate("document.querySelector('.stMain').scrollTo(0, 0)")
    soon(page, look)


def test_a_page_is_heard_and_seen_in_light_and_dark_on_a_phone_and_at_150_percent(
    window: Visit, one: frame.Page
):
    page = window.page
    picture = page.locator(PICTURES[one.name]).first
    expect(picture).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "ko")
    expect(page.get_by_role("heading", level=1)).to_have_text(load("ko")(f"{one.name}.menu"))
    soon(page, lambda: finds_nothing(page))
    said = [re.escape(english).replace(r"\{what\}", ".+") for english in streamlit_words(load("ko"))]
    soon(page, lambda: speaks_korean(page, said))
    page.emulate_media(color_scheme="dark")
    background = tuple(int(DARK.background[i : i + 2], 16) for i in (1, 3, 5))
    expect(page.locator(".stApp")).to_have_css("background-color", f"rgb{background}")
    soon(page, lambda: finds_nothing(page))
    page.set_viewport_size({"width": 320, "height": 640})
    expect_narrow(page, 320)
    if one.name == "walkthrough":
        return  # what it computes is read from above
    page.set_viewport_size({"width": 853, "height": 480})  # 1280 x 720 at 150 %
    begins_on_the_first_screen(page, picture, 480, 60)
    page.set_viewport_size({"width": 1280, "height": 720})
    page.get_by_text(load("ko")("frame.large"), exact=True).click()
    expect(page.locator("html")).to_have_css("font-size", "20px")
    begins_on_the_first_screen(page, picture, 720, 60)
    page.get_by_text(load("ko")("frame.large"), exact=True).click()  # as it was, for the next


def test_a_page_speaks_the_readers_language_and_asks_nobody_elsewhere(
    window: Visit, watched_server: Watched, one: frame.Page
):
    """In a browser that tells what the page's policy refuses to load (`window`)."""
    page = window.page
    for language in both_languages(page):
        say = load(language)
        expect(page.get_by_text(say("frame.brand"))).to_be_visible()
        expect(page.locator(DRAWN[one.name]).first).to_be_attached()
        if one.name not in ("applications", "models", "speech"):
            has_the_letters_that_a_keyboard_lacks(page, say)
        if one.name not in ("models", "speech"):
            keeps_words_and_weights_from_translators(page)
    assert {urlsplit(url).hostname for url in window.requests} <= {HOST, None, ""}
    assert outside(watched_server) == []
