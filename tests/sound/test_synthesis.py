"""Digits that programs speak: who they are, and what becomes of what a program says or fails to say."""

from __future__ import annotations

import itertools
import os
import stat
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from s2s.errors import DataError
from s2s.sound.corpus import read_packed, write_packed
from s2s.sound.synthesis import ESPEAK, FLITE, speak, speakers
from s2s.sound.waves import RATE, write_wav

SPEAKS = """#!/bin/sh
while [ $# -gt 1 ]; do
    case "$1" in -o|-w) out=$2;; esac
    shift
done
cp {sound} "$out"
"""


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is all of the path, but for the shell's own programs."""
    folder = tmp_path / "programs"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}/bin")
    monkeypatch.setattr("shutil.which", lambda name: str(folder / name) if (folder / name).exists() else None)
    return folder


def install(folder: Path, name: str, script: str) -> None:
    """A program of that name."""
    path = folder / name
    path.write_text(script, encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def test_speakers_have_names_of_their_own_and_a_word_for_each_digit():
    found = speakers()
    assert len({one.name for one in found}) == len(found)
    assert all(len(one.words) == 10 and "_" not in one.name for one in found)
    assert Counter(one.program for one in found).keys() == {ESPEAK, FLITE}
    assert speakers() == found != speakers(seed=2)


def test_what_a_program_says_is_kept_without_the_silence_around_it(tmp_path: Path, programs: Path):
    tone = np.sin(np.arange(RATE // 2, dtype=np.float32)) / 3
    silence = np.zeros(RATE // 2, np.float32)
    (tmp_path / "word.wav").write_bytes(write_wav(np.concatenate([silence, tone, silence])))
    install(programs, FLITE, SPEAKS.format(sound=tmp_path / "word.wav"))
    said = list(itertools.islice(speak(), 60))
    assert {one.speaker.split("-")[0] for one in said} == {FLITE}
    assert Counter(one.digit for one in said) == dict.fromkeys(range(10), 6)
    assert {len(one.samples) for one in said} <= set(range(RATE // 2, RATE // 2 + 500))
    write_packed(said, tmp_path / "packed", "train")
    read = read_packed(tmp_path / "packed", "train")
    assert [one.name for one in read] == [one.name for one in said]
    np.testing.assert_allclose(read[0].samples, said[0].samples, atol=1e-3)


@pytest.mark.parametrize("script", ["#!/bin/sh\necho no voice >&2\nexit 3\n", "#!/bin/sh\n"])
def test_a_program_that_says_nothing_gets_one_sentence(programs: Path, script: str):
    install(programs, FLITE, script)
    with pytest.raises(DataError) as caught:
        next(speak())
    assert caught.value.key == "synthesis_failed"


@pytest.mark.parametrize(
    "sound", [write_wav(np.zeros(0, np.float32)), write_wav(np.zeros(900, np.float32)), b"?"]
)
def test_silence_and_what_is_no_sound_are_not_taken_for_a_word(tmp_path: Path, programs: Path, sound: bytes):
    (tmp_path / "word.wav").write_bytes(sound)
    install(programs, FLITE, SPEAKS.format(sound=tmp_path / "word.wav"))
    with pytest.raises(DataError, match="flite did not speak"):
        next(speak())


def test_without_a_program_there_is_one_sentence(programs: Path):
    assert not list(programs.iterdir())
    with pytest.raises(DataError) as caught:
        next(speak())
    assert caught.value.key == "no_synthesis"
