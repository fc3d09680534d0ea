"""A Transformer on the pages: offered wherever it can answer, one sentence where it cannot."""

import base64
import json
import os
import shutil
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pages.kit.family import is_recurrent, model_names, offered, others_left_out, recurrent
from pages.kit.live import cut_notice
from pages.kit.report import shipped_report, side_by_side
from pages.kit.translators import MODELS, answer, shelf
from s2s import catalog
from s2s.config import LEARNED, SCALED
from s2s.errors import ConfigError
from s2s.translator import Translator
from tests.apps import SAY, cards, open_app, panels, said, type_in
from tests.conftest import HIDDEN

pytestmark = pytest.mark.usefixtures("loaded")
TEXT = "l'enfant dort"
LANGUAGES = pytest.mark.parametrize("language", ["en", "ko"])


def change(folder: Path, **values: Any) -> Path:
    record = json.loads((folder / catalog.CONFIG).read_text(encoding="utf-8"))
    record["model"].update(values)
    (folder / catalog.CONFIG).write_text(json.dumps(record), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory, trained_folder: Path, transformer_folder: Path) -> Path:
    """A model of each family, one whose heads do not divide its width, and one of other languages."""
    folder = tmp_path_factory.mktemp("both")
    shutil.copytree(trained_folder, folder / "chain")
    for name in ("heads", "uneven", "teste"):
        shutil.copytree(transformer_folder, folder / name)
    change(folder / "uneven", heads=3)
    change(folder / "teste", source_language="it", target_language="de")
    return folder


