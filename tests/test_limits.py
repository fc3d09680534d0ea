"""Options of the command line that take whole numbers: their limits, what --help says of them, and files that
results go to."""

import json
import os
from pathlib import Path

import pytest

from s2s.cli import jobs, main
from s2s.cli.outputs import check_writable, write
from s2s.cli.settings import Limits
from s2s.errors import DataError
from tests.sentences import PAIRS

REQUIRED = {
    "memory": [],
    "costs": [],
    "exposure": [],
    "probe": ["--model", "x", "--train", "x", "--test", "x"],
    "models": ["--data", "x"],
    "regimes": ["--data", "x", "--general", "x"],
    "compare": ["--model", "x"],
    "serve": [],
}
OPTIONS = [
    ("memory", "--fillers", "1 to 1,000"), ("memory", "--updates", "1 to 100,000"),
    ("memory", "--seed", "0 to 2,147,483,647"), ("costs", "--lengths", "1 to 1,000"),
    ("exposure", "--length", "2 to 100"), ("exposure", "--updates", "1 to 100,000"),
    ("exposure", "--seed", "0 to 2,147,483,647"),
    ("probe", "--inputs", "2 to 200,000"), ("probe", "--epochs", "1 to 1,000"),
    ("probe", "--seed", "0 to 2,147,483,647"), ("models", "--pieces", "8 to 200,000"),
    ("models", "--repetitions", "0 to 100"), ("models", "--repetition-updates", "1 to 10,000,000"),
    ("models", "--regime-pieces", "8 to 200,000"),
    ("models", "--regime-repetition-updates", "1 to 10,000,000"), ("regimes", "--pairs", "4 to 1,000,000"),
    ("regimes", "--repetition-pairs", "1 to 1,000,000"), ("regimes", "--rounds", "1 to 1,000"),
    ("regimes", "--batches", "1 to 1,000"), ("regimes", "--discriminator-updates", "1 to 1,000,000"),
    ("models", "--probe-inputs", "2 to 200,000"), ("models", "--jobs", "1 to 64"),
    ("compare", "--seed", "0 to 2,147,483,647"), ("serve", "--replicas", "1 to 1,000"),
    ("serve", "--max-replicas", "1 to 1,000"), ("serve", "--load", "1 to 1,000"),
    ("serve", "--batch", "1 to 64"), ("serve", "--wait", "0 to 1,000"),
]  # fmt: skip


def said(capsys: pytest.CaptureFixture[str], command: list[str]) -> tuple[int, str]:
    """The status that a command ends with at once, and all that it says."""
    with pytest.raises(SystemExit) as caught:
        main(command)
    captured = capsys.readouterr()
    return caught.value.code, " ".join((captured.out + captured.err).split())


@pytest.mark.parametrize(("command", "option", "limits"), OPTIONS)
def test_a_number_outside_its_limits_is_refused_before_anything_is_done(capsys, command, option, limits):
    low, high = (int(limit.replace(",", "")) for limit in limits.split(" to "))
    for wrong in (low - 1, high + 1, -(10**30), "x", "1.5", "", "9" * 5000):
        status, told = said(capsys, [command, *REQUIRED[command], f"{option}={wrong}"])
        assert status == 2
        assert f"argument {option}: " in told
        assert told.endswith(f"is not a whole number from {limits}")


@pytest.mark.parametrize(("command", "option", "limits"), OPTIONS)
def test_help_says_the_limits_of_a_number(capsys, command, option, limits):
    status, told = said(capsys, [command, "--help"])
    assert status == 0
    meaning, _, _ = told.rpartition(f" {option} N")[2].partition("(default")
    assert limits in meaning


def test_a_number_at_a_limit_is_taken():
    limits = Limits(2, 30)
    assert [limits(text) for text in ("2", "30", " 7 ")] == [2, 30, 7]


def test_a_list_of_many_numbers_is_refused(capsys):
    _, told = said(capsys, ["costs", "--lengths", ",".join(["1"] * 9)])
    assert told.endswith("9 numbers are given; give at most 8")


@pytest.mark.parametrize("place", ["nowhere/x.json", "", ".", "file/x.json"])
def test_a_file_that_cannot_be_written_is_refused_before_the_work(monkeypatch, capsys, tmp_path, place):
    monkeypatch.chdir(tmp_path)
    Path("file").touch()
    Path("pairs.tsv").write_text("a\tb\n", encoding="utf-8")
    for command in (
        ["gap", "--model", "fr-en-dot", "pairs.tsv"],
        ["evaluate", "--model", "fr-en-dot", "pairs.tsv"],
        ["probe", "--model", "fr-en-dot", "--train", "pairs.tsv", "--test", "pairs.tsv"],
    ):
        monkeypatch.setattr("s2s.data.corpora.read_pairs", None)  # the work begins with it
        assert main([*command, "--json", place]) == 1
        assert "cannot be written" in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "pairs.tsv"]


def test_a_result_goes_to_a_file_through_a_link_or_to_what_is_no_file(tmp_path):
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_text("old", encoding="utf-8")
    link.symlink_to(target)
    reading, writing = os.pipe()
    for path in (link, Path("/dev/null"), Path(f"/dev/fd/{writing}")):
        check_writable(path)
        write(path, "new")
    assert os.read(reading, 10) == b"new"
    os.close(reading)
    os.close(writing)
    assert (target.read_text(encoding="utf-8"), link.is_symlink()) == ("new", True)
    assert Path("/dev/null").is_char_device()
    with pytest.raises(DataError, match="No space left on device"):
        write(Path("/dev/full"), "new")


def test_gold_that_is_missing_is_told_before_anything_is_trained(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(jobs, "gather", None)
    gold = str(tmp_path / "nowhere.tsv")
    assert main(["models", "--data", str(tmp_path), "--gold", gold, "--work", str(tmp_path / "work")]) == 1
    assert "nowhere.tsv does not exist" in capsys.readouterr().err
    assert not (tmp_path / "work").exists()


def test_align_reads_pairs_with_bars_and_says_what_was_cut_in_its_json(
    monkeypatch, capfdbinary, tmp_path, trained_folder
):
    source, target = PAIRS[0]
    path = tmp_path / "pairs.txt"
    path.write_text(f"{source} ||| {target}\n{'le jardin ' * 200}\n", encoding="utf-8")
    assert main(["align", "--model", str(trained_folder), str(path)]) == 0
    captured = capfdbinary.readouterr()
    pair, long = map(json.loads, captured.out.decode().splitlines())
    assert (pair["source"], pair["target"], pair["source_cut"]) == (source, target, False)
    assert long["source_cut"] is True
    assert "line 2 has more than" in captured.err.decode()
