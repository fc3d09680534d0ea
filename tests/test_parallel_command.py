"""python -m s2s reading, reorder."""

import json

import pytest

from s2s.catalog import TASKS
from s2s.cli import main
from s2s.counts import EQUAL
from s2s.evaluate.reordered import sentences
from s2s.translator import Translator
from tests.transformers import small

GENERAL = "fr-en-general"


def told(capsys: pytest.CaptureFixture[str]) -> list[dict]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.fixture
def untrained(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a Transformer there is one that has learned nothing."""
    load = Translator.load
    monkeypatch.setattr(Translator, "load", lambda name: load(name) if name == GENERAL else small())


def test_reading_tells_programs_one_cost_after_the_other(capsys):
    assert main(["reading", "--lengths", "1,3", "--events"]) == 0
    *progress, result = told(capsys)
    assert len(result["costs"]) == len(progress) == 12
    assert [event["so_far"]["costs"] for event in progress] == [
        result["costs"][:count] for count in range(1, 13)
    ]
    assert (progress[-1]["done"], progress[-1]["total"]) == (12, 12)


def test_reading_prints_a_row_each_and_its_claims(capsys):
    assert main(["reading", "--lengths", "1,2"]) == 0
    head, *rows = capsys.readouterr().out.splitlines()
    assert head.split()[0] == "equal"
    assert [row.split()[:2] for row in rows[:3]] == [
        ["parameters", "rnn"], ["parameters", "lstm"], ["parameters", "transformer"],
    ]  # fmt: skip
    assert [row.split(": ")[:2] for row in rows[12:]] == [
        [f"equal {equal}", f"parallel.{claim}"]
        for equal in EQUAL
        for claim in ("time_grows_slower", "faster_at", "faster_at")
    ]


def test_reorder_says_what_shuffling_does_and_without_positions_it_does_nothing(capsys, untrained):
    assert main(["reorder", "--events"]) == 0
    *progress, result = told(capsys)
    scores = {one["reader"]: one for one in result["scores"]}
    count = len(sentences(TASKS[0].languages))
    assert [*scores] == ["placed", "bare", "recurrent"]
    assert {one["sentences"] for one in scores.values()} == {count}
    assert scores["bare"]["same"] == count
    assert scores["recurrent"]["same"] < count / 2
    assert scores["recurrent"]["chrf"]["low"] < scores["recurrent"]["chrf"]["high"] < 100
    assert (progress[-1]["done"], progress[-1]["total"]) == (3 * count, 3 * count)
    assert len(progress[-1]["so_far"]["scores"]) == 2


def test_a_model_without_positions_is_refused_in_a_sentence(capsys):
    assert main(["reorder", "--transformer", GENERAL, "--events"]) == 1
    [event] = told(capsys)
    assert (event["event"], event["key"]) == ("error", "no_positions")
