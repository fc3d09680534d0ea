"""Lessons in a real Chromium: a teacher with a clicker, a student alone, and a lesson that somebody makes."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from pages.kit import lesson as lessons
from pages.kit.lesson import from_toml
from pages.kit.strings import load
from tests.visits import OpenVisit, expect_narrow, expect_query, field, soon

EN, KO = load("en"), load("ko")
[LECTURE] = lessons.shipped().values()


def at(page: Page, step: int, say=EN) -> None:
    """The step is open, and what it asks is there."""
    count = len(LECTURE.steps)
    expect(page.locator(".s2s-lesson-place")).to_have_text(say("lesson.step", at=step, count=count))
    expect(page.get_by_text(say("quiz.loading"))).to_have_count(0)


def veil(page: Page) -> str | None:
    return page.evaluate("document.documentElement.dataset.s2sVeil ?? null")


def row_height(page: Page) -> float:
    """Of the heatmap that fills the screen, in shares of its height."""
    ticks = page.locator("[data-on-stage] .s2s-plot").first.locator(".ytick text")
    boxes = [ticks.nth(row).bounding_box() for row in (0, 1)]
    assert boxes[0]
    assert boxes[1]
    return (boxes[1]["y"] - boxes[0]["y"]) / page.viewport_size["height"]


def test_a_teacher_goes_through_with_a_clicker_alone(visit: OpenVisit, server: str):
    page = visit(f"{server}/lessons?lesson=lecture&at=10&present=1&lang=ko").page
    at(page, 10, KO)
    for gone in (".st-key-frame", ".st-key-typing", ".st-key-switches", ".s2s-out"):
        expect(page.locator(gone).first).to_be_hidden()
    told, notice = page.locator(".s2s-lesson-told"), page.locator(".s2s-lesson-notice")
    pictures = page.locator("[data-on-stage] .s2s-plot")
    expect(pictures).to_have_count(3)
    expect(pictures.last).to_be_visible()
    cells = page.locator("[data-on-stage] .heatmaplayer image").last
    assert veil(page) == "cells"
    expect(cells).to_be_hidden()
    expect(told).to_be_hidden()
    page.keyboard.press("PageDown")
    expect(told).to_contain_text("dort")
    expect(cells).to_be_visible()
    expect(notice).to_be_hidden()
    soon(page, lambda: _fills(page))
    page.keyboard.press("ArrowRight")
    expect(notice).to_contain_text(LECTURE.steps[9].notice["ko"])
    page.keyboard.press("ArrowDown")
    at(page, 11, KO)
    assert veil(page) == "all"
    expect(page.locator("[data-on-stage]")).to_be_hidden()
    page.keyboard.press("PageDown")
    expect(page.locator("[data-on-stage]")).to_be_visible()
    page.keyboard.press("PageUp")
    at(page, 10, KO)
    expect(cells).to_be_visible()
    page.keyboard.press("b")
    black = "getComputedStyle(document.documentElement, '::after').backgroundColor"
    assert page.evaluate(black) == "rgb(0, 0, 0)"
    page.keyboard.press(".")
    assert page.evaluate(black) != "rgb(0, 0, 0)"
    page.keyboard.press("d")
    expect(page.locator("body")).to_have_css("background-color", "rgb(15, 20, 25)")
    at(page, 10, KO)
    expect_query(page, lambda query: query.get("theme") == ["dark"] and query.get("at") == ["10"])
    page.keyboard.press("Escape")
    expect(page.locator(".st-key-frame").first).to_be_visible()
    expect_query(page, lambda query: not {"present", "theme"} & query.keys())


def _fills(page: Page) -> None:
    """Rows are read from the back, and the whole picture is on the screen."""
    assert row_height(page) >= 0.04
    box = page.locator("[data-on-stage]").bounding_box()
    assert box
    assert box["y"] + box["height"] <= page.viewport_size["height"] + 1


def revealed(visit: OpenVisit, server: str, step: int, **options: object) -> Page:
    """A step that is presented, its answer told."""
    page = visit(f"{server}/lessons?lesson=lecture&at={step}&present=1&lang=en", **options).page
    at(page, step)
    page.keyboard.press("PageDown")
    expect(page.locator(".s2s-lesson-told")).not_to_be_empty()
    expect(page.locator("[data-on-stage]")).to_be_visible()
    return page


@pytest.mark.parametrize("step", [4, 6, 9, 14, 18])
def test_what_fills_the_screen_is_on_it_whole_and_does_not_swing(step: int, visit: OpenVisit, server: str):
    page = revealed(visit, server, step)
    stage = page.locator("[data-on-stage]")
    height = page.viewport_size["height"]

    def sizes() -> tuple[float, float, float]:
        box = stage.bounding_box()
        assert box
        zoom = stage.evaluate("(node) => Number((node.closest('.s2s-view') ?? node).style.zoom)")
        return box["y"], box["y"] + box["height"], zoom

    def still() -> None:
        before = sizes()
        page.wait_for_timeout(500)
        assert before == sizes()
        assert 0.78 * height <= before[1] <= height, before

    soon(page, still)


def test_cards_without_a_picture_show_what_was_said(visit: OpenVisit, server: str):
    page = revealed(visit, server, 6)
    said = page.locator("[data-on-stage] .s2s-words")
    expect(said).to_have_count(2)
    for card in (0, 1):
        expect(said.nth(card)).to_be_visible()
        expect(said.nth(card)).to_contain_text("black")
    page = revealed(visit, server, 17)
    expect(page.locator("[data-on-stage] .s2s-plot")).to_be_visible()
    expect(page.locator("[data-on-stage] .s2s-words")).to_be_hidden()


def test_wires_and_form_of_zoomed_tracks_stand_at_their_words(visit: OpenVisit, server: str):
    page = revealed(visit, server, 4, height=1000)
    fed = page.locator(".s2s-track .s2s-fed")
    ends = """() => [...document.querySelectorAll(".s2s-wire-forced")].map((wire) => {
        const chip = document.querySelector(`.s2s-track [data-step="${wire.dataset.step}"] .s2s-fed`);
        return chip.getBoundingClientRect().left - wire.getBoundingClientRect().right;
    })"""

    def meet() -> None:
        zoom = float(page.locator(".s2s-tracks").evaluate("(node) => node.style.zoom"))
        assert zoom >= 1.05
        apart = page.evaluate(ends)
        assert len(apart) > 4
        assert all(0 <= one <= 6 for one in apart), apart

    soon(page, meet)
    chip = fed.nth(4)
    chip.click()
    form, home = page.locator(".s2s-inject").bounding_box(), chip.bounding_box()
    assert form
    assert home
    assert abs(form["x"] - home["x"]) < 2
    assert 0 < form["y"] - (home["y"] + home["height"]) < 12


def test_a_student_answers_on_a_sentence_of_their_own_and_a_reload_keeps_it(visit: OpenVisit, server: str):
    page = visit(f"{server}/?lesson=lecture&at=16&lang=en", width=390, height=844).page
    at(page, 16)
    expect_narrow(page)
    assert page.locator(".s2s-claim").bounding_box() is None, "the step says what the page is for"
    field(page).fill("Mon chien noir aime les grandes maisons.")
    options = page.locator(".s2s-lesson-option")
    expect(options.filter(has_text="chien")).to_have_count(1)
    expect(page.locator(".s2s-lesson-asks")).to_contain_text("French word")
    assert veil(page) == "cells"
    asked = page.locator(".s2s-lesson-asks").text_content() or ""
    word = re.search("“(.+?)”", asked)
    assert word
    source = {"houses": "maisons", "black": "noir", "likes": "aime", "large": "grandes"}[word[1]]
    options.filter(has_text=source).click()
    told = page.locator(".s2s-lesson-told")
    expect(told).to_contain_text(EN("lesson.right"))
    expect(told).to_contain_text(f"“{source}”")
    assert veil(page) is None
    expect(page.locator(".s2s-lesson-score")).to_have_text(EN("lesson.score", right=1, questions=17))
    expect_query(page, lambda query: "chien" in query.get("text", [""])[0])
    page.reload()
    at(page, 16)
    expect(told).to_contain_text(f"“{source}”")
    expect(page.locator(f".s2s-lesson-option[aria-pressed=true]:has-text('{source}')")).to_have_count(1)
    page.get_by_role("button", name=EN("lesson.next"), exact=True).click()
    at(page, 17)
    expect(field(page)).to_have_value("Mon chien noir aime les grandes maisons.")
    page.get_by_role("button", name=EN("lesson.next"), exact=True).click()
    at(page, 18)
    expect(field(page)).to_have_value("Mon chien noir aime les grandes maisons.")
    summary = page.locator(".s2s-lesson-summary li")
    expect(summary).to_have_count(17)
    expect(summary.filter(has_text="✓")).to_have_count(1)
    page.get_by_role("button", name=EN("lesson.forget")).click()
    expect(page.locator(".s2s-lesson-score")).to_have_text(EN("lesson.score", right=0, questions=17))
    page.get_by_role("button", name=EN("lesson.leave")).click()
    expect(page.locator(".s2s-lesson")).to_be_hidden()
    expect_query(page, lambda query: "lesson" not in query)


def test_buttons_of_a_short_stage_stand_in_the_line_of_its_title_on_a_phone(visit: OpenVisit, server: str):
    page = visit(f"{server}/lessons?lesson=lecture&at=9&lang=en", width=390, height=844).page
    at(page, 9)
    page.get_by_role("button", name=EN("lesson.reveal"), exact=True).click()
    stage = page.locator(".s2s-stage").first
    title = stage.locator(".s2s-stage-title").bounding_box()
    assert title
    for button in (".s2s-out", ".s2s-pic-button"):
        box = stage.locator(button).bounding_box()
        assert box
        assert box["height"] >= 44
        assert abs(box["y"] + box["height"] / 2 - title["y"] - title["height"] / 2) < 4


def test_a_cell_is_pointed_at_and_a_wrong_word_is_said_to_be_wrong(visit: OpenVisit, server: str):
    page = visit(f"{server}/?lesson=lecture&at=16&lang=en", height=1100).page
    at(page, 16)
    expect(page.locator(".s2s-lesson-option")).to_have_count(9)
    row = page.locator(".s2s-plot .ytick text", has_text="sleeping").bounding_box()
    column = page.locator(".s2s-plot .xtick text", has_text="chaise").bounding_box()
    assert row
    assert column
    page.mouse.click(column["x"] + 4, row["y"] + row["height"] / 2)
    expect(page.locator(".s2s-lesson-told")).to_contain_text(EN("lesson.wrong"))
    expect(page.locator(".s2s-lesson-option[aria-pressed=true]")).to_have_text("chaise")


def test_a_teacher_makes_a_lesson_of_views_that_were_kept(visit: OpenVisit, server: str, tmp_path: Path):
    page = visit(f"{server}/?lang=en&models=fr-en-dot&text=Il+fait+froid.").page
    expect(page.locator(".s2s-plot .xtick text").first).to_be_attached()
    for name in ("alignments", "forcing"):
        if name == "forcing":
            page.get_by_role("link", name=EN("forcing.menu"), exact=True).click()
            expect(page.locator(".s2s-tracks")).to_be_visible()
        expect_query(page, lambda query: query.get("text") == ["Il fait froid."])
        page.locator(".s2s-out:visible").first.click()
        page.locator("[data-item=keep]").click()
        expect(page.locator(".s2s-out-told")).to_have_text(EN("export.kept"))
        page.keyboard.press("Escape")
    page.get_by_role("link", name=EN("lessons.menu"), exact=True).click()
    page.get_by_role("button", name=EN("lessons.add", count=2)).click()
    steps = page.locator(".s2s-maker-step")
    expect(steps.locator("legend")).to_have_text([f"1. {EN('alignments.menu')}", f"2. {EN('forcing.menu')}"])
    page.get_by_label(EN("lessons.title"), exact=True).fill("Wetter <b>")
    steps.first.get_by_label(EN("lessons.step_title"), exact=True).fill("Kalt")
    steps.first.get_by_label(EN("lessons.question"), exact=True).select_option("looks")
    steps.last.get_by_role("button", name=re.compile(EN("lessons.up"))).click()
    expect(steps.locator("legend").first).to_have_text(f"1. {EN('forcing.menu')}")
    saved = page.get_by_role("button", name=EN("lessons.save"))
    expect(saved).to_have_count(2)
    page.wait_for_timeout(1000)  # what was typed last is told
    with page.expect_download() as waited:
        saved.last.click()
    file = tmp_path / "mine.toml"
    waited.value.save_as(file)
    lesson = from_toml(file.read_bytes(), path="mine.toml")
    assert [step.page for step in lesson.steps] == ["forcing", "alignments"]
    assert lesson.steps[1].view["models"] == ("fr-en-dot",)
    assert lesson.steps[1].sentence == "Il fait froid."
    assert lesson.steps[1].question is not None
    start = page.get_by_role("link", name=EN("lessons.start"), exact=True)
    expect(start.last).to_have_css("border-top-width", "1px")
    start.last.click()
    expect(page.locator(".s2s-lesson-title")).to_have_text("Wetter <b>")
    page.get_by_role("button", name=EN("lesson.next"), exact=True).click()
    expect(page.locator(".s2s-lesson-heading")).to_have_text("Kalt")
    expect(page.locator(".s2s-lesson-asks")).to_contain_text("attend")
    page.goto(f"{server}/lessons?lang=en")
    expect(steps).to_have_count(2)
    page.get_by_role("button", name=EN("lessons.clear")).click()
    expect(steps).to_have_count(0)
    newer = tmp_path / "newer.toml"
    newer.write_text("format = 99\n", encoding="utf-8")
    page.locator("input[type=file]").set_input_files(newer)
    expect(page.get_by_text("newer.toml was written by a newer version")).to_be_visible()
    page.locator("input[type=file]").set_input_files(file)
    expect(steps).to_have_count(2)
