"""What a picture looks like, on pictures whose shape is known."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from s2s.evaluate.shape import Shape, shape_of
from s2s.traces import END, Alignment, Unit


def looking(source: str, target: str, looks: list[int]) -> Alignment:
    """Each written word, the end token last, looks most at the source word of its number."""
    sides = [[*(Unit(word, 0, 0, is_end=False) for word in side.split())] for side in (source, target)]
    for side in sides:
        side.append(Unit(END, 0, 0, is_end=True))
    weights = np.full((len(sides[1]), len(sides[0])), 0.01, dtype=np.float32)
    weights[np.arange(len(looks)), looks] = 0.9
    log_probs = np.zeros(len(looks), dtype=np.float32)
    return Alignment(
        source_units=tuple(sides[0]),
        target_units=tuple(sides[1]),
        weights=weights,
        scores=np.log(weights),
        log_probs=log_probs,
    )


def test_a_copy_is_a_diagonal_that_nothing_crosses():
    shape = shape_of(looking("오늘 날씨 어때 ?", "오늘 날씨 어때 ?", [0, 1, 2, 3, 4]))
    assert shape == Shape(words=3, copied=3, found=3, pairs=3, crossed=0)
    assert shape.turned == 0


def test_what_is_turned_round_crosses_in_every_pair():
    shape = shape_of(looking("책을 어제 읽었다", "read yesterday book", [2, 1, 0, 3]))
    assert shape == Shape(words=3, copied=0, found=0, pairs=3, crossed=3)
    assert shape.turned == 1


def test_a_copied_word_may_look_elsewhere_and_words_at_one_place_do_not_cross():
    shape = shape_of(looking("Tom a b", "tom x b", [1, 1, 2, 3]))
    assert shape == Shape(words=3, copied=2, found=1, pairs=2, crossed=0)


def test_without_words_or_with_one_there_is_no_order():
    assert shape_of(looking("a b", "", [2])).turned is None
    assert shape_of(looking("a b", "a", [2, 2])) == Shape(words=1, copied=1, found=0, pairs=0, crossed=0)


@given(st.permutations(range(6)))
def test_turning_the_picture_round_turns_every_pair(order: list[int]):
    source, target = "a b c d e f", "u v w x y z"
    shape = shape_of(looking(source, target, [*order, 6]))
    turned = shape_of(looking(source, target, [*(5 - column for column in order), 6]))
    assert shape.pairs == turned.pairs == 15
    assert shape.crossed + turned.crossed == 15
