"""The lines of Python that are copied with a picture, run: they make the numbers of the picture."""

import base64
import json
from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from pages.kit.frame import Frame
from pages.kit.wire import figure_text
from pages.labs.exposure.curves import regime_panel
from pages.labs.exposure.view import Question
from pages.labs.memory.lab import memory_panel
from s2s.catalog import tasks
from s2s.config import REGIMES
from s2s.figures.palette import LIGHT
from s2s.train.exposure import learn as learn_regimes
from s2s.train.memory import learn
from tests.apps import SAY, open_app

TEXT = 'Le "petit" chat\\ dort à l\'hôpital.'  # what a line of Python must write otherwise


def sent(app: AppTest) -> list[dict]:
    return [json.loads(component.proto.json) for component in app.get("bidi_component")]


def ran(code: str) -> Mapping[str, object]:
    names: dict[str, object] = {"__name__": "notebook"}
    exec(compile(code, "notebook", "exec"), names)
    return names


def numbers(array: object) -> np.ndarray:
    """An array of a figure as JSON has it, or as Plotly's own figure has it; NaN where there is none."""
    if isinstance(array, Mapping):
        found = np.frombuffer(base64.b64decode(array["bdata"]), dtype=f"<{array['dtype']}")
        shape = array.get("shape")
        return found if shape is None else found.reshape([int(n) for n in shape.split(", ")])
    return np.array(array, dtype=np.float64)


def assert_same(figure: str, code: str, tolerance: float = 1e-5) -> None:
    """Every number that is drawn is drawn by the lines, too."""
    drawn, made = json.loads(figure)["data"], ran(code)["figure"].data
    assert len(drawn) == len(made)
    for one, other in zip(drawn, made, strict=True):
        assert one.get("type", "scatter") == other.type
        for name in {"x", "y", "z"} & one.keys():
            ours, theirs = numbers(one[name]), numbers(other[name])
            np.testing.assert_allclose(ours, theirs, rtol=tolerance, atol=tolerance, equal_nan=True)


def panels(app: AppTest) -> Iterator[dict]:
    for message in sent(app):
        yield from message.get("panels", ())


def blocks(given: object) -> Iterator[dict]:
    """The pictures among the blocks of a stage, inside others too."""
    if isinstance(given, list):
        for one in given:
            yield from blocks(one)
    elif isinstance(given, dict):
        if given.get("kind") == "picture":
            yield given
        yield from blocks(given.get("blocks"))


# Those of the record of training regimes have a test of their own, with a record of its own.
OF_RECORD = {"ways_gap", "ways_lengths", "ways_training", *(f"ways_{regime}" for regime in REGIMES)}
LINKS = [
    ("", {"models": ["fr-en-dot", "fr-en-none"]}, 1),
    ("", {"models": "fr-en-concat", "picture": "lines", "level": "pieces", "end": "0"}, 1),
    ("", {"models": "fr-en-general", "values": "scores"}, 1),
    ("forcing", {"model": "fr-en-dot"}, 8),
    ("forcing", {"model": "fr-en-none", "ratio": "0.5", "inject": "3", "word": "dog"}, 4),
    ("gradients", {"scale": "2.0"}, 4),
    ("transformer", {"reading": "all", "side_word": "3", "cross_head": "2"}, 14),
    ("transformer", {"reading": "layer-2", "split": "pieces", "side": "decoder", "side_layer": "2"}, 14),
    ("models", {}, 5),
    ("applications", {}, len(tasks()) + 1),  # and speech
]


@pytest.mark.usefixtures("loaded")
@pytest.mark.parametrize(("page", "link", "count"), LINKS)
def test_the_lines_of_a_card_make_its_picture(page: str, link: dict, count: int):
    app = open_app(page, text=TEXT, reference="The little cat sleeps in a hospital.", **link)
    drawn = [panel for panel in panels(app) if panel["figure"] and panel["name"] not in OF_RECORD]
    assert len(drawn) == count
    for panel in drawn:
        assert_same(panel["figure"], panel["origin"]["code"])


@pytest.mark.usefixtures("loaded")
def test_the_lines_of_all_heads_make_them():
    app = open_app("transformer", text=TEXT)
    mosaics = [message for message in sent(app) if message.get("view") == "mosaic"]
    assert len(mosaics) == 2
    for mosaic in mosaics:
        assert_same(mosaic["figure"], mosaic["origin"]["code"])


