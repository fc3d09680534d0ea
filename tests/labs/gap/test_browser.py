"""A file measured on the page, in a real Chromium: beside the server, and nobody waits for it."""

import re

from playwright.sync_api import FilePayload, Page, expect

from pages.kit.jobs import MINUTES
from pages.kit.strings import LANGUAGES, load
from pages.labs.gap.view import FOLDER
from s2s.evaluate.gold import GOLD, read_gold
from tests.visits import OpenVisit, both_languages

LINES = [f"{pair.source}\t{pair.target}\n".encode() for pair in read_gold(GOLD)]
FEW, MANY = b"".join(LINES[:20]), b"".join(LINES) * 40


def file(name: str, data: bytes) -> FilePayload:
    return {"name": name, "mimeType": "text/tab-separated-values", "buffer": data}


def give(page: Page, given: FilePayload) -> None:
    page.locator("input[type=file]").set_input_files(files=[given])


def open_page(visit: OpenVisit, server: str, language: str = "en") -> Page:
    page = visit(f"{server}/forcing?lang={language}&model=fr-en-dot").page
    expect(page.get_by_role("heading", name=load(language)("gap.title"))).to_be_visible()
    if any(FOLDER.glob("*.tsv.gz")):  # then a part of the corpus is offered first
        page.get_by_text(load(language)("gap.file_own"), exact=True).click()
    expect(page.locator("input[type=file]")).to_be_attached()
    return page


def test_upload_progress_result_in_both_languages(visit: OpenVisit, server: str):
    page = open_page(visit, server, "ko")
    # The browser refuses a file above the limit, and the page says so.
    give(page, file("large.tsv", b"a\tb\n" * 1_600_000))
    refusal = "getComputedStyle(document.querySelector('.st-key-gap-upload'), '::after').content"
    page.wait_for_function(f"() => {refusal} !== 'none'")
    for language in both_languages(page):
        say = load(language)
        start = page.get_by_role("button", name=say("gap.start"))
        expect(start).to_be_disabled()
        if language == "ko":
            assert page.evaluate(refusal) == f'"{say("gap.refused", limit=5)}"'
        expect(page.get_by_text("MB per file")).to_be_hidden()  # Streamlit's limit is not ours
        give(page, file(f"wrong-{language}.tsv", b"a\tb\nc\n"))
        expect(
            page.get_by_text(say("errors.line_columns", path=f"wrong-{language}.tsv", line=2, found=1))
        ).to_be_visible()
        expect(start).to_be_disabled()
    give(page, file("mine.tsv", FEW + b"x\tx\n"))
    expect(page.get_by_text(say("gap.ready", name="mine.tsv", pairs="21"))).to_be_visible()
    start.click()
    counted = re.escape(say("jobs.running", percent="DONE")).replace("DONE", r"\d+")
    expect(page.get_by_test_id("stProgress")).to_have_text(re.compile(counted))
    expect(page.get_by_role("button", name=say("jobs.stop"))).to_be_visible()
    expect(start).to_be_disabled()
    expect(page.get_by_role("heading", name=say("gap.result"))).to_be_visible(timeout=180_000)
    page.get_by_role("radio", name=LANGUAGES["ko"], exact=True).click()
    for language in both_languages(page):
        say = load(language)
        expect(page.get_by_role("heading", name=say("gap.result"))).to_be_visible()
        expect(page.get_by_text(say("gap.measured", model="dot", name="mine.tsv"))).to_be_visible()
        expect(page.get_by_test_id("stProgress")).to_have_count(0)
        expect(page.get_by_text(say("gap.column_new"), exact=True)).to_be_visible()
        expect(page.locator(".s2s-plot .main-svg").nth(7)).to_be_attached()
        assert not page.evaluate(
            "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        )


def test_while_a_file_is_measured_people_go_on_and_stop_ends_it_after_a_reload_too(
    visit: OpenVisit, server: str
):
    say, page = load("en"), open_page(visit, server)
    other = open_page(visit, server)
    name = "![i](http://127.0.0.1:9/x.png) www.example.org :smile: *b*.tsv"
    progress = page.get_by_test_id("stProgress")
    for time in range(2):  # asked, and after a reload asked again: the window before is dead
        give(page, file(name, MANY))
        page.get_by_role("button", name=say("gap.start")).click()
        expect(page.get_by_text(say("gap.measured", model="dot", name=name))).to_be_visible()
        expect(progress).to_have_text(re.compile(r"[1-9]\d*%"))
        # Elsewhere: another window, which is told what runs, and has no progress of its own.
        expect(other.get_by_text(re.compile(f"{say('jobs.kind_gap')} \\d+%"))).to_be_visible()
        expect(other.get_by_test_id("stProgress")).to_have_count(0)
        if time == 0:
            # Here: the sentence is answered meanwhile, and another page of this window opens.
            page.locator("input.s2s-field").first.fill("Le chat dort.")
            expect(page.get_by_text("chat", exact=True).first).to_be_attached()
            page.get_by_role("link", name=say("models.menu")).click()
            expect(page.get_by_role("heading", name=say("models.title"))).to_be_visible()
            page.get_by_role("link", name=say("forcing.menu")).click()
            expect(progress).to_have_text(re.compile(r"[1-9]\d*%"))
            page.reload()
            expect(page.locator("input[type=file]")).to_be_attached()
    page.get_by_role("button", name=say("jobs.stop")).click()
    expect(page.get_by_text(say("jobs.stopped"))).to_be_visible()
    expect(progress).to_have_count(0)
    expect(other.get_by_text(say("jobs.line_empty", minutes=MINUTES))).to_be_visible()
