"""What a person does on the main page, in a real Chromium."""

import re
from urllib.parse import quote_plus, urlsplit

import pytest
from playwright.sync_api import Page, expect

from pages.kit.examples import EXAMPLES
from pages.kit.strings import load
from s2s.text import words
from s2s.translator import Translator
from tests.visits import TICKS, OpenVisit, axis, expect_narrow, field, ready, soon, wait_for_source

# Looks at every frame whether each of three cards has its picture and its words.
WATCH = """
window.__blank = 0; window.__frames = 0;
(function look() {
    const cards = [...document.querySelectorAll(".s2s-card")];
    window.__frames += 1;
    const drawn = (card) => card.querySelector(".s2s-plot .heatmaplayer image, .s2s-plot .heatmaplayer .hm *")
        && card.querySelector(".s2s-plot").getBoundingClientRect().height > 50;
    if (cards.length !== 3 || !cards.every(drawn)) window.__blank += 1;
    requestAnimationFrame(look);
})();
"""


@pytest.fixture
def page(main_window: Page) -> Page:
    """The main page with its first example and nothing pinned or open, in a window that these tests share."""
    main_window.mouse.move(5, 5)
    main_window.locator(".s2s-word").first.focus()
    main_window.keyboard.press("Escape")
    main_window.evaluate("document.querySelectorAll('.s2s-card [open]').forEach((one) => (one.open = false))")
    field(main_window).fill(EXAMPLES[0])
    wait_for_source(main_window, EXAMPLES[0])
    expect(main_window.locator(".s2s-held:visible")).to_have_count(0)
    return main_window


def test_typing_letter_by_letter_moves_three_heatmaps_and_the_address_without_a_blank_frame(
    visit: OpenVisit, server: str
):
    page = visit(f"{server}/?lang=ko").page
    ready(page)
    page.evaluate(WATCH)
    page.evaluate(
        """() => {
            const write = history.replaceState.bind(history);
            window.__writes = 0;
            history.replaceState = (...parts) => { window.__writes += 1; write(...parts); };
            window.__began = performance.now();
        }"""
    )
    text = "Il pleut sur la ville et je lis un livre dans ma chambre."
    before = page.evaluate("history.length")
    field(page).fill("I")
    field(page).press("End")
    page.keyboard.type(text[1:], delay=110)  # slow enough that each letter is sent
    wait_for_source(page, text)
    for card in range(3):
        assert axis(page, card, "x") == [*(word.text for word in words(text, "fr")), "</s>"]
        written = page.locator(".s2s-card").nth(card).locator(".s2s-word").all_text_contents()
        expect(page.locator(TICKS.format(card=card + 1, axis="y"))).to_have_text([*written, "</s>"])
    assert page.evaluate("window.__frames") > 10
    assert page.evaluate("window.__blank") == 0
    assert field(page).input_value() == text
    expect(page).to_have_url(re.compile(f"[?&]text={re.escape(quote_plus(text))}(&|$)"))
    seconds = page.evaluate("(performance.now() - window.__began) / 1000")
    assert page.evaluate("window.__writes") <= 2 + seconds / 0.9, "no oftener than browsers allow"
    assert page.evaluate("history.length") == before
    expect(page.get_by_text(load("ko")("formulas.title"))).to_be_visible()
    # A browser that refuses, as Safari does after a hundred times in half a minute, stops no answer.
    page.evaluate(
        "() => { history.replaceState = () => { throw new DOMException('too often', 'SecurityError'); }; }"
    )
    for text in ("Il", "Il pleut", "Il pleut ce soir."):
        field(page).fill(text)
        wait_for_source(page, text)


