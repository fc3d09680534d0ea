"""What a record of a hearing holds is what the model computed."""

import numpy as np
import pytest
import torch

from s2s.data.tokenizer import END_ID, START_ID
from s2s.sound.utterances import spelt
from s2s.sound.waves import from_text, levelled, to_text
from s2s.speech.batches import as_example, batch_of, frames_of
from s2s.speech.model import FIRST_DIGIT, build, piece_of
from s2s.speech.recogniser import Recogniser
from tests.sound.recordings import recordings
from tests.speech.runs import TINY

MODEL = build(TINY, seed=4).eval()
RECOGNISER = Recogniser(MODEL, "tiny")
SOUND = spelt(recordings(), "bert", "6015").samples


def test_weights_times_states_are_the_context_and_the_softmax_of_scores_the_weights():
    found = RECOGNISER.listen(SOUND)
    np.testing.assert_allclose(found.weights @ found.encoder_states, found.contexts, atol=1e-5)
    exp = np.exp(found.scores - found.scores.max(axis=1, keepdims=True))
    np.testing.assert_allclose(exp / exp.sum(axis=1, keepdims=True), found.weights, atol=1e-5)
    np.testing.assert_allclose(found.probabilities.sum(axis=1), 1, atol=1e-5)
    between = (
        found.decoder_states
        @ MODEL.decoder.scorer.between(torch.from_numpy(found.encoder_states.copy())).T.detach().numpy()
    )
    np.testing.assert_allclose(between, found.scores, atol=1e-4)


def test_what_was_said_is_the_most_probable_and_is_fed_to_the_next_step():
    found = RECOGNISER.listen(SOUND, steps=4)
    best = found.probabilities.argmax(axis=1)
    assert found.said == tuple(None if one == 10 else int(one) for one in best)
    assert found.fed == (None, *found.said[:-1])
    assert len(found.edges) == len(found.encoder_states) + 1
    assert found.edges[-1] >= found.seconds - 0.08


def test_feeding_what_it_said_changes_nothing_and_another_digit_only_what_follows():
    plain = RECOGNISER.listen(SOUND, steps=5)
    digits = {step: digit for step, digit in enumerate(plain.said[:-1], 1) if digit is not None}
    again = RECOGNISER.listen(SOUND, steps=5, by_hand=digits)
    np.testing.assert_array_equal(again.weights, plain.weights)
    other = (digits.get(2, 0) + 1) % 10
    changed = RECOGNISER.listen(SOUND, steps=5, by_hand={2: other})
    assert changed.fed[2] == other
    assert changed.by_hand == (2,)
    np.testing.assert_array_equal(changed.decoder_states[:2], plain.decoder_states[:2])
    assert np.abs(changed.decoder_states[2] - plain.decoder_states[2]).max() > 1e-4


def test_by_the_teacher_s_digits_it_computes_what_training_does():
    utterance = spelt(recordings(), "ada", "719")
    batch = batch_of([as_example(utterance._replace(samples=levelled(utterance.samples)), TINY)], TINY)
    logits, weights = MODEL(batch.frames, batch.fed)
    found = RECOGNISER.listen(utterance.samples, by_hand={1: 7, 2: 1, 3: 9}, steps=4)
    np.testing.assert_allclose(found.weights, weights[0].detach().numpy(), atol=1e-5)
    columns = [*(piece_of(digit) for digit in range(10)), END_ID]
    expected = torch.softmax(logits[0][:, columns], dim=-1).detach().numpy()
    np.testing.assert_allclose(found.probabilities, expected, atol=1e-5)
    assert batch.fed[0].tolist() == [START_ID, *(FIRST_DIGIT + digit for digit in (7, 1, 9))]


def test_a_louder_sound_is_the_same_sound_and_text_carries_it():
    quiet, loud = RECOGNISER.listen(0.01 * SOUND), RECOGNISER.listen(SOUND)
    np.testing.assert_allclose(quiet.weights, loud.weights, atol=1e-3)
    carried = RECOGNISER.listen(from_text(to_text(SOUND)))
    np.testing.assert_allclose(carried.weights, loud.weights, atol=2e-2)


@pytest.mark.parametrize("length", [1, 200, 1000, 160_000])
def test_any_length_of_sound_gets_an_answer_in_bounded_time(length: int):
    noise = (0.1 * np.random.default_rng(1).standard_normal(length)).astype(np.float32)
    found = RECOGNISER.listen(noise)
    assert len(found.said) <= length / 8000 / 0.12 + 3
    assert found.cut == (found.said[-1] is not None)
    assert np.isfinite(found.probabilities).all()
    assert len(frames_of(noise, TINY)) == 8 * len(found.encoder_states)
