"""What a person does in the French sentence's field, in a real Chromium: letters that the keyboard lacks."""

import re
from functools import partial
from itertools import pairwise

import pytest
from playwright.sync_api import CDPSession, Locator, Page, expect

from pages.kit.examples import EXAMPLES
from pages.kit.strings import load
from tests.visits import OpenVisit, both_languages, expect_narrow, field, ready, soon, wait_for_source

KEYS = "éèêëàâçùûîïôœ«»"


def keys(page: Page) -> Locator:
    return page.locator(".s2s-accents")


def key(page: Page, letter: str) -> Locator:
    return keys(page).get_by_text(letter, exact=True)


def toggle(page: Page) -> Locator:
    return page.locator(".s2s-accents-toggle")


def write(page: Page, text: str) -> None:
    """Type a text into the empty field; the caret stands behind it."""
    field(page).fill("")
    field(page).focus()
    page.keyboard.type(text)


def expect_caret(page: Page, start: int, end: int | None = None) -> None:
    """The field has the focus, and the caret or the selection is there."""
    expect(field(page)).to_be_focused()
    page.wait_for_function(
        """([start, end]) => {
            const { selectionStart, selectionEnd } = document.activeElement;
            return selectionStart === start && selectionEnd === end;
        }""",
        arg=[start, start if end is None else end],
    )


def select(page: Page, start: int, end: int) -> None:
    field(page).evaluate("(field, range) => field.setSelectionRange(...range)", [start, end])


def compose(session: CDPSession, *stages: str) -> None:
    for text in stages:
        session.send(
            "Input.imeSetComposition", {"text": text, "selectionStart": len(text), "selectionEnd": len(text)}
        )


@pytest.fixture
def page(main_window: Page) -> Page:
    """The main page in a window that these tests share: each writes its own text."""
    return main_window


def test_the_field_is_french_and_nothing_in_it_is_marked_or_completed(page: Page):
    expected = {
        "lang": "fr",
        "spellcheck": "false",
        "autocorrect": "off",
        "autocapitalize": "off",
        "autocomplete": "off",
        "writingsuggestions": "false",
        "translate": "no",
        "aria-label": load("en")("sentence.label"),
        "aria-keyshortcuts": "ArrowDown ArrowUp",
    }
    for name, value in expected.items():
        expect(field(page)).to_have_attribute(name, value)


def test_a_click_types_the_letter_at_the_caret_and_the_cards_answer(page: Page):
    write(page, "Un t")
    select(page, 3, 3)
    key(page, "é").click()
    expect_caret(page, 4)
    select(page, 5, 5)
    key(page, "é").click()
    expect_caret(page, 6)
    page.keyboard.type(" chaud")
    expect(field(page)).to_have_value("Un été chaud")
    wait_for_source(page, "Un été chaud")
    expect(page).to_have_url(re.compile("text=Un\\+%C3%A9t%C3%A9\\+chaud"))


def test_a_letter_takes_the_place_of_what_is_selected_and_undo_takes_it_back(page: Page):
    write(page, "caf au lait")
    select(page, 3, 6)
    key(page, "é").click()
    expect(field(page)).to_have_value("café lait")
    expect_caret(page, 4)
    page.keyboard.press("Control+Z")
    expect(field(page)).to_have_value("caf au lait")
    expect_caret(page, 3, 6)
    page.keyboard.press("Control+Shift+Z")
    expect(field(page)).to_have_value("café lait")
    wait_for_source(page, "café lait")


def test_undo_takes_back_a_letter_and_leaves_what_was_typed_before_it(page: Page):
    write(page, "caf")
    key(page, "é").click()
    page.keyboard.press("Control+Z")
    expect(field(page)).to_have_value("caf")
    expect_caret(page, 3)


def test_undo_brings_back_what_an_example_replaced(page: Page):
    write(page, "Il pleut ce soir")
    page.locator(".s2s-examples button").nth(1).click()
    expect(field(page)).to_have_value(EXAMPLES[1])
    wait_for_source(page, EXAMPLES[1])
    page.keyboard.press("Control+Z")
    expect(field(page)).to_have_value("Il pleut ce soir")
    wait_for_source(page, "Il pleut ce soir")


def test_words_on_lines_of_their_own_are_pasted_apart(page: Page):
    write(page, "")
    paste = """(field) => {
        const data = new DataTransfer();
        data.setData("text/plain", "Le chat\\r\\n  dort\\nici.\\n");
        const options = { clipboardData: data, bubbles: true, cancelable: true };
        field.dispatchEvent(new ClipboardEvent("paste", options));
    }"""
    field(page).evaluate(paste)
    expect(field(page)).to_have_value("Le chat dort ici.")
    wait_for_source(page, "Le chat dort ici.")