def hover_cell(page: Page, card: int, row: int, column: int) -> None:
    """Move the mouse to the middle of a cell."""
    target = page.locator(".s2s-card").nth(card).locator(".s2s-picture")
    target.scroll_into_view_if_needed()
    place = target.evaluate(
        """(picture, [row, column]) => {
            const { width, height, margin, meta } = picture.querySelector(".s2s-plot").layout;
            const box = picture.getBoundingClientRect();
            const cell = (width - margin.l - margin.r) / meta.columns;
            const line = (height - margin.t - margin.b) / meta.rows;
            return [box.left + margin.l + (column + 0.5) * cell, box.top + margin.t + (row + 0.5) * line];
        }""",
        [row, column],
    )
    page.mouse.move(*place)


def expect_outlined(page: Page, name: str, *, shown: bool = True) -> None:
    """In all three pictures there is an outline of that name, or in none."""
    for card in page.locator(".s2s-card").all():
        outline = expect(card.locator(f".s2s-overlay .{name}"))
        drawn = re.compile("^M")
        outline.to_have_attribute("d", drawn) if shown else outline.not_to_have_attribute("d", drawn)


def test_hover_shows_words_weight_and_score_and_links_the_other_pictures(page: Page):
    say = load("en")
    hover_cell(page, 0, 0, 1)
    tip = page.locator(".s2s-tip")
    expect(tip).to_be_visible()
    for shown in (axis(page, 0, "x")[1], axis(page, 0, "y")[0], say("live.weight"), say("live.score")):
        expect(tip).to_contain_text(shown)
    expect_outlined(page, "s2s-hover")
    page.mouse.move(5, 5)
    expect(tip).to_be_hidden()
    expect_outlined(page, "s2s-hover", shown=False)


def test_a_click_pins_a_row_as_numbers_and_escape_lets_go(page: Page):
    word = page.locator(".s2s-card").first.locator(".s2s-word").first
    word.click()
    held = page.locator(".s2s-card").first.locator(".s2s-held")
    expect(held).to_be_visible()
    first = page.locator(".s2s-card").first
    expect(first.locator(".s2s-held tbody th")).to_have_text(axis(page, 0, "x"))
    trace = Translator.load("fr-en-dot").translate(EXAMPLES[0])
    log_prob = float(trace.written().log_probs[0])
    shown = f"{load('en')('live.log_prob')} {log_prob:.2f}".replace("-", "−").replace("log−", "log-")
    expect(first.locator(".s2s-held-facts")).to_contain_text(shown)
    weights = [float(text) for text in first.locator(".s2s-held tbody td:nth-child(2)").all_text_contents()]
    assert sum(weights) == pytest.approx(1, abs=0.02)
    expect_outlined(page, "s2s-pin")
    page.keyboard.press("Escape")
    expect(held).to_be_hidden()


def test_a_click_on_a_cell_pins_it_and_typing_on_keeps_the_word(page: Page):
    hover_cell(page, 1, 0, 0)
    page.mouse.down()
    page.mouse.up()
    expect(page.locator(".s2s-held").nth(1)).to_be_visible()
    field(page).click()
    field(page).press("End")
    page.keyboard.type(" Oui.")
    wait_for_source(page, f"{EXAMPLES[0]} Oui.")
    expect(page.locator(".s2s-held").nth(1)).to_be_visible()


def test_words_are_reached_and_pinned_with_the_keyboard(page: Page):
    page.locator(".s2s-word").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".s2s-held").first).to_be_visible()


def test_an_example_is_one_click(page: Page):
    page.get_by_role("button", name=EXAMPLES[2], exact=True).click()
    expect(field(page)).to_have_value(EXAMPLES[2])
    wait_for_source(page, EXAMPLES[2])


def test_no_letter_is_lost_on_a_slow_machine(page: Page):
    """Letters typed while an answer is drawn stay, however long the drawing takes."""
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 8})
    field(page).fill("")
    text = "Nous avons votre lettre."
    for number, letter in enumerate(text):
        page.keyboard.type(letter)
        page.wait_for_timeout((60, 90, 130, 200)[number % 4])
    wait_for_source(page, text)
    assert field(page).input_value() == text
    session.send("Emulation.setCPUThrottlingRate", {"rate": 1})


