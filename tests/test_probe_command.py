"""`python -m s2s probe`: what is wrong with where it writes is told before the work."""

from pathlib import Path

import pytest

from s2s.catalog import PROBE
from s2s.cli import main
from s2s.train import probe as training
from tests.sentences import PHRASES
from tests.train.test_command import tsv


@pytest.mark.parametrize("place", ["", "folder", "nowhere/file.json"])
def test_a_file_that_cannot_be_written_is_told_before_the_work(
    tmp_path: Path,
    trained_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    place: str,
) -> None:
    pairs = str(tsv(tmp_path / "pairs.tsv", PHRASES))
    (tmp_path / "folder").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(training, "fit", None)
    files = ["--train", pairs, "--test", pairs, "--json", place]
    assert main(["probe", "--model", str(trained_folder), *files]) == 1
    told = capsys.readouterr().err
    assert told.startswith("s2s: ")
    assert told.endswith("choose another place.\n")
    assert not (trained_folder / PROBE).exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder", "pairs.tsv"]


def test_a_second_model_that_is_not_there_is_told_before_the_first_is_probed(
    tmp_path: Path,
    trained_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    pairs = str(tsv(tmp_path / "pairs.tsv", PHRASES))
    monkeypatch.setattr(training, "fit", None)
    models = ["--model", str(trained_folder), "--model", "no-such-model"]
    assert main(["probe", *models, "--train", pairs, "--test", pairs]) == 1
    assert "no-such-model" in capsys.readouterr().err
