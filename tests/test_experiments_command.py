"""python -m s2s memory, costs, exposure."""

import json

import pytest

from s2s import costs
from s2s.cli import experiments, main
from s2s.config import CELLS, FREE, TEACHER
from s2s.evaluate.regime_curves import Point
from s2s.train import memory
from s2s.train.exposure import learn


def test_the_defaults_are_those_of_the_library():
    assert (experiments.FILLERS, experiments.UPDATES) == (memory.FILLERS, memory.UPDATES)
    assert costs.LENGTHS == experiments.LENGTHS


def told(capsys: pytest.CaptureFixture[str]) -> list[dict]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_memory_tells_programs_its_curves_as_they_grow(capsys):
    assert main(["memory", "--fillers", "1,2", "--updates", "20", "--seed", "3", "--events"]) == 0
    *progress, result = told(capsys)
    assert result["event"] == "result"
    assert set(result["curves"]) == {f"{c}/{a}/{n}" for c in CELLS for a in ("none", "dot") for n in (1, 2)}
    assert [event["event"] for event in progress] == ["progress"] * len(progress)
    assert progress[-1]["done"] == progress[-1]["total"]
    lengths = [sum(map(len, event["so_far"]["curves"].values())) for event in progress]
    assert lengths == list(range(1, len(progress) + 1))
    assert progress[-1]["so_far"] == {"curves": result["curves"], "learned": result["learned"]}
    assert set(result["learned"]) <= set(result["curves"])


def test_memory_says_which_curves_have_learned_their_task(capsys):
    assert main(["memory", "--fillers", "1", "--updates", "300", "--events"]) == 0
    *progress, result = told(capsys)
    ended_early = {name for name, points in result["curves"].items() if points[-1][0] < 300}
    assert {"gru/none/1", "gru/dot/1"} <= ended_early <= set(result["learned"])
    assert not progress[0]["so_far"]["learned"]


def test_costs_tell_programs_one_after_the_other(capsys):
    assert main(["costs", "--lengths", "1,3", "--events"]) == 0
    *progress, result = told(capsys)
    assert len(progress) == len(result["costs"]) == 2 * len(CELLS)
    assert [event["done"] for event in progress] == list(range(1, 2 * len(CELLS) + 1))
    assert progress[-1]["so_far"]["costs"] == result["costs"]


def test_people_get_a_table_of_each(capsys):
    assert main(["memory", "--fillers", "1", "--updates", "10"]) == 0
    *table, claim = capsys.readouterr().out.splitlines()
    assert len(table) == 1 + 2 * len(CELLS)
    assert claim.startswith("memory.attention_helps: does not hold")
    assert main(["costs", "--lengths", "1"]) == 0
    *table, claim = capsys.readouterr().out.splitlines()
    assert len(table) == 1 + len(CELLS)
    assert claim.startswith("costs.lstm_costs_more: ")


def test_exposure_tells_programs_its_points_as_they_come(capsys):
    command = ["exposure", "--regimes", "free,teacher", "--length", "3", "--updates", "27", "--seed", "4"]
    assert main([*command, "--events"]) == 0
    *progress, result = told(capsys)
    learned = learn(regimes=(FREE, TEACHER), length=3, updates=27, seed=4)
    expected = [point._replace(seconds=0.0) for point in learned]
    points = [Point.from_dict(values) for values in result["points"]]
    assert [point._replace(seconds=0.0) for point in points] == expected
    assert [event["so_far"]["points"] for event in progress] == [
        result["points"][: count + 1] for count in range(len(points))
    ]
    assert [event["done"] for event in progress] == [0, 0, 25, 50, 52, 54]
    assert {event["total"] for event in progress} == {54}


def test_exposure_prints_a_row_a_point_and_what_can_be_told_apart(capsys):
    assert main(["exposure", "--length", "3", "--updates", "1"]) == 0
    head, *rows = capsys.readouterr().out.splitlines()
    assert head.startswith("regime ")
    assert [row.split()[:2] for row in rows[:4]] == [
        ["teacher", "0"], ["scheduled", "0"], ["teacher", "1"], ["scheduled", "1"],
    ]  # fmt: skip
    assert [row.split(": ")[:2] for row in rows[4:]] == [
        ["teacher", "exposure.gap_open"], ["scheduled", "exposure.gap_open"],
        ["teacher, scheduled", "exposure.wider_gap"], ["teacher, scheduled", "exposure.better_alone"],
    ]  # fmt: skip


@pytest.mark.parametrize("wrong", ["", "teacher,", "teacher,teacher", "nobody", "teacher,nobody"])
def test_regimes_are_named_once_each_or_refused_in_a_sentence(wrong, capsys):
    with pytest.raises(SystemExit):
        main(["exposure", f"--regimes={wrong}"])
    assert "does not name each regime once" in capsys.readouterr().err.splitlines()[-1]


def test_professor_forcing_without_attention_is_refused_before_anything_is_printed(capsys):
    assert main(["exposure", "--regimes", "teacher,professor"]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("s2s: Professor forcing")


@pytest.mark.parametrize(
    "wrong",
    [
        ["memory", "--fillers", "0"], ["memory", "--fillers", "5,,9"], ["memory", "--fillers", "1000000000"],
        ["memory", "--seed", "9" * 25], ["memory", "--seed", "9" * 5000], ["memory", "--updates", "-1"],
        ["costs", "--lengths", "x"], ["probe", "--inputs", "0"], ["probe", "--epochs", "-1"],
        ["probe", "--seed", "-1"], ["models", "--jobs", "0"], ["models", "--repetitions", "-1"],
    ],
)  # fmt: skip
def test_what_is_no_number_within_its_limits_is_refused_in_a_sentence(wrong, capsys):
    with pytest.raises(SystemExit):
        main(wrong)
    told = capsys.readouterr().err.splitlines()[-1]
    assert "is not a whole number from" in told
    assert f"argument {wrong[1]}: " in told