def test_a_link_opens_the_same_picture(visit: OpenVisit, server: str):
    link = "/?text=Il+neige.&lang=ko&picture=lines&end=0&models=fr-en-concat"
    page = visit(server + link).page
    expect(page.locator(".s2s-card")).to_have_count(1)
    expect(page.locator(".s2s-title")).to_have_text("concat")
    expect(field(page)).to_have_value("Il neige.")
    expect(page.locator(".s2s-plot .scatterlayer .trace").first).to_be_attached()
    expect(page.get_by_text(load("ko")("formulas.title"))).to_be_visible()


def test_switches_go_into_the_link_and_the_link_restores_them(page: Page, visit: OpenVisit):
    say = load("en")
    before = page.evaluate("history.length")
    page.get_by_role("radio", name=say("alignments.pieces")).click()
    expect(page).to_have_url(re.compile("level=pieces"))
    assert page.evaluate("history.length") == before
    again = visit(page.url).page
    ready(again)
    expect(again.locator(TICKS.format(card=1, axis="x")).filter(has_text="·").first).to_be_visible()
    page.get_by_role("radio", name=say("alignments.words")).click()
    expect(page).not_to_have_url(re.compile("level=pieces"))


def test_a_language_chosen_against_the_browsers_own_is_kept_by_a_reload(visit: OpenVisit, server: str):
    page = visit(server, locale="ko-KR").page
    expect(page.get_by_text(load("ko")("formulas.title"))).to_be_visible()
    page.get_by_role("radio", name="English").click()
    expect(page.get_by_text(load("en")("formulas.title"))).to_be_visible()
    expect(page).to_have_url(re.compile("lang=en"))
    page.reload()
    expect(page.get_by_text(load("en")("formulas.title"))).to_be_visible()


def test_the_numbers_of_a_picture_can_be_read_as_a_table(page: Page):
    card = page.locator(".s2s-card").first
    card.locator("summary").click()
    expect(card.locator(".s2s-all tbody th")).to_have_text(axis(page, 0, "y"))
    for said in ("dot", axis(page, 0, "y")[0]):
        expect(card.locator(".s2s-scroll")).to_have_attribute("aria-label", re.compile(re.escape(said)))


def test_what_is_typed_is_never_markup_and_no_request_leaves_this_machine(visit: OpenVisit, server: str):
    visited = visit(server)
    page = visited.page
    ready(page)
    typed = "<img src=x onerror='window.__hit=1'><b>chat</b> $x^2$ **noir** <a href=http://x.org>a</a> "
    typed += "![image](http://example.org/a.png) http://example.org"
    field(page).fill(typed)
    wait_for_source(page, typed)
    hover_cell(page, 0, 0, 0)
    expect(page.locator(".s2s-tip")).to_be_visible()
    markup = ".s2s-live img, .s2s-live b:text-is('chat'), .s2s-live a, .s2s-live .katex"
    expect(page.locator(markup)).to_have_count(0)
    page.get_by_text(load("en")("models.menu"), exact=True).click()
    expect(page.get_by_role("heading", name=load("en")("models.title"))).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert page.evaluate("window.__hit") is None
    assert len(visited.requests) > 10
    hosts = {urlsplit(url).hostname for url in visited.requests if not url.startswith(("data:", "blob:"))}
    assert hosts == {"127.0.0.1"}


