"""What a person does on the walkthrough, in a real Chromium."""

import re

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from pages.kit.examples import EXAMPLES
from pages.kit.strings import load
from s2s.figures.labels import shown_piece
from s2s.translator import Translator
from s2s.walkthrough import stages
from tests.apps import WIDTH
from tests.visits import OpenVisit, both_languages, expect_narrow, expect_query

EN = load("en")


def ready(page: Page, columns: int = 1) -> None:
    """Wait until the six stages are there."""
    expect(page.locator(".s2s-stage")).to_have_count(6)
    expect(page.locator(".s2s-walk-head")).to_have_count(columns)


def stage(page: Page, number: int) -> Locator:
    return page.locator(".s2s-stage").nth(number - 1)


def picture(page: Page, number: int, index: int = 0) -> Locator:
    """A picture of a stage, scrolled to and drawn."""
    found = stage(page, number).locator(".s2s-pic").nth(index)
    found.scroll_into_view_if_needed()
    expect(found.locator(".s2s-plot .main-svg").first).to_be_attached()
    return found


def told(page: Page) -> Locator:
    return page.locator(".s2s-walk-told")


def says(step: int, steps: int, word: str) -> str:
    return EN("walkthrough.told_step", step=step, steps=steps, word=word)


def point(page: Page, pic: Locator, number: int, *, row: int = 0) -> None:
    """Move the mouse to a number, counted from 1, of a row of strips."""
    pic.scroll_into_view_if_needed()
    x, y = pic.evaluate(
        """(pic, [number, row]) => {
            const { box, meta, zoom } = pic.block.picture;
            const { first, last } = zoom ?? { first: 1, last: meta.width };
            const { top, bottom } = meta.rows[row];
            const inner = pic.querySelector(".s2s-picture").getBoundingClientRect();
            const x = ((number - first + 0.5) * box.width) / (last - first + 1);
            return [inner.left + box.left + x, inner.top + box.top + (top + bottom) / 2];
        }""",
        [number, row],
    )
    page.mouse.move(x, y)


@pytest.fixture(scope="module")
def said() -> list[str]:
    """What `dot` says of the first example, piece by piece."""
    trace = Translator.load("fr-en-dot").translate(EXAMPLES[0])
    return [shown_piece(piece.text) for piece in trace.target_pieces]


@pytest.fixture(scope="module")
def window(kept: OpenVisit, server: str) -> Page:
    page = kept(f"{server}/walkthrough?form=long&scorer=dot").page
    ready(page)
    return page


@pytest.fixture
def page(window: Page, said: list[str]) -> Page:
    """What `dot` does at its first step with the first example, in a window that these tests share."""
    window.mouse.move(5, 5)
    window.locator("input.s2s-field").fill(EXAMPLES[0])
    expect(window.locator(".s2s-walk-piece")).to_have_count(len(said))
    at_step(window, said, 1)
    return window


def at_step(page: Page, said: list[str], step: int) -> None:
    page.locator(".s2s-walk-piece").nth(step - 1).click()
    expect(told(page)).to_have_text(says(step, len(said), said[step - 1]))


def test_stepping_changes_every_stage_in_place_and_the_link_follows(page: Page, said: list[str]):
    before = page.evaluate("history.length")
    picture(page, 1, 4)
    page.evaluate("document.querySelectorAll('.s2s-stage').forEach((node, i) => (node.mine = i))")
    for step in range(2, 6):
        page.get_by_role("button", name=EN("stages.next"), exact=True).click()
        expect(told(page)).to_have_text(says(step, len(said), said[step - 1]))
        expect(stage(page, 1).get_by_text(EN("walkthrough.fed_free", word=said[step - 2]))).to_be_visible()
        expect(page).to_have_url(re.compile(rf"step={step}"))
    assert page.evaluate("[...document.querySelectorAll('.s2s-stage')].every((node, i) => node.mine === i)")
    assert page.evaluate("history.length") == before
    page.get_by_role("button", name=EN("stages.back"), exact=True).click()
    expect(told(page)).to_have_text(says(4, len(said), said[3]))


