import io
import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from s2s.cli import main
from s2s.config import RECURRENT, TRANSFORMER, ModelConfig, TrainConfig, TransformerConfig
from s2s.text import words
from s2s.train.state import read_record
from s2s.translator import Translator
from tests.conftest import VOCAB
from tests.sentences import PAIRS


def run(monkeypatch: pytest.MonkeyPatch, capfdbinary, arguments: list[str], text: bytes = b"") -> list[str]:
    """The lines a command writes for `text` on its standard input."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text)))
    assert main(arguments) == 0
    return capfdbinary.readouterr().out.decode().split("\n")[:-1]


def test_translate_gives_a_line_for_a_line_and_keeps_empty_ones(monkeypatch, capfdbinary, trained_folder):
    text = f"{PAIRS[0].source}\n\n   \n{PAIRS[1].source}".encode()
    lines = run(monkeypatch, capfdbinary, ["translate", "--model", str(trained_folder)], text)
    translator = Translator.load(str(trained_folder))
    expected = [translator.translate(PAIRS[k].source).target for k in (0, 1)]
    assert lines == [expected[0], "", "", expected[1]]


def test_translate_never_stops_on_an_odd_line(monkeypatch, capfdbinary, trained_folder):
    odd = [b"\xff\xfe\x00", b"a\tb\tc", "\u2028\x0b\x0c".encode(), b"\r", "😀 한국어".encode(), b"mot " * 500]
    lines = run(monkeypatch, capfdbinary, ["translate", "--model", str(trained_folder)], b"\n".join(odd))
    assert len(lines) == len(odd)


def test_align_tells_words_weights_and_links_of_a_given_translation(monkeypatch, capfdbinary, trained_folder):
    source, target = PAIRS[0]
    text = f"{source}\t{target}\n".encode()
    (line,) = run(monkeypatch, capfdbinary, ["align", "--model", str(trained_folder)], text)
    record = json.loads(line)
    assert (record["source"], record["target"]) == (source, target)
    for side in ("source", "target"):
        found = [(w["text"], w["start"], w["end"]) for w in record[f"{side}_words"]]
        language = {"source": "fr", "target": "en"}[side]
        assert found == [tuple(word) for word in words(record[side], language)]
    for name in ("weights", "posteriors"):
        assert len(record[name]) == len(record["target_words"])
        for row in record[name]:
            assert len(row) == len(record["source_words"]) + 1
            assert sum(row) == pytest.approx(1, abs=1e-4)
    for row, posteriors in enumerate(record["posteriors"]):
        strongest = posteriors.index(max(posteriors))
        linked = [column for column, r in record["links"] if r == row]
        assert linked == ([strongest] if strongest < len(record["source_words"]) else [])


def test_align_takes_the_models_own_translation_where_none_is_given(monkeypatch, capfdbinary, trained_folder):
    source = PAIRS[2].source
    (line,) = run(monkeypatch, capfdbinary, ["align", "--model", str(trained_folder)], f"{source}\n".encode())
    assert json.loads(line)["target"] == Translator.load(str(trained_folder)).translate(source).target


def test_align_answers_a_bad_line_with_its_number_and_goes_on(monkeypatch, capfdbinary, trained_folder):
    text = f"a\tb\tc\n{PAIRS[0].source}\n".encode()
    first, second = run(monkeypatch, capfdbinary, ["align", "--model", str(trained_folder)], text)
    assert "line 1 has 3 columns" in json.loads(first)["error"]
    assert json.loads(second)["source"] == PAIRS[0].source


def test_trace_writes_what_the_translator_computes(monkeypatch, capfdbinary, trained_folder):
    (line,) = run(
        monkeypatch, capfdbinary, ["trace", "--model", str(trained_folder)], PAIRS[0].source.encode()
    )
    assert line == Translator.load(str(trained_folder)).translate(PAIRS[0].source).to_json()


def test_an_unknown_model_is_one_sentence_and_exit_code_1(capfdbinary):
    assert main(["translate", "--model", "no-such-model"]) == 1
    error = capfdbinary.readouterr().err.decode()
    assert error.count("\n") == 1
    assert "no-such-model" in error


def test_help_of_train_shows_every_setting_with_its_default(capfdbinary):
    with pytest.raises(SystemExit):
        main(["train", "--help"])
    text = " ".join(capfdbinary.readouterr().out.decode().split())
    recurrent, transformer = ModelConfig().to_dict(), TransformerConfig().to_dict()
    for name, value in {**transformer, **recurrent, **TrainConfig().to_dict(), "family": RECURRENT}.items():
        assert f"--{name.replace('_', '-')}" in text
        other = transformer.get(name, value)
        differ = name in recurrent and name != "family" and other != value
        told = f"{value} if {RECURRENT}, {other} if {TRANSFORMER}" if differ else value
        assert f"(default: {told})" in text


def test_help_answers_without_loading_torch():
    code = "import sys; from s2s.cli import parser; parser(); sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def write_pairs(path: Path) -> Path:
    path.write_text("".join(f"{source}\t{target}\n" for source, target in PAIRS), encoding="utf-8")
    return path


def train_command(folder: Path, pairs: Path, *, updates: int) -> list[str]:
    return [
        "train", "--train", str(pairs), "--dev", str(pairs), "--out", str(folder), "--hidden", "16",
        "--source-vocab", str(VOCAB), "--target-vocab", str(VOCAB), "--updates", str(updates),
        "--batch-tokens", "256", "--precision", "float32", "--threads", "1", "--dev-every", "5",
        "--typed", "0", "--exchanged", "0",
    ]  # fmt: skip


def test_ctrl_c_saves_the_run_and_resume_ends_where_a_straight_run_ends(tmp_path):
    pairs = write_pairs(tmp_path / "pairs.tsv")
    straight, broken = tmp_path / "straight", tmp_path / "broken"
    assert main(train_command(straight, pairs, updates=120)) == 0
    command = [sys.executable, "-m", "s2s", *train_command(broken, pairs, updates=120)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    seen = ""
    while "dev loss" not in seen:  # it has begun to learn
        seen += (character := process.stderr.read(1))
        assert character, seen
    process.send_signal(signal.SIGINT)
    rest = process.communicate(timeout=60)[1]
    assert process.returncode == 130
    assert "--resume" in rest
    assert (read_record(broken) or {})["updates"] < 120
    assert main([*train_command(broken, pairs, updates=120), "--resume"]) == 0
    assert (straight / "weights.safetensors").read_bytes() == (broken / "weights.safetensors").read_bytes()


def test_a_finished_run_is_not_trained_over(tmp_path, capfdbinary):
    pairs = write_pairs(tmp_path / "pairs.tsv")
    assert main(train_command(tmp_path / "run", pairs, updates=3)) == 0
    assert main(train_command(tmp_path / "run", pairs, updates=3)) == 1
    assert "finished run of 3 updates" in capfdbinary.readouterr().err.decode()
