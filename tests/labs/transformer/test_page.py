"""The Transformer's page through AppTest: what it draws, what it says, and what it says of the record."""

import dataclasses
import json
from collections.abc import Iterator
from functools import partial

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from pages.kit.examples import EXAMPLES
from pages.labs.transformer import known
from pages.labs.transformer.view import View
from s2s import catalog
from s2s.claims.heads import names
from s2s.data.fingerprint import weights_of
from s2s.errors import DataError
from s2s.evaluate.gold import GOLD, read_gold
from s2s.evaluate.heads import Beside, Heads, Measured, Reading, all_tests, measured, scores
from s2s.looks import Attention, all_looks
from s2s.text import normalise
from s2s.translator import Translator
from tests.apps import ODD, SAY, keep, linked, open_app, panels, type_in
from tests.labs.test_notebook import numbers

pytestmark = pytest.mark.usefixtures("loaded")

RECURRENT, MODEL = catalog.ATTENDING.model(), catalog.SUCCESSOR.model()
SOURCE, EN = EXAMPLES[0], SAY["en"]
GUIDED = catalog.read_config(catalog.locate(MODEL))  # one of its heads was taught where to look
READ_MAP = EN("transformer.map_read_head", layer=GUIDED[0].layers, guide=GUIDED[1].guide)
open_page = partial(open_app, "transformer", text=SOURCE)


@pytest.fixture(scope="module")
def model() -> Translator:
    return Translator.load(MODEL)


@pytest.fixture(scope="module")
def found(model: Translator) -> Heads:
    """A record of the model, over a few pairs; the first heads are made to deserve a name."""
    halves: list[Measured] = []
    for pairs in (read_gold(GOLD)[:2], read_gold(GOLD)[2:4]):
        *_, last = measured(model, pairs)
        assert last is not None
        halves.append(last)
    whole = tuple(all_tests(halves[0].tally, halves[1].tally))
    shares = np.full((halves[0].layers, halves[0].heads), 0.1)
    shares[0, 0] = 0.93
    led = tuple(map(tuple, shares.tolist()))
    named = {("cross", "linked"), ("encoder", "previous")}
    return Heads(
        model=MODEL, weights=weights_of(catalog.locate(MODEL)), gold="fr-en.tsv", gold_fingerprint="",
        dev=None, dev_fingerprint=None, chosen_pairs=2, told_pairs=2,
        layers=halves[0].layers, heads=halves[0].heads, readings=scores(*halves),
        tests=tuple(
            dataclasses.replace(one, positions=(50, 50), chosen_on=led, told_on=led)
            if (one.of, one.name) in named else one
            for one in whole
        ),
        beside=Beside(model=RECURRENT, weights="", chosen_on=0.5, told_on=0.125),
    )  # fmt: skip


@pytest.fixture(autouse=True)
def record(found: Heads, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known, "heads_record", lambda: found)


def mosaics(app: AppTest) -> dict[str, dict]:
    """All heads, by the name of their picture."""
    sent = [json.loads(component.proto.json) for component in app.get("bidi_component")]
    return {one["name"]: one for one in sent if one.get("view") == "mosaic"}


def weights(figure: str) -> np.ndarray:
    return numbers(json.loads(figure)["data"][0]["z"])


def tables(app: AppTest, column: str) -> list[pd.DataFrame]:
    """The tables of the page that have a column of this name."""
    return [table.value for table in app.table if column in table.value.columns]


def told(app: AppTest) -> str:
    return "\n".join(part.value for part in (*app.text, *app.markdown, *app.caption))


def test_the_recurrent_map_stands_beside_the_one_of_the_transformer(model: Translator):
    app = open_page()
    cards = panels(app)
    assert list(cards)[:2] == [RECURRENT, MODEL]
    for name, translator in ((RECURRENT, Translator.load(RECURRENT)), (MODEL, model)):
        expected = translator.translate(SOURCE).alignment("words").weights
        np.testing.assert_allclose(weights(cards[name]["figure"]), expected, atol=1e-4)
    assert cards[MODEL]["about"] == READ_MAP


def test_one_map_is_read_as_the_reader_wants(model: Translator, found: Heads):
    trace, level = model.translate(SOURCE), "pieces"
    looks = all_looks(trace, level=level)
    expected = {
        "all": looks.mean(),
        "layer-1": looks.mean(0),
        f"layer-{looks.layers}": looks.mean(looks.layers - 1),
        "best": found.best.reading.map(trace, level),
        "layer-99": trace.alignment(level),
    }
    for code, alignment in expected.items():
        card = panels(open_page(split=level, reading=code))[MODEL]
        np.testing.assert_allclose(weights(card["figure"]), alignment.weights, atol=1e-4, err_msg=code)
        score = None if code == "layer-99" else card["facts"][1]
        if code == "best":
            assert score["label"] == EN("heads.error")
            assert score["value"] == f"{100 * found.best.told_on:.1f}%"


def test_the_best_map_may_be_of_vectors_and_says_so(model: Translator, found: Heads, monkeypatch):
    best = Reading("vectors", 1, 0, "predicts")
    led = [dataclasses.replace(one, chosen_on=float(one.reading != best)) for one in found.readings]
    monkeypatch.setattr(known, "heads_record", lambda: dataclasses.replace(found, readings=tuple(led)))
    app = open_page(reading="best")
    card, looks = panels(app)[MODEL], all_looks(model.translate(SOURCE), by="vectors")
    np.testing.assert_allclose(weights(card["figure"]), looks.head(1, 0).weights, atol=1e-4)
    assert card["about"] == EN("transformer.map_vectors", layer=2, head=1)
    assert EN("transformer.vectors") in told(app)
    assert EN("transformer.vectors") not in told(open_page())


