"""The stages of one head, held to the model that computed them, and to what must hold of any attention."""

from collections.abc import Callable
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
import torch

from s2s.data.tokenizer import Tokenizer
from s2s.errors import ConfigError, TraceError
from s2s.model.transformer.model import Transformer
from s2s.translator import Translator
from s2s.walkthrough import heads, what_if_heads
from s2s.walkthrough.heads import At
from s2s.walkthrough.stages import Check
from s2s.walkthrough.transformer import CROSS, DECODER, ENCODER, KINDS, HeadWorkings
from s2s.walkthrough.what_if import likeliest
from s2s.walkthrough.what_if_heads import Change
from tests.tiny_transformer import HEADS, HIDDEN, LAYERS, tiny_transformer
from tests.translators import Named

SENTENCE = "L'enfant dort chez moi, n'est-ce pas ?"
STAGES: tuple[Callable[..., tuple], ...] = (
    heads.normalising, heads.projecting, heads.multiplying, heads.dividing, heads.masking, heads.weighting,
    heads.summing, heads.joining, heads.leaving, heads.adding,
)  # fmt: skip


@pytest.fixture(scope="module")
def translator(tokenizers: tuple[Tokenizer, Tokenizer]) -> Translator:
    return tiny_transformer(tokenizers)


@pytest.fixture(scope="module")
def workings(translator: Translator) -> HeadWorkings:
    return translator.head_workings(SENTENCE)


def places(of: HeadWorkings) -> list[At]:
    return [
        At(kind, layer, head, step)
        for kind, layer, head in product(KINDS, range(LAYERS), range(HEADS))
        for step in {0, 3, len(of.asking(kind)) - 1}
    ]


