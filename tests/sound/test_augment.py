"""Examples to learn from: changed anew each time, and still true about where each digit is."""

import numpy as np
import pytest

from s2s.sound.augment import Plan, example, plan
from s2s.sound.features import BANDS, log_mel, normalised, seconds_of
from s2s.sound.utterances import LONGEST
from s2s.sound.waves import RATE
from tests.sound.recordings import chord, recordings

VOICES = [recordings()[:20], recordings()[20:]]


def test_the_same_seed_gives_the_same_example_and_another_another():
    def made(seed: int) -> np.ndarray:
        random = np.random.default_rng(seed)
        return example(plan(VOICES, random), 400, random).frames

    np.testing.assert_array_equal(made(3), made(3))
    assert (made(3) != made(4)).any()


def test_an_example_has_as_many_frames_as_asked_for_and_its_digits_lie_in_them():
    random = np.random.default_rng(1)
    counts = set()
    for _ in range(120):
        made = plan(VOICES, random)
        frames = made.frames + int(random.integers(0, 40))
        found = example(made, frames, random)
        assert found.frames.shape == (frames, BANDS)
        assert found.frames.dtype == np.float32
        assert np.isfinite(found.frames).all()
        assert found.places.shape == (len(found.digits), 2)
        assert (np.diff(found.places.ravel()) >= -1e-6).all()
        if len(found.places):
            assert found.places[0, 0] >= 0
            assert found.places[-1, 1] <= seconds_of(frames) + 0.02
        counts.add(len(found.digits))
    assert counts == set(range(LONGEST + 1))


def test_utterances_may_be_kept_short():
    random = np.random.default_rng(2)
    assert {len(plan(VOICES, random, longest=2).digits) for _ in range(100)} <= {0, 1, 2}


@pytest.mark.parametrize("tempo", [0.8, 1.0, 1.25])
def test_a_digit_is_loud_where_it_is_said_to_be_whatever_the_tempo(tempo: float):
    silence = RATE // 2
    made = Plan((chord(5),), (5,), (silence, silence), tempo)
    random = np.random.default_rng(7)
    for _ in range(20):
        found = example(made, made.frames, random)
        loud = found.frames.mean(axis=1)
        times = np.array([seconds_of(frame) for frame in range(len(loud))])
        start, end = found.places[0]
        inside = (times > start + 0.05) & (times < end - 0.05)
        outside = (times < start - 0.05) | (times > end + 0.4)  # an echo dies away
        assert loud[inside].mean() > loud[outside].mean()


def test_a_plan_without_digits_is_noise_alone():
    found = example(Plan((), (), (RATE,), 1.0), 98, np.random.default_rng(1))
    assert found.digits == ()
    assert found.places.shape == (0, 2)


def test_frames_are_normalised_as_those_that_are_listened_to():
    random = np.random.default_rng(5)
    made = Plan((chord(1),), (1,), (800, 800), 1.0)
    changed = np.stack([example(made, made.frames, random).frames.mean(axis=0) for _ in range(30)])
    plain = normalised(
        log_mel(np.concatenate([np.zeros(800, np.float32), chord(1), np.zeros(800, np.float32)]))
    )
    assert np.abs(changed.mean()) < 0.1
    assert np.abs(plain.mean()) < 1e-4
