import json
from pathlib import Path
from typing import Any

import pytest

from s2s.errors import DataError
from s2s.evaluate.regimes import read_regimes
from tests.evaluate.regime_records import PROFESSOR, REGIMES, TEACHER


def test_a_file_gives_a_record_back_as_it_was(tmp_path: Path):
    path = tmp_path / "regimes.json"
    path.write_text(REGIMES.to_json(), encoding="utf-8")
    found = read_regimes(path)
    assert found == REGIMES
    assert found.teacher == TEACHER
    assert found.of("professor") == PROFESSOR


def broken(*path: str | int, value: Any) -> bytes:
    """The record with another value at some place; None leaves it out."""
    record = json.loads(REGIMES.to_json())
    within = record
    for part in path[:-1]:
        within = within[part]
    if value is None:
        del within[path[-1]]
    else:
        within[path[-1]] = value
    return json.dumps(record).encode()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "Expecting value"),
        (b"[]", "list"),
        (REGIMES.to_json().encode()[:-40], "JSONDecodeError"),
        (broken("format", value=99), "format 99"),
        (broken("format", value=None), "format"),
        (broken("costs", value=None), "costs"),
        (broken("extra", value=1), "extra"),
        (broken("resamples", value="many"), "'many'"),
        (broken("trained", value=[]), "no teacher forcing in front"),
        (broken("trained", 0, "everyday", "accuracy", "gap", "low", value="x"), "gap.low is 'x'"),
        (broken("trained", 0, "everyday", "steps", value=[]), "no steps"),
        (broken("trained", 1, "regime", value="teacher"), "a regime twice"),
        (broken("trained", 1, "general", "gap", "positions", value=[]), "steps without bands"),
        (broken("trained", 0, "everyday", "beside", value=None), "beside"),
        (broken("repetitions", 0, "history", value=[]), "without a history"),
        (broken("costs", 0, "milliseconds", value=[]), "without a round"),
    ],
)
def test_a_record_that_is_damaged_is_told_in_one_sentence(tmp_path: Path, data: bytes, said: str):
    path = tmp_path / "regimes.json"
    path.write_bytes(data)
    with pytest.raises(DataError) as caught:
        read_regimes(path)
    assert "regimes.json" in str(caught.value)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_record_that_is_not_there_is_told(tmp_path: Path):
    with pytest.raises(DataError, match=r"none\.json"):
        read_regimes(tmp_path / "none.json")
