import dataclasses
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from s2s.config import ATTENTIONS, CELLS
from s2s.errors import TraceError
from s2s.translator import Translator
from s2s.walkthrough.stages import (
    Check,
    both,
    check,
    combining,
    contributions,
    lengths,
    mixing,
    predicting,
    reading,
    scoring,
    softmax,
    stepping,
    weighting,
)
from s2s.walkthrough.workings import Workings
from tests.walkthrough.conftest import SENTENCE, Work, changed

ATTENDING = [attention for attention in ATTENTIONS if attention != "none"]
STAGES = {
    "reading": lambda workings, step: reading(workings),
    "stepping": stepping,
    "scoring": scoring,
    "weighting": weighting,
    "mixing": mixing,
    "combining": combining,
    "predicting": predicting,
}


def checks(workings: Workings, step: int) -> dict[str, Check]:
    """The check of every stage that this model has."""
    found = {name: stage(workings, step) for name, stage in STAGES.items()}
    return {name: stage.check for name, stage in found.items() if stage is not None}


def assert_whole(workings: Workings) -> None:
    for step in range(workings.steps):
        found = checks(workings, step)
        assert len(found) == (4 if workings.trace.weights is None else 7)
        assert all(one.holds for one in found.values()), found


@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("attention", ATTENTIONS)
def test_every_stage_follows_from_the_one_before(work: Work, attention: str, cell: str, layers: int) -> None:
    assert_whole(work(attention, cell, layers))


@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("direction", ["forward", "backward"])
def test_every_stage_of_an_encoder_that_reads_one_way_follows_too(
    work: Work, direction: str, cell: str, layers: int
) -> None:
    workings = work("general", cell, layers, direction)
    assert [len(directions) for directions in workings.parameters.encoder] == [1] * layers
    assert_whole(workings)


@pytest.mark.parametrize("attention", ATTENTIONS)
@settings(max_examples=12)
@given(text=st.text(max_size=30))
@example(text="")
@example(text="mot " * 300)
@example(text="한국어 <b>😀</b>")
def test_the_same_holds_for_any_text(work: Work, attention: str, text: str) -> None:
    assert_whole(work(attention, text=text))


@pytest.mark.parametrize("model", ["fr-en-dot", "fr-en-general", "fr-en-concat", "fr-en-none"])
def test_the_same_holds_for_the_shipped_models(model: str) -> None:
    assert_whole(Translator.load(model).workings("Je ne comprends pas pourquoi elle est partie."))


def test_the_same_holds_for_a_sentence_that_is_cut() -> None:
    assert_whole(Translator.load("fr-en-general").workings("xylophone " * 70))


WRONG = [
    ("embedded", (0, 0), "reading"),
    ("passes", (1, 3), "reading"),
    ("last", (0, 0, 2), "reading"),
    ("encoder_states", (1, 5), "reading"),
    ("encoder_states", (1, 5), "scoring"),
    ("encoder_states", (1, 5), "mixing"),
    ("states", (0, 0, 0, 1), "reading"),
    ("states", (2, 0, 0, 1), "stepping"),
    ("states", (3, 1, 0, 1), "stepping"),
    ("decoder_states", (2, 4), "stepping"),
    ("decoder_states", (2, 4), "scoring"),
    ("decoder_states", (2, 4), "combining"),
    ("scores", (2, 1), "scoring"),
    ("scores", (2, 1), "weighting"),
    ("weights", (2, 1), "weighting"),
    ("weights", (2, 1), "mixing"),
    ("contexts", (2, 6), "mixing"),
    ("contexts", (2, 6), "combining"),
    ("attentional_states", (2, 7), "combining"),
    ("attentional_states", (2, 7), "predicting"),
    ("log_probs", (2,), "predicting"),
    ("vocabulary_log_probs", (2, 9), "predicting"),
]


@pytest.mark.parametrize(("name", "place", "stage"), WRONG)
@pytest.mark.parametrize("attention", ATTENDING)
def test_a_number_that_is_not_the_models_is_found_by_its_stage(
    work: Work, attention: str, name: str, place: tuple[int, ...], stage: str
) -> None:
    """Every number that is shown, off by a twentieth, at step 2."""
    wrong = changed(work(attention), name, place, 0.05)
    assert not checks(wrong, 2)[stage].holds


def test_a_check_of_what_is_not_a_number_fails() -> None:
    assert not check((np.array([1.0, np.nan]), np.ones(2))).holds
    assert not check((np.ones(2), np.ones(2)), (np.full(2, np.inf), np.ones(2))).holds
    assert check((np.ones(2), np.ones(2)), (np.zeros(0), np.zeros(0))) == Check(0.0, 1.0)