def test_no_picture_is_blank_while_one_steps(page: Page, said: list[str]):
    picture(page, 4)
    page.evaluate(
        """() => {
            window.__blank = window.__frames = 0;
            window.__looks = true;
            const plots = [...document.querySelectorAll(".s2s-stage:nth-child(4) .s2s-plot")];
            (function look() {
                window.__frames += 1;
                if (!plots.every((plot) => plot.querySelector(".heatmaplayer image"))) window.__blank += 1;
                if (window.__looks) requestAnimationFrame(look);
            })();
        }"""
    )
    for step in range(2, 6):
        page.get_by_role("button", name=EN("stages.next"), exact=True).click()
        expect(told(page)).to_have_text(says(step, len(said), said[step - 1]))
        page.wait_for_timeout(200)  # the frames in which its pictures change
    expect(page).to_have_url(re.compile("step=5"))
    assert page.evaluate("window.__frames") > 10
    assert page.evaluate("window.__blank") == 0
    page.evaluate("window.__looks = false")


def test_slider_arrows_and_words_choose_the_step(page: Page, said: list[str]):
    page.locator(".s2s-walk-steps .s2s-slider").focus()
    page.keyboard.press("ArrowRight")
    expect(told(page)).to_have_text(says(2, len(said), said[1]))
    page.locator(".s2s-walk-number").first.focus()
    page.keyboard.press("ArrowRight")
    expect(told(page)).to_have_text(says(3, len(said), said[2]))
    page.keyboard.press("ArrowLeft")
    expect(told(page)).to_have_text(says(2, len(said), said[1]))
    page.locator(".s2s-walk-piece").nth(5).click()
    expect(told(page)).to_have_text(says(6, len(said), said[5]))
    expect(page.locator(".s2s-walk-piece").nth(5)).to_have_attribute("aria-current", "step")


def test_it_plays_to_the_end_and_stops(page: Page, said: list[str]):
    at_step(page, said, 8)
    page.get_by_role("button", name=EN("stages.play"), exact=True).click()
    expect(page.get_by_role("button", name=EN("stages.pause"), exact=True)).to_be_visible()
    expect(told(page)).to_have_text(says(len(said), len(said), said[-1]))
    expect(page.get_by_role("button", name=EN("stages.play"), exact=True)).to_be_visible()


def test_the_step_feeds_its_word_to_the_next(page: Page, said: list[str]):
    stage(page, 6).get_by_role("button", name=EN("walkthrough.feed", word=said[0], step=2)).click()
    expect(told(page)).to_have_text(says(2, len(said), said[1]))
    expect(stage(page, 1).locator(".s2s-stage-title")).to_be_in_viewport()


def test_hover_tells_all_digits_and_a_click_follows_the_number_everywhere(page: Page, said: list[str]):
    at_step(page, said, 2)
    trace = Translator.load("fr-en-dot").translate(EXAMPLES[0])
    pic = picture(page, 1, 4)
    point(page, pic, 100, row=1)
    expect(page.locator(".s2s-story > .s2s-tip")).to_contain_text(
        EN("stages.number", number=100, width=WIDTH)
    )
    shown = page.locator(".s2s-story > .s2s-tip b").first.text_content() or ""
    assert np.float32(shown.replace("−", "-")) == trace.decoder_states[0, 99]
    page.mouse.down()
    page.mouse.up()
    for number in (1, 4, 5):
        expect(stage(page, number).locator(".s2s-place").first).to_have_text("[100]")
    expect(page).to_have_url(re.compile("number=100"))


def test_a_word_that_is_clicked_has_its_score_built_up(visit: OpenVisit, server: str):
    page = visit(f"{server}/walkthrough?form=long&scorer=general").page
    ready(page)
    pic = picture(page, 2)
    point(page, pic, 50, row=5)  # the question stands above the words
    page.mouse.down()
    page.mouse.up()
    expect(page.locator(".s2s-walk-choose[aria-pressed='true']")).to_have_text("sur")
    expect(stage(page, 2).get_by_text(EN("walkthrough.choose_word", word="sur"))).to_be_visible()
    page.locator(".s2s-walk-choose", has_text="la").click()
    expect(stage(page, 2).get_by_text(EN("walkthrough.choose_word", word="la"))).to_be_visible()
    expect(page).to_have_url(re.compile("word=6"))
    of = Translator.load("fr-en-general").workings(EXAMPLES[0])
    found = stages.scoring(of, 0)
    assert found is not None
    ordered = stages.contributions(found.products[5])
    rows = stage(page, 2).locator("tbody tr th")
    expect(rows.first).to_have_text(str(int(ordered.order[0]) + 1))


