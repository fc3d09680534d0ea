"""A reader's own models, from folders outside the repository, in the pickers of every laboratory."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from pages.kit.family import config_of, languages_of, model, model_names, own, successor
from pages.kit.translators import MODELS, answer, judged
from s2s import catalog
from s2s.evaluate.probe import Probe, load, read_words, save
from s2s.translator import Translator
from tests.apps import SAY, cards, open_app, panels, run, said, type_in
from tests.conftest import VOCAB

pytestmark = pytest.mark.usefixtures("loaded")
EN = SAY["en"]
KINDS = ("trained", "own", "untrained")


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
    assert list(found) == [*MODELS, *successor(), *names(models)]
    assert [found[name] for name in names(models)] == [
        f"{models.name}/fr-en-dot", "french", "italian (Italian to German)"
    ]  # fmt: skip
    assert model_names(SAY["ko"])["italian"] == "italian (이탈리아어→독일어)"
    assert languages_of(["fr-en-dot", "french", "italian"]) == (("fr", "en", ""), ("it", "de", ""))
    assert config_of("italian").languages.codes == ("it", "de")
    assert languages_of([str(models / "italian"), "../italian", "nonsense"]) == ()  # a link may say anything


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize(
    ("page", "picker", "code"),
    [("", "models", "italian"), ("walkthrough", "scorer", "italian"), ("forcing", "model", "italian"),
     ("bottleneck", "columns", "italian"), ("gradients", "back", "italian")],
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
    assert card["languages"] == {"source": "it", "target": "de", "purpose": ""}
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
    assert story["languages"] == {"source": "it", "target": "de", "purpose": ""}
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


def test_the_bottleneck_page_has_one_judge_for_the_models_of_the_same_languages(
    models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    shutil.copytree(models / "italian", tmp_path / "dutch")
    change(tmp_path / "dutch", lambda model: model.update(target_language="nl", attention="none"))
    monkeypatch.setenv(catalog.OUTSIDE, os.pathsep.join([str(models), str(tmp_path / "dutch")]))
    text = "l'enfant dort"
    app = open_app("bottleneck", columns=["fr-en-none", "french", "italian"], text=text, sentences="1")
    shown = panels(app)
    assert {"fr-en-none", "french", "italian"} <= shown.keys()
    judges = {"fr-en-none": "fr-en-general", "french": "fr-en-general", "italian": "italian"}
    for name, judge in judges.items():
        lost = [word.unit.text for word in judged(judge, name, text) if word.is_lost]
        assert [word["text"] for word in shown[name]["source"] if word["mark"] == "lost"] == lost
    assert shown["italian"]["title"] == "italian (Italian to German)"
    assert shown["italian"]["languages"] == {"source": "it", "target": "de", "purpose": ""}
    assert "Not offered here: dutch (Italian to Dutch)." in said(app)


def test_the_bottleneck_page_adds_no_sentences_of_another_language():
    app = open_app("bottleneck", columns=["italian"], text="l'enfant dort", sentences="3")
    card = panels(app)["italian"]
    assert [word["text"] for word in card["source"]] == ["l'enfant", "dort"]
    assert "There are no further Italian sentences" in said(app)
    assert "growth" not in panels(app)
    assert "None of these models has a probe yet." in said(app)


def test_the_bottleneck_page_reads_the_probe_of_a_readers_own_model(
    models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    folder, text = tmp_path / "probed", "l'enfant dort chez moi"
    shutil.copytree(models / "french", folder)
    trace = Translator.load(str(folder)).translate(text)
    assert trace.initial_state is not None
    bias = np.zeros(VOCAB, np.float32)
    bias[[piece.id for piece in trace.source_pieces if text[piece.start : piece.end] in "dort"]] = 1
    weights = np.zeros((VOCAB, trace.initial_state.size), np.float32)
    save(Probe(weights=weights, bias=bias, frequency=bias), folder)
    monkeypatch.setenv(catalog.OUTSIDE, str(folder))
    card = panels(open_app("bottleneck", columns=["probed"], text=text, sentences="1"))["probe-probed"]
    found = read_words(load(folder), trace)
    assert {word.is_read for word in found} == {True, False}
    lost = [word.unit.text for word in found if not word.is_read]
    assert [word["text"] for word in card["source"] if word["mark"] == "lost"] == lost
    assert card["title"] == "probed"


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_gradients_page_measures_them_over_distance_beside_the_shipped_ones(models: Path, language: str):
    say, text = SAY[language], "l'enfant dort chez moi"
    app = open_app("gradients", lang=language, text=text, scaled="french", scale="2")
    assert [name for name in panels(app) if name in KINDS] == ["trained", "own", "untrained"]
    card = panels(app)["own"]
    target = answer(model(catalog.ATTENDING.name), text).trace.target
    (drawn, other) = json.loads(card["figure"])["data"]
    assert [drawn["name"], other["name"]] == [f"{models.name}/fr-en-dot", "french"]
    expected = Translator.load("french").flow(text, target)
    np.testing.assert_allclose(other["y"], expected.whole, rtol=1e-4)
    assert card["facts"][1]["value"] == f"×{expected.slope.factor:.3f}"
    assert panels(app)["scaling"]["title"] == say("scaling.trained", model="french")


def test_the_gradients_page_compares_models_of_the_languages_of_the_sentence():
    app = open_app("gradients", back="italian", text="l'enfant dort chez moi", more="1")
    assert [name for name in panels(app) if name in KINDS] == ["own", "untrained"]
    (drawn,) = json.loads(panels(app)["own"]["figure"])["data"]
    assert drawn["name"] == "italian (Italian to German)"
    assert len(panels(app)["own"]["numbers"]["target"]) == len(
        answer("italian", "l'enfant dort chez moi").trace.source_pieces
    )
    assert "There are not as many Italian example sentences" in said(app)


def test_a_model_that_cannot_be_measured_leaves_the_others_their_curves(
    models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    shutil.copytree(models / "french", tmp_path / "torn")
    (tmp_path / "torn" / catalog.WEIGHTS).write_bytes(b"not weights")
    monkeypatch.setenv(catalog.OUTSIDE, str(tmp_path / "torn"))
    app = open_app("gradients", text="l'enfant dort")
    assert {"trained", "untrained", "scaling"} <= panels(app).keys()
    assert "own" not in panels(app)
    assert catalog.WEIGHTS in said(app)


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
