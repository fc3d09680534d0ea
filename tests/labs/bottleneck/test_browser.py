"""What a person does on the bottleneck page, in a real Chromium."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from pages.kit.examples import EXAMPLES
from pages.kit.strings import load
from pages.labs.bottleneck.judge import JUDGE
from pages.labs.bottleneck.sentence import lengthened
from s2s import catalog
from s2s.evaluate.lost import judge
from s2s.translator import Translator
from tests.visits import OpenVisit, Visit

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


def lost_words(translators: dict[str, Translator], name: str, text: str) -> list[str]:
    target = translators[name].translate(text).target
    found = judge(translators[JUDGE].explain(text, target).alignment(row="explains"))
    return [word.unit.text for word in found if word.is_lost]


@pytest.mark.parametrize("language", ["en", "ko"])
def test_what_is_lost_is_crossed_out_and_told_to_those_who_hear_the_page(opened, translators, language):
    page = opened(f"lang={language}").page
    text, say = lengthened(EXAMPLES[0], 3), SAY[language]
    for name, title in zip(translators, NAMES[language], strict=True):
        lost = lost_words(translators, name, text)
        expect(card(page, title).locator(".s2s-is-lost")).to_have_text(lost)
        spoken = say("bottleneck.lost_spoken", words=", ".join(lost))
        expect(card(page, title).locator(".s2s-read > .s2s-unseen")).to_have_text(spoken)
    struck = card(page, NAMES[language][0]).locator(".s2s-is-lost").first
    assert "line-through" in struck.evaluate("node => getComputedStyle(node).textDecoration")


def test_the_slider_lengthens_the_sentence_and_typing_answers_in_the_same_cards(opened, translators):
    page = opened("sentences=1").page
    first = card(page, NAMES["en"][0]).locator(".s2s-read")
    page.evaluate("window.kept = document.querySelector('.s2s-card')")
    page.get_by_role("slider").focus()
    page.keyboard.press("ArrowRight")
    two = lengthened(EXAMPLES[0], 2)
    expect(first).to_contain_text(two.split()[-1].rstrip("."), timeout=60_000)
    page.wait_for_url(lambda url: parse_qs(urlsplit(url).query).get("sentences") == ["2"])
    page.locator("input.s2s-field").first.fill("Le lait est froid.")
    text = lengthened("Le lait est froid.", 2)
    expect(card(page, NAMES["en"][0]).locator(".s2s-is-lost")).to_have_text(
        lost_words(translators, "fr-en-none", text), timeout=60_000
    )
    expect(first).to_contain_text("lait")
    assert page.evaluate("window.kept === document.querySelector('.s2s-card')")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_nothing_is_wider_than_the_screen(opened, scheme):
    page = opened("lang=ko", width=390, height=844, color_scheme=scheme).page
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    boxes = [one.bounding_box() for one in page.locator(".s2s-card").all()]
    assert all(box["x"] >= 0 and box["x"] + box["width"] <= 390 for box in boxes if box)


def test_every_curve_has_its_numbers_as_a_table_that_opens_by_key(opened):
    page = opened().page
    title = SAY["en"]("bottleneck.lengths")
    table = card(page, title).locator("details")
    table.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(table.locator("tbody tr")).to_have_count(6)
    heads = table.locator("thead th").all_inner_texts()
    assert f"{SAY['en']('bottleneck.bleu')}, {NAMES['en'][1]}" in heads
    spoken = card(page, title).locator(".s2s-scroll").get_attribute("aria-label")
    assert spoken is not None
    assert spoken.startswith(f"{title}: ")


def test_what_takes_long_can_be_stopped_and_gone_on_with(opened):
    everything = "&".join(f"columns={name}" for name in catalog.shipped())
    page, say = opened(f"sentences=6&{everything}").page, SAY["en"]
    expect(card(page, say("bottleneck.growth"))).to_be_visible(timeout=90_000)  # it is at its end
    page.locator("input.s2s-field").first.fill("Une phrase que ce serveur n'a encore jamais lue.")
    page.locator(".st-key-growth-stop button").click()
    count = 6 * len(catalog.shipped())
    stopped = page.get_by_text(re.compile(rf"^Stopped after \d+ of {count}\.$"))
    expect(stopped).to_be_visible()
    axis = card(page, say("bottleneck.growth")).locator(".s2s-plot .xtick text")
    expect(axis).to_have_text(["1", "2", "3", "4", "5", "6"])
    page.locator(".st-key-growth-go-on button").click()
    expect(stopped).to_have_count(0)
    finding = page.get_by_text(say("bottleneck.growth_finding", items="").rstrip("."))
    expect(finding.first).to_be_visible(timeout=120_000)  # sixty translations, however slow the machine
    table = card(page, say("bottleneck.growth")).locator("details")
    table.locator("summary").click()
    expect(table.locator("tbody td")).to_have_count(count)
    assert all(cell.inner_text() for cell in table.locator("tbody td").all())


def test_a_letter_is_answered_while_what_takes_long_is_under_way(opened, translators):
    everything = "&".join(f"columns={name}" for name in catalog.shipped())
    page = opened(f"sentences=6&{everything}").page
    field, stop = page.locator("input.s2s-field").first, page.locator(".st-key-growth-stop button")
    field.fill("Encore une phrase que personne n'a jamais lue ici.")
    expect(stop).to_be_visible()
    field.fill("Il dort.")
    expect(card(page, NAMES["en"][0]).locator(".s2s-is-lost")).to_have_text(
        lost_words(translators, "fr-en-none", lengthened("Il dort.", 6))
    )
    expect(stop).to_be_visible()  # the curve of the sentence before was not finished first
