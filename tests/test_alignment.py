"""A trace on the axes people look at: words and pieces, weights and scores merged over them."""

import dataclasses
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2s.errors import TraceError
from s2s.pieces import spelt
from s2s.traces import END, LEVELS, Alignment, Array, Piece, Unit, difference, rest_of_word, word_pieces
from tests.small_traces import (
    SOURCE,
    SOURCE_PIECES,
    SOURCE_WORDS,
    TARGET,
    TARGET_PIECES,
    TARGET_WORDS,
    softmax,
    trace_of,
    without_attention,
    words_of,
)


def test_words_are_those_of_the_text() -> None:
    alignment = words_of(trace_of())
    assert [unit.text for unit in alignment.source_units] == [word for word, _ in SOURCE_WORDS]
    assert [unit.text for unit in alignment.target_units] == [word for word, _ in TARGET_WORDS]
    for text, units in ((SOURCE, alignment.source_units), (TARGET, alignment.target_units)):
        assert all(unit.text == text[unit.start : unit.end] for unit in units[:-1])
        assert [unit.is_end for unit in units] == [False] * (len(units) - 1) + [True]
        assert (units[-1].start, units[-1].end) == (len(text), len(text))


@pytest.mark.parametrize("seed", range(5))
def test_weights_are_summed_over_a_source_word_and_averaged_over_a_target_word(seed: int) -> None:
    trace = trace_of(seed)
    assert trace.weights is not None
    alignment = words_of(trace)
    for i, (_, rows) in enumerate(TARGET_WORDS):
        for j, (_, columns) in enumerate(SOURCE_WORDS):
            total = 0.0
            for t in rows:
                for s in columns:
                    total += float(trace.weights[t, s])
            assert alignment.weights[i, j] == pytest.approx(total / len(rows), abs=1e-6)
        assert alignment.log_probs[i] == pytest.approx(sum(trace.log_probs[t] for t in rows), abs=1e-5)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("level", ["words", "pieces"])
def test_merged_rows_stay_distributions(seed: int, level: Any) -> None:
    alignment = trace_of(seed).alignment(level)
    assert alignment is not None
    np.testing.assert_allclose(alignment.weights.sum(axis=1), 1, atol=1e-6)
    assert (alignment.weights >= 0).all()


@pytest.mark.parametrize("seed", range(5))
def test_a_softmax_over_merged_scores_gives_the_merged_weights(seed: int) -> None:
    alignment = words_of(trace_of(seed))
    single = [i for i, (_, pieces) in enumerate(TARGET_WORDS) if len(pieces) == 1]
    np.testing.assert_allclose(softmax(alignment.scores[single]), alignment.weights[single], atol=1e-6)


@pytest.mark.parametrize("seed", range(5))
def test_scores_of_a_target_word_are_the_mean_over_its_pieces(seed: int) -> None:
    trace = trace_of(seed)
    assert trace.scores is not None
    alignment = words_of(trace)
    for i, (_, rows) in enumerate(TARGET_WORDS):
        for j, (_, columns) in enumerate(SOURCE_WORDS):
            merged = [math.log(sum(math.exp(trace.scores[t, s]) for s in columns)) for t in rows]
            assert alignment.scores[i, j] == pytest.approx(sum(merged) / len(rows), abs=1e-5)


@pytest.mark.parametrize("factor", [1.0, 3000.0, -3000.0])
def test_scores_of_any_size_stay_numbers(factor: float) -> None:
    scores = np.linspace(-1, 1, 42).reshape(6, 7).astype(np.float32) * factor
    trace = trace_of(scores=scores, weights=softmax(scores))
    for level in ("words", "pieces"):
        alignment = trace.alignment(level)  # type: ignore[arg-type]
        assert alignment is not None
        assert np.isfinite(alignment.scores).all()
    assert np.array_equal(trace.alignment("pieces").scores, scores)  # type: ignore[union-attr]


def test_on_pieces_nothing_is_merged() -> None:
    trace = trace_of()
    alignment = trace.alignment("pieces")
    assert alignment is not None
    assert np.array_equal(alignment.weights, trace.weights)  # type: ignore[arg-type]
    assert np.array_equal(alignment.log_probs, trace.log_probs)
    np.testing.assert_allclose(alignment.scores, trace.scores, atol=1e-6)  # type: ignore[arg-type]
    for units, pieces in ((alignment.source_units, SOURCE_PIECES), (alignment.target_units, TARGET_PIECES)):
        assert [(u.text, u.start, u.end) for u in units] == [(spelt(p.text), p.start, p.end) for p in pieces]
        assert [u.is_end for u in units] == [False] * (len(pieces) - 1) + [True]


def _source(text: str, *pieces: Piece) -> list[str]:
    trace = trace_of(source=text, source_pieces=(*pieces, Piece(END, 3, len(text), len(text))))
    alignment = words_of(trace)
    np.testing.assert_allclose(alignment.weights.sum(axis=1), 1, atol=1e-6)
    return [unit.text for unit in alignment.source_units]


