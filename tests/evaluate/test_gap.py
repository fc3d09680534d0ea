import dataclasses
import json
from typing import Any

import pytest

from s2s.errors import DataError
from s2s.evaluate.gap import Gap, Position, label
from tests.evaluate.gaps import GAP, GAP_WITHOUT_ATTENTION, scores


@pytest.mark.parametrize("gap", [GAP, GAP_WITHOUT_ATTENTION])
def test_json_gives_a_gap_back_as_it_was(gap: Gap):
    assert Gap.from_dict(json.loads(json.dumps(gap.to_dict()))) == gap


@pytest.mark.parametrize("field", [field.name for field in dataclasses.fields(Gap)])
def test_a_record_that_lacks_something_is_refused_with_its_name(field: str):
    record = GAP.to_dict()
    del record[field]
    with pytest.raises(DataError, match=r"stored\.json") as caught:
        Gap.from_dict(record, path="stored.json")
    assert caught.value.key == "evaluation_damaged"


@pytest.mark.parametrize(
    "change",
    [{"more": 1}, {"overall": None}, {"positions": 7}, {"positions": [7]}, {"firsts": None}, {"free": {}}],
)
def test_a_record_of_another_shape_is_refused(change: dict[str, Any]):
    with pytest.raises(DataError):
        Gap.from_dict(GAP.to_dict() | change)


def test_divergence_is_told_as_a_share_a_median_and_by_position():
    """Of 8 pairs one parts at step 1, two at step 3, one at 4 and one at 6, behind the last position."""
    assert GAP.diverged == 5 / 8
    assert GAP.median_first == 3
    assert GAP.firsts_by_position == (1, 0, 2, 2)


@pytest.mark.parametrize(
    ("firsts", "median"), [((), None), ((4,), 1), ((1, 1), 1), ((1, 0, 2), 3), ((0, 0, 0, 1), 4)]
)
def test_the_median_is_the_step_by_which_half_have_diverged(firsts: tuple[int, ...], median: int | None):
    assert dataclasses.replace(GAP, firsts=firsts).median_first == median


@pytest.mark.parametrize(
    ("first", "last", "text"), [(1, 1, "1"), (12, 12, "12"), (13, None, "13+"), (2, 4, "2-4")]
)
def test_a_position_says_its_steps_in_digits(first: int, last: int | None, text: str):
    at = Position(first=first, last=last, steps=1, forced=scores(1), free=scores(1))
    assert label(at) == text
