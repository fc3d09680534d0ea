"""What a class sees from the back, and those who hear a page or have a phone: sizes, headings, contrast, in a
real Chromium."""

import re
from urllib.parse import quote_plus

from playwright.sync_api import Page, expect

from pages.kit.strings import load
from s2s.text import words
from tests.audits import finds_nothing
from tests.visits import OpenVisit, expect_narrow, field, ready, soon, wait_for_source

LONG = (
    "Hier soir, après le dîner, mon frère et ma soeur sont allés au cinéma avec leurs amis, mais ils sont "
    "rentrés très tard parce que le dernier train pour la ville avait déjà quitté la gare."
)


def test_a_lesson_is_heard_and_narrow(visit: OpenVisit, server: str):
    page = visit(f"{server}/?lang=ko&lesson=lecture&at=10").page
    expect(page.locator(".s2s-lesson").get_by_role("heading")).to_be_visible()
    expect(page.locator(".s2s-cards .s2s-scroll").first).to_be_attached()
    soon(page, lambda: finds_nothing(page))
    page.set_viewport_size({"width": 320, "height": 640})
    expect_narrow(page, 320)


def sizes(page: Page) -> dict[str, float]:
    """Of the first picture: the height of its rows, its width and height, how far what is said under it
    reaches, the size of its letters and the distance between two of its columns."""
    return page.locator(".s2s-card").first.evaluate(
        """(card) => {
            const { height, width, margin, meta, font } = card.querySelector(".s2s-plot").layout;
            return {
                row: (height - margin.t - margin.b) / meta.rows,
                width: card.querySelector(".s2s-picture").getBoundingClientRect().width,
                below: card.querySelector(".s2s-facts").getBoundingClientRect().bottom,
                font: font.size,
                column: (width - margin.l - margin.r) / meta.columns,
                height,
            };
        }"""
    )


def test_a_picture_takes_the_room_it_has_and_what_is_said_under_it_stays_in_sight(
    visit: OpenVisit, server: str
):
    page = visit(f"{server}/?lang=en&also=drawn&also=meanings").page
    ready(page)

    def fits_in(height: int, share: float) -> None:
        found = sizes(page)
        assert found["below"] <= height
        assert found["row"] >= share * height

    page.get_by_role("button", name=load("en")("alignments.meanings"), exact=True).click()
    soon(page, lambda: fits_in(720, 0.028))
    small = sizes(page)
    page.get_by_text(load("en")("frame.large"), exact=True).click()

    def is_larger() -> None:
        large = sizes(page)
        assert large["width"] >= small["width"] - 1
        assert large["row"] > small["row"]

    soon(page, is_larger)
    page.get_by_text(load("en")("frame.large"), exact=True).click()
    page.set_viewport_size({"width": 1920, "height": 1080})
    soon(page, lambda: fits_in(1080, 0.04))


def test_a_long_sentence_says_what_is_out_of_sight_and_fits_on_the_screen_when_asked(
    visit: OpenVisit, server: str
):
    page = visit(f"{server}/?lang=en&text={quote_plus(LONG)}").page
    wait_for_source(page, LONG)
    card = page.locator(".s2s-card").first
    down, right = (card.locator(f".s2s-more-{edge}") for edge in ("down", "right"))
    expect(right).to_have_text(re.compile(r"→ \d+ more"))
    expect(down).to_have_text(re.compile(r"↓ \d+ more"))
    before = down.text_content()
    down.click()
    expect(down).not_to_have_text(before)
    page.get_by_role("button", name=load("en")("live.fit")).click()
    assert len(words(LONG, "fr")) >= 35

    def fits() -> None:
        found = sizes(page)
        assert found["height"] <= 720
        assert found["width"] <= 1280
        assert 8 <= found["font"] <= found["column"]

    soon(page, fits)
    expect(down).to_be_hidden()
    expect(right).to_be_hidden()
    again = visit(page.url).page
    wait_for_source(again, LONG)
    soon(again, lambda: is_at_most(sizes(again)["height"], 720))
    again.get_by_role("button", name=load("en")("live.fit")).click()
    field(again).fill("Il pleut.")
    wait_for_source(again, "Il pleut.")
    expect(again.get_by_role("button", name=load("en")("live.fit"))).to_be_hidden()


def is_at_most(found: float, most: float) -> None:
    assert found <= most


def test_both_runs_and_what_they_are_walked_through_with_are_on_the_screen_of_a_projector(
    visit: OpenVisit, server: str
):
    page = visit(f"{server}/forcing?lang=en").page
    expect(page.locator(".s2s-track")).to_have_count(2)

    def look() -> None:
        for part in (".s2s-track-bar", ".s2s-track >> nth=0", ".s2s-track >> nth=1"):
            box = page.locator(part).bounding_box()
            assert box
            assert box["y"] >= 0
            assert box["y"] + box["height"] <= 720

    soon(page, look)
    cut = "(all) => all.filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.textContent)"
    page.locator("input.s2s-field").first.fill("L'anticonstitutionnalité dort.")
    expect(page.locator(".s2s-row-reference .s2s-chip").first).to_be_visible()
    assert page.locator(".s2s-track-scroll :is(.s2s-chip, .s2s-candidate span)").evaluate_all(cut) == []


def test_the_first_key_leads_past_the_menu_and_a_pin_is_heard(visit: OpenVisit, server: str):
    page = visit(f"{server}/?lang=en").page
    ready(page)
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name=load("en")("frame.skip"))
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    before = page.url
    page.keyboard.press("Enter")
    picture = page.locator(".s2s-card").first.locator(".s2s-scroll")
    expect(picture).to_be_focused()
    assert page.url == before
    heard = page.locator(".s2s-live > .s2s-unseen[aria-live]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    word = page.locator(".s2s-card").first.locator(".s2s-word").nth(1).text_content()
    expect(heard).to_contain_text(load("en")("live.pinned_row", word=word))
    page.keyboard.press("Escape")
    expect(heard).to_have_text(load("en")("live.unpinned"))
    links = page.locator("[data-testid=stPageLink-NavLink]")
    look = "(one) => [getComputedStyle(one).outlineStyle, getComputedStyle(one).backgroundColor]"
    current = links.first.evaluate(look)
    links.nth(1).focus()
    page.keyboard.press("Tab")
    focused = links.nth(2).evaluate(look)
    assert focused[0] == "solid"
    assert focused != current