def test_a_pasted_paragraph_keeps_its_words_apart(page: Page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("navigator.clipboard.writeText('Il neige.\\nIl fait froid.\\r\\nJe dors.')")
    field(page).click()
    page.keyboard.press("Control+A")
    page.keyboard.press("Control+V")
    wait_for_source(page, "Il neige. Il fait froid. Je dors.")


def test_hangul_composed_letter_by_letter_arrives_whole(page: Page):
    field(page).fill("")
    field(page).focus()
    session = page.context.new_cdp_session(page)
    for stages in (("ㅎ", "하", "한"), ("ㄱ", "그", "글")):
        for composed in stages:
            session.send(
                "Input.imeSetComposition",
                {"text": composed, "selectionStart": len(composed), "selectionEnd": len(composed)},
            )
            page.wait_for_timeout(40)
        session.send("Input.insertText", {"text": stages[-1]})
    expect(field(page)).to_have_value("한글")
    wait_for_source(page, "한글")


def test_accents_typed_with_dead_keys_arrive_whole(page: Page):
    field(page).fill("Un ")
    field(page).press("End")
    session = page.context.new_cdp_session(page)
    session.send("Input.imeSetComposition", {"text": "´", "selectionStart": 1, "selectionEnd": 1})
    session.send("Input.insertText", {"text": "é"})
    page.keyboard.type("té")
    wait_for_source(page, "Un été")


def test_on_a_phone_the_pictures_stack_and_nothing_runs_over_the_edge(visit: OpenVisit, server: str):
    page = visit(server, width=390, height=844).page
    ready(page)

    def look() -> None:
        boxes = [page.locator(".s2s-card").nth(card).bounding_box() for card in range(3)]
        assert boxes[0]["x"] == boxes[1]["x"] == boxes[2]["x"]
        assert boxes[0]["y"] < boxes[1]["y"] < boxes[2]["y"]

    soon(page, look)
    expect_narrow(page)


def test_a_long_sentence_keeps_readable_cells(page: Page):
    text = "Je pense que nous devrions partir demain matin parce que la route est longue et " * 2
    field(page).fill(text.strip())
    wait_for_source(page, text)

    def look() -> None:
        cells = page.locator(".s2s-plot .heatmaplayer image").first.bounding_box()
        assert cells["width"] / (len(words(text, "fr")) + 1) >= 14

    soon(page, look)


def test_sentence_and_language_travel_with_the_menu(visit: OpenVisit, server: str):
    say = load("ko")
    page = visit(f"{server}/?lang=ko&text=Il+neige.").page
    ready(page)
    page.get_by_role("link", name=say("models.menu")).click()
    expect(page.get_by_role("heading", name=say("models.title"))).to_be_visible()
    expect(page).to_have_url(re.compile(r"/models\?.*lang=ko"))
    page.get_by_role("link", name=say("alignments.menu")).click()
    expect(field(page)).to_have_value("Il neige.")
    expect(page.get_by_text(say("formulas.title"))).to_be_visible()


def test_what_is_copied_from_a_card_has_its_spaces_and_numbers_that_programs_read(page: Page):
    card = page.locator(".s2s-card").first
    shown = card.locator(".s2s-word").all_inner_texts()
    select = "(node) => getSelection().selectAllChildren(node)"
    card.locator(".s2s-words").evaluate(select)
    assert copied(page) == Translator.load("fr-en-dot").translate(EXAMPLES[0]).target
    assert len(shown) > 4
    card.evaluate(select)
    assert Translator.load("fr-en-dot").translate(EXAMPLES[0]).target in copied(page)
    card.locator("summary").click()
    card.locator("table").first.evaluate(select)
    numbers = [cell for line in copied(page).splitlines() for cell in line.split("\t")]
    assert any(cell.startswith("-") for cell in numbers)
    assert not any("−" in cell for cell in numbers)


def copied(page: Page) -> str:
    """What Ctrl+C puts on the clipboard, as the page hands it over."""
    return page.evaluate(
        """() => {
            const data = new DataTransfer();
            const node = getSelection().getRangeAt(0).commonAncestorContainer;
            const target = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
            const options = { clipboardData: data, bubbles: true, cancelable: true };
            target.dispatchEvent(new ClipboardEvent("copy", options));
            return data.getData("text/plain");
        }"""
    )
