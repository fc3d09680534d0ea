"""What holds of every page: the reader's language, what a browser's own translator must leave as it is,
the letters that a keyboard lacks, and that nobody elsewhere is asked."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from benchmarks.server import HOST
from pages.kit import frame
from pages.kit.examples import EXAMPLES
from pages.kit.strings import Strings, load
from pages.labs import pages
from s2s.text import words
from tests.servers import Watched, outside
from tests.visits import OpenVisit, both_languages

PICTURES = {
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


@pytest.mark.parametrize("one", pages(), ids=lambda one: one.name)
def test_a_page_speaks_the_readers_language_and_asks_nobody_elsewhere(
    visit: OpenVisit, server: str, watched_server: Watched, one: frame.Page
):
    """In a browser that tells what the page's policy refuses to load (`visit`)."""
    visited = visit(f"{server}/{'' if one.script == 'app.py' else one.name}?lang=ko")
    page = visited.page
    for language in both_languages(page):
        say = load(language)
        expect(page.get_by_text(say("frame.brand"))).to_be_visible()
        expect(page.locator(PICTURES[one.name]).first).to_be_attached()
        if one.name not in ("applications", "models", "speech"):
            has_the_letters_that_a_keyboard_lacks(page, say)
        if one.name not in ("models", "speech"):
            keeps_words_and_weights_from_translators(page)
    assert {urlsplit(url).hostname for url in visited.requests} <= {HOST, None, ""}
    assert outside(watched_server) == []
