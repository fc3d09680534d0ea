"""Folders that hold a file, and how often they are looked through."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from s2s import folders
from s2s.folders import folders_with


def test_what_comes_and_goes_is_seen_though_nothing_is_looked_through_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    for name in ("mine", "coming"):
        (tmp_path / name).mkdir()
    (tmp_path / "mine" / "part").touch()
    (tmp_path / "no folder").touch()
    os.utime(tmp_path, (1, 1))  # long ago
    looked = []
    listed = folders._listed
    monkeypatch.setattr(folders, "_listed", lambda *of: (looked.append(of), listed(*of))[1])
    assert [folders_with(tmp_path, "part") for _ in range(3)] == [("mine",)] * 3
    assert len(looked) == 1
    (tmp_path / "coming" / "part").touch()
    assert [folders_with(tmp_path, "part") for _ in range(3)] == [("coming", "mine")] * 3
    assert len(looked) == 2
    shutil.rmtree(tmp_path / "mine")
    assert folders_with(tmp_path, "part") == ("coming",)
    assert folders_with(tmp_path, "another") == ()
    assert folders_with(tmp_path / "nowhere", "part") == ()


def test_what_changed_a_moment_ago_is_looked_through_each_time(tmp_path: Path):
    for name in "bac":
        (tmp_path / name).mkdir()
        (tmp_path / name / "part").touch()
    assert folders_with(tmp_path, "part") == ("a", "b", "c")
    (tmp_path / "a" / "part").unlink()
    assert folders_with(tmp_path, "part") == ("b", "c")
