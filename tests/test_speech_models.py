"""`python -m s2s models --tasks` where there are recordings of digits."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from s2s.cli import jobs, main, speech_models
from s2s.sound import synthesis
from s2s.sound.corpus import write_packed
from s2s.sound.shelf import CONFIG, MODEL, UNHEARD, read_card
from tests.sound.recordings import recordings

TINY = ("--hidden", "16", "--batch", "2", "--dev-every", "1")


def test_it_is_trained_with_and_without_a_speaker_measured_and_published_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    digits = tmp_path / "tasks" / speech_models.RECORDINGS
    for part, take in (("train", 8), ("dev", 5), ("test", 0)):
        write_packed(recordings((take,)), digits, part)
    asked: list[str] = []

    def run(command: str, arguments: Sequence[object], *, log: Path) -> None:
        asked.append(f"{command} {arguments[0]} {log.stem}")
        assert main([command, *map(str, arguments)]) == 0

    def stopped(command: str, arguments: Sequence[object], *, log: Path) -> None:
        run(command, arguments, log=log)
        if arguments[0] == "evaluate":
            raise KeyboardInterrupt

    monkeypatch.setattr(jobs, "run", stopped)
    monkeypatch.setattr(speech_models, "SETTINGS", (*TINY, "--updates", "2"))
    monkeypatch.setattr(speech_models, "SHORTER", ("--updates", "1"))
    monkeypatch.setattr(speech_models, "UNHEARD", "bert")
    monkeypatch.setattr(synthesis, "speak", lambda seed: iter(recordings((9,))))
    monkeypatch.setattr("shutil.which", lambda program: program)
    places = {name: tmp_path / name for name in ("tasks", "work", "out")}
    command = ["models", *(str(word) for name, path in places.items() for word in (f"--{name}", path))]

    assert main(command) == 130
    assert not (places["out"] / MODEL).exists()
    monkeypatch.setattr(jobs, "run", run)
    assert main(command) == 0
    learned = [f"speech train {MODEL}", f"speech train {MODEL}-without-bert"]
    assert asked == ["speech voices voices", *learned, *[f"speech evaluate {MODEL}"] * 3]
    _, card = read_card(places["out"] / MODEL)
    assert card.updates == 2
    assert card.data.endswith("and 2 synthetic speakers")
    assert card.measured.keys() == {"dev", "test", UNHEARD}
    assert "left out of a shorter training" in (places["out"] / MODEL / "README.md").read_text("utf-8")
    asked.clear()
    monkeypatch.setattr("shutil.which", lambda program: None)
    assert main(command) == 0
    assert asked == []
    monkeypatch.setattr(speech_models, "UNHEARD", "nobody")
    assert main(command) == 1
    assert asked == []


def test_without_programs_that_speak_it_learns_from_people_alone_and_from_nobody_without_recordings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("shutil.which", lambda program: None)
    assert speech_models._voices(tmp_path / "voices", tmp_path / "log") is None
    (tmp_path / "tasks").mkdir()
    assert main(["models", "--tasks", str(tmp_path / "tasks"), "--work", str(tmp_path / "work"),
                 "--out", str(tmp_path / "out")]) == 0  # fmt: skip
    assert not (tmp_path / "out" / MODEL / CONFIG).exists()
