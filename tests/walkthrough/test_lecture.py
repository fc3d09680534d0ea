"""Four maps from the attention of the lecture to a Transformer: each is of the model that it is about."""

import numpy as np
import pytest

from s2s.data.tokenizer import Tokenizer
from s2s.pieces import units_of
from s2s.walkthrough import lecture
from s2s.walkthrough.what_if import tempered
from tests.tiny_transformer import HEADS, tiny_transformer
from tests.walkthrough.conftest import SENTENCE, Work


def by_words(trace, weights: np.ndarray) -> np.ndarray:
    _, columns = units_of(trace.source, trace.source_pieces, "words", trace.source_language)
    return weights @ columns


@pytest.mark.parametrize("attention", ["dot", "general", "concat"])
def test_one_query_is_the_map_of_the_model_and_divided_its_scores_over_the_root(work: Work, attention: str):
    of = work(attention)
    trace = of.trace
    once, divided = lecture.asked_once(of, 1), lecture.divided(of, 1)
    whole = trace.alignment("words", target_level="pieces")
    np.testing.assert_allclose(once.weights[0], whole.weights[1], atol=1e-6)
    np.testing.assert_allclose(once.scores[0], whole.scores[1], atol=1e-4)
    scaled = tempered(trace.scores[1], temperature=1.0, scaled=True, width=of.parameters.hidden)
    np.testing.assert_allclose(divided.weights[0], by_words(trace, scaled), atol=1e-6)
    assert once.source_units == divided.source_units == whole.source_units
    own = tempered(trace.scores[1], temperature=1.0, scaled=False, width=of.parameters.hidden)
    assert np.ptp(scaled) <= np.ptp(own)  # over pieces: words of several may gain


def test_heads_and_self_attention_are_those_of_the_trace(tokenizers: tuple[Tokenizer, Tokenizer]):
    of = tiny_transformer(tokenizers).head_workings(SENTENCE)
    trace = of.trace
    heads = lecture.in_heads(of, 1, 2, [f"head {number}" for number in range(HEADS)])
    assert [unit.text for unit in heads.target_units] == ["head 0", "head 1", "head 2", "head 3"]
    np.testing.assert_allclose(heads.weights, by_words(trace, trace.cross_looks[1, :, 2]), atol=1e-6)
    itself = lecture.asks_itself(of, 0, 3)
    assert itself.target_units == itself.source_units
    np.testing.assert_allclose(itself.weights.sum(axis=1), 1, atol=1e-6)
    _, columns = units_of(trace.source, trace.source_pieces, "words", trace.source_language)
    rows = by_words(trace, trace.encoder_looks[0, 3])
    for word, unit in enumerate(itself.target_units):
        mean = rows[columns[:, word] == 1].mean(axis=0)
        np.testing.assert_allclose(itself.weights[word], mean, atol=1e-6, err_msg=unit.text)
