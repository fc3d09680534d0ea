import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

import pytest

from s2s.records import build, check, parse_json, to_json


class Point(NamedTuple):
    x: float
    y: int | None = None


@dataclass(frozen=True)
class Curve:
    name: str
    points: tuple[Point, ...]
    limits: tuple[int, int] = (0, 1)
    notes: Mapping[str, float] = None  # type: ignore[assignment]
    more: Any = None


GOOD = Curve("a", (Point(1.5, 2), Point(3)), (0, 1), {"a": 1})


@pytest.mark.parametrize("text", ["NaN", "[Infinity]", '{"a": -Infinity}', "1e999", "-1e999", "[", "", "nul"])
def test_what_is_no_json_is_refused(text: str):
    with pytest.raises(ValueError, match=r".+"):
        parse_json(text.encode())


def test_what_is_json_is_read_as_the_standard_library_reads_it():
    text = '{"a": [1, 2.5, null, true, "\u00e9"], "b": {"c": -1e300}}'
    assert parse_json(text.encode()) == json.loads(text)


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_json_is_valid_whatever_the_numbers_are(number: float):
    text = to_json({"a": [1.5, (number, {"b": number})], "c": "é"})
    assert parse_json(text.encode()) == {"a": [1.5, [None, {"b": None}]], "c": "é"}


def test_json_is_utf8_whatever_the_text_is():
    text = to_json({"name": "a\udcff", "whole": "\ud83d\ude00 😀"})
    assert parse_json(text.encode()) == {"name": "a\ufffd", "whole": "😀 😀"}


def test_a_record_of_its_declared_types_passes_and_lists_stand_for_tuples():
    check(GOOD, Curve)
    check(Curve("a", [Point(1)], [0, 1], {}), Curve)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (Curve(1, (), (0, 1), {}), "name is 1, expected str"),
        (Curve("a", "xy", (0, 1), {}), "points is 'xy'"),
        (Curve("a", (Point("x"),), (0, 1), {}), "points.0.x is 'x', expected float"),
        (Curve("a", (Point(float("nan")),), (0, 1), {}), "points.0.x is nan"),
        (Curve("a", (Point(10**400),), (0, 1), {}), "points.0.x is 1000"),
        (Curve("a", (Point(1, True),), (0, 1), {}), "points.0.y is True, expected int"),
        (Curve("a", (Point(1, 2.0),), (0, 1), {}), "points.0.y is 2.0"),
        (Curve("a", ({"x": 1},), (0, 1), {}), "points.0 is .*, expected Point"),
        (Curve("a", (), (0, 1, 2), {}), "has 3 parts, expected 2"),
        (Curve("a", (), (0, 1), None), "notes is None"),
        (Curve("a", (), (0, 1), {"a": None}), "notes.a is None"),
        (Curve("a", (), (0, 1), {1: 1.0}), "the key 1 is 1, expected str"),
    ],
)
def test_a_value_of_another_type_is_named_with_its_field(wrong: Curve, said: str):
    with pytest.raises(TypeError, match=said):
        check(wrong, Curve)


@dataclass(frozen=True)
class Chart:
    curves: tuple[Curve, ...]
    best: Curve | None
    scale: tuple[float, float]


def test_a_record_is_built_from_what_json_holds_of_it():
    flat = Curve("a", (), (0, 1), {"a": 1.5}, {"b": [1]})
    chart = Chart((flat, flat), None, (0.5, 1.0))
    assert build(json.loads(json.dumps(asdict(chart))), Chart) == chart
    assert build(json.loads(json.dumps(asdict(Chart((), flat, (1.0, 2.0))))), Chart).best == flat


@pytest.mark.parametrize(
    "values",
    [
        {"curves": [], "best": None},
        {"curves": [], "best": None, "scale": [1.0, 2.0], "more": 1},
        {"curves": [{"name": 3}], "best": None, "scale": [1.0, 2.0]},
        {"curves": {}, "best": None, "scale": [1.0, 2.0]},
        {"curves": [], "best": [], "scale": [1.0, 2.0]},
        {"curves": [], "best": None, "scale": [1.0]},
        {"curves": [], "best": None, "scale": [1.0, 2.0, 3.0]},
        [],
    ],
)
def test_what_holds_something_else_is_refused(values: Any):
    with pytest.raises(TypeError):
        build(values, Chart)
