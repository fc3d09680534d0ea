"""The walkthrough of a head through AppTest: what it computes and says. What a person does is in
test_browser.py."""

import json
from functools import partial
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from pages.kit.examples import EXAMPLES
from pages.kit.translators import Shelf, head_workings
from pages.labs.head.cards import STAGES
from pages.labs.head.view import View
from s2s import catalog
from s2s.errors import CheckpointError
from s2s.figures.labels import shown_piece
from s2s.translator import Translator
from s2s.walkthrough import heads, lecture, what_if_heads
from s2s.walkthrough.heads import At
from s2s.walkthrough.transformer import CROSS, DECODER, ENCODER, KINDS, HeadWorkings
from s2s.walkthrough.what_if_heads import Change
from tests.apps import SAY, keep, linked, open_app, panels, run, said, type_in
from tests.labs.test_notebook import assert_same, blocks, numbers

pytestmark = pytest.mark.usefixtures("loaded")

MODEL, RECURRENT = catalog.SUCCESSOR.model(), catalog.ATTENDING.model()
SOURCE, EN = EXAMPLES[0], SAY["en"]
open_page = partial(open_app, "transformer", text=SOURCE)
NAMES = list(STAGES)


@pytest.fixture(scope="module")
def workings() -> HeadWorkings:
    return head_workings(MODEL, SOURCE)


def story(app: AppTest) -> dict[str, Any]:
    sent = [json.loads(component.proto.json) for component in app.get("bidi_component")]
    (found,) = [data for data in sent if data.get("view") == "stages"]
    return found


def column(app: AppTest) -> dict[str, Any]:
    (found,) = story(app)["columns"]
    return found


def stage(app: AppTest, name: str) -> dict[str, Any]:
    return column(app)["stages"][NAMES.index(name)]


def lines(app: AppTest, name: str) -> list[str]:
    found = stage(app, name)["blocks"]
    return [line for block in found if block["kind"] == "formula" for line in block["lines"]]


def texts(app: AppTest, name: str) -> str:
    return "\n".join(block["text"] for block in stage(app, name)["blocks"] if block["kind"] == "text")


def pictures(app: AppTest, name: str) -> list[dict[str, Any]]:
    return list(blocks(stage(app, name)["blocks"]))


def bars(picture: dict[str, Any]) -> np.ndarray:
    return numbers(json.loads(picture["figure"])["data"][0]["x"])


@pytest.mark.parametrize("kind", KINDS)
def test_the_pictures_are_of_the_head_and_the_position_that_were_chosen(kind: str, workings: HeadWorkings):
    app = open_page(**{"head-of": kind, "head-layer": "2", "head-number": "3", "head-step": "4"})
    assert [one["title"] for one in story(app)["heads"]] == [EN(f"head.{name}_title") for name in NAMES]
    marks = [one["mark"] for one in column(app)["stages"]]
    assert all(mark["holds"] for mark in marks), marks
    assert not column(app)["notice"]
    at = At(kind, 1, 2, 3)
    weights = heads.weighting(workings, at).weights
    np.testing.assert_allclose(bars(pictures(app, "weigh")[1]), weights, atol=1e-6)
    np.testing.assert_allclose(
        bars(pictures(app, "multiply")[-1]), heads.multiplying(workings, at).dots, rtol=1e-5
    )
    assert column(app)["step"] == 3
    asking = shown_piece(workings.asking(kind)[3].text)
    count = len(workings.asking(kind))
    assert story(app)["steps"] == count
    assert story(app)["told"] == EN("head.told_step", step=4, steps=count, asking=asking)
    place = int(weights.argmax())
    assert column(app)["place"] == place
    assert shown_piece(workings.asked(kind)[place].text) in column(app)["told"]
    assert len(story(app)["source"]) == len(workings.asked(kind))