def test_a_piece_across_two_words_joins_them() -> None:
    assert _source("l'eau.", Piece("▁l'eau", 9, 0, 5), Piece(".", 8, 5, 6)) == ["l'eau", ".", END]
    assert _source("a, b", Piece("▁a,", 9, 0, 2), Piece("▁b", 8, 3, 4)) == ["a,", "b", END]


def test_a_piece_that_begins_inside_a_word_and_ends_in_the_next_joins_both() -> None:
    pieces = Piece("▁l", 9, 0, 1), Piece("'ea", 8, 1, 4), Piece("u", 7, 4, 5), Piece(".", 6, 5, 6)
    assert _source("l'eau.", *pieces) == ["l'eau", ".", END]


def test_a_space_alone_belongs_to_the_word_behind_it() -> None:
    assert _source("a b", Piece("▁a", 9, 0, 1), Piece("▁", 8, 2, 2), Piece("b", 7, 2, 3)) == ["a", "b", END]


def test_a_word_that_was_not_read_is_not_shown() -> None:
    pieces = (Piece("▁a", 9, 0, 1), Piece("▁b", 8, 2, 3), Piece(END, 3, 3, 3))
    trace = trace_of(source="a b c d", source_pieces=pieces, source_cut=True)
    assert [unit.text for unit in words_of(trace).source_units] == ["a", "b", END]


def test_a_cut_translation_has_no_end_row() -> None:
    trace = trace_of(target_pieces=TARGET_PIECES[:-1], target_cut=True)
    alignment = words_of(trace)
    assert [unit.text for unit in alignment.target_units] == ["He", "sleeps", "."]
    assert alignment.weights.shape == (3, 5)


def test_text_that_spells_the_end_token_is_not_one() -> None:
    pieces = (Piece("▁", 9, 0, 0), Piece(END, 1, 0, 4), Piece(END, 3, 4, 4))
    alignment = trace_of(source=END, source_pieces=pieces).alignment("pieces")
    assert alignment is not None
    assert [unit.is_end for unit in alignment.source_units] == [False, False, True]


def test_a_trace_without_attention_aligns_nothing() -> None:
    assert without_attention().alignment("words") is None
    assert without_attention().alignment("pieces") is None
    assert without_attention().alignment("words", row="reads") is None


@pytest.mark.parametrize("level", ["words", "pieces"])
@pytest.mark.parametrize("pieces", [TARGET_PIECES, TARGET_PIECES[:-1], TARGET_PIECES[:-2]])
def test_the_rows_that_read_are_those_that_predict_one_step_later(level: Any, pieces: Any) -> None:
    trace = trace_of(target_pieces=pieces)
    assert trace.weights is not None
    assert trace.scores is not None
    later = {name: getattr(trace, name)[1:] for name in ("scores", "weights", "contexts")}
    shifted = trace_of(target_pieces=pieces[:-1], log_probs=trace.log_probs[:-1], **later)
    reads, expected = trace.alignment(level, row="reads"), shifted.alignment(level)
    assert reads is not None
    assert expected is not None
    assert reads.target_units == expected.target_units
    assert reads.source_units == expected.source_units
    assert reads.links == expected.links
    for name in ("weights", "scores", "log_probs", "entropy"):
        assert np.array_equal(getattr(reads, name), getattr(expected, name))


def test_every_word_is_read_but_the_end_token_is_only_predicted() -> None:
    trace = trace_of()
    reads = trace.alignment("words", row="reads")
    assert reads is not None
    assert reads.target_units == words_of(trace).target_units[:-1]
    assert np.array_equal(reads.log_probs, words_of(trace).log_probs[:-1])
    nothing = trace_of(target="", target_pieces=(Piece(END, 3, 0, 0),)).alignment("words", row="reads")
    assert nothing is not None
    assert (nothing.target_units, nothing.links, nothing.weights.shape) == ((), (), (0, len(SOURCE_WORDS)))


def test_posteriors_are_read_in_the_place_of_weights_where_they_were_computed() -> None:
    """The same numbers as weights of another trace."""
    other = trace_of(seed=8).weights
    trace, expected = trace_of(posteriors=other), trace_of(weights=other)
    for level in LEVELS:
        explained, alignment = trace.alignment(level, row="explains"), expected.alignment(level)
        assert explained is not None
        assert alignment is not None
        np.testing.assert_array_equal(explained.weights, alignment.weights)
        assert explained.links == alignment.links
        assert explained.target_units == alignment.target_units
    assert trace_of().alignment("words", row="explains") is None


def test_what_was_written_is_what_the_alignment_says_was_written() -> None:
    for level in ("words", "pieces"):
        trace = trace_of()
        alignment = trace.alignment(level)  # type: ignore[arg-type]
        assert alignment is not None
        for written in (trace.written(level), without_attention().written(level)):  # type: ignore[arg-type]
            assert written.units == alignment.target_units
            assert np.array_equal(written.log_probs, alignment.log_probs)
        assert trace.read(level) == alignment.source_units  # type: ignore[arg-type]


