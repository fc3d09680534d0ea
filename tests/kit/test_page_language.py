"""What a browser is told of the page: its language, and what its own translator must leave as it is."""

import pytest
from playwright.sync_api import expect

from pages.kit.examples import EXAMPLES
from pages.kit.strings import LANGUAGES, load
from s2s.text import words
from tests.visits import OpenVisit

PAGES = {
    "": ".s2s-plot .xtick",
    "walkthrough": ".s2s-walk-target",
    "forcing": ".s2s-chip",
    "bottleneck": ".s2s-plot .xtick",
    "gradients": ".s2s-plot .xtick",
}
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


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("chosen", LANGUAGES)
def test_the_page_says_the_readers_language_and_keeps_words_and_weights_from_translators(
    visit: OpenVisit, server: str, path: str, chosen: str
):
    page = visit(f"{server}/{path}?lang={chosen}").page
    expect(page.locator(PAGES[path]).first).to_be_attached(timeout=60_000)
    expect(page.locator("html")).to_have_attribute("lang", chosen)
    page.wait_for_function("(words) => words.every((w) => document.body.textContent.includes(w))", arg=WORDS)
    assert page.evaluate(OPEN, WORDS) == []


def test_the_language_follows_the_switch_and_stays_on_the_next_page(visit: OpenVisit, server: str):
    page = visit(f"{server}/models?lang=en").page
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_text(LANGUAGES["ko"], exact=True).click()
    expect(page.locator("html")).to_have_attribute("lang", "ko")
    page.get_by_role("link", name=load("ko")("alignments.menu")).click()
    expect(page.locator(PAGES[""]).first).to_be_attached(timeout=60_000)
    expect(page.locator("html")).to_have_attribute("lang", "ko")
