"""A text that no link holds, and one that no file holds, in the field of a real Chromium."""

from playwright.sync_api import expect

from pages.kit.examples import EXAMPLES
from pages.kit.strings import load
from tests.visits import OpenVisit, field, ready, wait_for_source


def test_a_text_that_no_link_holds_is_not_put_into_one_and_broken_text_is_answered(
    server: str, visit: OpenVisit
):
    page = visit(f"{server}/?lang=en").page
    ready(page)
    field(page).fill("Il pleut.")
    page.wait_for_function("() => location.search.includes('pleut')")
    note = page.get_by_text(load("en")("sentence.not_in_link"))
    expect(note).to_have_count(0)
    field(page).fill("Le chat dort. " * 7000)  # 98 kB
    expect(note).to_be_visible()
    page.wait_for_function("() => !location.search.includes('text=')")
    expect(page.get_by_text(load("en")("sentence.cut_characters", limit="4,000"))).to_be_visible()
    assert len(page.url) < 6000
    page.reload()
    ready(page)
    expect(field(page)).to_have_value(EXAMPLES[0])
    expect(note).to_have_count(0)
    # Half of a surrogate pair, which is no character, is answered as the sign for one.
    field(page).evaluate(
        "(field) => { field.value = 'Le \\ud83d chat dort.'; field.dispatchEvent(new Event('input')); }"
    )
    wait_for_source(page, "Le \ufffd chat dort.")
    expect(page.get_by_test_id("stException")).to_have_count(0)
