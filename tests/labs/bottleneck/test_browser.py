"""What a person does on the bottleneck page, in a real Chromium."""

import re
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Locator, Page, expect

from pages.kit.examples import EXAMPLES
from pages.kit.strings import load
from pages.labs.bottleneck.sentence import lengthened, spoken
from s2s import catalog
from s2s.catalog import TASKS
from s2s.evaluate.lost import Judged, judge_trace
from s2s.translator import Translator
from tests.visits import OpenVisit, Visit, both_languages, expect_query

JUDGE = TASKS[0].judge

SAY = {language: load(language) for language in ("en", "ko")}
NAMES = {language: (say("kinds.none"), say("kinds.general")) for language, say in SAY.items()}


@pytest.fixture(scope="module")
def translators() -> dict[str, Translator]:
    return {name: Translator.load(name) for name in ("fr-en-none", JUDGE)}


@pytest.fixture
def opened(visit: OpenVisit, server: str):
    """A function that opens the page with a query and waits for its cards and pictures."""

    def open_page(query: str = "", **options: object) -> Visit:
        one = visit(f"{server}/bottleneck?{query}", **options)
        expect(one.page.locator(".s2s-read-word").first).to_be_visible(timeout=90_000)
        expect(one.page.locator(".s2s-plot .xtick text").first).to_be_attached()
        return one

    return open_page


def card(page: Page, title: str) -> Locator:
    """The first card of that title: the one with a translation."""
    return page.locator(".s2s-card").filter(has=page.get_by_role("heading", name=title, exact=True)).first


def judged(translators: dict[str, Translator], name: str, text: str) -> tuple[Judged, ...]:
    return judge_trace(translators[JUDGE].explain(text, translators[name].translate(text).target))


def marked_words(
    translators: dict[str, Translator], name: str, text: str, verdict: str = "lost"
) -> list[str]:
    return [word.unit.text for word in judged(translators, name, text) if word.verdict == verdict]


def test_what_is_lost_is_crossed_out_and_told_to_those_who_hear_the_page(opened, translators):
    page = opened("lang=ko").page
    text = lengthened(EXAMPLES[0], 3)
    for language in both_languages(page):
        for name, title in zip(translators, NAMES[language], strict=True):
            lost, unclear = (marked_words(translators, name, text, v) for v in ("lost", "unclear"))
            spoken_ = spoken(judged(translators, name, text), SAY[language])
            expect(card(page, title).locator(".s2s-read > .s2s-unseen")).to_have_text(spoken_)
            expect(card(page, title).locator(".s2s-is-lost")).to_have_text(lost)
            expect(card(page, title).locator(".s2s-is-unclear")).to_have_text(unclear)
        struck = card(page, NAMES[language][0]).locator(".s2s-is-lost").first
        expect(struck).to_have_css("text-decoration", re.compile("line-through"))
        open_ = card(page, NAMES[language][0]).locator(".s2s-is-unclear").first
        expect(open_).to_have_css("text-decoration", re.compile("wavy"))
    # Every curve has its numbers as a table that opens by key.
    title = SAY["en"]("bottleneck.lengths")
    table = card(page, title).locator("details")
    table.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(table.locator("tbody tr")).to_have_count(6)
    head = f"{SAY['en']('bottleneck.bleu')}, {NAMES['en'][1]}"
    expect(table.locator("thead th").get_by_text(head, exact=True)).to_have_count(1)
    expect(card(page, title).locator(".s2s-scroll")).to_have_attribute(
        "aria-label", re.compile(f"^{re.escape(title)}: ")
    )


def test_the_slider_lengthens_the_sentence_and_typing_answers_in_the_same_cards(opened, translators):
    page = opened("sentences=1").page
    first = card(page, NAMES["en"][0]).locator(".s2s-read")
    page.evaluate("window.kept = document.querySelector('.s2s-card')")
    page.get_by_role("slider").focus()
    page.keyboard.press("ArrowRight")
    two = lengthened(EXAMPLES[0], 2)
    expect(first).to_contain_text(two.split()[-1].rstrip("."))
    expect_query(page, lambda query: query.get("sentences") == ["2"])
    page.locator("input.s2s-field").first.fill("Le lait est froid.")
    text = lengthened("Le lait est froid.", 2)
    expect(card(page, NAMES["en"][0]).locator(".s2s-is-lost")).to_have_text(
        marked_words(translators, "fr-en-none", text)
    )
    expect(first).to_contain_text("lait")
    assert page.evaluate("window.kept === document.querySelector('.s2s-card')")


def test_on_a_phone_nothing_is_wider_than_the_screen(opened):
    page = opened("lang=ko", width=390, height=844, color_scheme="dark").page
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_function(
            """() => document.documentElement.scrollWidth <= 390
                && [...document.querySelectorAll(".s2s-card")].every((card) => {
                    const { left, right } = card.getBoundingClientRect();
                    return left >= 0 && right <= 390;
                })"""
        )


def test_what_takes_long_stops_gives_way_to_letters_and_goes_on(visit: OpenVisit, server: str, translators):
    say, names = SAY["en"], [kind.model() for kind in catalog.SHAPES][:6]
    count = 6 * len(names)
    everything = "&".join(f"columns={name}" for name in names)
    text = "Une phrase que ce serveur n'a encore jamais lue."
    page = visit(f"{server}/bottleneck?lang=en&sentences=6&{everything}&{urlencode({'text': text})}").page
    field, stop = page.locator("input.s2s-field").first, page.locator(".st-key-growth-stop button")
    stop.click()
    stopped = page.get_by_text(re.compile(rf"^Stopped after \d+ of {count}\.$"))
    expect(stopped).to_be_visible()
    axis = card(page, say("bottleneck.growth")).locator(".s2s-plot .xtick text")
    expect(axis).to_have_text(["1", "2", "3", "4", "5", "6"])
    # A letter is answered while what takes long is under way.
    field.fill("Encore une phrase que personne n'a jamais lue ici.")
    expect(stopped).to_have_count(0)
    expect(stop).to_be_visible()
    field.fill("Il dort.")
    expect(card(page, NAMES["en"][0]).locator(".s2s-is-lost")).to_have_text(
        marked_words(translators, "fr-en-none", lengthened("Il dort.", 6))
    )
    expect(stop).to_be_visible()  # the curve of the sentence before was not finished first
    # What was stopped has stayed so, and goes on when asked.
    field.fill(text)
    expect(stopped).to_be_visible()
    page.locator(".st-key-growth-go-on button").click()
    expect(stopped).to_have_count(0)
    finding = page.get_by_text(say("bottleneck.growth_finding", most=6, items="").rstrip("."))
    expect(finding.first).to_be_visible(timeout=180_000)  # sixty translations, however slow the machine
    table = card(page, say("bottleneck.growth")).locator("details")
    table.locator("summary").click()
    expect(table.locator("tbody td")).to_have_text([re.compile(r"\S")] * count)
