"""Models trained in two ways, side by side, and what each way gives, in a real Chromium."""

import pytest
from playwright.sync_api import Locator, Page, expect

from pages.kit.family import trained
from pages.kit.strings import load
from s2s.config import FREE, PROFESSOR, TEACHER
from s2s.evaluate.divergence import Injection, Regimes
from s2s.figures.labels import shown_piece
from s2s.translator import Translator
from tests.visits import OpenVisit, both_languages, expect_narrow, expect_query, soon

SAY = {language: load(language) for language in ("en", "ko")}
SOURCE, REFERENCE = "Il fait froid ce soir.", "It is cold tonight."
LINK = "text=Il+fait+froid.&reference=It+is+cold."


@pytest.fixture(scope="module")
def models() -> dict[str, Translator]:
    return {regime: Translator.load(name) for regime, name in trained().items()}


@pytest.fixture(scope="module")
def address(server: str) -> str:
    return f"{server}/forcing"


def column(page: Page, place: int) -> Locator:
    return page.locator(".s2s-tracks").nth(place)


def row(page: Page, place: int, track: str, name: str = "fed") -> Locator:
    """The cells of a row of a track in one of the columns."""
    return column(page, place).locator(f"[data-name={track}] .s2s-row-{name} td .s2s-chip")


def expect_both(page: Page, *both: Regimes) -> None:
    """Each column shows what was fed in its own runs."""
    for place, its in enumerate(both):
        for track, trace in (("forced", its.forced), ("free", its.free)):
            expect(row(page, place, track)).to_have_text([shown_piece(piece.text) for piece in trace.fed])


def test_two_ways_of_training_are_chosen_typed_to_and_fed_a_word_and_a_link_opens_both(
    visit: OpenVisit, address: str, models: dict[str, Translator]
):
    page = visit(f"{address}?lang=en&{LINK}").page
    expect(page.locator(".s2s-track")).to_have_count(2)
    for regime in (TEACHER, PROFESSOR):
        page.get_by_role("button", name=SAY["en"](f"trained.{regime}"), exact=True).first.click()
        expect(
            page.get_by_role("heading", name=SAY["en"](f"trained_with.{regime}"), exact=True).first
        ).to_be_visible()
    expect(page.locator(".s2s-tracks")).to_have_count(2)
    sentence, reference = (page.locator("input.s2s-field").nth(place) for place in (0, 1))
    for field, text in ((sentence, SOURCE), (reference, REFERENCE)):
        field.fill("")
        field.press_sequentially(text, delay=30)
    shown = [models[regime] for regime in (TEACHER, PROFESSOR)]
    expect_both(page, *(one.compare(SOURCE, REFERENCE) for one in shown))
    row(page, 1, "forced").nth(2).click()
    form = page.get_by_role("dialog")
    form.locator("input").fill("cold")
    page.keyboard.press("Enter")
    expect(form).to_be_hidden()
    fed = [one.compare(SOURCE, REFERENCE, injection=Injection(3, "cold")) for one in shown]
    expect_both(page, *fed)
    expect_query(
        page,
        lambda query: (
            (query.get("trained"), query.get("inject"), query.get("word"))
            == ([TEACHER, PROFESSOR], ["3"], ["cold"])
        ),
    )
    again = visit(page.url).page
    expect_both(again, *fed)
    again.get_by_role("button", name=SAY["en"](f"trained.{FREE}"), exact=True).first.click()
    fed = [models[r].compare(SOURCE, REFERENCE, injection=Injection(3, "cold")) for r in (PROFESSOR, FREE)]
    expect_both(again, *fed)  # of three, those chosen last


def test_both_walk_through_the_steps_together(visit: OpenVisit, address: str):
    page = visit(f"{address}?lang=en&trained=teacher&trained=free&{LINK}").page
    expect(page.locator(".s2s-track")).to_have_count(4)
    column(page, 0).locator(".s2s-track-scroll").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    for place in (0, 1):
        expect(column(page, place).locator("thead .s2s-now")).to_have_attribute("data-step", "1")
        expect(column(page, place).locator(".s2s-told")).to_contain_text(SAY["en"]("tracks.at_step", step=2))
    column(page, 1).locator(".s2s-track-scroll").focus()
    page.keyboard.press("Escape")
    expect(page.locator("thead .s2s-now")).to_have_count(0)


def test_two_columns_begin_on_the_first_screen_and_stand_below_each_other_on_a_phone(
    visit: OpenVisit, address: str
):
    page = visit(f"{address}?lang=ko&trained=teacher&trained=free&{LINK}").page
    expect(page.locator(".s2s-track")).to_have_count(4)

    def boxes() -> list[dict]:
        return [column(page, place).locator(".s2s-track-scroll").bounding_box() for place in (0, 1)]

    def beside() -> None:
        left, right = boxes()
        assert left["x"] + left["width"] <= right["x"]
        assert max(left["y"], right["y"]) + 200 <= 720

    def below() -> None:
        first, second = boxes()
        assert first["y"] + first["height"] <= second["y"]

    for _ in both_languages(page):
        soon(page, beside)
    page.set_viewport_size({"width": 390, "height": 844})
    soon(page, below)
    expect_narrow(page)
