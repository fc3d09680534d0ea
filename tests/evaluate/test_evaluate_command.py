import hashlib
import json
from pathlib import Path

import pytest
import torch

from s2s.catalog import Card
from s2s.checkpoints import Checkpoint, save
from s2s.claims.bottleneck import length_claims
from s2s.cli import main
from s2s.data.fingerprint import fingerprint
from s2s.evaluate.evaluation import Evaluation
from s2s.evaluate.table import table, typed_table
from tests.conftest import BuildTiny
from tests.sentences import PAIRS, PHRASES

GOLD_LINE = "je parle\tI speak\t0-0 1-1\tverb\n"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / "pairs.tsv"
    path.write_text("".join(f"{source}\t{target}\n" for source, target in PHRASES), encoding="utf-8")
    return path


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    path = tmp_path / "gold.tsv"
    path.write_text(GOLD_LINE, encoding="utf-8")
    return path


def test_the_table_on_standard_output_is_that_of_the_record_in_the_file(
    capfdbinary, trained_folder: Path, data: Path, gold: Path, tmp_path: Path
):
    record = tmp_path / "record.json"
    model = ["--model", str(trained_folder)]
    assert main(["evaluate", *model, *model, str(data), "--gold", str(gold), "--json", str(record)]) == 0
    stored = [Evaluation.from_dict(one) for one in json.loads(record.read_text(encoding="utf-8"))]
    assert capfdbinary.readouterr().out.decode() == table(stored) + "\n"
    assert len(stored) == 2
    assert stored[0].bleu == stored[1].bleu
    assert stored[0].gold is not None


def test_of_models_that_are_compared_it_says_what_the_page_concludes(
    capfdbinary,
    trained_folder: Path,
    checkpoint: Checkpoint,
    build_tiny: BuildTiny,
    data: Path,
    tmp_path: Path,
):
    without, record = tmp_path / "tiny-none", tmp_path / "record.json"
    save(checkpoint._replace(model=build_tiny("none")), without, card=Card())
    models = ["--model", str(without), "--model", str(trained_folder)]
    assert main(["evaluate", *models, str(data), "--json", str(record)]) == 0
    none, general = (Evaluation.from_dict(one) for one in json.loads(record.read_text(encoding="utf-8")))
    [claim] = length_claims({"none": none.chains, "general": general.chains})
    assert claim.key == "bottleneck.attention"
    assert capfdbinary.readouterr().out.decode() == f"{table([none, general])}\n\n{claim}\n"


def test_the_record_says_what_it_takes_to_measure_again(
    capfdbinary, trained_folder: Path, data: Path, gold: Path
):
    command = ["evaluate", "--model", str(trained_folder), str(data), "--gold", str(gold), "--json", "-"]
    assert main(command) == 0
    (record,) = json.loads(capfdbinary.readouterr().out)
    setup = Evaluation.from_dict(record).setup
    weights = (trained_folder / "weights.safetensors").read_bytes()
    assert (setup.model, setup.attention) == (trained_folder.name, "general")
    assert setup.weights == hashlib.sha256(weights).hexdigest()
    assert (setup.data, setup.data_fingerprint) == ("pairs.tsv", fingerprint(PHRASES))
    assert (setup.gold, setup.gold_fingerprint) == (
        "gold.tsv",
        hashlib.sha256(GOLD_LINE.encode()).hexdigest(),
    )
    assert (
        setup.parameters == json.loads((trained_folder / "config.json").read_text())["card"]["parameters"] > 0
    )
    assert set(setup.versions) == {"Python", "torch", "sacrebleu", "sentencepiece"}


def test_typed_prints_its_tables_below_and_a_lexicon_adds_what_is_over_said(
    capfdbinary, trained_folder: Path, data: Path, tmp_path: Path
):
    path, record = tmp_path / "longer.tsv", tmp_path / "record.json"
    path.write_text("".join(f"{source}\t{target}\n" for source, target in PAIRS[::40]), encoding="utf-8")
    command = ["evaluate", "--model", str(trained_folder), str(path), "--json", str(record)]
    for more in (["--typed"], ["--lexicon", str(data)]):
        assert main([*command, *more]) == 0
        (stored,) = [Evaluation.from_dict(one) for one in json.loads(record.read_text(encoding="utf-8"))]
        assert stored.typed is not None
        told = typed_table([(trained_folder.name, stored.typed)])
        assert capfdbinary.readouterr().out.decode() == f"{table([stored])}\n\n{told}\n"
        words = stored.typed.word_by_word
        assert words is not None
        assert (words.over_said is None) == ("--typed" in more)
    assert (words.lexicon, words.lexicon_fingerprint) == ("pairs.tsv", fingerprint(PHRASES))


def test_a_lexicon_without_a_word_is_told_by_its_name(
    capfdbinary, trained_folder: Path, data: Path, tmp_path: Path
):
    marks = tmp_path / "marks.tsv"
    marks.write_text("...\t!\n", encoding="utf-8")
    assert main(["evaluate", "--model", str(trained_folder), str(data), "--lexicon", str(marks)]) == 1
    assert "marks.tsv holds no usable pair" in capfdbinary.readouterr().err.decode()


def test_one_thread_computes_however_many_there_were(capfdbinary, trained_folder: Path, data: Path):
    torch.set_num_threads(2)
    assert main(["evaluate", "--model", str(trained_folder), str(data)]) == 0
    assert torch.get_num_threads() == 1
    assert "threads: 1" in capfdbinary.readouterr().out.decode()


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--model", "no-such-model", "DATA"], "no-such-model"),
        (["--model", "FOLDER", "no-such-file.tsv"], "no-such-file.tsv"),
        (["--model", "FOLDER", "DATA", "--gold", "no-such-gold.tsv"], "no-such-gold.tsv"),
        (["--model", "FOLDER", "DATA", "--json", "no-such-folder/record.json"], "no-such-folder"),
    ],
)
def test_what_is_missing_is_one_sentence_and_exit_code_1(
    capfdbinary, trained_folder: Path, data: Path, arguments: list[str], named: str
):
    places = {"FOLDER": str(trained_folder), "DATA": str(data)}
    assert main(["evaluate", *(places.get(argument, argument) for argument in arguments)]) == 1
    last = capfdbinary.readouterr().err.decode().rstrip("\n").split("\n")[-1]
    assert last.startswith("s2s: ")
    assert named in last
