import pytest

from benchmarks import files
from benchmarks.files import Turn, told, turn
from tests.sentences import PAIRS


def test_both_ways_are_measured_on_the_same_lines(monkeypatch, trained_folder):
    monkeypatch.setattr(files, "MODEL", str(trained_folder))
    measured = turn([source for source, _ in PAIRS[:5]])
    assert (measured.lines, measured.differ) == (5, 0)
    assert measured.alone > 0
    assert measured.together > 0


@pytest.mark.parametrize(("together", "met"), [(0.9, True), (1.1, False)])
def test_the_ratio_is_that_of_the_turns_and_held_to_its_aim(together: float, met: bool):
    alone, batched = told([Turn(100, 4.0, together, 1), Turn(100, 4.0, together, 0)])
    assert alone.measured == "25 lines/s"
    assert (
        batched.measured
        == f"{100 / together:.0f} lines/s, {4 / together:.1f} times as many; 1 of 200 answers differ"
    )
    assert batched.met is met
