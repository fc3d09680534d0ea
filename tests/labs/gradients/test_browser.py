"""What a person does on the gradients page, in a real Chromium."""

import re

import pytest
from playwright.sync_api import Page, expect

from pages.kit.examples import EXAMPLES
from pages.kit.strings import load
from s2s.figures.labels import shown_piece
from s2s.translator import Translator
from tests.visits import OpenVisit, Visit, both_languages, expect_narrow, expect_query

SAY = {language: load(language) for language in ("en", "ko")}
EN = SAY["en"]
MODEL = "fr-en-general"
SOURCE = EXAMPLES[0]


# The key of the lines ends above the picture, neither over it nor a row apart: its box is a little higher
# than what is written in it, and a row is 21 pixels.
KEYS_ABOVE = """() => {
    const plots = [...document.querySelectorAll(".s2s-plot")];
    return plots.length === 4 && plots.every((plot) => {
        const key = plot.querySelector(".legend").getBoundingClientRect().bottom;
        const title = plot.querySelector(".annotation").getBoundingClientRect().top;
        return -5 < title - key && title - key < 15;
    });
}"""
CARDS_WITHIN = """() => [...document.querySelectorAll(".s2s-card")].every(
    (card) => card.getBoundingClientRect().width <= innerWidth)"""


@pytest.fixture
def opened(visit: OpenVisit, server: str):
    """A function that opens the page with a query and waits for its pictures."""

    def open_page(query: str = "", **options: object) -> Visit:
        one = visit(f"{server}/gradients?{query}", **options)
        expect(one.page.locator(".s2s-plot")).to_have_count(4)
        expect(one.page.locator(".s2s-plot .xtick text").first).to_be_attached()
        expect(one.page.locator(".s2s-plot .legend").nth(3)).to_be_attached()
        return one

    return open_page


def card(page: Page, title: str):
    return page.locator(".s2s-card").filter(has=page.get_by_role("heading", name=title, exact=True))


def test_choosing_a_word_and_a_model_redraws_in_place_and_the_link_says_it(opened):
    page = opened("piece=1").page
    pieces = [shown_piece(piece.text) for piece in Translator.load(MODEL).translate(SOURCE).target_pieces]
    first = card(page, EN("gradients.title_paths", word=pieces[1]))
    expect(first).to_be_visible()
    page.evaluate("document.querySelector('.s2s-plot').dataset.same = 'yes'")
    page.get_by_role("radio", name=pieces[4], exact=True).click()
    expect(card(page, EN("gradients.title_paths", word=pieces[4]))).to_be_visible()
    page.get_by_role("radio", name="no attention · LSTM", exact=True).click()
    expect(page.locator(".s2s-fact", has_text="100%")).to_have_count(1)
    assert page.evaluate("document.querySelector('.s2s-plot').dataset.same") == "yes"
    expect_query(page, lambda query: (query.get("back"), query.get("piece")) == (["fr-en-none"], ["4"]))


def test_the_slider_scales_the_matrix_and_the_finding_follows(opened):
    page = opened("scaled=rnn&scale=0.5").page
    expect(page.get_by_text("It does not explode.")).to_be_visible()
    slider = page.get_by_role("slider")
    slider.focus()
    for _ in range(30):
        page.keyboard.press("ArrowRight")
    expect(page.get_by_text("It explodes.")).to_be_visible()
    expect_query(page, lambda query: query.get("scale") == ["8"])


def test_pictures_have_a_table_and_a_sentence_and_typing_is_answered_while_cells_learn(opened):
    page = opened().page
    for scroll in page.locator(".s2s-scroll:visible").all():
        expect(scroll).to_have_attribute("aria-label", re.compile(".{21}"))
    table = page.locator(".s2s-all").first
    table.locator("summary").click()
    expect(table.locator("tbody tr")).to_have_count(
        len(Translator.load(MODEL).translate(SOURCE).source_pieces)
    )
    expect(table.locator("thead th").nth(1)).to_contain_text(EN("gradients.whole"))
    # Learning goes on in the background while one types, and can be stopped.
    page.get_by_role("button", name=EN("memory.start")).click()
    stop = page.locator(".st-key-memory-stop").get_by_role("button", name=EN("jobs.stop"))
    expect(stop).to_be_visible()
    expect(card(page, EN("memory.curves"))).to_be_visible()
    page.locator("input.s2s-field").first.fill("Le chat dort.")
    expect(page.locator(".s2s-plot").first.locator(".xtick text").first).to_have_text("Le")
    expect(stop).to_be_visible()
    stop.click()
    expect(page.get_by_text(EN("jobs.stopped_so_far"))).to_be_visible()
    expect(card(page, EN("memory.curves"))).to_be_visible()
    # A bar says its numbers.
    page.locator(".s2s-scroll").first.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".s2s-tip").first).to_contain_text(EN("gradients.way_attention"))
    expect(page.locator(".s2s-live p.s2s-unseen").first).to_contain_text("Le")


def test_on_a_phone_nothing_is_wider_than_the_page_and_keys_stand_above_their_pictures(opened):
    page = opened("lang=ko&more=5&text=Il+fait+froid.", width=390, height=844).page
    for language in both_languages(page):
        expect(page.get_by_text(re.compile(SAY[language]("gradients.way_earlier"))).first).to_be_attached()
        for width in (390, 1280):
            page.set_viewport_size({"width": width, "height": 844})
            expect_narrow(page, width)
            page.wait_for_function(KEYS_ABOVE)
            page.wait_for_function(CARDS_WITHIN)
