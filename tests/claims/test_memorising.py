"""What is concluded of a training that goes on until it knows its pairs by heart."""

import dataclasses

import pytest

from s2s.claims.memorising import chosen, dev_loss_misleads, lowest_loss
from s2s.evaluate.memorising import Memorising
from tests.evaluate.test_memorising import record


def stages(before: str, after: str) -> Memorising:
    """A stage with the lower dev loss and the one that is shipped; 1 where an answer fits."""
    (one,) = record().stages
    fits = [tuple(mark == "1" for mark in marks) for marks in (before, after)]
    early = dataclasses.replace(one, updates=100, dev_loss=2.0, fitting=fits[0])
    late = dataclasses.replace(one, updates=200, dev_loss=3.0, fitting=fits[1])
    return record(stages=(early, late), chosen=200)


@pytest.mark.parametrize(
    ("before", "after", "holds"),
    [
        ("000000", "111111", True),  # by chance in 2 of 64
        ("00000", "11111", None),  # in 2 of 32
        ("111111", "000000", False),
        ("0000000001", "1111111110", True),  # 9 against 1: in 22 of 1024
        ("1111000000", "1111000000", None),
    ],
)
def test_more_fitting_answers_than_chance_makes_say_that_dev_loss_misleads(before, after, holds):
    claim = dev_loss_misleads(stages(before, after))
    assert claim.holds is holds
    assert claim.values["gained"] == sum(b < a for b, a in zip(before, after, strict=True))


def test_the_stages_are_the_one_with_the_lowest_loss_and_the_shipped_one():
    found = stages("0", "1")
    assert (lowest_loss(found).updates, chosen(found).updates) == (100, 200)


def test_answers_that_nobody_judged_decide_nothing():
    found = stages("0", "1")
    late = dataclasses.replace(found.stages[1], fitting=None)
    assert dev_loss_misleads(dataclasses.replace(found, stages=(found.stages[0], late))).holds is None
