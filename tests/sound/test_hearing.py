"""What a record of a hearing says, and how it is judged."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from s2s.errors import TraceError
from s2s.sound.hearing import Heard as Result
from s2s.sound.hearing import Hearing, by_length, errors, looks, summary
from s2s.sound.utterances import Spoken
from s2s.sound.waves import RATE


def hearing(weights: list[list[float]], said: tuple[int | None, ...]) -> Hearing:
    """One with these weights; a state for each tenth of a second."""
    array = np.array(weights, np.float32)
    steps, states = array.shape
    probabilities = np.full((steps, 11), 0.02, np.float32)
    for step, digit in enumerate(said):
        probabilities[step, 10 if digit is None else digit] = 0.8
    return Hearing(
        model="tiny", seconds=states / 10, frames=np.zeros((10 * states, 40), np.float32),
        edges=np.arange(states + 1, dtype=np.float32) / 10,
        encoder_states=np.zeros((states, 2), np.float32), fed=(None, *said[:-1]), said=said,
        decoder_states=np.zeros((steps, 2), np.float32), scores=array.copy(), weights=array,
        contexts=np.zeros((steps, 2), np.float32), probabilities=probabilities,
    )  # fmt: skip


def at(digit: int, start: float, end: float) -> Spoken:
    return Spoken(digit, round(start * RATE), round(end * RATE))


def fewest_changes(heard: tuple[int, ...], truth: tuple[int, ...]) -> int:
    """Levenshtein's distance by its definition."""
    if not heard or not truth:
        return len(heard) + len(truth)
    return min(
        fewest_changes(heard[1:], truth[1:]) + (heard[0] != truth[0]),
        fewest_changes(heard[1:], truth) + 1,
        fewest_changes(heard, truth[1:]) + 1,
    )


def test_errors_are_the_fewest_changes_between_any_two_rows():
    rows = [row for length in range(4) for row in product((0, 1), repeat=length)]
    for heard, truth in product(rows, rows):
        found = errors(heard, truth)
        assert found.total == fewest_changes(heard, truth)
        assert len(heard) - found.inserted == len(truth) - found.deleted == len(found.matches)
        assert found.substituted == sum(heard[step] != truth[number] for step, number in found.matches)


def test_looks_count_what_lies_in_the_recording_that_was_matched():
    found = hearing([[0.5, 0.25, 0.25, 0], [0, 0.6, 0.1, 0.3], [0, 0, 0, 1]], (3, 7, None))
    spoken = (at(3, 0.0, 0.2), at(7, 0.2, 0.4))
    judged = looks(found, spoken, errors(found.digits, (3, 7)))
    assert judged.inside == pytest.approx((0.75 + 0.4) / 2)
    assert (judged.steps, judged.peaks, judged.before) == (2, 1, 0)
    assert (judged.moves, judged.onward) == (1, 1)


def test_a_peak_in_the_gap_before_is_told_from_one_in_another_digit():
    found = hearing([[0, 0.9, 0, 0.1], [0, 0.9, 0, 0.1]], (3, None))
    in_gap = looks(found, (at(3, 0.2, 0.4),), errors((3,), (3,)))
    assert (in_gap.peaks, in_gap.before) == (0, 1)
    in_other = looks(found, (at(1, 0.0, 0.2), at(3, 0.2, 0.4)), errors((3,), (1, 3)))
    assert (in_other.peaks, in_other.before) == (0, 0)


def test_what_a_step_looked_at_is_the_shortest_stretch_with_that_share():
    found = hearing([[0.05, 0.5, 0.45, 0.0]], (None,))
    assert found.looked_at(0) == pytest.approx((0.1, 0.3))
    assert found.looked_at(0, share=0.5) == pytest.approx((0.1, 0.2))
    assert found.looked_at(0, share=1.0) == pytest.approx((0.0, 0.3))


def test_a_summary_adds_up_over_utterances():
    one = hearing([[1, 0], [0, 1], [0, 1]], (4, 2, None))
    two = hearing([[0, 1], [0, 1]], (5, None))
    results = []
    for heard, truth, spoken in (
        (one, (4, 2), (at(4, 0, 0.1), at(2, 0.1, 0.2))), (two, (6,), (at(6, 0, 0.1),)),
    ):  # fmt: skip
        found = errors(heard.digits, truth)
        results.append(Result(truth, found, looks(heard, spoken, found), heard.confidence))
    found = summary(results)
    assert found["wer"] == pytest.approx(1 / 3)
    assert found["whole"] == 0.5
    assert found["inside"] == found["peak_inside"] == pytest.approx(2 / 3)
    assert found["sure"] == pytest.approx(0.8)
    assert by_length(results) == {1: 1.0, 2: 0.0}
    assert summary([])["wer"] == 0


def test_a_record_cannot_be_changed_and_its_axes_line_up():
    found = hearing([[1, 0]], (None,))
    assert found.digits == ()
    assert found.confidence == pytest.approx(0.8)
    with pytest.raises(ValueError, match="read-only"):
        found.weights[0, 0] = 0
    with pytest.raises(TraceError):
        replace(found, said=(3, None))
