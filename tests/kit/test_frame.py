"""The frame through AppTest: the language of a page, what its menu carries along, how large words are."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from pages.kit.frame import Frame
from pages.kit.strings import LANGUAGES
from s2s.figures.palette import LIGHT
from tests.apps import SAY, open_app


def opened(**query: str) -> AppTest:
    """The page of the smallest laboratory, which is all frame but for some tables."""
    return open_app("models", **query)


def links(app: AppTest) -> list[str]:
    return [link.proto.label for link in app.get("page_link")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_menu_is_in_the_language_of_the_link(language: str):
    say = SAY[language]
    found = links(opened(lang=language))
    assert found[0] == say("alignments.menu")
    assert found[-1] == say("models.menu")
    assert len(set(found)) == len(found)


@pytest.mark.parametrize("wrong", ["", "fr", "EN", "../ko"])
def test_a_language_that_is_not_there_is_the_browsers_or_english(wrong: str):
    assert links(opened(lang=wrong)) == links(opened())
    assert links(opened())[0] == SAY["en"]("alignments.menu")


@pytest.mark.parametrize(
    ("locale", "language"), [("ko-KR", "ko"), ("KO", "ko"), ("fr-FR", "en"), (None, "en")]
)
def test_without_a_choice_it_is_the_browsers_language(monkeypatch, locale: str | None, language: str):
    from streamlit.runtime.context import ContextProxy

    monkeypatch.setattr(ContextProxy, "locale", locale)
    assert links(opened())[0] == SAY[language]("alignments.menu")
    assert links(opened(lang="en"))[0] == SAY["en"]("alignments.menu"), "a choice comes first"


def test_another_language_is_chosen_on_the_page_and_travels_with_the_menu():
    app = opened(lang="en", size="1")
    app.segmented_control(key="lang").set_value("ko").run()
    assert links(app)[0] == SAY["ko"]("alignments.menu")
    assert all("lang=ko" in link.proto.query_string for link in app.get("page_link"))
    assert all("size=1" in link.proto.query_string for link in app.get("page_link"))
    sent = [
        json.loads(one.proto.json)["codes"] for one in app.get("bidi_component") if "codes" in one.proto.json
    ]
    assert sent[0] == {"lang": ["ko"], "size": ["1"]}


@pytest.mark.parametrize("large", [False, True])
def test_words_are_larger_for_the_back_row(large: bool):
    app = opened(size="1" if large else "0")
    styles = [html.proto.body for html in app.get("html")]
    assert any("html { font-size: 20px; }" in style for style in styles) == large
    assert Frame(SAY["en"], LIGHT, large).font_size == (18 if large else 14)
