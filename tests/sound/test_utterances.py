"""Utterances: where each digit is, to the sample."""

from itertools import islice

import numpy as np
import pytest

from s2s.sound.utterances import GAPS, LONGEST, SILENCE, draw, join, spelt
from s2s.sound.waves import RATE
from tests.sound.recordings import VOICES, recordings

ALL = recordings()


def test_every_recording_stands_unchanged_where_it_is_said_to_be_and_all_else_is_quiet():
    chosen = [ALL[0], ALL[7], ALL[3]]
    made = join(chosen, silences=(0.1, 0.2, 0.05, 0.3), random=np.random.default_rng(1))
    assert made.digits == tuple(one.digit for one in chosen)
    rest = np.ones(len(made.samples), bool)
    for spoken, one in zip(made.spoken, chosen, strict=True):
        np.testing.assert_array_equal(made.samples[spoken.start : spoken.end], one.samples)
        assert spoken.seconds == (spoken.start / RATE, spoken.end / RATE)
        rest[spoken.start : spoken.end] = False
    assert np.abs(made.samples[rest]).max() < 10 * SILENCE
    assert len(made.samples) == sum(len(one.samples) for one in chosen) + round(0.65 * RATE)


def test_drawn_utterances_are_of_one_voice_of_every_length_and_repeat_no_recording():
    first = list(islice(draw(ALL, seed=4), 2 * LONGEST))
    assert [len(one.spoken) for one in first] == [*range(1, LONGEST + 1)] * 2
    assert {one.speaker for one in first} == set(VOICES)
    again = list(islice(draw(ALL, seed=4), 2 * LONGEST))
    for one, other in zip(first, again, strict=True):
        np.testing.assert_array_equal(one.samples, other.samples)
    for one in first:
        gaps = [
            after.start - before.end for before, after in zip(one.spoken[:-1], one.spoken[1:], strict=True)
        ]
        assert all(GAPS[0] * RATE - 1 <= gap <= GAPS[1] * RATE + 1 for gap in gaps)
        parts = [one.samples[spoken.start : spoken.end].tobytes() for spoken in one.spoken]
        assert len(set(parts)) == len(parts)


def test_digits_are_spelt_the_same_each_time():
    one, other = spelt(ALL, "ada", "0073"), spelt(ALL, "ada", "0073")
    assert one.digits == (0, 0, 7, 3)
    np.testing.assert_array_equal(one.samples, other.samples)
    assert one.spoken != spelt(ALL, "ada", "0074").spoken
    with pytest.raises(KeyError):
        spelt(ALL, "carl", "1")
