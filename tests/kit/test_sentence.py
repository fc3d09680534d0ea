"""The sentence bar through AppTest: what it tells the browser, and when it says what was read."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from pages.kit.sentence import LIMIT, read_differently
from tests.apps import ROOT, SAY, open_app, run, type_in


def bars(app: AppTest) -> list[dict]:
    """What the page sent to its fields."""
    sent = [json.loads(component.proto.json) for component in app.get("bidi_component")]
    return [data for data in sent if "placeholder" in data]


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("page", ["", "walkthrough", "forcing", "bottleneck", "gradients", "transformer"])
def test_the_french_field_has_its_letters_in_the_readers_language_and_the_english_one_none(page, language):
    say = SAY[language]
    french, *others = bars(open_app(page, lang=language))
    assert french["language"] == "fr"
    assert french["accents"] == {
        name: say(f"sentence.{key}")
        for name, key in {
            "label": "accents",
            "hint": "accents_hint",
            "help": "accents_help",
            "capitals": "accents_capitals",
        }.items()
    }
    assert [other["language"] for other in others] == (["en"] if page == "forcing" else [])
    assert not any(other.get("accents") or other.get("read") for other in others)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_what_was_read_is_said_where_it_is_not_what_was_typed(language):
    app = open_app(lang=language, text="Où est la gare ？")
    assert bars(app)[0]["read"] == "Où est la gare ?"
    assert bars(app)[0]["readLabel"] == SAY[language]("sentence.read_as")
    assert bars(type_in(app, "Où est la gare ?"))[0]["read"] == ""


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \u200b ",
        "Où est l'hôpital ?",
        "  Deux\u00a0mots\u202f!\n",
        "L’été… « oui » – “non” — peut‑être",
        "e\u0301te\u0301",
        "caf\u00ade\u0301 ▁ 2\u2032",
    ],
)
def test_spaces_quotation_marks_and_dashes_are_no_difference(text):
    assert read_differently(text) is None


def test_a_difference_is_told_with_the_whole_of_what_was_read():
    assert read_differently("« Où ？ » — ici！") == '" Où ? " - ici!'


def test_capitals_read_in_lower_case_are_a_difference():
    assert read_differently("OÙ EST LA GARE ?") == "où est la gare ?"
    assert read_differently("où est la gare ?") is None


def test_only_what_is_read_of_a_long_text_is_compared():
    app = open_app(text="A " * (LIMIT // 2) + "non")  # with what is cut off it is not in capitals throughout
    assert bars(app)[0]["read"].startswith("a a a")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Le chat\ndort.", "Le chat dort."),
        ("Un.\r\n  Deux.\u2028Trois.", "Un. Deux. Trois."),
        ("Il  dort. ", "Il  dort. "),  # what a field can hold stays as it is
    ],
)
def test_a_link_with_line_breaks_shows_and_keeps_the_words_apart(text, shown):
    app = open_app("forcing", text=text, reference=text)
    assert [bar["text"] for bar in bars(app)] == [shown, shown]
    assert (app.session_state["text"], app.session_state["reference"]) == (shown, shown)


ALONE = "Le \ud83d chat \udc00"


@pytest.mark.parametrize("page", ["", "walkthrough", "forcing", "bottleneck", "gradients", "transformer"])
def test_half_of_a_surrogate_pair_is_read_and_shown_as_the_replacement_character(page):
    app = type_in(open_app(page), ALONE)
    assert app.session_state["text"] == "Le \ufffd chat \ufffd"
    assert type_in(app, "\ud83d\udc31").session_state["text"] == "\U0001f431", "a whole pair is a character"


def test_a_reference_may_hold_it_too():
    app = open_app("forcing")
    app.session_state["reference"] = ALONE
    assert run(app).session_state["reference"] == "Le \ufffd chat \ufffd"


@pytest.mark.parametrize("language", ["en", "ko"])
def test_every_field_knows_what_to_say_of_a_text_too_long_for_a_link(language):
    for bar in bars(open_app("forcing", lang=language)):
        assert bar["notInLink"] == SAY[language]("sentence.not_in_link")
        assert bar["limit"] == LIMIT


@pytest.mark.parametrize("text", ["Il pleut.", "Il pleut sur la ville. " * 150])
def test_a_page_that_was_open_before_the_server_was_started_has_the_text_of_its_fields(text: str):
    """The address has what stood there a second ago, or nothing where the text is too long for it."""
    app = AppTest.from_file(ROOT / "app.py", default_timeout=120)
    app.query_params["text"] = "Il pleu"
    app.session_state["typing"] = {"text": text}
    app.session_state["reference_field"] = {"text": "It's raining."}
    run(app.switch_page("pages/forcing.py"))
    assert app.session_state["text"] == text
    assert app.session_state["reference"] == "It's raining."
    assert app.session_state["reference_is_written"]
    run(app)
    assert app.session_state["text"] == text