def test_the_trace_in_them_is_the_translation(translator: Translator, workings: HeadWorkings):
    plain = translator.translate(SENTENCE)
    assert workings.trace.target_pieces == plain.target_pieces
    np.testing.assert_array_equal(workings.trace.cross_looks, plain.cross_looks)
    assert workings.layers == LAYERS
    assert (workings.parameters.width, workings.parameters.heads) == (HIDDEN // HEADS, HEADS)


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_follows_from_the_one_before_as_the_model_has_it(stage, workings: HeadWorkings):
    for at in places(workings):
        check = stage(workings, at).check
        assert check.tolerance == 1e-5
        assert check.holds, (at, check)


CHANGED = {  # of a stage, the array that it leads to
    heads.normalising: "asking", heads.projecting: "values", heads.multiplying: "scores",
    heads.dividing: "scores", heads.masking: "weights", heads.weighting: "weights",
    heads.summing: "contexts", heads.joining: "contexts", heads.leaving: "output", heads.adding: "after",
}  # fmt: skip


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_tells_of_a_number_that_does_not_follow(stage, workings: HeadWorkings):
    at = At(DECODER, 1, 2, 3)
    name = CHANGED[stage]
    one = workings.looked(DECODER, 1)
    array = getattr(one, name).copy()
    last = array.shape[-1] - 1  # of weights, one that must not be seen
    array[(at.step, last) if array.ndim == 2 else (at.head, at.step, last)] += 1e-3
    other = replace(workings, decoder=(workings.decoder[0], one._replace(**{name: array})))
    assert stage(workings, at).check.holds
    assert not stage(other, at).check.holds


@pytest.mark.parametrize("kind", KINDS)
def test_the_numbers_of_the_stages_hang_together(kind: str, workings: HeadWorkings):
    at = At(kind, 1, 2, 2)
    norm = heads.normalising(workings, at)
    attention = workings.parameters.attention(kind, 1)
    bare = (norm.asking - attention.norm.shift) / attention.norm.gain
    assert abs(bare.mean()) < 1e-6
    np.testing.assert_allclose(bare, (norm.before - norm.mean) / norm.spread, atol=1e-6)
    made, dots = heads.projecting(workings, at), heads.multiplying(workings, at)
    np.testing.assert_allclose(made.keys @ made.query, dots.dots, atol=1e-5)
    divided, masked = heads.dividing(workings, at), heads.masking(workings, at)
    assert divided.root == pytest.approx(2.0)  # of heads 4 wide
    np.testing.assert_allclose(divided.scores * divided.root, dots.dots)
    assert masked.allowed.sum() == (3 if kind == DECODER else len(workings.asked(kind)))
    weights = heads.weighting(workings, at).weights
    assert weights.sum() == pytest.approx(1)
    assert (weights[~masked.allowed] == 0).all()
    summed, joined = heads.summing(workings, at), heads.joining(workings, at)
    np.testing.assert_allclose(weights @ made.values, summed.context, atol=1e-5)
    np.testing.assert_allclose(joined.joined[2 * 4 : 3 * 4], summed.context, atol=1e-5)
    left = heads.leaving(workings, at)
    np.testing.assert_allclose(left.parts.sum(axis=0) + attention.out.bias, left.output)
    np.testing.assert_allclose(heads.adding(workings, at).after, norm.before + left.output, atol=1e-5)


def test_keys_and_values_of_the_source_are_made_of_the_encoders_states(workings: HeadWorkings):
    np.testing.assert_array_equal(
        heads.looked_at(workings, At(CROSS, 0, 0, 0)), workings.trace.encoder_states.astype(np.float64)
    )
    assert workings.asked(CROSS) == workings.asked(ENCODER) == workings.trace.source_pieces
    assert workings.asking(CROSS) == workings.asking(DECODER) == workings.trace.fed


def test_the_model_again_in_numpy_says_what_the_model_says(workings: HeadWorkings):
    check = what_if_heads.agreement(workings)
    assert check.holds
    assert check.largest > 1
    log_probs = what_if_heads.continued(workings).log_probs
    np.testing.assert_allclose(np.exp(log_probs).sum(axis=1), 1)
    said = [likeliest(workings.parameters, row, count=1)[0].id for row in log_probs]
    assert said == [piece.id for piece in workings.trace.target_pieces]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("layer", range(LAYERS))
def test_a_head_switched_off_says_what_a_model_without_its_columns_says(
    kind: str, layer: int, translator: Translator, workings: HeadWorkings
):
    """The columns of W_o that belong to the head, set to zero, are the same as a context of zeros."""
    model = translator._checkpoint.model
    assert isinstance(model, Transformer)
    side = model.encoder if kind == ENCODER else model.decoder
    of = side.layers[layer].crossing if kind == CROSS else side.layers[layer].looking
    weight, width = of.out.weight.data, HIDDEN // HEADS
    kept = weight[:, width : 2 * width].clone()
    try:
        weight[:, width : 2 * width] = 0.0
        expected = translator.align(SENTENCE, workings.trace.target)  # forced: what is fed stays
        with torch.inference_mode():
            source, fed = (
                torch.tensor([[piece.id for piece in pieces]])
                for pieces in (workings.trace.source_pieces, workings.trace.fed)
            )
            logits = model(source, fed).logits[0]
    finally:
        weight[:, width : 2 * width] = kept
    found = what_if_heads.continued(workings, Change(kind, layer, 1, drops=True))
    np.testing.assert_allclose(found.log_probs, torch.log_softmax(logits, dim=-1).numpy(), atol=2e-5)
    np.testing.assert_allclose(found.encoder_states, expected.encoder_states, atol=1e-5)
    unchanged = what_if_heads.continued(workings)
    assert np.abs(found.log_probs - unchanged.log_probs).max() > 1e-3


def test_without_the_root_the_same_scores_are_as_many_times_larger_and_the_weights_sharper(
    workings: HeadWorkings,
):
    for at in places(workings):
        own, bare = heads.weighting(workings, at).weights, what_if_heads.unscaled(workings, at)
        with np.errstate(divide="ignore"):
            apart, further = (np.log(weights) - np.log(weights[0]) for weights in (own, bare))
        may = heads.allowed(workings, at)
        np.testing.assert_allclose(further[may], 2 * apart[may], atol=1e-6)
        assert what_if_heads.entropy(bare) <= what_if_heads.entropy(own) + 1e-9
    found = what_if_heads.continued(workings, Change(CROSS, 1, 1, scaled=False))
    assert np.abs(found.log_probs - what_if_heads.continued(workings).log_probs).max() > 1e-5


def test_entropy_is_nothing_for_one_and_the_logarithm_of_how_many_for_all_alike():
    assert what_if_heads.entropy(np.array([0.0, 1.0, 0.0])) == 0
    assert what_if_heads.entropy(np.full(5, 0.2)) == pytest.approx(np.log(5))


def test_an_array_of_another_shape_is_refused(workings: HeadWorkings):
    short = workings.cross[0]._replace(query=workings.cross[0].query[:, :, :2])
    with pytest.raises(TraceError, match=r"cross\.query"):
        replace(workings, cross=(short, workings.cross[1]))
    bare = replace(workings.trace, vocabulary_log_probs=None)
    with pytest.raises(TraceError, match="tiny-transformer"):
        replace(workings, trace=bare)
    with pytest.raises(ValueError, match="read-only"):
        workings.cross[0].query[0, 0, 0] = 1.0


def test_a_check_is_as_strict_as_it_says():
    assert Check(9e-6, 1.0, 1e-5).holds
    assert not Check(2e-5, 1.0, 1e-5).holds
    assert Check(2e-5, 1.0).holds
    assert not Check(float("nan"), 1.0, 1e-5).holds


def test_each_family_refuses_the_workings_of_the_other(translator: Translator, untrained: Named):
    with pytest.raises(ConfigError, match="tiny-transformer"):
        translator.workings(SENTENCE)
    with pytest.raises(ConfigError, match="no heads"):
        untrained("general")[0].head_workings(SENTENCE)