@pytest.fixture(autouse=True)
def named(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(catalog.OUTSIDE, str(models))


def test_they_are_offered_beside_those_with_recurrence():
    assert offered()[-3:] == ("chain", "heads", "teste")
    assert model_names(SAY["en"]).keys() == set(offered())
    assert recurrent(offered()) == (*MODELS, "chain")
    assert not is_recurrent(catalog.SUCCESSOR.model())
    assert is_recurrent("nonsense")  # whoever asks it says what is wrong
    for say in SAY.values():
        assert "heads, teste" in others_left_out(say)


def test_the_task_offers_its_own_where_it_is_in_the_repository(monkeypatch: pytest.MonkeyPatch):
    name = catalog.SUCCESSOR.model()
    monkeypatch.setattr(catalog, "shipped", lambda: (*catalog.TASKS[0].main, name))
    assert list(model_names(SAY["ko"]).items())[len(MODELS)] == (name, "트랜스포머")
    assert offered()[len(MODELS)] == name
    assert name not in catalog.TASKS[0].shown_first
    monkeypatch.setattr(catalog, "shipped", lambda: catalog.TASKS[0].main)
    assert name not in offered()


@LANGUAGES
def test_the_main_page_shows_the_map_that_is_read_out_beside_the_others(language: str):
    app = open_app(lang=language, models=["fr-en-general", "chain", "heads"], text=TEXT)
    shown = {card["name"]: card for card in cards(app)}
    trace = answer("heads", TEXT).trace
    alignment = trace.alignment("words")
    assert alignment is not None
    numbers = shown["heads"]["numbers"]
    assert numbers["source"] == [unit.text for unit in alignment.source_units]
    drawn = json.loads(shown["heads"]["figure"])["data"][0]["z"]
    rows = np.frombuffer(base64.b64decode(drawn["bdata"]), dtype="<f4")
    np.testing.assert_allclose(rows, alignment.weights.ravel(), atol=1e-6)
    np.testing.assert_allclose(trace.weights, trace.cross_looks[-1][0], atol=1e-6)  # the head that was taught
    say = SAY[language]
    about = say("about.heads_head", heads=4, layer=2)
    assert shown["heads"]["about"] == about
    assert all(card["figure"] for card in shown.values())


@pytest.mark.parametrize(
    "view", [{"picture": "lines"}, {"values": "scores"}, {"level": "pieces"}, {"end": "0"}]
)
def test_the_main_page_draws_it_in_every_way(view: dict[str, str]):
    (card,) = cards(open_app(models=["heads"], text=TEXT, **view))
    assert card["figure"]
    assert 'Translator.load("heads")' in card["origin"]["code"] or "heads" in card["origin"]["code"]


def test_a_mean_of_heads_says_that_its_scores_are_logarithms(models: Path, tmp_path: Path, monkeypatch):
    shutil.copytree(models / "heads", tmp_path / "mean")
    change(tmp_path / "mean", reading="mean")
    monkeypatch.setenv(catalog.OUTSIDE, str(tmp_path))
    say = SAY["en"]
    for values, is_told in (("weights", False), ("scores", True)):
        (card,) = cards(open_app(models=["mean"], text=TEXT, values=values))
        assert card["about"].startswith(say("about.heads_mean", heads=4, layer=2))
        assert (say("about.scores_mean") in card["about"]) == is_told


@LANGUAGES
def test_teacher_forcing_feeds_it_and_leaves_it_alone_and_injects_a_word(language: str):
    app = open_app("forcing", lang=language, model="heads", text=TEXT, inject="2", word="dog")
    shown = panels(app)
    assert {"forced", "free"} <= shown.keys()
    both = Translator.load("heads").compare(TEXT)
    assert both.free.target == answer("heads", TEXT).trace.target
    type_in(app, "je dors")
    assert {"forced", "free"} <= panels(app).keys()


@LANGUAGES
def test_the_bottleneck_page_counts_what_it_loses(language: str):
    while not shelf().has(catalog.shipped_for(catalog.TASKS[0])):
        time.sleep(0.05)
    app = open_app("bottleneck", lang=language, columns=["heads", "fr-en-none"], text=TEXT, sentences="1")
    shown = panels(app)
    assert {"heads", "fr-en-none"} <= shown.keys()
    assert [word["text"] for word in shown["heads"]["source"]] == ["l'", "enfant", "dort"]
    assert "probe-heads" not in shown
    assert "teste" in said(app)  # nobody can judge it: one sentence says so


@LANGUAGES
@pytest.mark.parametrize(
    ("page", "picker"), [("walkthrough", "scorer"), ("machine", "model"), ("gradients", "back")]
)
def test_a_page_that_follows_recurrent_states_does_not_offer_it_and_says_why(
    page: str, picker: str, language: str
):
    say = SAY[language]
    app = open_app(page, lang=language, text=TEXT)
    options = app.segmented_control(key=picker).options
    assert "chain" in options
    assert not {"heads", "teste"} & set(options)
    left_out = others_left_out(say)
    assert [caption.value for caption in app.caption].count(left_out) == 1
    asked = open_app(page, lang=language, text=TEXT, **{picker: "heads"})
    told = say.error(ConfigError("asked_of_recurrent", name="heads"))
    assert [*(text.value for text in (*asked.text, *asked.warning))].count(told) == 1
    assert left_out not in [caption.value for caption in asked.caption]
    type_in(asked, "je dors")


def test_what_is_scaled_on_the_gradients_page_is_recurrent():
    app = open_app("gradients", text=TEXT, scaled="heads")
    told = SAY["en"].error(ConfigError("asked_of_recurrent", name="heads"))
    assert told in [text.value for text in app.text]
    assert "scaling" in panels(app)


@LANGUAGES
def test_heads_that_do_not_divide_the_width_are_one_sentence(language: str):
    say = SAY[language]
    app = open_app(lang=language, text=TEXT)
    found = [
        warning.value for warning in (*app.warning, *app.text, *app.caption) if "uneven" in warning.value
    ]
    assert len(found) == 1
    assert str(HIDDEN) in found[0]
    assert "uneven" not in app.pills(key="models").options
    assert say("about.general")  # the others are there as ever
    assert cards(app)


@pytest.fixture
def short(models: Path, tmp_path: Path) -> Path:
    """One that learned the places of ten pieces."""
    from safetensors.numpy import load_file, save_file

    folder = tmp_path / "short"
    shutil.copytree(models / "heads", folder)
    change(folder, positions=LEARNED, longest=10)
    weights = load_file(folder / catalog.WEIGHTS)
    table = np.random.default_rng(1).normal(size=(10, HIDDEN)).astype(np.float16)
    weights |= {f"{side}.positions.table.weight": table for side in ("encoder", "decoder")}
    save_file(weights, folder / catalog.WEIGHTS)
    return folder


@LANGUAGES
def test_a_sentence_longer_than_the_places_a_model_knows_is_read_as_far_as_they_reach(
    short: Path, models: Path, monkeypatch: pytest.MonkeyPatch, language: str
):
    monkeypatch.setenv(catalog.OUTSIDE, os.pathsep.join([str(short), str(models)]))
    say, text = SAY[language], "je dors chez moi et l'enfant dort chez toi"
    app = open_app(lang=language, models=["chain", "short"], text=text)
    whole, cut = answer("chain", text).trace, answer("short", text).trace
    assert (whole.source_cut, cut.source_cut) == (False, True)
    assert len(cut.source_pieces) <= 10
    assert len(cut.target_pieces) <= 10
    notice = cut_notice([whole, cut], say)
    assert "short" in notice
    assert notice in [text.value for text in app.text]
    alone = open_app(lang=language, models=["short"], text=text)
    assert cut_notice([cut], say) in [text.value for text in alone.text]
    assert cut_notice([whole], say) == ""
    shown = panels(
        open_app("forcing", lang=language, model="short", text=text, inject="9", word="dog dog dog")
    )
    assert {"forced", "free"} <= shown.keys()


def test_models_of_both_families_and_several_languages_stand_side_by_side():
    names = ["fr-en-general", "chain", "heads", "teste"]
    app = open_app(models=names, text=TEXT)
    assert [card["name"] for card in cards(app)] == names
    for text in ("", "…", "😀", "mot " * 300):
        type_in(app, text)


@LANGUAGES
def test_the_page_of_the_models_tells_family_layers_reading_and_guide(language: str):
    say = SAY[language]
    app = open_app("models", lang=language)
    (table,) = [table.value for table in app.table if "heads" in table.value.columns]
    column = table["heads"]
    assert column[say("models.family")] == say("models.family_transformer")
    assert column[say("models.cell")] == say("models.layers", layers=2, heads=4)
    assert column[say("models.reading")] == say("models.reading_head", layer=2)
    assert column[say("models.guide")] == "tiny-general"
    assert table["chain"][say("models.guide")] == "–"
    assert table["chain"][say("models.family")] == say("models.family_recurrent")


@LANGUAGES
def test_the_gap_can_be_measured_of_one_and_stands_with_the_others_where_it_was(
    language: str, monkeypatch: pytest.MonkeyPatch
):
    say = SAY[language]
    app = open_app("forcing", lang=language, model="heads", text=TEXT)
    texts = [one.value for one in app.markdown]
    assert any(one.startswith(say("gap.again_how", model="heads", limit=0, lines=0)[:20]) for one in texts)
    report = shipped_report()
    general = next(one for one in report.shipped if one.setup.model == "fr-en-general")
    name = catalog.SUCCESSOR.model()
    its = replace(general, setup=replace(general.setup, model=name, attention=SCALED, cell="", direction=""))
    there = replace(report, shipped=(*(one for one in report.shipped if one.setup.model != name), its))
    monkeypatch.setattr("pages.kit.report.successor", lambda: (name,))
    assert side_by_side(there) == [*report.scorers, its]
    monkeypatch.setattr("pages.kit.report.successor", tuple)
    assert side_by_side(there) == [*report.scorers]