def test_with_shift_the_keys_are_capitals(page: Page):
    write(page, "")
    page.keyboard.down("Shift")
    expect(keys(page).get_by_role("button")).to_have_text([*KEYS.upper()])
    key(page, "É").click()
    page.keyboard.up("Shift")
    expect(keys(page).get_by_role("button")).to_have_text([*KEYS])
    page.keyboard.type("t")
    key(page, "é").click()
    expect(field(page)).to_have_value("Été")


def test_quotation_marks_keep_their_distance_once(page: Page):
    write(page, "Il dit ")
    key(page, "«").click()
    page.keyboard.type("oui")
    key(page, "»").click()
    expect(field(page)).to_have_value("Il dit « oui »")
    write(page, "non ")
    key(page, "»").click()
    expect(field(page)).to_have_value("non »")


@pytest.mark.parametrize(
    ("typed", "turned"),
    [
        ("e", ["é", "è", "ê", "ë", "e"]),
        ("E", ["É", "È", "Ê", "Ë", "E"]),
        ("mais ou", ["mais où", "mais oû"]),
        ("franc", ["franç", "franc"]),
        ("soe", ["sœ", "soé", "soë"]),
        ("Oe", ["Œ", "Oé"]),
        ('Il dit "', ["Il dit « ", "Il dit »", 'Il dit "']),
        ("chat", ["chat"]),
        ("", [""]),
    ],
)
def test_arrow_down_behind_a_letter_goes_through_its_accents_and_arrow_up_back(
    page: Page, typed: str, turned: list[str]
):
    write(page, typed)
    for text in turned:
        page.keyboard.press("ArrowDown")
        expect(field(page)).to_have_value(text)
        if text != typed:
            expect_caret(page, len(text))
    for text in [*turned[-2::-1], typed]:
        page.keyboard.press("ArrowUp")
        expect(field(page)).to_have_value(text)


def test_every_key_tells_the_arrows_that_give_its_letter(page: Page):
    for letter in KEYS:
        typed, *arrows = (key(page, letter).get_attribute("title") or "").split()
        write(page, typed)
        for arrow in arrows:
            assert arrow == "↓"
            page.keyboard.press("ArrowDown")
        expect(field(page)).to_have_value(re.compile(rf"^\s*{letter}\s*$"))


def test_arrow_down_in_the_middle_of_a_word_is_undone_and_gone_on_with(page: Page):
    write(page, "un ete")
    select(page, 4, 4)
    page.keyboard.press("ArrowDown")
    expect(field(page)).to_have_value("un éte")
    wait_for_source(page, "un éte")
    page.keyboard.press("Control+Z")
    expect(field(page)).to_have_value("un ete")
    page.keyboard.type("x")
    expect(field(page)).to_have_value("un exte")


def test_arrow_down_with_another_key_or_a_selection_changes_nothing(page: Page):
    write(page, "ete")
    for pressed in ("Shift+ArrowUp", "Control+ArrowDown", "Alt+ArrowDown"):
        select(page, 3, 3)
        page.keyboard.press(pressed)
        expect(field(page)).to_have_value("ete")
    select(page, 0, 3)
    page.keyboard.press("ArrowDown")
    expect(field(page)).to_have_value("ete")


def test_a_syllable_being_composed_is_not_disturbed(page: Page):
    write(page, "")
    session = page.context.new_cdp_session(page)
    compose(session, "ㅎ", "하", "한")
    page.keyboard.press("ArrowDown")
    expect(field(page)).to_have_value("한")
    compose(session, "ㄱ", "그", "글")
    key(page, "é").click()
    expect(field(page)).to_have_value(re.compile("글é$"))
    written = field(page).input_value()
    expect_caret(page, len(written))
    page.keyboard.type("t")
    wait_for_source(page, f"{written}t")


def test_the_keyboard_reaches_each_key_with_one_stop_of_tab(page: Page):
    write(page, "")
    page.keyboard.press("Tab")
    expect(toggle(page)).to_be_focused()
    page.keyboard.press("Tab")
    expect(key(page, "é")).to_be_focused()
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    expect(key(page, "ê")).to_be_focused()
    page.keyboard.press("Enter")
    expect(field(page)).to_have_value("ê")
    expect_caret(page, 1)
    for _ in range(3):
        page.keyboard.press("Tab")
    expect(page.locator(".s2s-examples button").first).to_be_focused()