def test_of_two_checks_the_one_that_is_further_off_is_told() -> None:
    near, far, none = Check(0.5, 100.0), Check(0.1, 1.0), Check(math.nan, 1.0)
    assert both(near, far) == both(far, near) == far
    assert both(far, none) is none
    assert both(none, far) is none


@pytest.mark.parametrize("attention", ATTENDING)
def test_a_score_is_the_sum_of_its_products_in_any_order(work: Work, attention: str) -> None:
    workings = work(attention)
    scores = scoring(workings, 1)
    assert scores is not None
    for place, row in enumerate(scores.products):
        found = contributions(row)
        assert sorted(found.order) == list(range(len(row)))
        sizes = np.abs(row[found.order])
        assert (sizes[:-1] >= sizes[1:]).all()
        assert found.running[-1] == pytest.approx(float(workings.trace.scores[1, place]), abs=1e-5)  # type: ignore[index]


def test_the_sides_of_a_score_are_those_of_its_formula(work: Work) -> None:
    dot, general, concat = (work(attention) for attention in ATTENDING)
    for workings in (dot, general, concat):
        trace, parameters, scores = workings.trace, workings.parameters, scoring(workings, 1)
        assert scores is not None
        s, h = trace.decoder_states[1], trace.encoder_states
        if workings is dot:
            expected = s, h, h
        elif workings is general:
            expected = s, h @ parameters.between.T, h @ parameters.between.T  # type: ignore[union-attr]
        else:
            asking, answering = parameters.from_decoder @ s, h @ parameters.from_encoder.T  # type: ignore[operator, union-attr]
            expected = asking, answering, np.tanh(asking + answering)
        for found, wanted in zip(scores[:3], expected, strict=True):
            np.testing.assert_allclose(found, wanted, atol=1e-6)


@pytest.mark.parametrize("attention", ["dot", "general"])
def test_a_dot_product_is_two_lengths_and_a_cosine(work: Work, attention: str) -> None:
    scores = scoring(work(attention), 1)
    assert scores is not None
    found = lengths(scores)
    assert (np.abs(found.cosines) <= 1 + 1e-12).all()
    np.testing.assert_allclose(found.asking * found.answering * found.cosines, scores.scores, atol=1e-12)
    at_rest = lengths(scores._replace(asking=scores.asking * 0, products=scores.products * 0))
    assert not at_rest.cosines.any()


def test_softmax_is_the_definition_and_bears_large_scores() -> None:
    scores = np.array([0.5, -1.0, 2.0])
    powers = [math.exp(score) for score in scores]
    weights, highest, shown = softmax(scores)
    np.testing.assert_allclose(weights, [power / sum(powers) for power in powers])
    assert (float(highest[0]), float(shown.max())) == (2.0, 1.0)
    np.testing.assert_allclose(softmax(scores + 1e4)[0], weights)


def test_the_parts_of_the_tanh_are_those_of_context_and_state(work: Work) -> None:
    workings = work("general")
    trace, matrix = workings.trace, workings.parameters.combine
    found = combining(workings, 2)
    np.testing.assert_allclose(found.from_context, matrix[:, :16] @ trace.contexts[2], atol=1e-6)  # type: ignore[index]
    np.testing.assert_allclose(found.from_state, matrix[:, 16:] @ trace.decoder_states[2], atol=1e-6)
    assert np.exp(predicting(workings, 2).log_probs).sum() == pytest.approx(1)
    assert not combining(work("none"), 2).from_context.any()


@pytest.mark.parametrize(
    ("name", "wrong"),
    [("embedded", slice(1)), ("passes", slice(1)), ("last", slice(1)), ("states", slice(3))],
)
def test_workings_that_do_not_line_up_are_refused_by_name(work: Work, name: str, wrong: slice) -> None:
    whole = work("dot", text=SENTENCE)
    values: dict[str, Any] = {name: getattr(whole, name)[wrong]}
    with pytest.raises(TraceError) as caught:
        dataclasses.replace(whole, **values)
    assert caught.value.values["name"] == name


def test_workings_need_the_distributions_over_the_vocabulary(work: Work) -> None:
    whole = work("dot")
    with pytest.raises(TraceError) as caught:
        dataclasses.replace(whole, trace=dataclasses.replace(whole.trace, vocabulary_log_probs=None))
    assert caught.value.key == "trace_without_vocabulary"
