"""Meanings, the sentence bank and the links that a person drew, in a real Chromium."""

import pytest
from playwright.sync_api import Locator, Page, expect

from pages.kit.bank import bank, banked, linked, meaning
from pages.kit.examples import EXAMPLES
from pages.kit.glosses import GLOSSES, table
from pages.kit.strings import load
from s2s.languages import FIRST
from tests.visits import OpenVisit, axis, expect_query, field, ready, wait_for_source


def sentences(page: Page) -> Locator:
    return page.locator(".s2s-bank-list button")


def hover_word(page: Page, text: str) -> None:
    """Point at a word above the first picture, near the picture."""
    box = page.locator(".s2s-card").first.locator(f".xtick text:text-is('{text}')").first.bounding_box()
    page.mouse.move(box["x"] + 8, box["y"] + box["height"] - 6)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_class_reads_what_words_and_sentences_mean_in_its_own_language(
    visit: OpenVisit, server: str, language: str
):
    say, known = load(language), table(FIRST, GLOSSES)[language]
    page = visit(f"{server}/?lang={language}").page
    ready(page)
    for card in page.locator(".s2s-card").all():
        box = card.bounding_box()
        assert box["y"] + box["height"] <= 720
    expect(page.locator(".s2s-meaning")).to_have_text(meaning(EXAMPLES[0], FIRST, language))
    for example in page.locator(".s2s-examples button").all():
        assert example.get_attribute("title") == meaning(example.text_content(), FIRST, language)

    hover_word(page, "noir")
    tip = page.locator(".s2s-tip")
    expect(tip).to_contain_text(f"{say('live.meaning')}{known['noir']}")
    page.locator(".s2s-card").first.locator(".s2s-scroll").focus()
    page.keyboard.press("ArrowLeft")
    expect(tip).to_contain_text(f"chat{say('live.meaning')}{known['chat']}")
    page.get_by_role("button", name=say("alignments.meanings")).click()
    expect(page.locator(".xtick text").nth(1)).to_have_text(f"chat {known['chat']}")
    expect_query(page, lambda found: found.get("also") == ["meanings"])
    page.get_by_role("button", name=say("alignments.meanings")).click()


def test_a_sentence_is_found_by_topic_by_words_of_any_language_or_by_chance(visit: OpenVisit, server: str):
    language = "ko"
    say = load(language)
    page = visit(f"{server}/?lang={language}").page
    ready(page)
    top = page.locator(".s2s-card").first.bounding_box()["y"]
    page.get_by_role("button", name=say("bank.label")).click()
    expect(sentences(page)).to_have_count(len(banked(FIRST, language)))
    assert page.locator(".s2s-card").first.bounding_box()["y"] == top
    page.get_by_role("button", name=say("bank.negation"), exact=True).click()
    expect(sentences(page)).to_have_count(len(bank(FIRST)["negation"]))
    expect_query(page, lambda found: found.get("bank") == ["negation"])
    again = visit(page.url).page
    expect(sentences(again)).to_have_count(len(bank(FIRST)["negation"]))
    page.get_by_role("button", name=say("bank.all"), exact=True).click()

    for query in ("비가 기다리", "rains WAIT"):
        page.get_by_role("searchbox").fill(query)
        expect(page.locator(".s2s-bank-text")).to_have_text(["S'il pleut, j'attends ici."])
    page.get_by_role("searchbox").fill("l hopital OU")
    expect(page.locator(".s2s-bank-text")).to_have_text(["Où est l'hôpital ?"])
    expect(page.locator(".s2s-bank-meaning")).to_have_text([meaning("Où est l'hôpital ?", FIRST, language)])
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".s2s-bank")).to_be_hidden()
    expect(field(page)).to_have_value("Où est l'hôpital ?")
    wait_for_source(page, "Où est l'hôpital ?")
    expect_query(page, lambda found: "bank" not in found)

    page.get_by_role("button", name=say("bank.label")).click()
    page.get_by_role("searchbox").fill("")
    page.get_by_role("button", name=say("bank.surprise")).click()
    expect(field(page)).not_to_have_value("Où est l'hôpital ?")
    chosen = field(page).input_value()
    assert linked(chosen, FIRST) is not None
    wait_for_source(page, chosen)
    expect(page.locator(".s2s-meaning")).to_have_text(meaning(chosen, FIRST, language))


def test_on_a_phone_a_sentence_is_a_tap_away_and_its_links_are_drawn(visit: OpenVisit, server: str):
    say = load("en")
    page = visit(f"{server}/?bank=adjective_order&also=drawn", width=390, height=844, has_touch=True).page
    ready(page)
    expect(sentences(page)).to_have_count(len(bank(FIRST)["adjective_order"]))
    panel = page.locator(".s2s-bank").bounding_box()
    assert panel["x"] >= 0
    assert panel["x"] + panel["width"] <= 390
    assert panel["y"] + panel["height"] <= 844
    text = "J'ai une voiture rouge."
    sentences(page).filter(has_text=text).tap()
    expect(page.locator(".s2s-bank")).to_be_hidden()
    wait_for_source(page, text)
    assert axis(page, 0, "y")[:5] == ["I", "have", "a", "red", "car"]
    outlines = page.locator(".s2s-card").first.locator(".shapelayer path")
    expect(outlines).to_have_count(len(linked(text, FIRST).possible))
    expect(page.locator(".s2s-card").first.locator(".s2s-facts")).to_contain_text(say("alignments.agreed"))
    word = page.locator(".s2s-card").first.locator(".s2s-plot .xtick text:text-is('voiture')")
    word.scroll_into_view_if_needed()
    tick = word.bounding_box()
    page.touchscreen.tap(tick["x"] + 8, tick["y"] + tick["height"] - 6)
    expect(page.locator(".s2s-held").first).to_contain_text(table(FIRST, GLOSSES)["en"]["voiture"])
    field(page).fill("Le chat gris dort.")
    expect(page.get_by_text(say("alignments.drawn_none"))).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
