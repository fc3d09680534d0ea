"""Batches: what is said, fed and looked at, and when an encoder state stands."""

from itertools import islice

import numpy as np
import torch

from s2s.data.tokenizer import END_ID, PAD_ID, START_ID
from s2s.sound.config import SpeechTrainConfig
from s2s.sound.features import BANDS, log_mel, normalised
from s2s.sound.utterances import spelt
from s2s.speech.batches import POOL, Voices, as_example, batch_of, frames_of, state_seconds, training_batches
from s2s.speech.model import digit_of
from tests.sound.recordings import recordings
from tests.speech.runs import TINY

TRAIN = SpeechTrainConfig(updates=400, batch=3)


def test_batches_are_a_function_of_seed_and_updates_done():
    first = list(islice(training_batches(recordings(), TRAIN, TINY), POOL + 4))
    for done in (1, POOL, POOL + 2):
        for one, other in zip(
            first[done:], training_batches(recordings(), TRAIN, TINY, done=done), strict=False
        ):
            assert torch.equal(one.frames, other.frames)
            assert torch.equal(one.inside, other.inside)
    other = next(training_batches(recordings(), SpeechTrainConfig(updates=400, batch=3, seed=2), TINY))
    assert other.frames.shape != first[0].frames.shape or not torch.equal(other.frames, first[0].frames)


def test_synthetic_voices_speak_their_share_of_the_utterances():
    def first(share: float, synthetic: tuple[int, ...], people: tuple[int, ...] = (0,)) -> torch.Tensor:
        train = SpeechTrainConfig(updates=400, batch=3, synthetic_share=share)
        some = training_batches(recordings(people), train, TINY, synthetic=recordings(synthetic))
        return next(some).frames

    alone = next(training_batches(recordings((0,)), TRAIN, TINY)).frames
    assert torch.equal(first(0.0, ()), alone)
    assert not torch.equal(first(1.0, (1,)), first(1.0, (2,)))
    assert torch.equal(first(1.0, (1,)), first(1.0, (1,), people=(3,)))
    assert torch.equal(first(0.0, (1,)), first(0.0, (2,)))
    voices = Voices([[], []], [[]])
    random = np.random.default_rng(1)
    drawn = sum(voices.drawn(random, 0.25) is voices.synthetic for _ in range(2000))
    assert 400 < drawn < 600


def test_what_is_fed_is_what_was_said_before_and_each_digit_has_a_place_to_look():
    for batch in islice(training_batches(recordings(), TRAIN, TINY, done=200), 12):
        count, frames, bands = batch.frames.shape
        assert (count, bands, frames % TINY.frames_a_state) == (3, BANDS, 0)
        assert batch.inside.shape == (*batch.said.shape, frames // TINY.frames_a_state)
        for fed, said, inside in zip(batch.fed, batch.said, batch.inside, strict=True):
            length = int((said != PAD_ID).sum())
            assert fed[0] == START_ID
            assert said[length - 1] == END_ID
            assert torch.equal(fed[1:length], said[: length - 1])
            looked = inside.any(dim=-1)
            assert looked[: length - 1].all()
            assert not looked[length - 1 :].any()
    assert batch.pieces == int((batch.said != PAD_ID).sum())


def test_utterances_grow():
    def most(done: int) -> int:
        some = islice(training_batches(recordings(), TRAIN, TINY, done=done), POOL)
        return max(batch.said.shape[1] - 1 for batch in some)

    assert most(0) <= 2
    assert most(24) <= 4
    assert most(320) > 4


def test_a_state_stands_in_the_recording_in_which_its_middle_lies():
    utterance = spelt(recordings(), "ada", "38")
    example = as_example(utterance, TINY)
    batch = batch_of([example], TINY)
    times = state_seconds(len(example.frames), TINY)
    np.testing.assert_allclose(np.diff(times), 0.08)
    assert times[0] == 0.0125 + 0.035
    for step, one in enumerate(utterance.spoken):
        start, end = one.seconds
        np.testing.assert_array_equal(batch.inside[0, step].numpy() > 0, (times >= start) & (times < end))
    assert [digit_of(int(piece)) for piece in batch.said[0]] == [3, 8, None]


def test_frames_are_filled_up_to_a_whole_state_with_the_last():
    samples = spelt(recordings(), "ada", "1").samples
    read, frames = normalised(log_mel(samples)), frames_of(samples, TINY).numpy()
    assert len(frames) == -(-len(read) // TINY.frames_a_state) * TINY.frames_a_state > len(read)
    np.testing.assert_array_equal(frames[: len(read)], read)
    np.testing.assert_array_equal(frames[len(read) :], np.repeat(read[-1:], len(frames) - len(read), axis=0))
