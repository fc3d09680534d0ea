import numpy as np
import pytest
import torch

from s2s.checkpoints import Checkpoint
from s2s.data.tokenizer import PAD_ID, START_ID, UNKNOWN_ID, Tokenizer
from s2s.model.attention import Concat
from s2s.translator import Translator
from s2s.walkthrough.what_if import likeliest, tempered, with_context, without_context, without_tanh
from tests.conftest import BuildTiny
from tests.walkthrough.conftest import SENTENCE, Work


@pytest.mark.parametrize("attention", ["dot", "general", "concat"])
def test_a_temperature_of_one_changes_nothing(work: Work, attention: str) -> None:
    trace = work(attention).trace
    for scores, weights in zip(trace.scores, trace.weights, strict=True):  # type: ignore[arg-type]
        found = tempered(scores, temperature=1.0, scaled=False, width=16)
        np.testing.assert_allclose(found, weights, atol=1e-6)


def test_heat_evens_weights_out_and_cold_leaves_the_highest_alone(work: Work) -> None:
    scores = work("dot").trace.scores[1]  # type: ignore[index]
    spreads = []
    for temperature in (0.1, 0.5, 1.0, 2.0, 5.0):
        weights = tempered(scores, temperature=temperature, scaled=False, width=16)
        assert weights.sum() == pytest.approx(1)
        assert weights.argmax() == scores.argmax()
        spreads.append(-(weights * np.log(np.maximum(weights, 1e-300))).sum())
    assert spreads == sorted(spreads)
    even = tempered(scores, temperature=1e9, scaled=False, width=16)
    np.testing.assert_allclose(even, 1 / len(scores), atol=1e-6)


def test_dividing_by_the_root_of_the_width_is_that_temperature(work: Work) -> None:
    scores = work("dot").trace.scores[1]  # type: ignore[index]
    root = tempered(scores, temperature=1.0, scaled=True, width=16)
    np.testing.assert_allclose(root, tempered(scores, temperature=4.0, scaled=False, width=16))


def test_without_tanh_every_step_has_the_same_weights() -> None:
    workings = Translator.load("fr-en-concat").workings("Je ne comprends pas pourquoi elle est partie.")
    found, own = without_tanh(workings), workings.trace.weights
    assert own is not None
    assert workings.steps > 1
    np.testing.assert_allclose(found, np.tile(found[0], (workings.steps, 1)), atol=1e-12)
    assert np.ptp(own, axis=0).max() > 0.5
    np.testing.assert_allclose(found.sum(axis=1), 1)


def test_without_tanh_is_the_scorer_of_the_model_with_another_activation(
    work: Work, build_tiny: BuildTiny
) -> None:
    workings = work("concat")
    linear = Concat(16, activation=lambda x: x)
    linear.load_state_dict(build_tiny("concat").decoder.scorer.state_dict())  # type: ignore[union-attr]
    decoder_states = torch.tensor(workings.trace.decoder_states)[None]
    encoder_states = torch.tensor(workings.trace.encoder_states)[None]
    with torch.inference_mode():
        scores = linear(decoder_states, linear.keys(encoder_states))
    np.testing.assert_allclose(without_tanh(workings), torch.softmax(scores, -1)[0], atol=1e-6)


@pytest.mark.parametrize("attention", ["dot", "general", "none"])
def test_only_concat_has_a_tanh(work: Work, attention: str) -> None:
    with pytest.raises(ValueError, match="concat"):
        without_tanh(work(attention))


@pytest.mark.parametrize("attention", ["dot", "general", "concat"])
def test_the_models_own_context_gives_what_the_model_said(work: Work, attention: str) -> None:
    workings = work(attention)
    trace = workings.trace
    for step in range(workings.steps):
        found = with_context(workings, step, trace.contexts[step])  # type: ignore[index]
        np.testing.assert_allclose(found, trace.vocabulary_log_probs[step], atol=1e-5)  # type: ignore[index]


def test_without_context_a_step_says_what_the_decoder_says_to_a_context_of_zeros(
    build_tiny: BuildTiny, tokenizers: tuple[Tokenizer, Tokenizer]
) -> None:
    model = build_tiny("general")
    workings = Translator("tiny", Checkpoint(model, *tokenizers)).workings(SENTENCE)
    decoder = model.decoder
    states = torch.tensor(workings.trace.decoder_states)
    with torch.inference_mode():
        seen = torch.cat([torch.zeros_like(states), states], dim=-1)
        logits = torch.tanh(decoder.combine(seen)) @ decoder.embedding.weight.T + decoder.output_bias
        probabilities = logits.softmax(dim=-1)
    for step, said in enumerate(without_context(workings)):
        allowed = probabilities[step].clone()
        allowed[[PAD_ID, START_ID, UNKNOWN_ID]] = -1
        assert said.id == int(allowed.argmax())
        assert said.probability == pytest.approx(float(allowed.max()), abs=1e-6)
        row = with_context(workings, step, np.zeros(16))
        assert likeliest(workings.parameters, row, count=1)[0].id == said.id


def test_the_likeliest_pieces_are_the_candidates_of_the_trace(work: Work) -> None:
    workings = work("dot")
    trace = workings.trace
    for candidates, row in zip(trace.candidates, trace.vocabulary_log_probs, strict=True):  # type: ignore[arg-type]
        found = likeliest(workings.parameters, row, count=len(candidates))
        assert [piece.id for piece in found] == [candidate.id for candidate in candidates]
        for piece, candidate in zip(found, candidates, strict=True):
            assert piece.probability == pytest.approx(np.exp(candidate.log_prob))
            assert workings.parameters.vocabulary[piece.id] == candidate.text


def test_what_is_never_said_is_never_likely(work: Work) -> None:
    parameters = work("dot").parameters
    everything = likeliest(parameters, np.zeros(60), count=1000)
    assert len(everything) == 57
    assert not {PAD_ID, START_ID, UNKNOWN_ID} & {piece.id for piece in everything}
