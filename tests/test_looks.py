"""All heads of a Transformer, on the axes that people look at."""

import numpy as np
import pytest

from s2s.errors import TraceError
from s2s.looks import ATTENTIONS, all_looks
from tests.small_traces import SOURCE_WORDS, TARGET_WORDS, trace_of, with_heads

TRACE = with_heads()


@pytest.mark.parametrize("of", ATTENTIONS)
@pytest.mark.parametrize("level", ["words", "pieces"])
def test_every_row_of_every_head_is_a_distribution(of, level):
    looks = all_looks(TRACE, of, level)
    assert looks.weights.shape == (2, 3, len(looks.rows), len(looks.columns))
    np.testing.assert_allclose(looks.weights.sum(axis=-1), 1, atol=1e-5)


def test_over_pieces_they_are_those_of_the_trace():
    for of, whole in (
        ("cross", TRACE.cross_looks),
        ("encoder", TRACE.encoder_looks),
        ("decoder", TRACE.decoder_looks),
    ):
        np.testing.assert_allclose(all_looks(TRACE, of, "pieces").weights, whole, atol=1e-7)


def test_the_map_that_a_trace_has_is_the_mean_of_the_layer_it_was_read_from():
    for row in ("predicts", "reads"):
        whole = TRACE.alignment("words", row=row)
        mean = all_looks(TRACE, row=row).mean(0)
        np.testing.assert_allclose(mean.weights, whole.weights, atol=1e-6)
        np.testing.assert_allclose(mean.log_probs, whole.log_probs, atol=1e-6)
        assert mean.links == whole.links


def test_the_mean_of_all_is_that_of_the_heads():
    looks = all_looks(TRACE)
    each = [looks.head(layer, head).weights for layer in range(2) for head in range(3)]
    np.testing.assert_allclose(looks.mean().weights, np.mean(each, axis=0), atol=1e-6)


def test_words_are_merged_as_counted_by_hand():
    """Columns are summed, rows averaged."""
    looks, whole = all_looks(TRACE), TRACE.cross_looks
    for row, (target, steps) in enumerate(TARGET_WORDS):
        assert looks.rows[row].text == target
        for column, (source, places) in enumerate(SOURCE_WORDS):
            assert looks.columns[column].text == source
            expected = whole[1, 2][np.ix_(steps, places)].sum(axis=1).mean()
            assert looks.head(1, 2).weights[row, column] == pytest.approx(expected, abs=1e-6)


def test_by_vectors_a_look_counts_as_much_as_what_it_fetches():
    looks, whole, lengths = all_looks(TRACE, by="vectors"), TRACE.cross_looks, TRACE.cross_fetched
    added = whole[1, 2] * lengths[1, 2]
    for row, (_, steps) in enumerate(TARGET_WORDS):
        for column, (_, places) in enumerate(SOURCE_WORDS):
            expected = added[np.ix_(steps, places)].sum() / added[list(steps)].sum()
            assert looks.head(1, 2).weights[row, column] == pytest.approx(expected, abs=1e-6)
    later = all_looks(TRACE, level="pieces", row="reads", by="vectors")
    shares = added / added.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(later.head(1, 2).weights, shares[1:], atol=1e-6)


def test_only_looks_at_the_source_are_told_by_vectors():
    for trace, of in ((TRACE, "encoder"), (with_heads(cross_fetched=None), "cross")):
        with pytest.raises(TraceError) as caught:
            all_looks(trace, of, by="vectors")
        assert caught.value.key == "trace_without_lengths"


def test_the_decoder_looks_from_what_was_fed_and_never_ahead():
    looks = all_looks(TRACE, "decoder")
    assert [unit.text for unit in looks.rows] == ["<s>", *(text for text, _ in TARGET_WORDS[:-1])]
    assert looks.rows == looks.columns
    assert not np.triu(looks.weights, 1).any()


def test_from_a_row_each_head_is_a_row():
    looks = all_looks(TRACE, "encoder")
    rows = looks.from_row(2, "{layer}.{head}")
    assert [unit.text for unit in rows.target_units] == ["1.1", "1.2", "1.3", "2.1", "2.2", "2.3"]
    np.testing.assert_array_equal(rows.weights[4], looks.head(1, 1).weights[2])


def test_scores_are_such_that_their_softmax_is_the_weights():
    head = all_looks(TRACE).head(0, 1)
    powers = np.exp(head.scores)
    np.testing.assert_allclose(powers / powers.sum(axis=1, keepdims=True), head.weights, atol=1e-6)


def test_a_recurrent_model_has_no_heads():
    with pytest.raises(TraceError, match="tiny has no heads"):
        all_looks(trace_of())