def test_a_drag_zooms_all_strips_until_their_numbers_can_be_read(page: Page):
    pic = picture(page, 1, 4)
    point(page, pic, 40)
    page.mouse.down()
    point(page, pic, 44)
    point(page, pic, 51)
    page.mouse.up()
    expect(page.locator(".s2s-walk-range")).to_have_text(EN("stages.zoom", first=40, last=51))
    expect(page).to_have_url(re.compile("zoom=40-51"))
    figures = pic.locator(".s2s-overlay text")
    expect(figures).to_have_count(12 * 5)
    of = Translator.load("fr-en-dot").workings(EXAMPLES[0])
    first = of.parameters.embedding[of.trace.fed[0].id][39]
    expect(figures.first).to_have_text(f"{first:.3f}".replace("-", "−"))
    picture(page, 2).locator(".s2s-scroll").focus()
    page.keyboard.press("-")
    expect(page.locator(".s2s-walk-range")).not_to_have_text(EN("stages.zoom", first=40, last=51))
    page.keyboard.press("0")
    expect(page.locator(".s2s-walk-range")).to_have_text(EN("stages.zoom", first=1, last=WIDTH))
    expect(page).not_to_have_url(re.compile("zoom="))


def test_a_picture_is_walked_with_the_keyboard(page: Page):
    pic = picture(page, 1, 4)
    point(page, pic, 20, row=1)
    page.mouse.down()
    page.mouse.up()
    expect(page).to_have_url(re.compile("number=20(&|$)"))
    page.mouse.move(5, 5)
    pic.locator(".s2s-scroll").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    tip = page.locator(".s2s-story > .s2s-tip")
    expect(tip).to_contain_text(EN("stages.number", number=21, width=WIDTH))
    of = Translator.load("fr-en-dot").workings(EXAMPLES[0])
    shown = tip.locator("b").first.text_content() or ""
    assert np.float32(shown.replace("−", "-")) == of.states[0, 0, 0, 20]
    expect(page.locator(".s2s-story .s2s-unseen")).to_contain_text(shown)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("number=21"))


def test_temperature_and_switches_answer_and_go_into_the_link(visit: OpenVisit, server: str):
    page = visit(f"{server}/walkthrough?form=long&scorer=concat&step=3").page
    ready(page)
    slider = stage(page, 3).locator(".s2s-slider")
    slider.fill("3")
    expect(stage(page, 3).locator(".s2s-pic")).to_have_count(4)
    stage(page, 5).get_by_role("switch", name=EN("walkthrough.context")).click()
    expect(stage(page, 6).get_by_text(EN("walkthrough.caption_bare"))).to_be_visible()
    stage(page, 2).get_by_role("switch", name=EN("walkthrough.tanh")).click()
    expect(stage(page, 2).get_by_text(EN("walkthrough.caption_without_tanh"))).to_be_visible()
    expect(page).to_have_url(re.compile("tanh=0"))
    link = page.url
    again = visit(link).page
    ready(again)
    expect(stage(again, 3).locator(".s2s-pic")).to_have_count(4)
    expect(stage(again, 3).locator("output")).to_have_text("3.0")
    expect(stage(again, 5).get_by_role("switch", name=EN("walkthrough.context"))).not_to_be_checked()
    expect(stage(again, 2).get_by_text(EN("walkthrough.caption_without_tanh"))).to_be_visible()


def test_a_link_opens_at_its_step_and_stage_in_both_languages(visit: OpenVisit, server: str):
    link = f"{server}/walkthrough?form=long&text=Il+neige.&lang=ko&scorer=dot&step=2&stage=4&zoom=10-17"
    page = visit(link).page
    ready(page)
    expect(stage(page, 4).locator(".s2s-stage-title")).to_be_in_viewport()
    expect(page.locator(".s2s-walk-number[aria-current='true']")).to_have_text("4")
    expect_query(page, lambda query: query.get("stage") == ["4"])
    for language in both_languages(page):
        say = load(language)
        expect(stage(page, 4).locator(".s2s-stage-title")).to_contain_text(say("walkthrough.mix_title"))
        expect(page.locator(".s2s-walk-range")).to_have_text(say("stages.zoom", first=10, last=17))
        expect(page.locator(".s2s-walk-piece[aria-current='step']")).to_have_count(1)


def test_going_to_a_stage_is_in_the_link(page: Page):
    page.locator(".s2s-walk-number").nth(3).click()
    expect(page).to_have_url(re.compile("stage=4"))
    expect(stage(page, 4).locator(".s2s-stage-title")).to_be_in_viewport()
    expect(page.locator(".s2s-walk-bar")).to_be_in_viewport()


