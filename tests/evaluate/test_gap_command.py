import json
from pathlib import Path

import pytest
import torch

from s2s.claims.gap import runs_part
from s2s.cli import main
from s2s.data.corpora import Pair, read_pairs
from s2s.data.fingerprint import fingerprint
from s2s.evaluate.exposure import measure_gap
from s2s.evaluate.gap import Gap
from s2s.evaluate.table import gap_table, position_table
from s2s.translator import Translator
from tests.sentences import PAIRS, PHRASES

DATA = [*PHRASES, *PAIRS[::40]]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / "pairs.tsv"
    path.write_text("".join(f"{source}\t{target}\n" for source, target in DATA), encoding="utf-8")
    return path


def said(capfdbinary: pytest.CaptureFixture[bytes]) -> str:
    return capfdbinary.readouterr().out.decode()


def test_the_tables_on_standard_output_are_those_of_the_record_in_the_file(
    capfdbinary, trained_folder: Path, data: Path, tmp_path: Path
):
    record = tmp_path / "record.json"
    model = ["--model", str(trained_folder)]
    assert main(["gap", *model, *model, str(data), "--json", str(record)]) == 0
    stored = json.loads(record.read_text(encoding="utf-8"))
    gaps = [Gap.from_dict(one["gap"]) for one in stored]
    out = said(capfdbinary)
    assert len(gaps) == 2
    assert out.startswith(gap_table([(trained_folder.name, gap) for gap in gaps]))
    assert out.count(position_table(gaps[0])) == 2
    assert f"pairs.tsv: {len(DATA)} pairs" in out
    assert out.count(f"{trained_folder.name}, {runs_part(gaps[0])}\n") == 2
    assert torch.get_num_threads() == 1


def test_the_record_is_what_the_library_measures_and_says_of_what(
    capfdbinary, trained_folder: Path, data: Path, translator: Translator
):
    assert main(["gap", "--model", str(trained_folder), str(data), "--json", "-"]) == 0
    (record,) = json.loads(said(capfdbinary))
    assert Gap.from_dict(record["gap"]) == list(measure_gap(translator, DATA))[-1]
    assert record["setup"]["model"] == trained_folder.name
    assert record["setup"]["data_fingerprint"] == fingerprint(DATA)


def test_for_programs_every_pair_is_told_and_then_the_result(
    capfdbinary, trained_folder: Path, data: Path, translator: Translator
):
    assert main(["gap", "--model", str(trained_folder), str(data), "--events"]) == 0
    captured = capfdbinary.readouterr()
    *progress, result = map(json.loads, captured.out.decode().splitlines())
    assert [event["event"] for event in progress] == ["progress"] * len(DATA)
    assert [(event["done"], event["total"]) for event in progress] == [
        (n, len(DATA)) for n in range(1, len(DATA) + 1)
    ]
    assert result["event"] == "result"
    assert Gap.from_dict(result["gap"]) == list(measure_gap(translator, DATA))[-1]
    assert not captured.err


@pytest.mark.parametrize(
    ("text", "key", "values"),
    [
        ("je parle\tI speak\nje parle\n", "line_columns", {"line": 2, "found": 1}),
        ("je parle\t \n", "line_empty_side", {"line": 1}),
        ("", "corpus_empty", {}),
        ("je parle\t\u200b\n", "nothing_to_compare", {"pairs": 1}),
    ],
)
def test_a_wrong_file_is_one_sentence_for_a_person_and_a_key_for_a_program(
    capfdbinary, trained_folder: Path, data: Path, text: str, key: str, values: dict[str, int]
):
    data.write_text(text, encoding="utf-8")
    assert main(["gap", "--model", str(trained_folder), str(data), "--events"]) == 1
    captured = capfdbinary.readouterr()
    event = json.loads(captured.out.decode().splitlines()[-1])
    if key != "nothing_to_compare":
        values = values | {"path": str(data)}
    assert event == {"event": "error", "key": key, "values": values}
    assert captured.err.decode().splitlines()[-1].startswith("s2s: ")


@pytest.mark.parametrize(
    "arguments", [["--model", "no-such-model", "DATA"], ["--model", "FOLDER", "none.tsv"]]
)
def test_what_is_missing_is_one_sentence_and_exit_code_1(
    capfdbinary, trained_folder: Path, data: Path, arguments: list[str]
):
    places = {"FOLDER": str(trained_folder), "DATA": str(data)}
    assert main(["gap", *(places.get(argument, argument) for argument in arguments)]) == 1
    captured = capfdbinary.readouterr()
    assert not captured.out
    assert captured.err.decode().splitlines()[-1].startswith("s2s: ")


def test_pairs_can_be_given_instead_of_read(tmp_path: Path):
    assert read_pairs(tmp_path / "named.tsv", data=b"a\tb\r\n\nc\td") == [Pair("a", "b"), Pair("c", "d")]
