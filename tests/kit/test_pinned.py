"""A pin in a real Chromium: it is in the address, and comes back where that is opened."""

import re
from urllib.parse import urlencode

from playwright.sync_api import Page, expect

from tests.visits import TICKS, OpenVisit, expect_query, ready, wait_for_source

PIN = "pin-alignments"
SOURCE = "Le chat noir dort sur la chaise rouge."


def link(server: str, *pin: str) -> str:
    return f"{server}/?{urlencode({'lang': 'en', 'text': SOURCE, PIN: pin}, doseq=True)}"


def outlines(page: Page) -> list[str]:
    """Where the pin is in the pictures."""
    return page.locator(".s2s-overlay .s2s-pin").evaluate_all(
        "all => all.map((one) => one.getAttribute('d'))"
    )


def pin_cell(page: Page, row: int, column: int) -> None:
    """Click on a cell of the first picture."""
    ticks = page.locator(TICKS.format(card=1, axis="y")).nth(row).bounding_box()
    above = page.locator(TICKS.format(card=1, axis="x")).nth(column).bounding_box()
    assert ticks is not None
    assert above is not None
    page.mouse.click(above["x"] + above["width"] / 2, ticks["y"] + ticks["height"] / 2)


def test_a_link_shows_the_same_pin_elsewhere_until_it_is_let_go(visit: OpenVisit, server: str):
    page = visit(link(server, "elephant 1")).page
    ready(page)
    expect_query(page, lambda query: PIN not in query)  # no card has that word
    expect(page.locator(".s2s-held-head")).to_have_count(0)
    wait_for_source(page, SOURCE)
    for what in ("word", "cell"):
        if what == "word":
            page.locator(".s2s-card").first.locator(".s2s-word").nth(2).click()
        else:
            pin_cell(page, 1, 1)
        expect_query(page, lambda query, count=1 if what == "word" else 2: len(query.get(PIN, [])) == count)
        expect(page.locator(".s2s-held-head")).to_have_count(3)
        other = visit(page.url).page
        ready(other)
        expect(other.locator(".s2s-held")).to_have_text(page.locator(".s2s-held").all_text_contents())
        expect(other.locator(".s2s-overlay .s2s-pin").first).to_have_attribute("d", re.compile("^M"))
        assert outlines(other) == outlines(page)
        other.locator(".s2s-unpin").first.click()
        expect_query(other, lambda query: PIN not in query)
