"""What a person does on the teacher-forcing page, in a real Chromium."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from pages.kit.examples import EXAMPLES, REFERENCES
from pages.kit.strings import load
from s2s.evaluate.divergence import Injection, Regimes
from s2s.figures.labels import shown_piece
from s2s.text import words
from s2s.translator import Translator
from tests.visits import OpenVisit, both_languages, expect_narrow, expect_query

SAY = {language: load(language) for language in ("en", "ko")}
MODEL = "fr-en-dot"
SOURCE, REFERENCE = EXAMPLES[0], REFERENCES[EXAMPLES[0]]


@pytest.fixture(scope="module")
def translator() -> Translator:
    return Translator.load(MODEL)


def ready(page: Page) -> Page:
    """Wait for the tracks and the pictures."""
    expect(page.locator(".s2s-track")).to_have_count(2)
    expect(page.locator(".s2s-plot .xtick text").first).to_be_attached()
    return page


@pytest.fixture(scope="module")
def window(kept: OpenVisit, server: str) -> Page:
    return ready(kept(f"{server}/forcing?lang=en").page)


@pytest.fixture
def page(window: Page, translator: Translator) -> Page:
    """The page with its first example and no step looked at, in a window that these tests share."""
    window.mouse.move(5, 5)
    window.locator(".s2s-track-scroll").focus()
    window.keyboard.press("Escape")
    for place, text in zip(fields(window), (SOURCE, REFERENCE), strict=True):
        if place.input_value() != text:
            place.fill(text)
    expect_runs(window, translator.compare(SOURCE, REFERENCE))
    expect(window.locator("thead .s2s-now")).to_have_count(0)
    return window


def row(page: Page, track: str, name: str) -> Locator:
    """The cells of a row of a track: fed, says or reference."""
    return page.locator(f"[data-name={track}] .s2s-row-{name} td .s2s-chip")


def fields(page: Page) -> tuple[Locator, Locator]:
    """The field of the sentence and that of the reference."""
    found = page.locator("input.s2s-field")
    return found.nth(0), found.nth(1)


def shown(pieces) -> list[str]:
    return [shown_piece(piece.text) for piece in pieces]


def expect_runs(page: Page, both: Regimes) -> None:
    """Both tracks show what was fed."""
    for track, trace in (("forced", both.forced), ("free", both.free)):
        expect(row(page, track, "fed")).to_have_text(shown(trace.fed))


def test_both_runs_stand_over_the_same_steps_and_where_they_part_is_marked(
    visit: OpenVisit, server: str, translator: Translator
):
    page = ready(visit(f"{server}/forcing?lang=ko").page)
    both = translator.compare(SOURCE, REFERENCE)
    first = both.divergence.first
    for language in both_languages(page):
        say = SAY[language]
        expect(page.locator("thead .s2s-first")).to_contain_text(say("tracks.parted"))
        expect(page.locator(".s2s-told")).to_contain_text(
            say("forcing.parted", step=first + 1, teacher=shown(both.forced.target_pieces)[first],
                model=shown(both.free.target_pieces)[first])
        )  # fmt: skip
        expect_runs(page, both)
        expect(page.locator("thead .s2s-first")).to_have_attribute("data-step", str(first))
        for track, trace in (("forced", both.forced), ("free", both.free)):
            by = page.locator(f"[data-name={track}] .s2s-by-{track}")
            expect(by).to_have_count(len(trace.fed) - 1)
        wires = page.locator(".s2s-wire")
        expect(wires).to_have_count(len(both.forced.fed) + len(both.free.fed) - 2)
        expect(page.locator("[data-name=free] .s2s-row-fed .s2s-differs")).not_to_have_count(0)


def test_sentence_and_reference_are_answered_while_one_types_without_a_blank_frame(
    page: Page, translator: Translator
):
    page.evaluate("""() => {
        window.__blank = 0; window.__frames = 0; window.__looks = true;
        (function look() {
            const cards = document.querySelector(".s2s-cards");  // those of the measured gap come below
            const plots = [...(cards?.querySelectorAll(".s2s-plot") ?? [])];
            const marks = ".heatmaplayer image, .heatmaplayer .hm *, .scatterlayer .trace";
            const drawn = plots.length === 4 && plots.every((plot) => plot.querySelector(marks));
            window.__frames += 1;
            if (!drawn || !document.querySelector(".s2s-tracks td")) window.__blank += 1;
            if (window.__looks) requestAnimationFrame(look);
        })();
    }""")
    sentence, reference = fields(page)
    reference.fill("I do")
    reference.press("End")
    page.keyboard.type(" not know why.", delay=130)
    expect_runs(page, translator.compare(SOURCE, "I do not know why."))
    assert page.evaluate("window.__frames") > 10
    assert page.evaluate("window.__blank") == 0
    page.evaluate("window.__looks = false")
    sentence.fill("")
    sentence.press_sequentially("Le chien dort.", delay=60)
    reference.fill("")
    reference.press_sequentially("A dog is sleeping.", delay=60)
    expect_runs(page, translator.compare("Le chien dort.", "A dog is sleeping."))
    assert sentence.input_value() == "Le chien dort."
    assert reference.input_value() == "A dog is sleeping."
    expect_query(page, lambda query: query.get("reference") == ["A dog is sleeping."])
    axis = page.locator(".s2s-cards").first.locator(".s2s-card:nth-child(1) .s2s-plot .xtick text")
    expect(axis).to_have_text([*(word.text for word in words("Le chien dort.", "fr")), "</s>"])


def test_an_example_brings_its_reference_and_what_was_written_comes_back(page: Page):
    sentence, reference = fields(page)
    reference.fill("I wonder.")
    expect(row(page, "forced", "fed").nth(2)).to_have_text("wonder")
    page.get_by_role("button", name=EXAMPLES[2], exact=True).click()
    expect(reference).to_have_value(REFERENCES[EXAMPLES[2]])
    expect_query(page, lambda query: "reference" not in query)
    page.get_by_role("button", name=EXAMPLES[0], exact=True).click()
    expect(reference).to_have_value("I wonder.")
    expect(sentence).to_have_value(EXAMPLES[0])


def test_a_walk_through_the_steps_with_keys_and_buttons(page: Page):
    scroll = page.locator(".s2s-track-scroll")
    now, later = page.locator("thead .s2s-now"), page.locator("thead .s2s-later")
    steps = page.locator("thead [data-step]").count()
    scroll.focus()
    page.keyboard.press("ArrowRight")
    expect(now).to_have_attribute("data-step", "0")
    expect(later).to_have_count(steps - 1)
    page.keyboard.press("ArrowRight")
    expect(page.locator(".s2s-told")).to_contain_text(SAY["en"]("tracks.at_step", step=2))
    for card in range(3):  # the pictures follow
        expect(page.locator(".s2s-card").nth(card).locator(".s2s-hover")).to_have_attribute(
            "d", re.compile(r"^M.+")
        )
    page.keyboard.press("ArrowLeft")
    expect(now).to_have_attribute("data-step", "0")
    page.keyboard.press("End")
    expect(now).to_have_attribute("data-step", str(steps - 1))
    page.keyboard.press("Escape")
    expect(now).to_have_count(0)
    page.get_by_role("button", name=SAY["en"]("tracks.play")).click()
    expect(now).to_have_attribute("data-step", "0")
    expect(now).to_have_attribute("data-step", "2")
    page.get_by_role("button", name=SAY["en"]("tracks.pause")).click()
    expect(page.get_by_role("button", name=SAY["en"]("tracks.play"))).to_be_visible()


def test_a_step_that_is_looked_at_in_a_picture_is_shown_in_the_tracks(page: Page):
    page.locator(".s2s-card").nth(0).locator(".s2s-word").nth(2).hover()
    expect(page.locator("thead .s2s-looked")).to_have_attribute("data-step", "2")


@pytest.mark.parametrize("by", ["typed", "chosen"])
def test_a_word_is_fed_by_hand_and_taken_back(page: Page, translator: Translator, by: str):
    row(page, "forced", "fed").nth(3).click()
    form = page.get_by_role("dialog")
    expect(form).to_be_visible()
    if by == "typed":
        form.locator("input").fill("hippopotamus")
        page.keyboard.press("Enter")
        word = "hippopotamus"
    else:
        choice = form.locator(".s2s-choice").nth(2)
        word = choice.get_attribute("data-word")
        choice.click()
    both = translator.compare(SOURCE, REFERENCE, injection=Injection(4, word))
    expect(form).to_be_hidden()
    expect_runs(page, both)
    for track, trace in (("forced", both.forced), ("free", both.free)):
        expect(page.locator(f"[data-name={track}] .s2s-row-fed .s2s-by-injected")).to_have_count(
            trace.forcing.count("injected")
        )
    expect_query(page, lambda query: (query.get("inject"), query.get("word")) == (["4"], [word]))
    row(page, "free", "fed").nth(3).click()
    form.get_by_role("button", name=SAY["en"]("tracks.inject_undo")).click()
    expect_runs(page, translator.compare(SOURCE, REFERENCE))
    expect_query(page, lambda query: "inject" not in query)


def test_the_form_opens_and_closes_with_the_keyboard(page: Page):
    chip = row(page, "forced", "fed").nth(2)
    chip.focus()
    page.keyboard.press("Enter")
    form = page.get_by_role("dialog")
    expect(form.locator("input")).to_be_focused()
    page.keyboard.press("Escape")
    expect(form).to_be_hidden()
    expect(chip).to_be_focused()


def test_a_link_opens_the_same_runs(visit: OpenVisit, server: str, translator: Translator):
    query = "lang=ko&ratio=0.5&seed=4&inject=3&word=elephant&text=Le+chien+dort.&reference=A+dog+is+sleeping."
    page = ready(visit(f"{server}/forcing?{query}").page)
    both = translator.compare(
        "Le chien dort.", "A dog is sleeping.", ratio=0.5, seed=4, injection=Injection(3, "elephant")
    )
    expect_runs(page, both)
    expect(fields(page)[1]).to_have_value("A dog is sleeping.")
    expect_query(page, lambda query: query.get("seed") == ["4"])


def test_moving_the_slider_mixes_the_second_run(page: Page):
    slider = page.get_by_role("slider", name=SAY["en"]("forcing.ratio"))
    slider.focus()
    page.keyboard.press("End")
    expect(page.locator("[data-name=free] .s2s-by-free")).to_have_count(0)
    expect(page.locator("thead .s2s-first")).to_have_count(0)
    expect_query(page, lambda query: query.get("ratio") == ["1"])
    slider.focus()
    page.keyboard.press("Home")
    expect(page.locator("thead .s2s-first")).to_have_count(1)
    expect_query(page, lambda query: "ratio" not in query)


def test_a_phone_can_walk_and_feed_in_both_languages(visit: OpenVisit, server: str):
    page = ready(visit(f"{server}/forcing?lang=ko", width=390, height=844).page)
    for step, language in enumerate(both_languages(page)):
        page.get_by_role("button", name=SAY[language]("tracks.next"), exact=True).click()
        expect(page.locator("thead .s2s-now")).to_have_attribute("data-step", str(step))
        expect_narrow(page)
        row(page, "forced", "fed").nth(1).click()
        form = page.get_by_role("dialog")
        expect(form).to_be_visible()
        box = form.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
        page.keyboard.press("Escape")
        expect(form).to_be_hidden()


def test_what_is_written_is_never_taken_for_markup_and_nothing_leaves_the_machine(
    visit: OpenVisit, server: str
):
    one = visit(f"{server}/forcing")
    page = ready(one.page)
    markup = "<img src=x onerror='window.__hit=1'>"
    for place in fields(page):
        place.fill(markup)
    row(page, "free", "fed").nth(1).click()
    page.get_by_role("dialog").locator("input").fill(markup)
    page.keyboard.press("Enter")
    expect(page.locator(".s2s-by-injected").first).to_be_visible()
    assert page.evaluate("window.__hit === undefined")
    assert all(urlsplit(address).hostname in (None, "127.0.0.1") for address in one.requests)
