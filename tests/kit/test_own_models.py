"""A reader's own models, from folders outside the repository, in the pickers of every laboratory."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from pages.kit.family import config_of, languages_of, model_names, own
from pages.kit.translators import MODELS, answer
from s2s import catalog
from tests.apps import SAY, cards, open_app, panels, run, said, type_in

pytestmark = pytest.mark.usefixtures("loaded")
EN = SAY["en"]


def change(folder: Path, change_model: Callable[[dict[str, Any]], object]) -> None:
    record = json.loads((folder / catalog.CONFIG).read_text(encoding="utf-8"))
    change_model(record["model"])
    (folder / catalog.CONFIG).write_text(json.dumps(record), encoding="utf-8")


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory, trained_folder: Path) -> Path:
    """Three models that can be used and one that cannot."""
    folder = tmp_path_factory.mktemp("own")
    for name in ("french", "italian", "fr-en-dot", "broken"):
        shutil.copytree(trained_folder, folder / name)
    change(folder / "italian", lambda model: model.update(source_language="it", target_language="de"))
    (folder / "broken" / catalog.CONFIG).write_text("{}", encoding="utf-8")
    (folder / "notes").mkdir()
    return folder


@pytest.fixture(autouse=True)
def named(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(catalog.OUTSIDE, str(models))


def names(models: Path) -> list[str]:
    return [f"{models.name}/fr-en-dot", "french", "italian"]


def sentence_field(app: AppTest) -> dict[str, Any]:
    sent = [json.loads(component.proto.json) for component in app.get("bidi_component")]
    return next(data for data in sent if data.get("parameter") == "text")


def test_they_come_after_the_shipped_ones_and_say_their_languages(models: Path):
    found = model_names(EN)
    assert list(found) == [*MODELS, *names(models)]
    assert [found[name] for name in names(models)] == [
        f"{models.name}/fr-en-dot", "french", "italian (Italian to German)"
    ]  # fmt: skip
    assert model_names(SAY["ko"])["italian"] == "italian (이탈리아어→독일어)"
    assert languages_of(["fr-en-dot", "french", "italian"]) == (("fr", "en"), ("it", "de"))
    assert config_of("italian").languages == ("it", "de")
    assert languages_of([str(models / "italian"), "../italian", "nonsense"]) == ()  # a link may say anything


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize(
    ("page", "picker", "code"),
    [("", "models", "italian"), ("walkthrough", "scorer", "italian"), ("forcing", "model", "italian"),
     ("bottleneck", "columns", "french"), ("gradients", "back", "italian")],
)  # fmt: skip
def test_every_laboratory_offers_one_and_answers_with_it(page: str, picker: str, code: str, language: str):
    app = open_app(page, lang=language, text="l'enfant dort", **{picker: code})
    kind = "pills" if picker in ("models", "columns") else "segmented_control"
    offered = getattr(app, kind)(key=picker)
    assert offered.value == ([code] if kind == "pills" else code)
    field = sentence_field(app)
    reads = SAY[language](f"languages.{'it' if code == 'italian' else 'fr'}.name")
    assert reads in field["label"]
    assert reads in field["placeholder"]
    assert field["language"] == ("it" if code == "italian" else "fr")
    assert "broken" in said(app)  # one sentence says why that one is not there


def test_a_page_speaks_of_the_languages_of_the_model_that_is_chosen():
    app = open_app(models="italian", text="l'enfant dort")
    (card,) = cards(app)
    assert card["title"] == "italian (Italian to German)"
    assert card["languages"] == {"source": "it", "target": "de"}
    field = sentence_field(app)
    assert (field["label"], field["language"]) == ("An Italian sentence", "it")
    assert field["letters"]["keys"] == "àèéìòù"
    assert field["examples"] == []
    sent = [json.loads(component.proto.json) for component in app.get("bidi_component")]
    (labels,) = [data["labels"] for data in sent if "panels" in data]
    assert "Each row is a German word" in labels["help_pin"]
    assert "the Italian word above it" in labels["help_pin"]
    trace = answer("italian", "l'enfant dort").trace
    assert [unit.text for unit in trace.read()] == ["l'enfant", "dort", "</s>"]
    assert card["numbers"]["source"] == ["l'enfant", "dort", "</s>"]


def test_models_of_other_languages_stand_side_by_side():
    app = open_app(models=["fr-en-dot", "fr-en-general", "french", "italian"], text="l'enfant dort")
    assert [card["name"] for card in cards(app)] == ["fr-en-dot", "fr-en-general", "french", "italian"]
    assert [card["languages"]["target"] for card in cards(app)] == ["en", "en", "en", "de"]
    field = sentence_field(app)
    assert (field["label"], field["language"]) == ("A French or Italian sentence", "")
    for text in ("", "…", "l'enfant", "mot " * 300):
        type_in(app, text)


def test_the_shipped_models_are_spoken_of_as_ever():
    field = sentence_field(open_app())
    assert (field["label"], field["language"]) == ("A French sentence", "fr")
    assert field["letters"]["keys"] == "éèêëàâçùûîïôœ«»"


def test_the_walkthrough_shows_one_of_them_alone():
    app = open_app("walkthrough", scorer="italian", text="l'enfant dort")
    sent = [json.loads(component.proto.json) for component in app.get("bidi_component")]
    (story,) = [data for data in sent if "columns" in data]
    assert [(c["name"], c["title"]) for c in story["columns"]] == [("italian", "italian (Italian to German)")]
    assert story["languages"] == {"source": "it", "target": "de"}
    assert [word["text"] for word in story["source"]] == ["l'enfant", "dort", "</s>"]
    assert all(stage["mark"] is None or stage["mark"]["holds"] for stage in story["columns"][0]["stages"])


def test_teacher_forcing_asks_for_a_reference_in_its_language():
    app = open_app("forcing", model="italian", text="l'enfant dort")
    sent = [json.loads(component.proto.json) for component in app.get("bidi_component")]
    (field,) = [data for data in sent if data.get("parameter") == "reference"]
    assert field["language"] == "de"
    assert field["placeholder"].startswith("A German translation.")
    assert panels(app)["free"]["languages"]["target"] == "de"
    assert any("Italian, then German" in text.value for text in app.markdown)


def test_the_bottleneck_page_says_which_of_them_its_judge_does_not_know():
    app = open_app("bottleneck", columns=["fr-en-none", "french"], text="l'enfant dort")
    assert {"fr-en-none", "french"} <= panels(app).keys()
    assert "Not offered here: italian." in said(app)


def test_the_page_of_the_models_lists_them():
    app = open_app("models")
    columns = [column for table in app.table for column in table.value.columns]
    assert "italian (Italian to German)" in columns
    assert "sentences of the tests" in said(app)


def test_a_folder_that_is_damaged_behind_its_config_is_one_sentence_in_its_card(
    models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    shutil.copytree(models / "french", tmp_path / "cut")
    (tmp_path / "cut" / catalog.WEIGHTS).write_bytes(b"not weights")
    monkeypatch.setenv(catalog.OUTSIDE, os.pathsep.join([str(tmp_path / "cut"), str(models)]))
    app = open_app(models=["cut", "french"], text="l'enfant dort")
    cut, french = cards(app)
    assert catalog.WEIGHTS in cut["notice"]
    assert not french["notice"]


def test_a_place_without_models_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(catalog.OUTSIDE, os.pathsep.join([str(tmp_path), str(tmp_path / "nowhere")]))
    assert [error.key for error in own().errors] == ["models_none", "models_missing"]
    app = open_app()
    assert f"{tmp_path.parent.name}/{tmp_path.name} has no model" in said(app)
    assert str(tmp_path) not in said(app)
    assert "There is no folder" in said(app)


def test_a_model_whose_folder_is_gone_is_chosen_no_more(tmp_path: Path, models: Path, monkeypatch):
    shutil.copytree(models / "french", tmp_path / "fleeting")
    monkeypatch.setenv(catalog.OUTSIDE, str(tmp_path))
    app = open_app("forcing", model="fleeting", text="l'enfant dort")
    shutil.rmtree(tmp_path / "fleeting")
    run(app)
