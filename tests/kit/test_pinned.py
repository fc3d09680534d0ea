"""A pin in a real Chromium: it is in the address, and comes back where that is opened."""

from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from tests.visits import TICKS, OpenVisit, expect_query, ready, wait_for_source

PIN = "pin-alignments"
SOURCE = "Le chat noir dort sur la chaise rouge."


def link(server: str, *pin: str) -> str:
    return f"{server}/?{urlencode({'lang': 'en', 'text': SOURCE, PIN: pin}, doseq=True)}"


def held(page: Page) -> list[str]:
    """What the cards say of the pinned word, numbers included."""
    return page.locator(".s2s-held").all_inner_texts()


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


@pytest.mark.parametrize("what", ["word", "cell"])
def test_a_link_shows_the_same_pin_elsewhere_until_it_is_let_go(visit: OpenVisit, server: str, what: str):
    page = visit(link(server)).page
    ready(page)
    wait_for_source(page, SOURCE)
    if what == "word":
        page.locator(".s2s-card").first.locator(".s2s-word").nth(2).click()
    else:
        pin_cell(page, 1, 1)
    expect(page.locator(".s2s-held-head")).to_have_count(3)
    expect_query(page, lambda query: len(query.get(PIN, [])) == (1 if what == "word" else 2))
    other = visit(page.url).page
    ready(other)
    expect(other.locator(".s2s-held-head")).to_have_count(3)
    assert held(other) == held(page)
    assert outlines(other) == outlines(page)
    assert outlines(other)[0]
    other.locator(".s2s-unpin").first.click()
    expect_query(other, lambda query: PIN not in query)


def test_a_link_to_a_pin_waits_for_the_models_of_a_fresh_server(visit: OpenVisit, fresh_server: str):
    page = visit(link(fresh_server, "", "chat 1")).page
    ready(page)
    expect(page.locator(".s2s-held-head")).to_have_count(3)
    expect(page.locator(".s2s-held-head").first).to_contain_text("chat")
    expect_query(page, lambda query: query.get(PIN) == ["", "chat 1"])


def test_a_pin_that_no_card_has_leaves_the_address(visit: OpenVisit, server: str):
    page = visit(link(server, "elephant 1")).page
    ready(page)
    expect_query(page, lambda query: PIN not in query)
    assert page.locator(".s2s-held-head").count() == 0
