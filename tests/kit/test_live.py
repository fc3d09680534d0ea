"""What cards get to draw: words, numbers and sentences of a hand-made alignment, as the browser gets them."""

import base64
import json
from collections.abc import Iterator

import numpy as np
import pytest
from streamlit import config
from streamlit.testing.v1 import AppTest

from pages.kit.live import LABELS, Cells, Numbers, Series, alignment_numbers, spoken, words
from s2s.traces import Alignment, Unit
from tests.apps import SAY

NAMES = {name: name for name in LABELS}
WEIGHTS = np.array([[0.75, 0.25, 0], [0.125, 0.125, 0.75], [0, 0, 1]], dtype=np.float32)


def unit(text: str, start: int, *, is_end: bool = False) -> Unit:
    return Unit(text, start, start + len(text), is_end=is_end)


CAT = Alignment(
    source_units=(unit("la", 0), unit("La", 3), unit("</s>", 5, is_end=True)),
    target_units=(unit("the", 0), unit(".", 3), unit("</s>", 4, is_end=True)),
    weights=WEIGHTS,
    scores=WEIGHTS - 1,
    log_probs=np.log(np.array([0.5, 0.25, 1], dtype=np.float32)),
)


def test_a_word_has_its_probability_its_row_and_a_space_where_one_stood():
    first, mark = words(CAT.target_units, CAT.log_probs.tolist())
    assert (first.text, first.spaced, first.row) == ("the", True, 0)
    assert (mark.text, mark.spaced, mark.row) == (".", False, 1)
    assert [first.probability, mark.probability] == pytest.approx([0.5, 0.25])
    assert [word.row for word in words(CAT.target_units, [0, 0, 0], drawn=False)] == [None, None]


def test_a_word_that_comes_twice_is_two_words_and_the_same_in_every_card():
    numbers = alignment_numbers(CAT, NAMES)
    assert numbers.source_keys[:2] == ("la 1", "la 2")
    assert numbers.source == ("la", "La", "end")
    assert numbers.target == ("the", ".", "end")
    again = alignment_numbers(CAT.without_end(), NAMES)
    assert again.source_keys == numbers.source_keys[:2]


def test_the_numbers_are_weights_scores_and_what_is_said_of_each_row():
    numbers = alignment_numbers(CAT, NAMES)
    weights, scores = numbers.cells
    assert (weights.name, scores.name) == ("weight", "score")
    np.testing.assert_array_equal(weights.values, CAT.weights)
    np.testing.assert_array_equal(scores.values, CAT.scores)
    told = {series.name: series.values for series in numbers.series}
    assert told == {
        "probability": ("0.50", "0.25", "1.00"),
        "log_prob": ("−0.69", "−1.39", "0.00"),
        "entropy": ("0.56", "0.74", "0.00"),  # of 3/4 and 1/4; of 1/8, 1/8 and 3/4; of one word alone
    }


@pytest.mark.parametrize("language", ["en", "ko"])
def test_who_hears_the_page_hears_where_each_word_looked_most(language: str):
    say = SAY[language]
    text = spoken("dot", "the.", CAT, say)
    looks = [
        say("live.spoken_look", target=target, source=source, percent="75")
        for target, source in (("the", "la"), (".", "</s>"))
    ]
    assert text == say("live.spoken", model="dot", target="the.", looks=" ".join(looks))
    assert spoken("none", "the.", None, say) == say("live.spoken_none", model="none", target="the.")


def page(target: str = "en") -> None:
    import streamlit as st

    from pages.kit.live import Legend, Panel, live_view
    from s2s.figures.palette import LIGHT
    from s2s.languages import Languages

    numbers, languages = st.session_state["numbers"], Languages("fr", target)
    live_view(
        [Panel(name="one", title="One", numbers=numbers, notice="<b>", languages=languages)],
        labels=st.session_state["labels"],
        palette=LIGHT,
        key="cards",
        legends=(Legend("weight", "0", "1", ("#000000", "#ffffff")),),
    )


def sent(labels: dict[str, str], numbers: Numbers) -> AppTest:
    app = AppTest.from_function(page, args=("ko",))
    app.session_state["labels"], app.session_state["numbers"] = labels, numbers
    return app.run()


def test_the_browser_gets_each_number_and_each_word_as_it_is():
    numbers = Numbers(
        source=("a", "b"), target=("c",), source_keys=("a 1", "b 1"), target_keys=("c 1",),
        cells=(Cells("weight", np.array([[0.25, 0.75]], dtype=np.float32), 3),),
        series=(Series("sure", ("0.5",)),),
    )  # fmt: skip
    app = sent(NAMES | {"others": "not asked for"}, numbers)
    assert not app.exception
    [component] = app.get("bidi_component")
    data = json.loads(component.proto.json)
    assert data["labels"] == NAMES
    assert data["legends"] == [{"title": "weight", "low": "0", "high": "1", "colors": ["#000000", "#ffffff"]}]
    [panel] = data["panels"]
    assert panel["languages"] == {"source": "fr", "target": "ko", "purpose": ""}
    assert (panel["name"], panel["title"], panel["notice"], panel["figure"]) == ("one", "One", "<b>", None)
    assert panel["numbers"]["source_keys"] == ["a 1", "b 1"]
    assert panel["numbers"]["series"] == [{"name": "sure", "values": ["0.5"], "exact": None, "band": None}]
    [cells] = panel["numbers"]["cells"]
    found = np.frombuffer(base64.b64decode(cells["values"]["bdata"]), dtype="<f4")
    np.testing.assert_array_equal(found, [0.25, 0.75])


@pytest.fixture
def _errors_are_shown() -> Iterator[None]:
    """A page says nothing of what went wrong inside; a test looks."""
    before = config.get_option("client.showErrorDetails")
    config.set_option("client.showErrorDetails", "full")
    yield
    config.set_option("client.showErrorDetails", before)


@pytest.mark.usefixtures("_errors_are_shown")
def test_a_card_without_a_word_for_something_is_an_error_and_not_an_empty_place():
    labels = {name: text for name, text in NAMES.items() if name != "unpin"}
    numbers = Numbers(source=(), target=(), source_keys=(), target_keys=())
    assert "unpin" in sent(labels, numbers).exception[0].message
