"""What nobody foresaw, through AppTest: a sentence and a number on the page, the story in the log."""

import logging
import re
import time

import pytest
import streamlit as st
from streamlit.errors import FragmentHandledException
from streamlit.testing.v1 import AppTest

from pages.kit import translators
from pages.kit.failures import told
from pages.kit.strings import LANGUAGES
from pages.kit.translators import shelf
from pages.labs.alignments import scores as score_table
from pages.labs.bottleneck import sentence as bottleneck
from pages.labs.gap import lab as gap
from s2s.catalog import TASKS, shipped_for
from s2s.engine.questions import Translate
from s2s.errors import DataError, unforeseen
from s2s.traces import Trace
from s2s.translator import Translations, Translator
from tests.apps import SAY, cards, open_app, said

pytestmark = pytest.mark.usefixtures("loaded")

PLACE = "/home/someone/secret/place.py"


def fail(*_: object, **__: object) -> None:
    raise RuntimeError(f"broken in {PLACE}")


def numbers(app: AppTest, language: str) -> list[str]:
    """The numbers of the errors that the page tells, each in the sentence of the language."""
    before, behind = SAY[language]("errors.unforeseen").split("{number}")
    told = [re.fullmatch(rf"{re.escape(before)}(\d{{6}}){re.escape(behind)}", e.value) for e in app.error]
    assert all(told), [error.value for error in app.error]
    return [found[1] for found in told if found]


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_one_laboratory_fails_the_page_says_so_and_the_other_goes_on(monkeypatch, caplog, language):
    monkeypatch.setattr(gap, "draw", fail)
    app = open_app("forcing", failing=True, lang=language)
    [number] = numbers(app, language)
    assert cards(app), "the laboratory above"
    assert f"error {number}" in caplog.text
    assert PLACE in caplog.text, "the log has the whole story"
    assert PLACE not in said(app) + app.error[0].value


def test_a_failure_in_the_laboratory_above_leaves_the_one_below_and_the_field(monkeypatch):
    monkeypatch.setattr("pages.labs.forcing.cards.ask", fail)
    app = open_app("forcing", failing=True, lang="en")
    assert len(numbers(app, "en")) == 1
    assert SAY["en"]("gap.title") in [part.value for part in app.header]
    assert any("placeholder" in one.proto.json for one in app.get("bidi_component"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_one_model_fails_its_card_says_so_and_the_others_answer(monkeypatch, language):
    answer = Translate.of

    def answer_or_fail(self: Translate, translator: Translator) -> Trace:
        return fail() if translator.name == translators.MODELS[1] else answer(self, translator)

    def fail_together(self: Translations) -> None:
        self._batch._runs.clear()
        fail()

    monkeypatch.setattr(Translate, "of", answer_or_fail)
    monkeypatch.setattr(Translations, "step", fail_together)  # so that each is answered alone
    app = open_app(lang=language, text="Un seul modèle échoue ici.")
    assert not app.error
    notices = [card["notice"] for card in cards(app)]
    assert [bool(notice) for notice in notices] == [False, True, False], notices
    assert re.fullmatch(SAY[language]("errors.unforeseen").replace("{number}", r"\d{6}"), notices[1])


def test_a_section_that_fails_leaves_those_beside_it(monkeypatch):
    monkeypatch.setattr(bottleneck, "lost_finding", fail)
    while not shelf().has(shipped_for(TASKS[0])):  # all that the page may be asked about
        time.sleep(0.05)
    app = open_app("bottleneck", failing=True, lang="en")
    assert len(numbers(app, "en")) == 1
    titles = [part.value for part in app.header]
    assert SAY["en"]("bottleneck.lengths_title") in titles
    assert SAY["en"]("bottleneck.probe_title") in titles


def test_the_table_of_scores_fails_alone(monkeypatch):
    monkeypatch.setattr(score_table, "shipped_report", fail)
    app = open_app(failing=True, lang="en")
    assert len(numbers(app, "en")) == 1
    assert all(card["figure"] for card in cards(app))


def test_what_is_known_of_an_error_is_said_instead_of_a_number(monkeypatch):
    def missing(*_: object) -> None:
        raise DataError("file_missing", path=PLACE)

    monkeypatch.setattr(gap, "draw", missing)
    assert SAY["en"]("errors.file_missing", path="secret/place.py") in said(open_app("forcing", lang="en"))


def test_every_failure_has_a_number_of_its_own(caplog):
    found = set()
    for _ in range(20):
        found.add(unforeseen(RuntimeError("broken")).values["number"])
    assert len(found) == len([record for record in caplog.records if record.levelno == logging.ERROR]) == 20


def test_what_streamlit_does_itself_passes():
    def script() -> None:
        import streamlit as st

        from pages.kit.failures import told
        from pages.kit.strings import load

        with told(load("en")):
            st.text("before")
            st.stop()
        st.text("behind")

    app = AppTest.from_function(script).run()
    assert [text.value for text in app.text] == ["before"]
    assert not app.error
    assert not app.exception


def test_what_a_fragment_has_said_is_not_said_again(monkeypatch):
    shown = []
    monkeypatch.setattr(st, "error", shown.append)
    with told(SAY["en"]):
        raise FragmentHandledException(RuntimeError("said inside"))
    assert not shown
