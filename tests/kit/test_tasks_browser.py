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
LETTERS = ("ㅊ", "차", "창", "창무", "창문", "창문을")  # as they grow under a Korean keyboard
TYPED = "창문을 닫아주세요"


def chosen(page: Page) -> Page:
    """The French page, then the other task."""
    page.locator(".st-key-task").get_by_role("radio", name=task_name(CASUAL, SAY), exact=True).click()
    return page


def test_a_korean_sentence_answers_while_it_is_composed_and_goes_from_page_to_page(
    visit: OpenVisit, server: str
):
    page = visit(f"{server}/?lang=ko").page
    ready(page)
    chosen(page)
    first = next(iter(pairs(CASUAL.languages)))
    expect(field(page)).to_have_value(first)
    expect_query(page, lambda query: query.get("task") == [CASUAL.name])
    expect(page.locator(".s2s-card")).to_have_count(1)
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
    target = Translator.load(CASUAL.judge).translate(TYPED).target
    expect(page.locator(".s2s-card").first).to_contain_text(words(target, "ko")[-1].text)
    expect_query(page, lambda query: query.get("text") == [TYPED])
    page.get_by_role("link", name=SAY("forcing.menu"), exact=True).click()
    expect(page.locator(".s2s-chip").first).to_be_visible()
    expect(field(page).first).to_have_value(TYPED)
    expect_query(page, lambda query: query.get("task") == [CASUAL.name])
    page.get_by_role("link", name=SAY("alignments.menu"), exact=True).click()
    expect(field(page)).to_have_count(1)
    expect(field(page)).to_have_value(TYPED)
    soon(page, lambda: shows(page, TYPED))


def shows(page: Page, text: str) -> None:
    """The picture is of these words."""
    found = [label for label in axis(page, 0, "x") if label != "</s>"]
    assert found == [word.text for word in words(text, "ko")]


@pytest.mark.parametrize("task", catalog.TASKS[1:], ids=lambda task: task.name)
def test_a_link_opens_a_task_with_a_sentence(visit: OpenVisit, server: str, task: Task):
    text = list(pairs(task.languages))[1]
    page = visit(f"{server}/?lang=ko&task={task.name}&text={text}").page
    expect(field(page)).to_have_value(text)
    soon(page, lambda: shows(page, text))
    pressed = page.locator(".st-key-task").get_by_role("radio", name=task_name(task, SAY), exact=True)
    expect(pressed).to_have_attribute("aria-checked", "true")
