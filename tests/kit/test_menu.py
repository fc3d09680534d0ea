"""The menu in a real Chromium: a page opened in a new tab shows what this one shows."""

import re

from playwright.sync_api import expect

from pages.kit.strings import LANGUAGES, load
from tests.visits import TICKS, OpenVisit, expect_query, field, ready, wait_for_source


def test_a_page_opened_in_a_new_tab_has_the_sentence_that_was_just_typed(visit: OpenVisit, server: str):
    page = visit(f"{server}/?lang=ko&size=1").page
    ready(page)
    field(page).fill("Où dort le chat & le chien ?")
    wait_for_source(page, "Où dort le chat & le chien ?")
    link = page.get_by_test_id("stPageLink-NavLink").nth(3)
    link.click(button="right")  # as one does who opens it in a new tab
    expect(link).to_have_attribute("href", re.compile(r"/forcing\?(?=.*lang=ko)(?=.*text=O%C3%B9)"))
    address = link.get_attribute("href") or ""
    other = visit(address).page
    expect(field(other).first).to_have_value("Où dort le chat & le chien ?")


def test_the_menu_says_the_language_and_the_size_as_soon_as_they_are_chosen(visit: OpenVisit, server: str):
    page = visit(f"{server}/models?lang=en").page
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_text(LANGUAGES["ko"], exact=True).click()
    expect(page.locator("html")).to_have_attribute("lang", "ko")
    page.get_by_text(load("ko")("frame.large"), exact=True).click()
    expect(page.locator("html")).to_have_css("font-size", "20px")
    link = page.get_by_test_id("stPageLink-NavLink").nth(2)
    link.click(button="right")
    expect(link).to_have_attribute("href", re.compile(r"(?=.*[?&]lang=ko(&|$))(?=.*[?&]size=1(&|$))"))
    page.get_by_role("link", name=load("ko")("alignments.menu")).click()
    ready(page)
    expect(page.locator("html")).to_have_attribute("lang", "ko")


def test_back_and_forward_lead_to_what_was_chosen_and_pinned(visit: OpenVisit, server: str):
    say = load("en")
    page = visit(f"{server}/?lang=en").page
    ready(page)
    page.get_by_text(say("alignments.pieces"), exact=True).click()
    goes_on = page.locator(TICKS.format(card=1, axis="x")).filter(has_text="·")
    expect(goes_on.first).to_be_visible()
    page.locator(".s2s-card").first.locator(".s2s-word").first.click()
    query = expect_query(page, lambda query: {"level", "pin-alignments"} <= query.keys())
    expect(page.locator(".s2s-held-head")).to_have_count(3)
    held = page.locator(".s2s-held").all_text_contents()
    page.get_by_role("link", name=say("walkthrough.menu")).click()
    expect(page.locator(".s2s-stage")).to_have_count(6)
    page.go_back()
    expect(page.locator(".s2s-held-head")).to_have_count(3)
    expect_query(page, lambda back: back == query)
    expect(page.locator(".s2s-held")).to_have_text(held)
    page.go_forward()
    expect(page.locator(".s2s-stage")).to_have_count(6)
