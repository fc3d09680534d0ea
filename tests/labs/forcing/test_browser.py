"""What a person does on the teacher-forcing page, in a real Chromium."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from pages.kit.examples import EXAMPLES, REFERENCES
from pages.kit.strings import load
from s2s.evaluate.divergence import Injection
from s2s.figures.labels import shown_piece
from s2s.text import words
from s2s.translator import Translator
from tests.visits import OpenVisit, Visit, expect_query

SAY = {language: load(language) for language in ("en", "ko")}
MODEL = "fr-en-dot"
SOURCE, REFERENCE = EXAMPLES[0], REFERENCES[EXAMPLES[0]]


@pytest.fixture(scope="module")
def translator() -> Translator:
    return Translator.load(MODEL)


@pytest.fixture
def opened(visit: OpenVisit, server: str):
    """A function that opens the page with a query and waits for its tracks and pictures."""

    def open_page(query: str = "", **options: object) -> Visit:
        one = visit(f"{server}/forcing?{query}", **options)
        expect(one.page.locator(".s2s-track")).to_have_count(2, timeout=60_000)
        expect(one.page.locator(".s2s-plot .xtick text").first).to_be_attached()
        return one

    return open_page


def row(page: Page, track: str, name: str) -> Locator:
    """The cells of a row of a track: fed, says or reference."""
    return page.locator(f"[data-name={track}] .s2s-row-{name} td .s2s-chip")


def fields(page: Page) -> tuple[Locator, Locator]:
    """The field of the sentence and that of the reference."""
    found = page.locator("input.s2s-field")
    return found.nth(0), found.nth(1)


def shown(pieces) -> list[str]:
    return [shown_piece(piece.text) for piece in pieces]


@pytest.mark.parametrize("language", ["en", "ko"])
def test_both_runs_stand_over_the_same_steps_and_where_they_part_is_marked(opened, translator, language):
    page = opened(f"lang={language}").page
    both = translator.compare(SOURCE, REFERENCE)
    for track, trace in (("forced", both.forced), ("free", both.free)):
        expect(row(page, track, "fed")).to_have_text(shown(trace.fed))
    first = both.divergence.first
    expect(page.locator("thead .s2s-first")).to_contain_text(SAY[language]("tracks.parted"))
    expect(page.locator("thead .s2s-first")).to_have_attribute("data-step", str(first))
    expect(page.locator("[data-name=forced] .s2s-by-forced")).to_have_count(len(both.forced.fed) - 1)
    expect(page.locator("[data-name=free] .s2s-by-free")).to_have_count(len(both.free.fed) - 1)
    wires = page.locator(".s2s-wire")
    expect(wires).to_have_count(len(both.forced.fed) + len(both.free.fed) - 2)
    after = page.locator("[data-name=free] .s2s-row-fed .s2s-differs")
    assert after.count() > 0
    expect(page.locator(".s2s-told")).to_contain_text(
        SAY[language]("forcing.parted", step=first + 1, teacher=shown(both.forced.target_pieces)[first],
                      model=shown(both.free.target_pieces)[first])
    )  # fmt: skip


def test_sentence_and_reference_are_answered_while_one_types(opened, translator):
    page = opened().page
    sentence, reference = fields(page)
    sentence.fill("")
    sentence.press_sequentially("Le chien dort.", delay=60)
    reference.fill("")
    reference.press_sequentially("A dog is sleeping.", delay=60)
    both = translator.compare("Le chien dort.", "A dog is sleeping.")
    expect(row(page, "forced", "fed")).to_have_text(shown(both.forced.fed))
    expect(row(page, "free", "fed")).to_have_text(shown(both.free.fed))
    assert sentence.input_value() == "Le chien dort."
    assert reference.input_value() == "A dog is sleeping."
    expect_query(page, lambda query: query.get("reference") == ["A dog is sleeping."])
    axis = page.locator(".s2s-card:nth-child(1) .s2s-plot .xtick text")
    expect(axis).to_have_text([*(word.text for word in words("Le chien dort.", "fr")), "</s>"])


def test_an_example_brings_its_reference_and_what_was_written_comes_back(opened):
    page = opened().page
    sentence, reference = fields(page)
    reference.fill("I wonder.")
    expect(row(page, "forced", "fed").nth(2)).to_have_text("wonder")
    page.get_by_role("button", name=EXAMPLES[2], exact=True).click()
    expect(reference).to_have_value(REFERENCES[EXAMPLES[2]])
    expect_query(page, lambda query: "reference" not in query)
    page.get_by_role("button", name=EXAMPLES[0], exact=True).click()
    expect(reference).to_have_value("I wonder.")
    assert sentence.input_value() == EXAMPLES[0]


def test_a_walk_through_the_steps_with_keys_and_buttons(opened):
    page = opened().page
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


def test_a_step_that_is_looked_at_in_a_picture_is_shown_in_the_tracks(opened):
    page = opened().page
    page.locator(".s2s-card").nth(0).locator(".s2s-word").nth(2).hover()
    expect(page.locator("thead .s2s-looked")).to_have_attribute("data-step", "2")


@pytest.mark.parametrize("by", ["typed", "chosen"])
def test_a_word_is_fed_by_hand_and_taken_back(opened, translator, by):
    page = opened().page
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
    for track, trace in (("forced", both.forced), ("free", both.free)):
        expect(row(page, track, "fed")).to_have_text(shown(trace.fed))
        expect(page.locator(f"[data-name={track}] .s2s-row-fed .s2s-by-injected")).to_have_count(
            trace.forcing.count("injected")
        )
    expect_query(page, lambda query: (query.get("inject"), query.get("word")) == (["4"], [word]))
    row(page, "free", "fed").nth(3).click()
    form.get_by_role("button", name=SAY["en"]("tracks.inject_undo")).click()
    plain = translator.compare(SOURCE, REFERENCE)
    expect(row(page, "forced", "fed")).to_have_text(shown(plain.forced.fed))
    page.wait_for_function("() => !location.search.includes('inject')")


def test_the_form_opens_and_closes_with_the_keyboard(opened):
    page = opened().page
    chip = row(page, "forced", "fed").nth(2)
    chip.focus()
    page.keyboard.press("Enter")
    form = page.get_by_role("dialog")
    expect(form.locator("input")).to_be_focused()
    page.keyboard.press("Escape")
    expect(form).to_be_hidden()
    expect(chip).to_be_focused()


def test_a_link_opens_the_same_runs(opened, translator):
    query = "lang=ko&ratio=0.5&seed=4&inject=3&word=elephant&text=Le+chien+dort.&reference=A+dog+is+sleeping."
    page = opened(query).page
    both = translator.compare(
        "Le chien dort.", "A dog is sleeping.", ratio=0.5, seed=4, injection=Injection(3, "elephant")
    )
    for track, trace in (("forced", both.forced), ("free", both.free)):
        expect(row(page, track, "fed")).to_have_text(shown(trace.fed))
    assert fields(page)[1].input_value() == "A dog is sleeping."
    expect_query(page, lambda query: query.get("seed") == ["4"])


def test_moving_the_slider_mixes_the_second_run(opened):
    page = opened().page
    slider = page.get_by_role("slider", name=SAY["en"]("forcing.ratio"))
    slider.focus()
    page.keyboard.press("End")
    expect(page.locator("[data-name=free] .s2s-by-free")).to_have_count(0)
    expect(page.locator("thead .s2s-first")).to_have_count(0)
    page.wait_for_function("() => location.search.includes('ratio=1')")


def test_pictures_change_without_a_blank_frame(opened):
    page = opened().page
    page.evaluate("""() => {
        window.__blank = 0; window.__frames = 0;
        (function look() {
            const plots = [...document.querySelectorAll(".s2s-card .s2s-plot")];
            const marks = ".heatmaplayer image, .heatmaplayer .hm *, .scatterlayer .trace";
            const drawn = plots.length === 4 && plots.every((plot) => plot.querySelector(marks));
            window.__frames += 1;
            if (!drawn || !document.querySelector(".s2s-tracks td")) window.__blank += 1;
            requestAnimationFrame(look);
        })();
    }""")
    reference = fields(page)[1]
    reference.fill("I do")
    reference.press("End")
    page.keyboard.type(" not know why.", delay=130)
    expect(row(page, "forced", "fed").last).to_have_text("·.")
    assert page.evaluate("window.__frames") > 10
    assert page.evaluate("window.__blank") == 0


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_phone_can_walk_and_feed(opened, language):
    page = opened(f"lang={language}", width=390, height=844).page
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name=SAY[language]("tracks.next"), exact=True).click()
    expect(page.locator("thead .s2s-now")).to_have_attribute("data-step", "0")
    row(page, "forced", "fed").nth(1).click()
    form = page.get_by_role("dialog")
    expect(form).to_be_visible()
    box = form.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390


def test_what_is_written_is_never_taken_for_markup_and_nothing_leaves_the_machine(opened):
    one = opened()
    markup = "<img src=x onerror='window.__hit=1'>"
    for place in fields(one.page):
        place.fill(markup)
    row(one.page, "free", "fed").nth(1).click()
    one.page.get_by_role("dialog").locator("input").fill(markup)
    one.page.keyboard.press("Enter")
    expect(one.page.locator(".s2s-by-injected").first).to_be_visible()
    assert one.page.evaluate("window.__hit === undefined")
    assert all(urlsplit(address).hostname in (None, "127.0.0.1") for address in one.requests)
