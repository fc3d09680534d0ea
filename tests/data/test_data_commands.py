import subprocess
import sys
from pathlib import Path

import pytest

from s2s.cli import main
from s2s.config import SplitConfig
from s2s.data.corpora import Pair, read_pairs
from s2s.data.fetch import CORPORA

PAIRS = [Pair(f"le mot {i}", f"word {i}") for i in range(20)]
NAMES = ["train.tsv.gz", "dev.tsv.gz", "test.tsv.gz"]


def _tsv(path: Path, more: str = "") -> Path:
    text = "".join(f"{source}\t{target}\n" for source, target in PAIRS)
    path.write_text(text + more, encoding="utf-8")
    return path


def _command(*files: Path, out: Path, more: tuple[str, ...] = ()) -> list[str]:
    return ["data", "split", *map(str, files), "--out", str(out), "--dev", "3", "--test", "4", *more]


def _parts(folder: Path) -> list[list[Pair]]:
    return [read_pairs(folder / name) for name in NAMES]


def test_split_writes_three_files_and_says_what_is_in_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = _tsv(
        tmp_path / "my.tsv", "le mot 0\tword 0\nun\tone two three four five six seven eight nine ten\n"
    )
    assert main(_command(file, out=tmp_path / "out")) == 0
    parts = _parts(tmp_path / "out")
    assert [len(part) for part in parts] == [13, 3, 4]
    assert sorted(pair for part in parts for pair in part) == sorted(PAIRS)
    readme = (tmp_path / "out" / "README.md").read_text(encoding="utf-8")
    said = capsys.readouterr().err
    for wanted in ("22 pairs were read", "1 duplicates", "1 with more than 9 times", "20 groups"):
        assert wanted in said
        assert wanted in readme
    assert "my.tsv" in readme
    assert f"{tmp_path / 'out'}: 13 pairs in train, 3 in dev, 4 in test" in said
    assert {path.name for path in (tmp_path / "out").iterdir()} == {*NAMES, "README.md"}


@pytest.mark.parametrize("more", [(), ("--target-first",)])
@pytest.mark.parametrize("columns", [2, 3])
def test_a_file_of_manythings_is_recognised_or_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], columns: int, more: tuple[str, ...]
) -> None:
    file = tmp_path / "fra.txt"
    by = "\tCC-BY 2.0 (France)" if columns == 3 else ""
    file.write_text("".join(f"{target}\t{source}{by}\n" for source, target in PAIRS), encoding="utf-8")
    assert main(_command(file, out=tmp_path / "out", more=more)) == 0
    is_swapped = columns == 2 and not more
    expected = [Pair(target, source) for source, target in PAIRS] if is_swapped else PAIRS
    assert sorted(pair for part in _parts(tmp_path / "out") for pair in part) == sorted(expected)
    assert ("the target stands first" in capsys.readouterr().err) == (not is_swapped)


def test_two_parallel_files_give_what_one_file_of_pairs_gives(tmp_path: Path) -> None:
    sides = [tmp_path / "my.fr", tmp_path / "my.en"]
    for path, lines in zip(sides, zip(*PAIRS, strict=True), strict=True):
        path.write_text("\n".join(lines), encoding="utf-8")
    assert main(_command(_tsv(tmp_path / "my.tsv"), out=tmp_path / "one")) == 0
    assert main(_command(*sides, out=tmp_path / "two")) == 0
    for name in NAMES:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_bad_lines_are_told_counted_and_skipped(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = _tsv(tmp_path / "my.tsv", "one\na\tb\tc\n\tx\n")
    assert main(_command(file, out=tmp_path / "out")) == 0
    said = capsys.readouterr().err
    assert [said.count(f"skipped: {file}, line {number} ") for number in (21, 22, 23)] == [1, 1, 1]
    assert "20 pairs were read and 3 bad lines skipped" in said
    assert sum(map(len, _parts(tmp_path / "out"))) == 20


def test_strict_stops_at_the_first_bad_line_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = _tsv(tmp_path / "my.tsv", "one\n")
    assert main(_command(file, out=tmp_path / "out", more=("--strict",))) == 1
    assert "line 21 has 1 columns" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_another_split_never_overwrites_one_that_is_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, out = _tsv(tmp_path / "my.tsv"), tmp_path / "out"
    assert main(_command(file, out=out)) == 0
    before = {path: path.read_bytes() for path in out.iterdir()}
    assert main(_command(file, out=out, more=("--seed", "2"))) == 1
    assert str(out / "train.tsv.gz") in capsys.readouterr().err
    assert {path: path.read_bytes() for path in out.iterdir()} == before
    (out / "test.tsv.gz").unlink()  # as if it had been interrupted
    assert main(_command(file, out=out)) == 0
    assert {path: path.read_bytes() for path in out.iterdir()} == before


def test_a_folder_that_cannot_be_written_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = _tsv(tmp_path / "my.tsv")
    assert main(_command(file, out=file)) == 1
    *_, sentence = capsys.readouterr().err.splitlines()
    assert str(file) in sentence


@pytest.mark.parametrize(
    ("more", "wanted"),
    [
        (("--dev", "17"), "There are 20 groups"),
        (("--dev", "0"), "dev is 0"),
        (("--max-ratio", "nan"), "max_ratio is nan"),
    ],
)
def test_settings_that_cannot_be_met_are_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], more: tuple[str, ...], wanted: str
) -> None:
    assert main(_command(_tsv(tmp_path / "my.tsv"), out=tmp_path / "out", more=more)) == 1
    assert wanted in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("command", ["fetch", "split"])
def test_help_shows_every_setting_with_its_default(capsys: pytest.CaptureFixture[str], command: str) -> None:
    with pytest.raises(SystemExit):
        main(["data", command, "--help"])
    text = " ".join(capsys.readouterr().out.split())
    for name, value in SplitConfig().to_dict().items():
        assert f"--{name.replace('_', '-')}" in text
        assert f"(default: {value})" in text


def test_help_of_fetch_names_the_corpora(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["data", "fetch", "--help"])
    text = capsys.readouterr().out
    assert all(name in text for name in CORPORA)


def test_pairs_are_made_ready_without_loading_torch(tmp_path: Path) -> None:
    command = _command(_tsv(tmp_path / "my.tsv"), out=tmp_path / "out")
    code = f"import sys; from s2s.cli import main; main({command!r}); sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, capture_output=True).returncode == 0
