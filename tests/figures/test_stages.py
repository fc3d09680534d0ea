"""The pictures of the walkthrough, of a small untrained model: their numbers are those of its workings."""

from collections.abc import Iterator

import numpy as np
import pytest

from s2s.figures import stages as draw
from s2s.figures.canvas import Figure
from s2s.figures.look import Look, merged_score, source_rows, state_limit
from s2s.figures.palette import DARK, LIGHT
from s2s.traces import word_pieces
from s2s.walkthrough import stages
from s2s.walkthrough.what_if import likeliest, tempered
from s2s.walkthrough.workings import Workings
from tests.figures.drawn import drawn, valid
from tests.figures.test_strips import cells
from tests.walkthrough.conftest import SENTENCE, Work, work

__all__ = ["work"]  # the fixture that makes workings

NAMES = ("added", "score", "weight", "source_word", "target_word", "end")
GATES = ("input", "forget", "candidate", "output", "reset", "update")
LOOK = Look(palette=LIGHT, labels={name: name.upper() for name in (*NAMES, *GATES)})
STEP = 2


def figures(workings: Workings, look: Look = LOOK) -> Iterator[Figure]:
    """Every picture of a step."""
    trace, parameters, step = workings.trace, workings.parameters, min(STEP, workings.steps - 1)
    found = stages.stepping(workings, step)
    yield from (draw.passes(workings, look), draw.embeddings(workings, look))
    yield from (draw.encoder_states(workings, look), draw.bridge(workings, look))
    yield from (draw.recurrence(workings, step, found, look), draw.gates(found, look))
    yield draw.one_state(workings, step, look, "s<sub>t</sub>")
    scores = stages.scoring(workings, step)
    weighting, mixing = stages.weighting(workings, step), stages.mixing(workings, step)
    if scores is not None and weighting is not None and mixing is not None and trace.weights is not None:
        yield draw.sides(workings, step, scores, look)
        yield draw.one_score(workings, step, scores, 1, look)
        yield draw.build_up(scores.products[1], stages.contributions(scores.products[1]), look)
        yield from (draw.scores(workings, step, look), draw.powers(workings, weighting, look))
        yield draw.weights(workings, trace.weights[step], look)
        yield draw.mixture(workings, step, mixing, look)
        alignment = trace.alignment("words", target_level="pieces")
        assert alignment is not None
        yield draw.grid(alignment, look)
    combining = stages.combining(workings, step)
    yield draw.combination(workings, step, combining, look, dropped=False)
    yield draw.likely_words([("chat", 0.9), ("<b>", 0.0001)], look)
    yield draw.matrix(parameters.combine[:, -parameters.hidden :], "W", look)


@pytest.mark.parametrize("cell", ["rnn", "gru", "lstm"])
@pytest.mark.parametrize("attention", ["none", "dot", "general", "concat"])
def test_every_picture_of_every_model_is_as_plotly_wants_it(work: Work, attention: str, cell: str) -> None:
    count = 0
    for figure in figures(work(attention, cell, 2), Look(palette=DARK, labels=LOOK.labels)):
        valid(figure)
        count += 1
    assert count == (10 if attention == "none" else 18)


def test_the_same_step_gives_the_same_pictures(work: Work) -> None:
    workings = work("concat")
    for one, other in zip(figures(workings), figures(workings), strict=True):
        assert drawn(one).to_json() == drawn(other).to_json()


def vectors(figure: Figure) -> np.ndarray:
    return np.array([vector for _, _, vector in cells(drawn(figure))])


def test_the_strips_of_the_first_stage_are_the_states_and_add_up(work: Work) -> None:
    workings = work("dot")
    passes, embedded, states = (
        vectors(make(workings, LOOK)) for make in (draw.passes, draw.embeddings, draw.encoder_states)
    )
    np.testing.assert_array_equal(states, workings.trace.encoder_states)
    np.testing.assert_allclose(passes + embedded, states, atol=1e-6)


def test_the_bridge_is_drawn_with_all_parts_of_the_state(work: Work) -> None:
    workings = work("dot", "lstm", 2)
    shown = vectors(draw.bridge(workings, LOOK))
    np.testing.assert_array_equal(shown[:4], workings.last.reshape(4, -1))
    np.testing.assert_array_equal(shown[4:], workings.states[0].reshape(4, -1))


@pytest.mark.parametrize("attention", ["dot", "general", "concat"])
def test_the_last_strip_of_a_score_sums_to_it(work: Work, attention: str) -> None:
    workings = work(attention)
    scores = stages.scoring(workings, STEP)
    assert scores is not None
    for place in (0, 3):
        shown = vectors(draw.one_score(workings, STEP, scores, place, LOOK))
        assert shown[-1].sum() == pytest.approx(float(workings.trace.scores[STEP, place]), abs=1e-5)  # type: ignore[index]


