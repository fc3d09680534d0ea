"""What a person does with parallel and sequential on the page of the Transformer, in a real Chromium."""

import re

from playwright.sync_api import expect

from pages.kit.examples import EXAMPLES
from pages.kit.strings import load
from s2s.evaluate.reordered import shuffle
from s2s.figures.labels import shown_piece
from s2s.translator import Translator
from tests.visits import OpenVisit, both_languages, expect_narrow, expect_query

SAY = {language: load(language) for language in ("en", "ko")}
EN = SAY["en"]
SOURCE = EXAMPLES[0]


def test_a_reader_follows_a_word_shuffles_the_sentence_and_types_on(visit: OpenVisit, server: str):
    page = visit(f"{server}/transformer?follow=1&lang=en").page
    pieces = [shown_piece(p.text) for p in Translator.load("fr-en-general").translate(SOURCE).target_pieces]
    cards = page.locator(".s2s-card")

    def card(title: str):
        return cards.filter(has=page.get_by_role("heading", name=title, exact=True))

    expect(card(EN("travels.title_words", word=pieces[1]))).to_be_visible()
    picture = card(EN("travels.title_distances")).locator(".s2s-plot")
    picture.evaluate("(plot) => { plot.dataset.same = 'yes'; }")
    page.locator(".st-key-switches-follow").get_by_role("radio", name=pieces[4], exact=True).click()
    expect(card(EN("travels.title_words", word=pieces[4]))).to_be_visible()
    expect(picture).to_have_attribute("data-same", "yes")  # drawn in place
    for title in (EN("travels.title_words", word=pieces[4]), EN("travels.title_distances")):
        expect(card(title).locator(".s2s-scroll")).to_have_attribute("aria-label", re.compile(".{21}"))
    # Another order, and one that is typed.
    expect(page.get_by_text(EN("order.read", text=shuffle(SOURCE, 1)), exact=True)).to_be_visible()
    page.get_by_role("button", name=EN("order.another")).click()
    expect(page.get_by_text(EN("order.read", text=shuffle(SOURCE, 2)), exact=True)).to_be_visible()
    own = page.get_by_role("textbox", name=EN("order.own"))
    own.fill("Le chat dort noir sur la chaise.")
    own.press("Enter")
    expect(
        page.get_by_text(EN("order.read", text="Le chat dort noir sur la chaise."), exact=True)
    ).to_be_visible()
    expect_query(page, lambda q: (q.get("follow"), q.get("order")) == (["4"], ["2"]) and "own" in q)
    # A letter in the bar is answered down here, too, and the order of other words gives way.
    page.locator("input.s2s-field").first.fill("Elle dort bien.")
    expect(page.get_by_text(EN("order.read", text=shuffle("Elle dort bien.", 2)), exact=True)).to_be_visible()
    expect(card(EN("travels.title_distances")).locator(".s2s-plot .xtick text").first).to_have_text("0")


def test_on_a_phone_everything_stacks_in_both_languages(visit: OpenVisit, server: str):
    page = visit(f"{server}/transformer?lang=ko", width=390, height=844).page
    for language in both_languages(page):
        heading = page.get_by_role("heading", name=SAY[language]("order.title"), exact=True)
        expect(heading).to_be_visible()
        expect_narrow(page, 390)
