"""Choosing a task, composing a Korean sentence, and going to another page and back, in a real Chromium."""

import pytest
from playwright.sync_api import Page, expect

from pages.kit.examples import pairs
from pages.kit.strings import load
from pages.kit.tasks import task_name
from s2s import catalog
from s2s.catalog import Task
from s2s.text import words
from s2s.translator import Translator
from tests.visits import OpenVisit, axis, expect_query, field, ready, soon

SAY = load("ko")
CASUAL = next(task for task in catalog.TASKS if task.languages.purpose == "casual")
ENGLISH = next(task for task in catalog.TASKS if task.languages.codes == ("ko", "en"))
COMPOSED = [task for task in (CASUAL, ENGLISH) if task in catalog.tasks()]
LETTERS = ("ㅊ", "차", "창", "창무", "창문", "창문을")  # as they grow under a Korean keyboard
TYPED = "창문을 닫아주세요"


def chosen(page: Page, task: Task) -> Page:
    """The French page, then another task."""
    page.locator(".st-key-task").get_by_role("radio", name=task_name(task, SAY), exact=True).click()
    return page


@pytest.mark.parametrize("task", COMPOSED, ids=lambda task: task.name)
def test_a_korean_sentence_answers_while_it_is_composed_and_goes_from_page_to_page(
    visit: OpenVisit, server: str, task: Task
):
    page = visit(f"{server}/?lang=ko").page
    ready(page)
    chosen(page, task)
    first = next(iter(pairs(task.languages)))
    expect(field(page)).to_have_value(first)
    expect_query(page, lambda query: query.get("task") == [task.name])
    expect(page.locator(".s2s-card")).to_have_count(len(task.shown_first))
    soon(page, lambda: shows(page, first))
    field(page).fill("")
    session = page.context.new_cdp_session(page)
    for text in LETTERS:
        caret = {"selectionStart": len(text), "selectionEnd": len(text)}
        session.send("Input.imeSetComposition", {"text": text, **caret})
        soon(page, lambda text=text: shows(page, text))  # before the syllable is finished
    session.send("Input.insertText", {"text": LETTERS[-1]})
    page.keyboard.insert_text(TYPED.removeprefix(LETTERS[-1]))
    expect(field(page)).to_have_value(TYPED)
    soon(page, lambda: shows(page, TYPED))
    target = Translator.load(task.shown_first[0]).translate(TYPED).target
    last = words(target, task.languages.target)[-1].text
    expect(page.locator(".s2s-card").first).to_contain_text(last)
    expect_query(page, lambda query: query.get("text") == [TYPED])
    page.get_by_role("link", name=SAY("forcing.menu"), exact=True).click()
    expect(page.locator(".s2s-chip").first).to_be_visible()
    expect(field(page).first).to_have_value(TYPED)
    expect_query(page, lambda query: query.get("task") == [task.name])
    page.get_by_role("link", name=SAY("alignments.menu"), exact=True).click()
    expect(field(page)).to_have_count(1)
    expect(field(page)).to_have_value(TYPED)
    soon(page, lambda: shows(page, TYPED))


@pytest.mark.parametrize("width", [390, 1280])
def test_what_is_chosen_is_seen_and_all_else_within_a_line(visit: OpenVisit, server: str, width: int):
    last = catalog.tasks()[-1]
    page = visit(f"{server}/?lang=en&task={last.name}", width=width, height=800).page
    radios = page.locator(".st-key-task").get_by_role("radio")
    expect(radios).to_have_count(len(catalog.tasks()) + 1)  # and speech
    boxes = [radio.bounding_box() for radio in radios.all()]
    assert len({round(box["y"]) for box in boxes}) == 1
    shown = page.locator(".st-key-task [aria-checked=true]").bounding_box()
    assert shown["x"] >= 0
    assert shown["x"] + shown["width"] <= width
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    first = page.locator(".st-key-task").get_by_role("radio", name=task_name(catalog.TASKS[0], load("en")))
    first.click()
    expect(first).to_have_attribute("aria-checked", "true")
    # What listens stands there, too, on a page of its own, from which a task leads back.
    page.locator(".st-key-task").get_by_role("radio", name=load("en")("task.speech"), exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(load("en")("speech.menu"))
    first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(load("en")("alignments.menu"))
    expect(first).to_have_attribute("aria-checked", "true")


def shows(page: Page, text: str) -> None:
    """The picture is of these words."""
    found = [label for label in axis(page, 0, "x") if label != "</s>"]
    assert found == [word.text for word in words(text, "ko")]


@pytest.mark.parametrize("task", catalog.tasks()[1::4], ids=lambda task: task.name)
def test_a_link_opens_a_task_with_a_sentence(visit: OpenVisit, server: str, task: Task):
    text = list(pairs(task.languages))[1]
    page = visit(f"{server}/?lang=ko&task={task.name}&text={text}").page
    expect(field(page)).to_have_value(text)
    soon(page, lambda: shows(page, text))
    pressed = page.locator(".st-key-task").get_by_role("radio", name=task_name(task, SAY), exact=True)
    expect(pressed).to_have_attribute("aria-checked", "true")