def test_in_short_all_six_stages_stand_on_one_screen_and_each_opens_in_full(visit: OpenVisit, server: str):
    page = visit(f"{server}/walkthrough?scorer=concat&step=3&lang=ko").page
    ready(page)
    say = load("ko")
    for number in range(1, 7):
        expect(stage(page, number).locator(".s2s-plot .main-svg").first).to_be_attached()
        expect(stage(page, number).locator(".s2s-pic")).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.querySelector('.stMain').scrollTop") == 0
    expect_query(page, lambda query: "form" not in query)
    page.set_viewport_size({"width": 390, "height": 844})
    expect_narrow(page)
    page.set_viewport_size({"width": 1280, "height": 720})
    stage(page, 4).locator(".s2s-stage-number").click()
    expect(stage(page, 4).locator(".s2s-stage-text")).to_be_in_viewport()
    expect_query(page, lambda query: (query.get("form"), query.get("stage")) == (["long"], ["4"]))
    page.get_by_role("button", name=say("stages.short"), exact=True).click()
    expect(page.locator(".s2s-stage-text:visible")).to_have_count(0)
    expect_query(page, lambda query: "form" not in query and "stage" not in query)


def test_a_word_of_several_pieces_is_opened_and_closed(page: Page):
    page.locator("input.s2s-field").fill("Le désoxyribonucléique dort.")
    shown = page.locator(".s2s-walk-choose")
    expect(shown).to_have_text(["Le", "désoxyribonucléique", "dort", ".", "</s>"])
    page.locator(".s2s-walk-open").click()
    expect(shown.nth(2)).to_have_text(re.compile("^·"))
    expect(page).to_have_url(re.compile("open=2"))
    page.locator(".s2s-walk-open").click()
    expect(shown).to_have_count(5)


def test_three_scorers_stand_below_each_other_on_a_phone_and_in_columns(visit: OpenVisit, server: str):
    page = visit(f"{server}/walkthrough?form=long&scorer=all", width=390, height=844).page
    ready(page, columns=3)
    for width, height, beside in ((390, 844, False), (1280, 720, True)):
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_function(
            """(beside) => {
                const cells = [...document.querySelectorAll(".s2s-stage:nth-child(4) .s2s-cell")];
                const boxes = cells.slice(0, 3).map((cell) => cell.getBoundingClientRect());
                const [lefts, tops] = ["x", "y"].map((axis) => new Set(boxes.map((box) => box[axis])).size);
                return boxes.length === 3 && (tops === 1) === beside && (lefts === 1) !== beside;
            }""",
            arg=beside,
        )
        expect_narrow(page, width)


def test_every_picture_has_a_sentence_and_a_table(page: Page):
    frames = page.locator(".s2s-scroll")
    expect(frames.nth(10)).to_be_attached()
    expect(page.locator(".s2s-scroll:not([aria-label]), .s2s-scroll[aria-label='']")).to_have_count(0)
    pic = picture(page, 1, 4)
    pic.get_by_role("button", name=EN("stages.table")).click()
    expect(pic.locator("tbody tr")).to_have_count(5)
    expect(pic.locator("thead th")).to_have_count(WIDTH + 1)
    of = Translator.load("fr-en-dot").workings(EXAMPLES[0])
    state = f"{of.states[1, 0, 0, 0]:.3f}".replace("-", "−")
    expect(pic.locator("tbody tr").nth(3).locator("td").first).to_have_text(state)


def test_what_is_typed_is_never_markup(page: Page):
    page.locator("input.s2s-field").fill("<img src=x onerror='window.__hit=1'> “_{chat}” $x$")
    expect(page.locator(".s2s-walk-choose").first).to_have_text("<")
    picture(page, 2)
    assert page.evaluate("window.__hit") is None
    expect(page.locator(".s2s-story img")).to_have_count(0)


def test_typing_moves_the_stages_and_keeps_the_step(page: Page, said: list[str]):
    at_step(page, said, 3)
    page.locator("input.s2s-field").fill("Le chat dort sur la chaise.")
    expect(page.locator(".s2s-walk-choose").nth(1)).to_have_text("chat")
    expect(told(page)).to_contain_text("3")
    expect_query(page, lambda query: query.get("step") == ["3"])


def test_whoever_comes_from_the_cards_does_not_fetch_plotly_again(visit: OpenVisit, server: str):
    one = visit(server)
    page = one.page
    expect(page.locator(".s2s-plot .xtick text").first).to_be_attached(timeout=90_000)
    page.locator("a", has_text=load("en")("walkthrough.menu")).click()
    ready(page)
    assert sum("plotly-cartesian" in address for address in one.requests) == 1