@pytest.mark.parametrize("attention", ["dot", "general", "concat"])
def test_the_strips_of_the_context_sum_to_it(work: Work, attention: str) -> None:
    workings = work(attention)
    mixing = stages.mixing(workings, STEP)
    assert mixing is not None
    *scaled, context = vectors(draw.mixture(workings, STEP, mixing, LOOK))
    np.testing.assert_allclose(np.sum(scaled, axis=0), context, atol=1e-5)
    np.testing.assert_allclose(context, workings.trace.contexts[STEP], atol=1e-5)  # type: ignore[index]


def test_bars_of_words_are_the_alignment_of_the_trace(work: Work) -> None:
    workings = work("general")
    trace = workings.trace
    alignment = trace.alignment("words", target_level="pieces")
    assert alignment is not None
    assert trace.weights is not None
    weights = draw.weights(workings, trace.weights[STEP], LOOK).data[0]["x"]
    np.testing.assert_allclose(weights, alignment.weights[STEP], atol=1e-6)
    np.testing.assert_allclose(
        draw.scores(workings, STEP, LOOK).data[0]["x"], alignment.scores[STEP], atol=1e-5
    )
    weighting = stages.weighting(workings, STEP)
    assert weighting is not None
    powers = draw.powers(workings, weighting, LOOK).data[0]["x"]
    np.testing.assert_allclose(powers / powers.sum(), alignment.weights[STEP], atol=1e-6)


def test_a_changed_weight_is_outlined_in_the_colour_of_what_is_changed(work: Work) -> None:
    workings = work("general")
    assert workings.trace.scores is not None
    changed = tempered(workings.trace.scores[STEP], temperature=3.0, scaled=False, width=16)
    marker = draw.weights(workings, changed, LOOK, what_if=True).data[0]["marker"]
    assert marker["line"]["color"] == LIGHT.pinned
    assert marker["color"] == "rgba(0, 0, 0, 0)"


def test_an_opened_word_has_a_row_for_each_piece_and_loses_nothing(work: Work) -> None:
    trace = work("dot").trace
    words = word_pieces(trace.source, trace.source_pieces, trace.source_language)
    number = next(i for i, (_, pieces) in enumerate(words) if len(pieces) > 1)
    closed = source_rows(trace, LOOK)
    opened = source_rows(trace, Look(palette=LIGHT, labels=LOOK.labels, opened=frozenset({number})))
    assert len(opened) == len(closed) + len(words[number][1]) - 1
    for rows in (closed, opened):
        assert [place for row in rows for place in row.pieces] == list(range(len(trace.source_pieces)))
    assert [row.name for row in closed] == [unit.text for unit, _ in words]


def test_scores_of_a_word_merge_so_that_softmax_gives_its_summed_weight() -> None:
    scores = np.array([0.5, 1.5, -1.0])
    powers = np.exp(scores)
    merged = np.exp([merged_score(scores, range(2)), merged_score(scores, range(2, 3))])
    np.testing.assert_allclose(
        merged / merged.sum(), [powers[:2].sum() / powers.sum(), powers[2] / powers.sum()]
    )


def test_the_limit_of_states_is_one_for_the_whole_sentence_and_few_lie_beyond(work: Work) -> None:
    workings = work("dot", text=SENTENCE)
    limit = state_limit(workings)
    assert limit == round(limit, 1)
    sizes = np.abs(np.concatenate([workings.trace.encoder_states, workings.trace.decoder_states]))
    assert (sizes > limit).mean() <= 0.01


def test_without_a_context_the_picture_shows_zeros(work: Work) -> None:
    workings = work("dot")
    bare = stages.combined(workings.parameters, np.zeros(16), workings.trace.decoder_states[STEP])
    shown = stages.combining(workings, STEP)._replace(from_context=bare[0], attentional_state=bare[2])
    context, state, from_context, *_ = vectors(draw.combination(workings, STEP, shown, LOOK, dropped=True))
    assert not context.any()
    assert not from_context.any()
    np.testing.assert_array_equal(state, workings.trace.decoder_states[STEP])


def test_words_that_people_type_are_escaped(work: Work) -> None:
    workings = work("dot", text="<u>je</u> $x$")
    for figure in figures(workings):
        del figure.layout["meta"]  # which Plotly does not draw, and the browser writes as text
        text = str(figure)
        assert "<u>" not in text
        assert "$x$" not in text


def test_likely_words_are_given_with_their_probabilities(work: Work) -> None:
    workings = work("dot")
    assert workings.trace.vocabulary_log_probs is not None
    said = likeliest(workings.parameters, workings.trace.vocabulary_log_probs[STEP], count=4)
    words = [(workings.parameters.vocabulary[piece.id], piece.probability) for piece in said]
    figure = draw.likely_words(words, LOOK)
    np.testing.assert_allclose(figure.data[0]["x"], [piece.probability for piece in said], rtol=1e-6)
