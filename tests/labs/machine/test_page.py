"""The machine through AppTest: what it draws and says. What a person does is in test_browser.py."""

import base64
import json
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from pages.kit.examples import EXAMPLES
from pages.kit.family import attends
from pages.kit.translators import Shelf, workings
from pages.labs.machine.view import PARTS, View, offered
from s2s.figures.labels import shown_piece
from s2s.text import normalise
from tests.apps import ODD, SAY, WIDTH, keep, linked, open_app, said, type_in

pytestmark = pytest.mark.usefixtures("loaded")
EN = SAY["en"]
open_page = partial(open_app, "machine")


def sent(app: AppTest, view: str = "machine") -> dict[str, Any]:
    messages = [json.loads(component.proto.json) for component in app.get("bidi_component")]
    [found] = [message for message in messages if message.get("view") == view]
    return found


def numbers(packed: dict[str, str]) -> np.ndarray:
    found = np.frombuffer(base64.b64decode(packed["bdata"]), dtype=f"<{packed['dtype']}")
    return found.reshape([int(n) for n in packed["shape"].split(", ")]) if "shape" in packed else found


@pytest.mark.parametrize("model", offered())
def test_every_box_holds_numbers_of_the_models_own_states(model: str):
    found, of = sent(open_page(model=model)), workings(model, EXAMPLES[0])
    trace = of.trace
    every = WIDTH // found["cells"]
    assert found["cells"] * every == WIDTH
    drawn = {"encoder_states": trace.encoder_states, "decoder_states": trace.decoder_states}
    drawn["handed"] = of.states[0, 0, -1]
    if attends(model):
        drawn["contexts"] = trace.contexts
        np.testing.assert_array_equal(numbers(found["weights"]), trace.weights)
    else:
        assert found["contexts"] is found["weights"] is None
    for name, states in drawn.items():
        np.testing.assert_array_equal(numbers(found[name]), states[..., ::every])
    passes = np.concatenate([numbers(one["states"]) for one in found["passes"]], axis=1)
    np.testing.assert_array_equal(passes, of.passes[:, ::every])
    assert len(found["passes"]) == (2 if of.parameters.direction == "both" else 1)
    assert [one["text"] for one in found["source"]] == [shown_piece(p.text) for p in trace.source_pieces]
    assert [one["says"] for one in found["steps"]] == [shown_piece(p.text) for p in trace.target_pieces]
    assert [one["fed"] for one in found["steps"]] == [shown_piece(p.text) for p in trace.fed]
    for step, one in enumerate(found["steps"]):
        assert float(one["probability"]) == pytest.approx(np.exp(trace.log_probs[step]), abs=0.006)
        if attends(model):
            most = shown_piece(trace.source_pieces[trace.weights[step].argmax()].text)
            assert f"“{most}” ({trace.weights[step].max():.2f})" in one["told"]
        told = {"step": step + 1, **{name: one[name] for name in ("fed", "says", "probability")}}
        assert one["plain"] == EN("machine.told_none", **told)


@pytest.mark.parametrize("model", offered())
def test_the_walkthrough_is_called_by_a_name_that_it_knows(model: str):
    scorer = sent(open_page(model=model))["scorer"]
    story = sent(open_app("walkthrough", scorer=scorer, step="2", form="long", stage="3"), "stages")
    assert [column["name"] for column in story["columns"]] == [model]
    assert len(story["heads"]) == len(sent(open_page())["stages"])


def test_the_numbers_of_a_file_are_those_of_the_picture_and_the_lines_make_them():
    found = sent(open_page(text="Le chat dort."))
    names: dict[str, Any] = {}
    exec(compile(found["origin"]["code"], "notebook", "exec"), names)
    sheet = pd.DataFrame(found["sheet"]["rows"], columns=found["sheet"]["head"])
    cells = sheet.iloc[:, 2 : 2 + found["cells"]].to_numpy(dtype=float)
    table = names["table"]
    assert list(table.index.get_level_values(0)) == list(sheet.iloc[:, 0])
    np.testing.assert_allclose(table.to_numpy(dtype=float), cells, equal_nan=True)
    looked = sheet[sheet.iloc[:, 0] == "c"].iloc[:, 2 + found["cells"] :].to_numpy(dtype=float)
    np.testing.assert_allclose(names["weights"].to_numpy(), looked)
    np.testing.assert_allclose(looked.sum(axis=1), 1, rtol=1e-5)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_each_part_says_what_it_is_and_one_without_attention_that_it_has_none(language: str):
    say = SAY[language]
    steps, pieces = (len(sent(open_page(model="fr-en-none"))[name]) for name in ("steps", "source"))
    parts = sent(open_page(model="fr-en-none", lang=language))["parts"]
    assert [one["title"] for one in parts] == [say(f"machine.part_{name}") for name in PARTS]
    assert parts[3]["text"] == say("machine.text_look_none", steps=steps)
    assert parts[1]["text"] == say("machine.text_decoder", cell="LSTM", pieces=pieces, steps=steps)
    assert str(2 * WIDTH) in parts[2]["text"]
    looking = sent(open_page(lang=language))
    assert looking["parts"][3]["text"] == say("machine.text_look_with", pieces=len(looking["source"]))
    for one in (*parts, *looking["parts"]):
        assert "{" not in one["text"]
    assert all("{" not in looking[name] for name in ("spoken", "reduced", "title"))


def test_a_link_restores_model_part_and_word_and_says_nothing_of_defaults():
    app = open_page(text="Il neige.", model="fr-en-concat", part="4", step="3", read="2")
    assert sent(app)["built"] == {"part": 3, "step": 2, "read": 2}
    assert sent(app)["origin"] | {"code": ""} == {
        "models": ["fr-en-concat"], "sentence": "Il neige.", "code": "",
    }  # fmt: skip
    shared = ("lang", "size", "task")
    own = {name: codes for name, codes in linked(app).items() if name not in shared}
    assert own == {"model": ["fr-en-concat"], "part": ["4"], "step": ["3"], "read": ["2"]}
    assert not any(codes for name, codes in linked(open_page()).items() if name not in shared)


def test_nonsense_of_a_link_or_a_browser_begins_at_the_first_part():
    first = sent(open_page())["built"]
    assert first == {"part": 0, "step": 0, "read": None}
    assert sent(open_page(part="5", step="0", read="-1", model="nobody"))["built"] == first
    assert sent(keep(open_page(), View, part=True, step=1.5, read="2"))["built"] == first
    assert sent(keep(open_page(), View, step=9999))["built"]["step"] == len(sent(open_page())["steps"]) - 1


@pytest.mark.parametrize("text", [*ODD, " "])
def test_any_text_gets_a_picture_or_a_sentence(text: str):
    app = type_in(open_page(part="4"), text)
    if normalise(text).text:
        assert len(sent(app)["source"]) > 1
    else:
        assert EN("machine.empty") in said(app)


def test_while_the_models_load_the_page_says_so(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(Shelf, "has", lambda self, names: False)
    assert EN("machine.loading") in said(open_page())
