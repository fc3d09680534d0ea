"""Where a model is, by its name or its folder, and files that are written whole."""

from pathlib import Path

import pytest

from s2s import catalog
from s2s.catalog import CONFIG
from s2s.checkpoints import load
from s2s.errors import CheckpointError, DataError


@pytest.mark.parametrize("name", ["x" * 300, "a/" + "x" * 300, "", "\udcff", "--"])
def test_a_name_that_no_file_can_have_is_one_error(name: str) -> None:
    with pytest.raises(CheckpointError):
        load(catalog.locate(name))


def test_a_folder_that_is_not_there_or_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for path in (tmp_path / "nowhere", tmp_path / "file"):
        with pytest.raises(CheckpointError) as caught:
            load(path)
        assert caught.value.key == "folder_missing"
        assert str(path) in str(caught.value)


def test_an_unknown_name_lists_the_shipped_models(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("fr-en-concat", "fr-en-none", "fr-en-dot", "extra"):
        (tmp_path / name).mkdir()
        (tmp_path / name / CONFIG).touch()
    (tmp_path / "not-a-model").mkdir()
    monkeypatch.setattr(catalog, "SHIPPED", tmp_path)
    assert catalog.shipped() == ("fr-en-none", "fr-en-dot", "fr-en-concat", "extra")
    with pytest.raises(CheckpointError) as caught:
        catalog.locate("fr-en-bilinear")
    assert caught.value.key == "model_unknown"
    assert "fr-en-none, fr-en-dot, fr-en-concat, extra" in str(caught.value)


def test_a_name_is_a_shipped_model_and_a_path_a_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, trained_folder: Path
) -> None:
    monkeypatch.setattr(catalog, "SHIPPED", trained_folder.parent)
    assert catalog.locate(trained_folder.name) == trained_folder
    assert catalog.locate(str(tmp_path)) == tmp_path
    with pytest.raises(CheckpointError):
        load(catalog.locate(str(tmp_path / "nowhere")))


def test_writing_that_breaks_off_leaves_the_old_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "file"
    catalog.write_whole(path, b"old")

    def fail(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(catalog.os, "fsync", fail)
    with pytest.raises(DataError, match="No space left"):
        catalog.write_whole(path, b"new and longer")
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"], "and nothing half written"
    monkeypatch.undo()
    catalog.write_whole(path, b"new and longer")
    assert path.read_bytes() == b"new and longer"
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]
