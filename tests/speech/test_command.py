"""python -m s2s speech train, evaluate, excerpt, listen."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from s2s.cli import main
from s2s.sound.corpus import Recording
from s2s.sound.shelf import EXAMPLES, read_card
from s2s.sound.utterances import spelt
from s2s.sound.waves import write_wav
from tests.sound.recordings import chord
from tests.speech.shipped import examples, folder


def write(where: Path, takes: tuple[int, ...]) -> Path:
    where.mkdir()
    for digit in range(3):
        for voice in ("ada", "bert"):
            for take in takes:
                (where / f"{digit}_{voice}_{take}.wav").write_bytes(write_wav(chord(digit, seed=take)))
    return where


def test_a_model_is_trained_stopped_and_measured(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    recordings, out = write(tmp_path / "wavs", (0, 5, 8, 9)), tmp_path / "model"
    given = ["--recordings", str(recordings), "--out", str(out)]
    small = ["--hidden", "16", "--updates", "2", "--batch", "2", "--dev-every", "1", "--data", "tones"]
    assert main(["speech", "train", *given, *small, "--without", "bert"]) == 0
    assert "update 2: dev loss" in capsys.readouterr().err
    assert read_card(out)[1].data == "tones"
    assert main(["speech", "train", *given, *small]) == 1
    assert "already holds an interrupted run" in capsys.readouterr().err
    measure = ["speech", "evaluate", "--recordings", str(recordings), "--model", str(out), "--count", "8"]
    assert main([*measure, "--write", "bert", "--speaker", "bert"]) == 0
    told = dict(line.split("\t") for line in capsys.readouterr().out.splitlines())
    assert float(told["wer"]) == pytest.approx(read_card(out)[1].measured["bert"]["wer"], abs=1e-4)
    assert told["utterances"] == "8"
    assert {f"wer of {length}" for length in range(1, 9)} <= told.keys()
    assert "On 8 utterances of bert" in (out / "README.md").read_text(encoding="utf-8")
    assert main([*measure, "--speaker", "nobody"]) == 1
    assert main(["speech", "train", *given[:3], str(tmp_path / "other"), *small, "--without", "nobody"]) == 1
    assert "those who do are ada, bert" in capsys.readouterr().err
    voices = ["--voices", str(recordings), "--synthetic-share", "0.5"]
    given = ["--recordings", str(recordings), "--out", str(tmp_path / "more")]
    assert main(["speech", "train", *given, *small, *voices]) == 0
    capsys.readouterr()
    assert main(["speech", "train", *given, *small, "--resume"]) == 1
    assert "was started with other pairs" in capsys.readouterr().err


def test_files_are_listened_to(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    utterance = spelt(examples(), "jackson", "918")
    path = tmp_path / "said.wav"
    path.write_bytes(write_wav(utterance.samples))
    assert main(["speech", "listen", str(path), str(path)]) == 0
    assert capsys.readouterr().out == "918\n918\n"
    path.write_bytes(b"no sound")
    assert main(["speech", "listen", str(path)]) == 1
    assert "This is not a WAV file" in capsys.readouterr().err
    assert main(["speech", "listen", str(tmp_path / "none.wav")]) == 1


def test_an_excerpt_of_the_examples_is_the_examples(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    out = tmp_path / "out"
    given = ["speech", "excerpt", "--recordings", str(EXAMPLES), "--out", str(out)]
    assert main(given) == 0
    assert capsys.readouterr().out == f"{len(examples())} recordings\n"
    assert (out / "test.tsv").read_bytes() == (EXAMPLES / "test.tsv").read_bytes()
    assert main([*given, "--takes", "7"]) == 1


def test_a_folder_that_holds_no_model_gets_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    shutil.copytree(folder(), tmp_path / "model")
    (tmp_path / "model" / "weights.safetensors").write_bytes(b"")
    path = tmp_path / "a.wav"
    path.write_bytes(write_wav(np.ones(10, np.float32)))
    assert main(["speech", "listen", "--model", str(tmp_path / "model"), str(path)]) == 1
    assert "weights.safetensors" in capsys.readouterr().err
    assert all(isinstance(one, Recording) for one in examples())
