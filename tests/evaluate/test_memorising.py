"""One training looked at after more and more updates, and what is told of it."""

import json
import shutil
from pathlib import Path

import pytest

from s2s.catalog import Card
from s2s.cli import main, memorising
from s2s.data.corpora import Pair, pairs_as_tsv
from s2s.errors import DataError
from s2s.evaluate.memorising import (
    RECORD,
    Judged,
    Material,
    Memorising,
    read_judged,
    read_memorising,
    stage,
    unjudged,
)
from s2s.evaluate.page import page_of
from s2s.evaluate.task_table import memorising_section
from s2s.evaluate.translation import sentences
from tests.evaluate.test_report import report
from tests.evaluate.test_scores import Says
from tests.sentences import PAIRS

TRAIN = [Pair("hello", "hi"), Pair("hello", "hey"), Pair("bye", "see you"), Pair("who", "me")]
DEV = [Pair("good day", "hi"), Pair("morning", "hi"), Pair("night", "sleep well"), Pair("tea", "thanks")]
CARD = Card(
    updates=200,
    history=({"updates": 100, "dev_loss": 3.0}, {"updates": 200, "dev_loss": 2.5, "mean_loss": 2.0}),
)
JUDGED = Judged(("hello", "tea"), {Pair("hello", "hey"): True, Pair("tea", "hi"): False})
SAYS = Says(
    {"hello": "hey", "bye": "hi", "who": "me", "good day": "hi", "morning": "hi", "night": "me", "tea": "hi"}
)


def test_a_stage_is_told_by_what_it_says():
    material = Material.of(TRAIN, DEV, JUDGED, inputs=100)
    found = stage(SAYS, CARD, "abc", material)
    assert (found.updates, found.train_loss, found.dev_loss) == (200, 2.0, 2.5)
    assert found.by_heart == pytest.approx(2 / 3), "either answer to a question is known"
    assert found.distinct == 0.5
    assert (found.commonest, found.commonest_share) == ("hi", 0.75)
    assert found.from_train == 1
    assert found.answers == ("hey", "hi")
    assert found.fitting == (True, False)
    assert material.seen == (True, False)
    assert unjudged([found], JUDGED) == []


def test_what_nobody_judged_is_told_once_and_nothing_is_concluded():
    judged = JUDGED._replace(fits={Pair("hello", "hey"): True})
    found = stage(SAYS, CARD, "abc", Material.of(TRAIN, DEV, judged, inputs=100))
    assert found.fitting is None
    assert unjudged([found, found], judged) == [Pair("tea", "hi")]


def test_of_many_sentences_a_seeded_draw_is_asked():
    first, again = (Material.of(PAIRS, DEV, JUDGED, inputs=3) for _ in range(2))
    assert first.learned == again.learned
    assert len(first.learned) == 3
    assert set(first.learned) < set(sentences(PAIRS))
    assert len(first.known) > 3, "whether an answer is from train is asked of all"


def test_judgements_are_read_and_a_question_alone_waits_for_them(tmp_path: Path):
    path = tmp_path / "judged.tsv"
    path.write_text("# by hand\nhello\nhello\they\t1\n\ntea\thi\t0\n", encoding="utf-8")
    assert read_judged(path) == JUDGED
    for wrong in ("hello\they", "hello\they\tperhaps", "hello\they\t1\tmore"):
        path.write_text(f"tea\n{wrong}\n", encoding="utf-8")
        with pytest.raises(DataError, match="line 2"):
            read_judged(path)
    path.write_text("# nothing\n", encoding="utf-8")
    with pytest.raises(DataError, match="no usable pair"):
        read_judged(path)


def record(**changes: object) -> Memorising:
    material = Material.of(TRAIN, DEV, JUDGED, inputs=100)
    values = {
        "model": "chat", "chosen": 200, "train": "train.tsv.gz", "train_fingerprint": "a" * 64,
        "train_inputs": 3, "dev": "dev.tsv.gz", "dev_fingerprint": "b" * 64, "dev_inputs": 4,
        "questions": JUDGED.questions, "seen": material.seen,
        "stages": (stage(SAYS, CARD, "abc", material),),
    }  # fmt: skip
    return Memorising(**(values | changes))


def test_a_file_gives_a_record_back_and_a_damaged_one_is_refused(tmp_path: Path):
    path = tmp_path / "memorising.json"
    path.write_text(record().to_json(), encoding="utf-8")
    assert read_memorising(path) == record()
    for wrong in ({"stages": ()}, {"chosen": 100}, {"questions": ("hello",)}, {"dev_inputs": "many"}):
        path.write_text(record(**wrong).to_json(), encoding="utf-8")
        with pytest.raises(DataError, match=r"memorising\.json"):
            read_memorising(path)
    path.write_text(json.dumps({"format": 99}), encoding="utf-8")
    with pytest.raises(DataError, match="format 99"):
        read_memorising(path)
    path.unlink()
    with pytest.raises(DataError, match="does not exist"):
        read_memorising(path)


def test_the_table_has_a_row_for_each_stage():
    text, table = memorising_section(record())
    assert "after 200 updates" in text
    assert "1 of the questions stand" in text
    assert "| 200" in table
    assert "1 of 2" in table
    assert "0 of 1" in table, "the other question was never seen"
    assert "hi (75.0 %)" in table


def test_the_command_measures_stages_in_order_and_writes_record_and_page(
    tmp_path: Path, trained_folder: Path, monkeypatch, capsys
):
    out = tmp_path / "models"
    shutil.copytree(trained_folder, out / "tiny-general")
    early = tmp_path / "early"
    shutil.copytree(trained_folder, early)
    config = json.loads((early / "config.json").read_text(encoding="utf-8"))
    config["card"]["updates"] = 1
    (early / "config.json").write_text(json.dumps(config), encoding="utf-8")
    weights = bytearray((early / "weights.safetensors").read_bytes())
    weights[-2:] = bytes(2)  # another model: the last number is zero
    (early / "weights.safetensors").write_bytes(weights)
    (out / "report.json").write_text(report().to_json(), encoding="utf-8")
    (tmp_path / "pairs.tsv.gz").write_bytes(pairs_as_tsv(PAIRS))
    (tmp_path / "judged.tsv").write_text(f"{PAIRS[0].source}\n", encoding="utf-8")
    monkeypatch.setattr(memorising.catalog, "SHIPPED", out)
    pairs = ["--train", tmp_path / "pairs.tsv.gz", "--dev", tmp_path / "pairs.tsv.gz"]
    command = ["memorising", "--models", trained_folder, early, *pairs, "--judged", tmp_path / "judged.tsv"]
    assert main([str(word) for word in [*command, "--write", "tiny-general"]]) == 0
    said = capsys.readouterr().out
    assert f"{PAIRS[0].source}\t" in said
    assert said.rstrip().endswith("?")
    found = read_memorising(out / RECORD.name)
    assert [one.updates for one in found.stages] == [1, found.chosen]
    assert found.seen == (True,)
    page = (out / "README.md").read_text(encoding="utf-8")
    assert page == page_of(out)
    assert "## Memorising against generalising" in page
    command[2] = early  # the shipped one is not among them any more
    assert main([str(word) for word in [*command, "--write", "tiny-general"]]) == 1
    assert "tiny-general" in capsys.readouterr().err