def test_one_product_is_followed_digit_by_digit(workings: HeadWorkings):
    at, width = At(CROSS, 0, 1, 2), workings.parameters.width
    place = {"head-layer": "1", "head-number": "2", "head-word": "2"}
    app = open_page(**place, **{"head-dimension": str(width + 5)})
    made, found = heads.projecting(workings, at), heads.multiplying(workings, at)
    assert column(app)["place"] == 1
    assert column(app)["number"] == width + 4
    assert lines(app, "project")[1].startswith(f"q[{width + 5}] = ")
    assert lines(app, "project")[1].endswith(f"= {made.query[4]:.3f}".replace("-", "−"))
    dot = f"{found.dots[1]:.3f}".replace("-", "−")
    assert lines(app, "multiply")[1].endswith(f"= {dot}")
    name = shown_piece(workings.asked(CROSS)[1].text)
    assert lines(app, "divide")[1].startswith(f"score_{{“{name}”}} = {dot} /")
    [table] = [block for block in stage(app, "multiply")["blocks"][2]["blocks"] if block["kind"] == "table"]
    sizes = [abs(float(row[3].replace("−", "-"))) for row in table["rows"]]
    np.testing.assert_allclose(sizes, np.sort(np.abs(found.products[1]))[::-1][:8], atol=5.1e-4)
    # a dimension of another head is followed where vectors are whole, the largest of this one elsewhere
    app = open_page(**place, **{"head-dimension": "3"})
    assert column(app)["number"] == 2
    assert lines(app, "norm")[1].startswith("x′[3] = ")
    largest = width + 1 + int(np.abs(found.products[1]).argmax())
    assert lines(app, "project")[1].startswith(f"q[{largest}] = ")


def test_only_what_is_written_later_is_masked(workings: HeadWorkings):
    app = open_page(**{"head-of": DECODER, "head-step": "3"})
    later = len(workings.trace.fed) - 3
    asking = shown_piece(workings.trace.fed[2].text)
    assert EN("head.finding_masked", hidden=later, seen=3, asking=asking) in texts(app, "mask")
    shown = json.loads(pictures(app, "mask")[0]["figure"])["data"][0]["text"]
    assert shown.count("−∞") == later
    keep(app, View, kind=ENCODER)
    assert not pictures(app, "mask")


def test_without_the_root_the_weights_are_computed_again(workings: HeadWorkings):
    assert len(pictures(open_page(), "weigh")) == 2
    app = open_page(**{"head-root": "0"})
    layer = max(0, workings.layers - 2)
    at = At(CROSS, layer, 0, 2)
    bare = what_if_heads.unscaled(workings, at)
    np.testing.assert_allclose(bars(pictures(app, "weigh")[2]), bare, atol=1e-6)
    assert f"{bare.max():.3f}" in texts(app, "weigh")
    assert f"{what_if_heads.entropy(bare):.2f}" in texts(app, "weigh")
    then = what_if_heads.continued(workings, Change(CROSS, layer, 0, scaled=False)).log_probs[2]
    found = bars(pictures(app, "predict")[1])
    np.testing.assert_allclose(found[0], np.exp(np.delete(then, workings.parameters.unsaid)).max(), rtol=1e-4)


@pytest.mark.parametrize("kind", KINDS)
def test_a_head_switched_off_is_recomputed_up_to_the_words(kind: str, workings: HeadWorkings):
    app = open_page(**{"head-of": kind, "head-on": "0", "head-layer": "1", "head-number": "4"})
    assert EN("head.is_off", head=4, layer=1) in texts(app, "join")
    log_probs = what_if_heads.continued(workings, Change(kind, 0, 3, drops=True)).log_probs
    allowed = np.delete(log_probs, workings.parameters.unsaid, axis=1)
    shown = bars(pictures(app, "predict")[1])
    assert np.isclose(np.exp(allowed.max(axis=1)), shown[0], rtol=1e-4).any()
    assert len(shown) == len(bars(pictures(app, "predict")[0]))
    [table] = [
        inner
        for block in stage(app, "predict")["blocks"]
        if block["kind"] == "fold"
        for inner in block["blocks"]
    ]
    assert len(table["rows"]) == len(workings.trace.fed)
    best = [f"{probability:.3f}" for probability in np.exp(allowed.max(axis=1))]
    assert [row[-1] for row in table["rows"]] == best
    assert "{" not in texts(app, "predict")


