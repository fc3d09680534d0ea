"""What was read where it is not what was typed: the note under the field, and the axes, in a Chromium."""

import re

from playwright.sync_api import expect

from pages.kit.strings import load
from tests.visits import OpenVisit, axis, both_languages, field, ready, wait_for_source


def test_a_note_says_what_was_read_while_the_axes_keep_what_was_typed(visit: OpenVisit, server: str):
    page = visit(f"{server}/?lang=ko").page
    ready(page)
    note = page.locator(".s2s-note").first  # the other says that a link does not hold the text
    assert note.bounding_box()["height"] == 0
    for language in both_languages(page):
        told = load(language)("sentence.read_as")
        for typed, read in (
            ("OÙ EST LA GARE ?", "où est la gare ?"),
            ("Où est la gare ？", "Où est la gare ?"),
        ):
            field(page).fill(typed)
            expect(note).to_have_text(re.compile(f"{re.escape(told)}\\s*{re.escape(read)}"))
            expect(note.locator("[lang=fr]")).to_have_text(read)
            wait_for_source(page, typed)
            for card in range(3):
                assert axis(page, card, "x") == [*typed.split(), "</s>"]
            assert 0 < note.bounding_box()["height"] < 30
            field(page).fill(read)
            expect(note).to_have_text("")
            assert note.bounding_box()["height"] == 0
    # Quotation marks and spaces make none.
    field(page).fill("Il  dit « l’été »…")
    wait_for_source(page, "Il  dit « l’été »…")
    assert all(note.bounding_box()["height"] == 0 for note in page.locator(".s2s-note").all())