@pytest.mark.usefixtures("loaded")
def test_the_lines_of_the_bottleneck_make_its_pictures_and_say_which_words_are_lost():
    app = open_app("bottleneck", text=TEXT, sentences="2")
    pictures = words = 0
    for panel in panels(app):
        code = panel["origin"]["code"]
        if panel["figure"]:
            assert_same(panel["figure"], code)
            pictures += 1
        elif panel["source"]:
            table = ran(code)["table"]
            told = {verdict: ("verdict", verdict) for verdict in ("kept", "lost", "unclear")}
            if "read" in table:
                told = {"kept": ("read", True), "common": ("read", True), "lost": ("read", False)}
            marked = [word for word in panel["source"] if word["mark"] != "sign"]
            assert list(table["word"]) == [word["text"] for word in marked]
            for row, word in zip(table.itertuples(), marked, strict=True):
                name, value = told[word["mark"]]
                assert getattr(row, name) == value
            words += 1
    assert pictures == 3
    assert words > 4


@pytest.mark.usefixtures("loaded")
def test_the_lines_of_the_tracks_make_what_stands_in_them():
    app = open_app("forcing", text=TEXT, model="fr-en-dot", inject="3", word="dog")
    [tracks] = [message for message in sent(app) if message.get("view") == "tracks"]
    table = ran(tracks["origin"]["code"])["table"]
    sheet = pd.DataFrame(tracks["sheet"]["rows"], columns=tracks["sheet"]["head"])
    say = SAY["en"]
    assert list(table["step"]) == list(sheet[say("tracks.column_step")])
    probabilities = sheet[say("tracks.column_probability")]
    np.testing.assert_allclose(table["probability"], probabilities, rtol=1e-5)
    for plain, shown in zip(table["says"], sheet[say("tracks.column_says")], strict=True):
        assert plain.removeprefix("▁") == shown.removeprefix("·")


@pytest.mark.usefixtures("loaded")
@pytest.mark.parametrize(
    ("scorer", "link"),
    [
        ("all", {"step": "3"}),
        ("concat", {"tanh": "0", "matrix": "1", "temperature": "2.0", "open": "3"}),
        ("none", {"context": "0"}),
        ("general", {"context": "0", "matrix": "1", "scaled": "1", "word": "2"}),
        ("concat", {"form": "short", "step": "3"}),
        ("none", {"form": "short"}),
    ],
)
def test_the_lines_of_a_stage_make_its_pictures(scorer: str, link: dict):
    app = open_app("walkthrough", text="Le chat noir dort.", **{"form": "long", "scorer": scorer} | link)
    [stages] = [message for message in sent(app) if message.get("view") == "stages"]
    count = 0
    for column in stages["columns"]:
        for picture in blocks([stage["blocks"] for stage in column["stages"]]):
            assert_same(picture["figure"], f"{column['origin']['code']}\n{picture['code']}")
            count += 1
    assert count > (6 if "form" not in link else 2)


def test_the_lines_of_the_memory_task_learn_it_again():
    curves: dict[tuple[str, bool, int], list[tuple[float, float]]] = {}
    for point in learn(fillers=(2,), updates=20, seed=5):
        curves.setdefault(point.curve, []).append((point.updates, point.right))
    panel = memory_panel(curves, 5, "", Frame(SAY["en"], LIGHT, large=False))
    assert panel.figure is not None
    code = panel.origin.code.replace("seed=5", "seed=5, updates=20")
    assert code != panel.origin.code
    assert_same(figure_text(panel.figure), code)


@pytest.mark.parametrize("attention", ["none", "dot"])
def test_the_lines_of_a_regime_train_it_again_without_the_other(attention: str):
    asked = Question("teacher", "scheduled", attention, length=3, seed=5)
    learned = list(learn_regimes(attention=attention, length=3, updates=26, seed=5))
    for regime in ("teacher", "scheduled"):
        points = [point for point in learned if point.regime == regime]
        panel = regime_panel(asked, regime, points, Frame(SAY["en"], LIGHT, large=False))
        assert panel.figure is not None
        code = panel.origin.code.replace("seed=5", "seed=5, updates=26")
        assert code != panel.origin.code
        drawn = json.loads(figure_text(panel.figure))["data"]
        for one, other in zip(drawn, ran(code)["figure"].data, strict=True):
            shown = numbers(one["y"])
            np.testing.assert_allclose(shown[: len(points)], numbers(other["y"]), atol=1e-5)
            assert np.isnan(shown[len(points) :]).all()