def test_the_keys_are_put_away_and_that_is_remembered_on_every_page(visit: OpenVisit, server: str):
    page = visit(server).page
    ready(page)
    wide = field(page).bounding_box()["width"]
    top = page.locator(".s2s-card").first.bounding_box()["y"]
    toggle(page).click()
    expect(keys(page)).to_be_hidden()
    expect(toggle(page)).to_have_attribute("aria-expanded", "false")
    assert field(page).bounding_box()["width"] > wide
    assert page.locator(".s2s-card").first.bounding_box()["y"] == top
    page.get_by_role("link", name=load("en")("walkthrough.menu")).click()
    expect(page.locator(".s2s-stage").first).to_be_visible()
    expect(keys(page)).to_be_hidden()
    page.reload()
    expect(toggle(page)).to_have_attribute("aria-expanded", "false")
    toggle(page).click()
    expect(keys(page)).to_be_visible()


def test_the_keys_leave_the_cards_above_the_fold_in_both_languages(visit: OpenVisit, server: str):
    page = visit(f"{server}/?lang=ko").page
    ready(page)
    for language in both_languages(page):
        expect(page.get_by_text(load(language)("formulas.title"))).to_be_visible()
        expect(keys(page)).to_be_visible()
        soon(page, partial(keys_leave_the_cards_above_the_fold, page))


def keys_leave_the_cards_above_the_fold(page: Page) -> None:
    row = page.locator(".s2s-field-row").bounding_box()
    assert row["height"] == field(page).bounding_box()["height"]
    for card in page.locator(".s2s-card").all():
        box = card.bounding_box()
        assert box["y"] + box["height"] <= 720


def test_on_a_phone_the_keys_unfold_under_the_field_in_both_languages(visit: OpenVisit, server: str):
    page = visit(f"{server}/?lang=ko", width=390, height=844, has_touch=True).page
    ready(page)
    expect(keys(page)).to_be_hidden()
    toggle(page).tap()
    for language in both_languages(page):
        expect(page.get_by_text(load(language)("formulas.title"))).to_be_visible()
        expect(keys(page)).to_be_visible()
        soon(page, partial(keys_stand_under_the_field, page))
        expect_narrow(page)


def keys_stand_under_the_field(page: Page) -> None:
    """In two rows, for fingers, none over another."""
    line = field(page).bounding_box()
    boxes = [button.bounding_box() for button in keys(page).get_by_role("button").all()]
    assert len(boxes) == len(KEYS) + 1
    assert len({box["y"] for box in boxes}) == 2
    assert all(box["y"] >= line["y"] + line["height"] for box in boxes)
    assert all(box["x"] >= 0 and box["x"] + box["width"] <= 390 for box in boxes)
    assert all(box["width"] >= 40 and box["height"] >= 40 for box in boxes)
    for one, next_one in pairwise(boxes):
        assert one["x"] + one["width"] <= next_one["x"] or one["y"] + one["height"] <= next_one["y"]
    examples = page.locator(".s2s-examples").bounding_box()
    assert examples["y"] >= boxes[-1]["y"] + boxes[-1]["height"]


def test_a_finger_keeps_the_field_or_never_enters_it(visit: OpenVisit, server: str):
    page = visit(server, width=390, height=844, has_touch=True).page
    ready(page)
    toggle(page).tap()
    field(page).evaluate("(field) => field.blur()")
    key(page, "é").tap()
    expect(field(page)).to_have_value(f"{EXAMPLES[0]}é")
    expect(field(page)).not_to_be_focused()
    wait_for_source(page, f"{EXAMPLES[0]}é")
    write(page, "")
    keys(page).get_by_role("button", name=load("en")("sentence.accents_capitals")).tap()
    expect(key(page, "É")).to_be_visible()
    key(page, "É").tap()
    page.keyboard.type("t")
    key(page, "é").tap()
    expect(field(page)).to_have_value("Été")
    expect_caret(page, 3)


def test_an_example_is_still_one_click_and_can_be_edited_with_the_keys(page: Page):
    example = page.get_by_role("button", name=EXAMPLES[1], exact=True)
    example.click()
    expect(field(page)).to_have_value(EXAMPLES[1])
    expect(example).to_have_attribute("aria-pressed", "true")
    key(page, "é").click()
    expect(field(page)).to_have_value(f"{EXAMPLES[1]}é")
    expect(example).to_have_attribute("aria-pressed", "false")
    wait_for_source(page, f"{EXAMPLES[1]}é")
