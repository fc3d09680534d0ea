"""Claims about what was heard, on numbers made up to lie on either side."""

import numpy as np
import pytest

from s2s.claims.hearing import digit_by_hand, right, unlike_known_voices
from tests.sound.test_hearing import hearing

FIRST = hearing([[0.9, 0.1], [0.1, 0.9], [0.1, 0.9]], (3, 7, None))


@pytest.mark.parametrize(("limit", "holds"), [(0.79, False), (0.81, True)])
def test_a_voice_is_unlike_those_known_where_the_mean_probability_is_below_the_limit(
    limit: float, holds: bool
):
    found = unlike_known_voices(FIRST, limit)
    assert found.holds == holds
    assert found.values == {"found": pytest.approx(0.8), "limit": limit}


def test_a_digit_by_hand_counts_what_changes_from_its_step_on():
    other = hearing([[0.1, 0.9], [0.9, 0.1], [0.1, 0.9]], (5, 8, None))
    found = digit_by_hand(FIRST, other, 1)
    assert found.holds
    assert found.values == {"changed": 1, "moved": 1, "steps": 2}
    same = digit_by_hand(FIRST, FIRST, 1)
    assert not same.holds
    assert same.values == {"changed": 0, "moved": 0, "steps": 2}


def test_what_was_heard_is_right_only_digit_by_digit():
    assert right((3, 7), [3, 7]).holds
    assert not right((7, 3), [3, 7]).holds
    assert not right((3,), [3, 7]).holds
    assert np.array_equal(FIRST.digits, (3, 7))
