"""What is said to the browser: how it travels, and that the browser's types are those of Python."""

import base64
import json
from typing import NamedTuple

import numpy as np
import pytest

from pages.kit.components import FOLDER
from pages.kit.export import Outside
from pages.kit.lesson_strip import Strip
from pages.kit.listening import Sound
from pages.kit.live import Cards
from pages.kit.stages import Stages
from pages.kit.wire import packed, sent
from pages.labs.forcing.tracks import Tracks
from pages.labs.lessons.maker import Maker
from pages.labs.machine.picture import Machine
from pages.labs.transformer.heads import Mosaic
from s2s.figures.canvas import Figure
from tests.kit.typedefs import typedefs

MESSAGES = (Cards, Machine, Maker, Mosaic, Outside, Sound, Stages, Strip, Tracks)


def test_the_types_of_the_browser_are_those_of_python():
    """Where this fails, write `typedefs(MESSAGES)` to browser/wire.js."""
    assert (FOLDER / "wire.js").read_text(encoding="utf-8") == typedefs(MESSAGES)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_numbers_arrive_as_they_are(dtype):
    numbers = np.array([[0.1, -2.5, np.nan], [1e-9, 3.0, 0.0]], dtype=dtype)
    record = packed(numbers)
    found = np.frombuffer(base64.b64decode(record["bdata"]), dtype=f"<{record['dtype']}")
    np.testing.assert_array_equal(found.reshape(2, 3), numbers)
    assert record["shape"] == "2, 3"
    assert packed(np.zeros((0, 3), dtype=dtype)) == []
    assert packed(np.arange(3)) == [0, 1, 2]


class Inner(NamedTuple):
    text: str
    number: float | None


class Outer(NamedTuple):
    parts: tuple[Inner, ...]
    figure: Figure | None
    by_name: dict[str, int]


def test_a_message_is_sent_by_field_and_a_figure_as_text():
    figure = Figure([{"y": np.array([1.5], dtype=np.float32)}], {"width": 3})
    message = sent(Outer((Inner("a", None), Inner("b", 0.5)), figure, {"x": 1}))
    assert message["parts"] == [{"text": "a", "number": None}, {"text": "b", "number": 0.5}]
    assert json.loads(message["figure"])["layout"] == {"width": 3}
    assert json.loads(json.dumps(message)) == message


def test_two_records_of_one_name_are_refused():
    other = type("Inner", (Outer,), {})
    with pytest.raises(TypeError, match="Inner"):
        typedefs([Outer, other])
