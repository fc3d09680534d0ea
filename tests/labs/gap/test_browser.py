"""A file measured on the page, in a real Chromium: beside the server, and nobody waits for it."""

import re

import pytest
from playwright.sync_api import FilePayload, Page, expect

from pages.kit.jobs import MINUTES
from pages.kit.strings import load
from pages.labs.gap.view import FOLDER
from s2s.evaluate.gold import GOLD, read_gold
from tests.visits import OpenVisit

PAIRS = "".join(f"{pair.source}\t{pair.target}\n" for pair in read_gold(GOLD)).encode()


def file(name: str, data: bytes) -> FilePayload:
    return {"name": name, "mimeType": "text/tab-separated-values", "buffer": data}


def give(page: Page, given: FilePayload) -> None:
    page.locator("input[type=file]").set_input_files(files=[given])


def open_page(visit: OpenVisit, server: str, language: str = "en") -> Page:
    page = visit(f"{server}/forcing?lang={language}&model=fr-en-dot").page
    expect(page.get_by_role("heading", name=load(language)("gap.title"))).to_be_visible(timeout=60_000)
    if any(FOLDER.glob("*.tsv.gz")):  # then a part of the corpus is offered first
        page.get_by_text(load(language)("gap.file_own"), exact=True).click()
    expect(page.locator("input[type=file]")).to_be_attached()
    return page


@pytest.mark.parametrize("language", ["en", "ko"])
def test_upload_progress_result(visit: OpenVisit, server: str, language: str):
    say, page = load(language), open_page(visit, server, language)
    start = page.get_by_role("button", name=say("gap.start"))
    expect(start).to_be_disabled()
    expect(page.get_by_text("MB per file")).to_be_hidden()  # Streamlit's limit is not ours
    give(page, file("wrong.tsv", b"a\tb\nc\n"))
    expect(page.get_by_text(say("errors.line_columns", path="wrong.tsv", line=2, found=1))).to_be_visible()
    expect(start).to_be_disabled()
    # Another file for each language: the second would be answered from memory.
    give(page, file("mine.tsv", PAIRS * 3 + language.encode() + b"\tx\n"))
    expect(page.get_by_text(say("gap.ready", name="mine.tsv", pairs="301"))).to_be_visible()
    start.click()
    counted = re.escape(say("jobs.running", percent="DONE")).replace("DONE", r"\d+")
    expect(page.get_by_test_id("stProgress")).to_have_text(re.compile(counted))
    expect(page.get_by_role("button", name=say("jobs.stop"))).to_be_visible()
    expect(start).to_be_disabled()
    result = page.get_by_role("heading", name=say("gap.result"))
    expect(result).to_be_visible(timeout=120_000)
    expect(page.get_by_text(say("gap.measured", model="dot", name="mine.tsv"))).to_be_visible()
    expect(page.get_by_test_id("stProgress")).to_have_count(0)
    expect(page.get_by_text(say("gap.column_new"), exact=True)).to_be_visible()
    expect(page.locator(".js-plotly-plot .main-svg").first).to_be_attached()
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


def test_while_a_file_is_measured_people_go_on_here_and_elsewhere_and_stop_ends_it(
    visit: OpenVisit, server: str
):
    say, page = load("en"), open_page(visit, server)
    give(page, file("long.tsv", PAIRS * 40))
    page.get_by_role("button", name=say("gap.start")).click()
    progress = page.get_by_test_id("stProgress")
    expect(progress).to_have_text(re.compile(r"[1-9]\d*%"))
    # Here: the sentence is answered while the file is measured.
    page.locator("input.s2s-field").first.fill("Le chat dort.")
    expect(page.get_by_text("chat", exact=True).first).to_be_attached()
    # Elsewhere: another window, and another page of this one.
    other = open_page(visit, server)
    expect(other.get_by_test_id("stProgress")).to_have_count(0)
    page.get_by_role("link", name=say("models.menu")).click()
    expect(page.get_by_role("heading", name=say("models.title"))).to_be_visible()
    page.get_by_role("link", name=say("forcing.menu")).click()
    expect(progress).to_have_text(re.compile(r"[1-9]\d*%"))
    page.get_by_role("button", name=say("jobs.stop")).click()
    expect(page.get_by_text(say("jobs.stopped"))).to_be_visible()
    expect(progress).to_have_count(0)


def test_stop_stops_after_the_window_was_reloaded_and_others_see_what_runs(visit: OpenVisit, server: str):
    say, page = load("en"), open_page(visit, server)
    other = open_page(visit, server)
    name = "![i](http://127.0.0.1:9/x.png) www.example.org :smile: *b*.tsv"
    for time in range(2):  # asked, and after a reload asked again: the window before is dead
        give(page, file(name, PAIRS * 20))
        page.get_by_role("button", name=say("gap.start")).click()
        expect(page.get_by_text(say("gap.measured", model="dot", name=name))).to_be_visible()
        expect(page.get_by_test_id("stProgress")).to_have_text(re.compile(r"[1-9]\d*%"))
        expect(other.get_by_text(re.compile(f"{say('jobs.kind_gap')} \\d+%"))).to_be_visible()
        if time == 0:
            page.reload()
            expect(page.locator("input[type=file]")).to_be_attached()
    page.get_by_role("button", name=say("jobs.stop")).click()
    expect(page.get_by_text(say("jobs.stopped"))).to_be_visible()
    expect(other.get_by_text(say("jobs.line_empty", minutes=MINUTES))).to_be_visible()


def test_the_browser_refuses_a_file_above_the_limit_and_the_page_says_so(visit: OpenVisit, server: str):
    say, page = load("ko"), open_page(visit, server, "ko")
    give(page, file("large.tsv", b"a\tb\n" * 1_600_000))
    refusal = "getComputedStyle(document.querySelector('.st-key-gap-upload'), '::after').content"
    page.wait_for_function(f"() => {refusal} !== 'none'")
    assert page.evaluate(refusal) == f'"{say("gap.refused", limit=5)}"'
    expect(page.get_by_role("button", name=say("gap.start"))).to_be_disabled()