@pytest.mark.parametrize("of", ["cross", "encoder", "decoder"])
def test_every_head_is_drawn_small_and_the_chosen_one_large(model: Translator, of: Attention):
    side = {} if of == "cross" else {"side": of}
    kind = "cross" if of == "cross" else "side"
    app = open_page(**side, **{f"{kind}_layer": "2", f"{kind}_head": "3"})
    looks = all_looks(model.translate(SOURCE), of)
    small = mosaics(app)[f"heads-{of}"]
    found = weights(small["figure"])
    np.testing.assert_allclose(np.nansum(found), looks.weights.sum(), rtol=1e-4)
    assert (small["chosen"]["layer"], small["chosen"]["head"]) == (1, 2)
    assert len(small["tiles"]) == looks.layers * looks.heads
    assert len(small["overview"]["rows"]) == len(small["tiles"])
    large = panels(app)[f"heads-{kind}-large"]
    np.testing.assert_allclose(weights(large["figure"]), looks.head(1, 2).weights, atol=1e-4)
    assert large["title"] == EN("heads.name", layer=2, head=3)


def test_from_a_chosen_word_each_head_is_a_row(model: Translator):
    looks = all_looks(model.translate(SOURCE), "encoder")
    app = open_page(side_word="3")
    card = panels(app)["heads-from"]
    np.testing.assert_allclose(weights(card["figure"]), looks.from_row(2).weights, atol=1e-4)
    assert card["title"] == EN("heads.from_title", word=looks.rows[2].text)
    assert mosaics(app)["heads-encoder"]["rows"][4] == looks.rows[4].text
    keep(app, View, side_word=4)
    assert panels(app)["heads-from"]["title"] == EN("heads.from_title", word=looks.rows[4].text)
    assert linked(app)["side_word"] == ["5"]


def test_what_the_browser_chooses_is_checked_kept_and_linked():
    app = keep(open_page(), View, cross_layer=1, cross_head=99, side_layer=0, side_head="x", side_word=1e9)
    small = mosaics(app)
    heads = json.loads(small["heads-cross"]["figure"])["layout"]["meta"]["heads"]
    assert small["heads-cross"]["chosen"] == {"layer": 1, "head": heads - 1, "row": None}
    assert small["heads-encoder"]["chosen"] == {"layer": 0, "head": 0, "row": 0}
    assert (linked(app)["cross_layer"], linked(app)["cross_head"]) == (["2"], ["100"])


@pytest.mark.parametrize("language", ["en", "ko"])
def test_heads_are_told_by_what_was_found_of_them(found: Heads, language: str):
    say = SAY[language]
    app = open_page(lang=language)
    does = say("heads.does_what", what=say("heads.cross_linked"), share=93, others=10)
    assert mosaics(app)["heads-cross"]["tiles"][0]["does"] == does
    assert panels(app)["heads-cross-large"]["about"] == does
    does = say("heads.does_what", what=say("heads.encoder_previous"), share=93, others=10)
    assert does in mosaics(app)["heads-encoder"]["tiles"][0]["does"], "it may have another name, too"
    (named,) = tables(app, say("heads.does"))
    assert f"{say('heads.of_encoder')}, {say('heads.name', layer=1, head=1)}" in named.index
    assert len(named) == sum(
        bool(names(found, of, layer, head))
        for of in ("cross", "encoder", "decoder")
        for layer in range(found.layers)
        for head in range(found.heads)
    )
    assert say("heads.beside", error="12.5") in told(app)
    assert say("heads.parted", chosen=2, told=2, gold="fr-en.tsv") in told(app)
    assert panels(app)[RECURRENT]["facts"][1]["value"] == "12.5%"


def others(found: Heads) -> Iterator[tuple[object, str]]:
    yield None, EN("heads.none")
    yield dataclasses.replace(found, weights="f" * 64), EN("heads.of_others", model=MODEL)
    yield dataclasses.replace(found, model="other"), EN("heads.of_others", model="other")
    yield DataError("format_foreign", path="heads.json", found=9, expected=1), "heads.json"


def test_without_a_record_of_these_weights_the_page_says_so_and_goes_on(
    found: Heads, monkeypatch: pytest.MonkeyPatch
):
    for record, sentence in others(found):

        def read(record: object = record) -> object:
            if isinstance(record, Exception):
                raise record
            return record

        monkeypatch.setattr(known, "heads_record", read)
        app = open_page(reading="best")
        assert sentence in told(app)
        assert panels(app)[MODEL]["about"] == READ_MAP
        assert all(tile["does"] == "" for tile in mosaics(app)["heads-cross"]["tiles"])
        assert tables(app, EN("heads.does")) == []


def test_whatever_is_typed_is_answered():
    app = open_page()
    for text in (*ODD[1:6], *ODD[9:12], " "):
        type_in(app, text)
        is_empty = not normalise(text).text
        assert list(panels(app))[:2] == ([] if is_empty else [RECURRENT, MODEL])
        assert len(mosaics(app)) == (0 if is_empty else 2)
        assert (EN("transformer.empty") in told(app)) is is_empty


def test_of_another_task_it_says_which_has_a_transformer():
    app = open_page(task="chat-ko")
    assert not mosaics(app)
    assert any("“French to English”" in text.value for text in app.text)
