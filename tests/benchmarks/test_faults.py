"""The programs that try to break the project notice what breaks, and what is whole."""

from random import Random

import pytest

from benchmarks.faults import Case, folders, odd_text, tried
from benchmarks.faults.__main__ import PARTS, main
from s2s.errors import DataError
from s2s.translator import Translator


def test_an_error_with_a_sentence_is_an_answer_and_any_other_is_a_break() -> None:
    def refuse() -> str:
        raise DataError("length_over_limit", found=2, limit=1)

    def fail() -> str:
        raise ValueError("unforeseen")

    assert tried("x", refuse) == Case("x")
    assert tried("x", lambda: "wrong") == Case("x", "wrong")
    assert "ValueError: unforeseen" in tried("x", fail).broke


def test_the_same_seed_tries_the_same() -> None:
    one, other, third = ([odd_text(Random(seed)) for _ in range(50)] for seed in (1, 1, 2))
    assert one == other != third


def test_a_break_is_shown_with_what_it_takes_to_see_it_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(self: Translator, text: str) -> object:
        raise RuntimeError("of the test")

    monkeypatch.setattr(Translator, "translate", broken)
    monkeypatch.setitem(PARTS, "texts", PARTS["texts"]._replace(quick=3))
    with pytest.raises(SystemExit) as ended:
        main(["texts", "--quick"])
    assert ended.value.code == 1
    said = capsys.readouterr().out
    assert "RuntimeError: of the test" in said
    assert "fr-en-" in said


def test_what_holds_is_counted(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("texts", "models"):
        monkeypatch.setitem(PARTS, name, PARTS[name]._replace(quick=8))
    main(["texts", "models", "--quick"])
    rows = [line.split(" | ") for line in capsys.readouterr().out.splitlines()[2:]]
    assert [(row[0].strip("| "), row[4]) for row in rows] == [("texts", "0"), ("models", "0")]
    assert all(int(row[2]) >= 8 and row[2] == row[3] for row in rows)


def test_every_damage_changes_the_folder(tmp_path) -> None:
    for number in range(40):
        folder = tmp_path / str(number)
        folder.mkdir()
        before = {"config.json": b'{"a": {"b": 1}}', "weights.safetensors": b"0123456789" * 9}
        for name, data in before.items():
            (folder / name).write_bytes(data)
        folders.damage(folder, Random(number))
        assert {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()} != before
