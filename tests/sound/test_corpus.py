"""Recordings in both forms."""

import lzma
from pathlib import Path

import numpy as np
import pytest

from s2s.errors import DataError
from s2s.sound.corpus import excerpt, read_folder, read_packed, read_recordings
from s2s.sound.waves import LEVEL, write_wav
from tests.sound.recordings import chord


def pack(folder: Path, part: str = "train", takes: tuple[int, ...] = (8, 9)) -> dict[str, np.ndarray]:
    """A packed part as the corpus has it; its numbers by file."""
    found = {
        f"{digit}_ada_{take}.wav": np.round(3000 * chord(digit, seed=take)).astype("<i2")
        for digit in range(3)
        for take in takes
    }
    rows = [f"{name}\tada\t{name[0]}\t{len(samples)}" for name, samples in found.items()]
    (folder / f"{part}.tsv").write_text("\n".join(["file\tspeaker\tdigit\tsamples", *rows]) + "\n")
    (folder / f"{part}.s16.xz").write_bytes(lzma.compress(np.concatenate([*found.values()]).tobytes()))
    return found


def test_a_packed_part_is_its_recordings_at_one_level(tmp_path: Path):
    given, found = pack(tmp_path), read_packed(tmp_path, "train")
    assert [one.name for one in found] == list(given)
    assert [one.digit for one in found] == [0, 0, 1, 1, 2, 2]
    assert {one.take for one in found} == {8, 9}
    for one in found:
        numbers = given[one.name]
        assert np.corrcoef(one.samples, numbers)[0, 1] > 0.9999
        assert LEVEL / 3 < np.sqrt(np.mean(one.samples**2)) < 3 * LEVEL


def test_a_folder_of_wav_files_gives_the_same_and_its_parts_are_the_corpus_s(tmp_path: Path):
    given = pack(tmp_path, takes=(0, 6, 9))
    wavs = tmp_path / "wavs"
    wavs.mkdir()
    for name, numbers in given.items():
        (wavs / name).write_bytes(write_wav(numbers / 32767))
    (wavs / "README.md").write_text("no recording")
    packed = {one.name: one for one in read_packed(tmp_path, "train")}
    found = read_folder(wavs)
    assert {one.name for one in found} == packed.keys()
    for one in found:
        assert (one.speaker, one.digit) == ("ada", packed[one.name].digit)
        np.testing.assert_allclose(one.samples, packed[one.name].samples, atol=1e-3)
    for part, take in (("test", 0), ("dev", 6), ("train", 9)):
        assert {one.take for one in read_recordings(wavs, part)} == {take}
    assert read_recordings(tmp_path, "train")[0].name in packed


def test_an_excerpt_has_the_same_numbers(tmp_path: Path):
    given = pack(tmp_path)
    assert excerpt(tmp_path, "train", tmp_path / "out", takes=[9]) == 3
    kept = [numbers for name, numbers in given.items() if name.endswith("_9.wav")]
    data = lzma.decompress((tmp_path / "out" / "train.s16.xz").read_bytes())
    np.testing.assert_array_equal(np.frombuffer(data, "<i2"), np.concatenate(kept))
    assert [one.take for one in read_packed(tmp_path / "out", "train")] == [9, 9, 9]


@pytest.mark.parametrize(
    ("change", "key"),
    [
        (lambda folder: (folder / "train.tsv").unlink(), "file_missing"),
        (lambda folder: (folder / "train.s16.xz").write_bytes(b"no archive"), "file_unreadable"),
        (
            lambda folder: (folder / "train.s16.xz").write_bytes(lzma.compress(bytes(10))),
            "recordings_damaged",
        ),
        (lambda folder: (folder / "train.tsv").write_text("a\tb\n1\t2\n"), "recordings_damaged"),
        (
            lambda folder: (folder / "train.tsv").write_text("file\tspeaker\tdigit\tsamples\nx\ty\tz\t1\n"),
            "recordings_damaged",
        ),
    ],
)  # fmt: skip
def test_a_damaged_part_gets_one_sentence(tmp_path: Path, change, key: str):
    pack(tmp_path)
    change(tmp_path)
    with pytest.raises(DataError) as error:
        read_packed(tmp_path, "train")
    assert error.value.key == key


def test_a_folder_without_recordings_gets_one_sentence(tmp_path: Path):
    for folder, key in ((tmp_path, "recordings_none"), (tmp_path / "nowhere", "file_missing")):
        with pytest.raises(DataError) as error:
            read_folder(folder)
        assert error.value.key == key
    (tmp_path / "1_ada_0.wav").write_bytes(b"RIFF")
    with pytest.raises(DataError) as error:
        read_folder(tmp_path)
    assert error.value.key == "file_unreadable"
