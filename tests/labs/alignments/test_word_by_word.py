"""A sentence typed word by word: at each pause the cards hold a translation of just what stands there."""

import re

import pytest
from playwright.sync_api import Page

from s2s import catalog
from tests.visits import OpenVisit, field, ready, wait_for_source

# For each sentence, word by word, every English that says this much and no more.
SENTENCES = [
    [
        ("Le", "The"),
        ("chat", "The cat"),
        ("noir", "The black cat"),
        ("dort", "The black cat(?:'s| is)? (?:sleeping|sleeps|asleep)"),
        ("sur", "The black cat(?:'s| is)? (?:sleeping|sleeps|asleep) on"),
        ("la", "The black cat(?:'s| is)? (?:sleeping|sleeps|asleep) on(?: the)?"),
        ("chaise", "The black cat(?:'s| is)? (?:sleeping|sleeps|asleep) (?:on|in) the chair"),
    ],
    [
        ("Je", "I"),
        ("mange", "(?:I eat|I'm eating|I am eating)"),
        ("une", "(?:I eat|I'm eating|I am eating) (?:an?|one)"),
        ("pomme", "(?:I eat|I'm eating|I am eating) (?:an|one) apple"),
        ("rouge", "(?:I eat|I'm eating|I am eating) (?:a|one) red apple"),
    ],
    [
        ("Elle", "(?:She|It|Her)"),
        ("a", "(?:She has|She's|She's got|She has got|It has)"),
        ("acheté", "(?:She|She has|She's) bought"),
        ("une", "(?:She|She has|She's) bought (?:a|an|one)"),
        ("voiture", "(?:She|She has|She's) bought (?:a|one) car"),
    ],
    [
        ("Où", "Where"),
        ("est", "Where(?:'s| is)"),
        ("la", "Where(?:'s| is)(?: the)?"),
        ("gare", "Where(?:'s| is) the (?:train |railway )?station"),
    ],
    [
        ("Nous", "(?:We|Us)"),
        ("avons", "(?:We|We have|We've|We've got|We have got)"),  # English may wait for the participle
        ("déjà", "(?:(?:We have|We've|We) already(?: had)?|We already have)"),
        ("mangé", "(?:We have|We've|We)(?: already)? (?:eaten|ate)(?: already)?"),
    ],
]


# Models of before learned from finished sentences alone: they cannot, and their cards do not say `typed`.
SHIPPED = catalog.shipped_for(catalog.TASKS[0])
LEARNED_IT = all("typed" in catalog.read_config(catalog.locate(name))[1].train for name in SHIPPED)


def translation(page: Page, card: int) -> str:
    return " ".join(page.locator(".s2s-card").nth(card).locator(".s2s-word").all_text_contents())


@pytest.fixture(scope="module")
def page(kept: OpenVisit, server: str) -> Page:
    page = kept(server).page
    ready(page)
    return page


@pytest.mark.skipif(not LEARNED_IT, reason="the shipped models did not learn from what people type")
@pytest.mark.parametrize("sentence", SENTENCES, ids=lambda sentence: " ".join(word for word, _ in sentence))
def test_each_pause_shows_a_translation_of_just_what_stands_there(
    page: Page, sentence: list[tuple[str, str]]
):
    field(page).fill("")
    field(page).focus()
    typed = ""
    wrong = []
    for word, expected in sentence:
        added = f" {word}" if typed else word
        page.keyboard.type(added, delay=30)
        typed += added
        wait_for_source(page, typed)
        shown = [translation(page, card) for card in range(3)]
        wrong += [f"{typed}: {text!r}" for text in shown if not re.fullmatch(expected, text)]
    assert not wrong, "\n".join(wrong)
