"""Models trained in different ways, one or two side by side on the teacher-forcing page, through AppTest."""

import json
from functools import partial

import pytest
from streamlit.testing.v1 import AppTest

from pages.kit.examples import EXAMPLES, REFERENCES
from pages.kit.family import trained
from pages.kit.translators import shelf
from pages.labs.forcing.view import View
from s2s.config import FREE, PROFESSOR, REGIMES, SCHEDULED, TEACHER
from s2s.errors import CheckpointError
from s2s.evaluate.divergence import Injection, Regimes
from s2s.figures.labels import shown_piece
from s2s.translator import Translator
from tests.apps import SAY, keep, linked, open_app, run, said, type_in

pytestmark = pytest.mark.usefixtures("loaded")

SOURCE, REFERENCE = EXAMPLES[0], REFERENCES[EXAMPLES[0]]
EN = SAY["en"]

open_page = partial(open_app, "forcing")


def asked(regime: str, *args: object, **options: object) -> Regimes:
    """What the model of a regime does, by the library alone."""
    return Translator.load(trained()[regime]).compare(*args, **options)  # type: ignore[arg-type]


def columns(app: AppTest) -> list[dict]:
    """What the page sent to the tracks, from left to right."""
    sent = [json.loads(component.proto.json) for component in app.get("bidi_component")]
    return [data for data in sent if "tracks" in data]


def pictures(app: AppTest) -> list[list[dict]]:
    """The cards of each column."""
    sent = [json.loads(component.proto.json) for component in app.get("bidi_component")]
    return [data["panels"] for data in sent if data.get("pin", "").startswith("pin-regimes")]


def assert_shows(column: dict, both: Regimes) -> None:
    assert column["first"] == both.divergence.first
    for track, trace in zip(column["tracks"], (both.forced, both.free), strict=True):
        assert [cell["fed"] for cell in track["cells"]] == [shown_piece(piece.text) for piece in trace.fed]
        assert [cell["by"] for cell in track["cells"]] == list(trace.forcing)
    apart = [float(one["written"]) for one in column["apart"]]
    assert apart == pytest.approx(both.divergence.kl.tolist(), abs=0.006)


@pytest.mark.parametrize("regime", REGIMES)
def test_the_model_of_a_regime_answers_in_place_of_the_one_of_the_page(regime: str):
    app = open_page(trained=regime)
    [column] = columns(app)
    assert_shows(column, asked(regime, SOURCE, REFERENCE))
    assert EN(f"trained_with.{regime}") in said(app)
    assert not [group for group in app.get("button_group") if group.key == "model"]
    assert linked(app)["trained"] == [regime]


@pytest.mark.parametrize("language", ["en", "ko"])
def test_two_stand_side_by_side_on_the_same_sentence_reference_ratio_and_seed(language: str):
    query = {"text": "Le chien dort.", "reference": "A dog is sleeping.", "ratio": "0.5", "seed": "4"}
    app = open_page(trained=[PROFESSOR, TEACHER], lang=language, **query)
    found = columns(app)
    assert len(found) == len(pictures(app)) == 2
    for column, cards, regime in zip(found, pictures(app), (PROFESSOR, TEACHER), strict=True):
        both = asked(regime, query["text"], query["reference"], ratio=0.5, seed=4)
        assert_shows(column, both)
        assert [card["name"] for card in cards] == ["forced", "free", "difference", "curves"]
        assert trained()[regime] in cards[0]["origin"]["code"]
        assert SAY[language](f"trained_with.{regime}") in said(app)
    assert found[0]["tracks"] != found[1]["tracks"], "they are two models"
    assert linked(app)["trained"] == [PROFESSOR, TEACHER]


def test_a_word_fed_by_hand_in_one_is_fed_in_both_at_the_same_step_and_taken_back_in_both():
    app = open_page(trained=[TEACHER, FREE], inject="3", word="dog")
    for column, regime in zip(columns(app), (TEACHER, FREE), strict=True):
        assert_shows(column, asked(regime, SOURCE, REFERENCE, injection=Injection(3, "dog")))
        assert column["injection"] == {"step": 3, "word": "dog"}
    app.button(key="undo_injection_2").click()
    assert [column["injection"] for column in columns(run(app))] == [None, None]


def test_of_three_choices_the_last_two_are_shown_and_without_any_the_page_is_as_it_was():
    app = keep(open_page(), View, trained=[TEACHER, FREE, SCHEDULED])
    assert linked(app)["trained"] == [FREE, SCHEDULED]
    app = keep(app, View, trained=[])
    [column] = columns(app)
    assert_shows(column, Translator.load("fr-en-dot").compare(SOURCE, REFERENCE))
    assert linked(app)["trained"] == []
    assert [group for group in app.get("button_group") if group.key == "model"]


@pytest.mark.parametrize("said_of_it", [["nonsense"], [""], ["teacher,free"]])
def test_a_link_that_says_nonsense_chooses_none(said_of_it: list[str]):
    [column] = columns(open_page(trained=said_of_it))
    assert_shows(column, Translator.load("fr-en-dot").compare(SOURCE, REFERENCE))


def test_a_model_that_cannot_be_used_says_so_and_the_one_beside_it_answers(monkeypatch: pytest.MonkeyPatch):
    error = CheckpointError("part_missing", path="weights.safetensors")
    monkeypatch.setitem(shelf()._errors, trained()[TEACHER], error)
    app = type_in(open_page(trained=[TEACHER, FREE]), "Un chien que nul n'a encore vu.")
    assert EN.error(error) in said(app)
    [column] = columns(app)
    assert_shows(column, asked(FREE, "Un chien que nul n'a encore vu.", ""))


def test_an_empty_field_says_what_to_do_once():
    app = type_in(open_page(trained=[TEACHER, FREE]), " ")
    assert said(app).count(EN("forcing.empty")) == 1
    assert not columns(app)