def test_the_way_from_the_lecture_is_of_the_sentence_and_of_both_models(workings: HeadWorkings):
    app = open_page(**{"head-number": "2"})
    found = {name: panel for name, panel in panels(app).items() if name.startswith("lecture_")}
    assert list(found) == [f"lecture_{name}" for name in ("once", "divided", "heads", "itself")]
    drawn = {name: numbers(json.loads(one["figure"])["data"][0]["z"]) for name, one in found.items()}
    once = Translator.load(RECURRENT).workings(SOURCE)
    maps = [lecture.asked_once(once, step) for step in range(once.steps)]
    [step] = [k for k, one in enumerate(maps) if np.allclose(one.weights, drawn["lecture_once"])]
    np.testing.assert_allclose(drawn["lecture_divided"], lecture.divided(once, step).weights)
    layer = max(0, workings.layers - 2)
    count = workings.parameters.heads
    np.testing.assert_allclose(
        drawn["lecture_heads"], lecture.in_heads(workings, layer, 2, ["x"] * count).weights
    )
    np.testing.assert_allclose(
        drawn["lecture_itself"], lecture.asks_itself(workings, workings.layers - 1, 1).weights
    )
    assert f"{drawn['lecture_divided'][0, drawn['lecture_once'][0].argmax()]:.2f}" in said(app)
    for one in found.values():
        assert_same(one["figure"], one["origin"]["code"])


def test_what_is_chosen_is_in_the_address_and_comes_back_from_it():
    app = open_page()
    assert {name: codes for name, codes in linked(app).items() if name.startswith("head-") and codes} == {}
    keep(app, View, kind=ENCODER, layer=0, head=2, step=1, word=3, number=40, scaled=False, context=False)
    codes = {name: codes[0] for name, codes in linked(app).items() if name.startswith("head-") and codes}
    assert codes == {
        "head-of": ENCODER, "head-layer": "1", "head-number": "3", "head-step": "2", "head-word": "4",
        "head-dimension": "41", "head-root": "0", "head-on": "0",
    }  # fmt: skip
    again = open_page(**codes)
    assert story(again)["chosen"] == story(app)["chosen"]
    assert column(again)["told"] == column(app)["told"]


def test_a_link_that_makes_no_sense_shows_what_there_is():
    none = {"head-of": "sideways", "head-layer": "99", "head-number": "77", "head-step": "9999",
            "head-word": "9999", "head-dimension": "9999", "head-root": "x"}  # fmt: skip
    app = open_page(**none)
    assert all(one["mark"]["holds"] for one in column(app)["stages"])
    assert column(app)["step"] == story(app)["steps"] - 1


def test_what_the_browser_says_is_checked():
    app = open_page()
    app.session_state["head_stages"] = {"chosen": {"step": "x", "word": -4, "number": 1e9, "scaled": 3}}
    assert all(one["mark"]["holds"] for one in column(run(app))["stages"])


@pytest.mark.parametrize("text", ["😀😀", "<b>gras</b><script>", "a", "x" * 3000])
def test_any_text_is_walked_through(text: str):
    assert all(one["mark"]["holds"] for one in column(open_page(text=text))["stages"])


def test_there_is_nothing_before_there_is_a_sentence_and_it_comes_with_one():
    app = open_page(text=" ")
    assert not [one for one in app.get("bidi_component") if '"stages"' in one.proto.json]
    assert column(type_in(app, "Il pleut."))["stages"]


def test_it_speaks_korean():
    app = open_page(lang="ko", **{"head-on": "0", "head-root": "0"})
    say = SAY["ko"]
    assert [one["title"] for one in story(app)["heads"]] == [say(f"head.{name}_title") for name in NAMES]
    assert say("head.is_off", head=1, layer=1) in texts(app, "join")


def test_a_model_that_cannot_be_used_says_why_and_the_rest_of_the_page_works(monkeypatch: pytest.MonkeyPatch):
    asked = Shelf.ask

    def refuse(self: Shelf, name: str, question: Any) -> Any:
        if type(question).__name__ == "WorkHeads":
            raise CheckpointError("file_missing", path=MODEL)
        return asked(self, name, question)

    monkeypatch.setattr(Shelf, "ask", refuse)
    app = open_page()
    assert EN.error(CheckpointError("file_missing", path=MODEL)) in said(app)
    assert not [one for one in app.get("bidi_component") if '"view": "stages"' in one.proto.json]


@pytest.mark.parametrize(
    "link",
    [
        {"head-root": "0", "head-on": "0"},
        {"head-of": ENCODER, "head-layer": "1", "head-number": "3", "head-on": "0"},
        {"head-of": DECODER, "head-layer": "2", "head-word": "1", "lang": "ko"},
    ],
)
def test_the_lines_of_a_stage_make_its_pictures(link: dict[str, str]):
    app = open_page(**link)
    code, count = column(app)["origin"]["code"], 0
    for name in NAMES:
        for picture in pictures(app, name):
            assert_same(picture["figure"], f"{code}\n{picture['code']}")
            assert picture["spoken"]
            count += 1
    assert count >= 14
