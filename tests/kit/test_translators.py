"""The shelf of models: loaded once, asked by name, and what it says of one that cannot be used."""

import pytest

from pages.kit import translators
from pages.kit.examples import EXAMPLES, stored_trace
from pages.kit.translators import (
    MODELS,
    Shelf,
    answer,
    answers,
    compare,
    explain,
    shelf,
    workings,
)
from s2s import catalog
from s2s.catalog import SHOWN_FIRST
from s2s.engine import threads
from s2s.engine.questions import Compare, Request, Translate, Work
from s2s.errors import CheckpointError, TraceError
from s2s.translator import Translator
from tests.apps import until
from tests.sentences import PHRASES

TEXT = PHRASES[0].source


@pytest.fixture
def own(translator: Translator, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    """A shelf of its own, on which every model is the small one of the tests, but for one that is broken."""

    def load(name: str) -> Translator:
        if name == "broken":
            raise CheckpointError("part_missing", path=name)
        if name == "odd":
            raise RuntimeError("no such thing")
        loads.append(name)
        return translator

    loads: list[str] = []
    monkeypatch.setattr(Translator, "load", load)
    made = Shelf()
    made.loads = loads
    return made


def test_a_model_is_loaded_once_when_it_is_first_asked(own: Shelf):
    texts = [pair.source for pair in PHRASES]
    assert [one.get().source for one in own.ask_all([Request("any", Translate(t)) for t in texts])] == texts
    assert own.loads == ["any"]


def test_in_the_background_the_models_of_the_main_page_come_first_and_each_once(own: Shelf, monkeypatch):
    monkeypatch.setattr(catalog, "shipped", lambda: ("another", *MODELS))
    monkeypatch.setattr(threads.gc, "freeze", lambda: None)
    for _ in range(2):
        own.load_in_background()
    until(lambda: own.has([*MODELS, "another"]))
    assert {*own.loads[:-1]} == {*MODELS}
    assert own.loads[len(MODELS) :] == ["another"]


@pytest.mark.parametrize(("name", "key"), [("broken", "part_missing"), ("odd", "part_damaged")])
def test_a_model_that_cannot_be_used_is_told_as_often_as_it_is_asked_for(own: Shelf, name: str, key: str):
    for question in (Translate(TEXT), Work(TEXT)) * 2:
        with pytest.raises(CheckpointError) as told:
            own.ask(name, question)
        assert told.value.key == key


def test_nobody_waits_for_a_model_that_cannot_be_used(own: Shelf, monkeypatch):
    monkeypatch.setattr(translators, "MODELS", ("broken",))
    monkeypatch.setattr(catalog, "shipped", lambda: ("broken", "odd"))
    own.load_in_background()
    until(lambda: own.has(["broken", "odd"]))
    with pytest.raises(CheckpointError):
        own.ask("broken", Translate(TEXT))


def test_what_it_answers_is_what_the_model_says(own: Shelf, translator: Translator, monkeypatch):
    monkeypatch.setattr(translators, "shelf", lambda: own)
    found = answer("any", TEXT)
    assert found.trace.to_json() == translator.translate(TEXT).to_json()
    assert found.milliseconds > 0
    assert answer("any", TEXT) == found, "the time is that of the first answer"
    assert workings("any", TEXT).trace.target == found.trace.target
    asked = Compare(TEXT, "I speak", 0.5, 3, None)
    expected = translator.compare(TEXT, "I speak", ratio=0.5, seed=3)
    assert compare("any", asked).free.to_json() == expected.free.to_json()
    explained = explain("any", TEXT, "I speak")
    assert [unit.text for unit in explained.written().units][:-1] == ["I", "speak"]


def test_a_model_without_attention_explains_nothing(own: Shelf, monkeypatch):
    monkeypatch.setattr(translators, "shelf", lambda: own)
    monkeypatch.setattr(translators.Trace, "alignment", lambda *args, **options: None)
    with pytest.raises(TraceError) as told:
        explain("any", TEXT, "I speak")
    assert told.value.key == "model_without_attention"


def test_while_models_load_the_answers_are_the_stored_ones(monkeypatch):
    monkeypatch.setattr(Shelf, "has", lambda self, names: False)
    found = answers(("fr-en-dot", "fr-en-none-rnn"), "Autre chose.")
    assert found["fr-en-dot"] == (stored_trace("fr-en-dot"), None)
    assert found["fr-en-dot"].trace.source == EXAMPLES[0]
    assert "fr-en-none-rnn" not in found, "nothing is stored of it"


@pytest.mark.usefixtures("loaded")
def test_a_repeated_question_is_answered_from_memory_and_models_are_loaded_once():
    assert shelf() is shelf()
    assert answer("fr-en-dot", "Encore.").trace is answer("fr-en-dot", "Encore.").trace
    assert workings("fr-en-dot", "Encore.") is workings("fr-en-dot", "Encore.")
    asked = Compare("Encore.", "Again.", 0, 1, None)
    assert compare("fr-en-dot", asked) is compare("fr-en-dot", asked)


def test_the_models_of_the_main_page_are_shipped_and_those_shown_first_all_attend():
    assert set(MODELS) <= set(catalog.shipped())
    attentions = [catalog.read_config(catalog.locate(name))[0].attention for name in MODELS]
    assert len(set(attentions)) == len(MODELS)
    assert "none" not in attentions[: len(SHOWN_FIRST)]
