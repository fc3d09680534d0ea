"""The toy model learns on its page, in a real Chromium: curves while it learns, and stop. Through AppTest a
training is seen to its end."""

from playwright.sync_api import expect

from pages.kit.strings import LANGUAGES, load
from tests.visits import OpenVisit, both_languages, expect_narrow, expect_query


def test_curves_grow_while_it_learns_and_stop_keeps_them(visit: OpenVisit, server: str):
    say, page = load("en"), visit(f"{server}/forcing?lang=en&toy_seed=2").page
    # The shortest task; the link says it.
    length = page.get_by_role("spinbutton", name=say("exposure.length"))
    length.fill("4")
    length.press("Enter")
    expect_query(page, lambda query: query.get("toy_length") == ["4"])
    start = page.get_by_role("button", name=say("exposure.start"))
    cards = page.locator(".s2s-card").filter(has_text=say("exposure.given_own"))
    marks = cards.first.locator(".s2s-plot .trace").last.locator(".points path")
    start.click()
    expect(start).to_be_disabled()
    expect(cards).to_have_count(2)
    expect(marks.nth(2)).to_be_attached()  # three looks: it grows in place
    page.locator(".st-key-exposure-stop").get_by_role("button", name=say("jobs.stop")).click()
    expect(page.get_by_text(say("jobs.stopped_so_far"))).to_be_visible()
    expect(cards).to_have_count(2)
    expect(page.get_by_text("4 symbols", exact=False)).to_be_visible()
    expect(start).to_be_enabled()
    # The same picture in the other language and on a phone.
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_role("radio", name=LANGUAGES["ko"], exact=True).click()
    for language in both_languages(page):
        expect(page.get_by_text(load(language)("exposure.gap")).first).to_be_visible()
        expect_narrow(page)
