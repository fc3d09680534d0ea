"""The command line of a training: what its options become."""

import gzip
from pathlib import Path

import pytest

from s2s.catalog import read_config
from s2s.cli import main
from s2s.cli.train import _told
from s2s.data.corpora import Pair
from s2s.data.fingerprint import fingerprint
from s2s.train.loop import Progress
from tests.conftest import VOCAB
from tests.sentences import PAIRS, PHRASES


def train(folder: Path, *options: object) -> int:
    return main(
        [
            "train", "--out", str(folder), "--updates", "2", "--batch-tokens", "64", "--hidden", "16",
            "--source-vocab", str(VOCAB), "--target-vocab", str(VOCAB), "--precision", "float32",
            "--typed", "0", "--exchanged", "0", *map(str, options),
        ]
    )  # fmt: skip


def tsv(path: Path, pairs: list[Pair]) -> Path:
    path.write_text("".join(f"{source}\t{target}\n" for source, target in pairs), encoding="utf-8")
    return path


def parallel(folder: Path, name: str, pairs: list[Pair]) -> tuple[Path, Path]:
    folder.mkdir(exist_ok=True)
    source, target = folder / f"{name}.fr.gz", folder / f"{name}.en.gz"
    for path, side in ((source, 0), (target, 1)):
        path.write_bytes(gzip.compress("".join(f"{pair[side]}\n" for pair in pairs).encode()))
    return source, target


def test_two_parallel_files_are_learned_from_like_one_of_pairs(tmp_path: Path) -> None:
    pairs, dev = tsv(tmp_path / "pairs.tsv", PAIRS), tsv(tmp_path / "dev.tsv", PHRASES)
    assert train(tmp_path / "one", "--train", pairs, "--dev", dev) == 0
    files = parallel(tmp_path, "pairs", PAIRS)
    dev_files = parallel(tmp_path, "dev", PHRASES)
    assert train(tmp_path / "two", "--train", *files, "--dev", *dev_files) == 0
    one, two = (read_config(tmp_path / name)[1] for name in ("one", "two"))
    assert one.fingerprint == two.fingerprint == fingerprint(PAIRS)
    assert [(p["loss"], p["dev_loss"]) for p in one.history] == [
        (p["loss"], p["dev_loss"]) for p in two.history
    ]
    assert one.history


def test_a_model_says_the_languages_that_it_was_trained_with(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pairs = tsv(tmp_path / "pairs.tsv", PAIRS)
    files = ("--train", pairs, "--dev", pairs)
    assert train(tmp_path / "one", *files, "--source-language", "it", "--target-language", "de") == 0
    assert read_config(tmp_path / "one")[0].languages.codes == ("it", "de")
    assert "From it to de." in (tmp_path / "one" / "README.md").read_text(encoding="utf-8")
    assert train(tmp_path / "two", *files) == 0
    assert read_config(tmp_path / "two")[0].languages.codes == ("fr", "en")
    assert train(tmp_path / "three", *files, "--source-language", "tlh") == 1
    assert "source_language" in capsys.readouterr().err


def test_a_third_file_is_one_too_many(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        train(tmp_path / "run", "--train", "a", "b", "c", "--dev", "d")
    assert "two parallel ones, not 3" in capsys.readouterr().err


def test_a_device_that_is_not_there_is_one_sentence_and_exit_code_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pairs = tsv(tmp_path / "pairs.tsv", PAIRS)
    assert train(tmp_path / "run", "--train", pairs, "--dev", pairs, "--device", "abacus") == 1
    assert "no device 'abacus'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (
            ("--regime", "cheating"),
            "regime is 'cheating'; choose one of teacher, scheduled, free, professor.",
        ),
        (("--schedule", "cosine"), "schedule is 'cosine'; choose one of sigmoid, linear, exponential."),
        (("--sigmoid-k", 0.5), "sigmoid_k is 0.5; it must lie between 1.0 and 10000000.0."),
        (("--exponential-k", 1), "exponential_k is 1.0; it must lie between 0.0 and 0.9999999."),
        (("--linear-k", 0.2, "--linear-floor", 0.3), "linear_k is 0.2, below linear_floor = 0.3; start the"),
        (
            ("--regime", "professor", "--attention", "none"),
            "Professor forcing compares what attention leads to",
        ),
    ],
)
def test_a_regime_that_makes_no_sense_is_one_sentence_and_exit_code_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: tuple[object, ...], told: str
) -> None:
    pairs = tsv(tmp_path / "pairs.tsv", PAIRS)
    assert train(tmp_path / "run", "--train", pairs, "--dev", pairs, *options) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert told in line
    assert not (tmp_path / "run").exists()


def test_an_update_tells_what_its_regime_adds() -> None:
    step = Progress(5, 9, 2.5, 1e-3, 100, 1234.5, None, 1.0, 1.0)
    assert _told(step, "-") == "loss 2.500, dev -, 1,234 tokens/s"
    scheduled = step._replace(teacher_share=0.25)
    assert _told(scheduled, "2.100") == "loss 2.500, dev 2.100, fed the reference 25%, 1,234 tokens/s"
    assert ", discriminator 97%, " in _told(step._replace(accuracy=0.97), "-")


def test_models_are_kept_beside_after_the_updates_that_are_named(tmp_path: Path) -> None:
    pairs = tsv(tmp_path / "pairs.tsv", PAIRS)
    assert train(tmp_path / "one", "--train", pairs, "--dev", pairs, "--keep", "1", "2") == 0
    assert [read_config(tmp_path / f"one-{n}")[1].updates for n in (1, 2)] == [1, 2]