def test_without_its_end_tokens_a_picture_is_the_rest_of_it() -> None:
    alignment = words_of(trace_of())
    bare = alignment.without_end()
    assert bare.source_units == alignment.source_units[:-1]
    assert bare.target_units == alignment.target_units[:-1]
    assert np.array_equal(bare.weights, alignment.weights[:-1, :-1])
    assert np.array_equal(bare.scores, alignment.scores[:-1, :-1])
    assert np.array_equal(bare.log_probs, alignment.log_probs[:-1])
    np.testing.assert_allclose(bare.weights.sum(axis=1), 1 - alignment.weights[:-1, -1], atol=1e-6)


def _alignment(weights: list[list[float]]) -> Alignment:
    """An alignment with these weights, the last row and column the end tokens'."""
    array = np.array(weights, dtype=np.float32)
    rows, columns = array.shape
    return Alignment(
        source_units=tuple(Unit(str(j), j, j + 1, is_end=j == columns - 1) for j in range(columns)),
        target_units=tuple(Unit(str(i), i, i + 1, is_end=i == rows - 1) for i in range(rows)),
        weights=array,
        scores=array,
        log_probs=array[:, 0],
    )


def test_links_go_from_each_target_to_its_strongest_source_but_not_from_or_to_an_end() -> None:
    alignment = _alignment(
        [[0.1, 0.8, 0.1], [0.2, 0.2, 0.6], [0.7, 0.2, 0.1], [0.9, 0.05, 0.05]]
    )  # fmt: skip
    assert alignment.links == ((1, 0), (0, 2))


@pytest.mark.parametrize("units", [1, 2, 3, 10])
def test_entropy_is_log_n_for_all_alike_and_zero_for_one_alone(units: int) -> None:
    alike = [1 / units] * units
    alone = [0.0] * (units - 1) + [1.0]
    entropy: Array = _alignment([alike, alone]).entropy
    assert entropy[0] == pytest.approx(math.log(units), abs=1e-6)
    assert entropy[1] == 0


@given(st.lists(st.lists(st.floats(0.0, 1.0), min_size=4, max_size=4).filter(lambda row: sum(row) > 0.01),
                min_size=1, max_size=5))  # fmt: skip
def test_entropy_lies_between_zero_and_log_n(rows: list[list[float]]) -> None:
    entropy = _alignment([[weight / sum(row) for weight in row] for row in rows]).entropy
    assert (entropy >= -1e-6).all()
    assert (entropy <= math.log(4) + 1e-6).all()


def test_a_row_for_each_step_over_source_words_adds_up_to_the_rows_of_words():
    trace = trace_of()
    steps, words_ = trace.alignment("words", target_level="pieces"), trace.alignment("words")
    assert steps is not None
    assert words_ is not None
    assert steps.source_units == words_.source_units
    assert [unit.text for unit in steps.target_units] == [spelt(piece.text) for piece in TARGET_PIECES]
    assert np.array_equal(steps.log_probs, trace.log_probs)
    for row, (_, pieces) in enumerate(TARGET_WORDS):
        mean = steps.weights[list(pieces)].mean(axis=0)
        np.testing.assert_allclose(words_.weights[row], mean, atol=1e-6)


def test_the_rest_of_a_word_is_counted_from_the_piece_that_begins_it():
    counts = [rest_of_word(TARGET, TARGET_PIECES, position, "en") for position in range(8)]
    assert counts == [1, 3, 2, 1, 1, 0, 0, 0]


def test_a_difference_is_one_picture_taken_from_another_over_their_common_steps():
    one, other = (trace_of(seed).alignment("pieces") for seed in (1, 2))
    assert one is not None
    assert other is not None
    shorter = dataclasses.replace(other, target_units=other.target_units[:4], weights=other.weights[:4])
    found = difference(one, shorter)
    np.testing.assert_allclose(found.weights, one.weights[:4] - other.weights[:4], atol=1e-7)
    np.testing.assert_allclose(found.weights.sum(axis=1), 0, atol=1e-6)
    assert found.target_units == one.target_units[:4]
    assert not difference(one, one).weights.any()
    with pytest.raises(ValueError, match="read-only"):
        found.weights[0, 0] = 1


def test_pictures_over_different_sources_have_no_difference():
    one = trace_of().alignment("pieces")
    other = trace_of().alignment("words")
    assert one is not None
    assert other is not None
    with pytest.raises(TraceError):
        difference(one, other)


def test_the_pieces_of_each_word_are_told_by_position():
    for text, pieces, expected in (
        (SOURCE, SOURCE_PIECES, SOURCE_WORDS),
        (TARGET, TARGET_PIECES, TARGET_WORDS),
        ("", (Piece(END, 3, 0, 0),), ((END, (0,)),)),
    ):
        found = word_pieces(text, pieces, "fr")
        assert tuple((unit.text, tuple(places)) for unit, places in found) == expected
