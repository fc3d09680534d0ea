"""Recordings of single digits, in the two forms that they come in: packed, and a folder of WAV files."""

from __future__ import annotations

import csv
import lzma
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from s2s.catalog import write_whole
from s2s.errors import DataError
from s2s.sound.waves import Samples, levelled, read_wav, resampled

DIGITS: Final = "0123456789"
PARTS: Final = {"test": range(5), "dev": range(5, 8), "train": range(8, 10_000)}  # by take
_NAME: Final = re.compile(r"(?P<digit>\d)_(?P<speaker>[^_]+)_(?P<take>\d+)\.wav")
_COLUMNS: Final = {"file", "speaker", "digit", "samples"}
_MOST: Final = 1 << 28  # bytes of a packed part: that of the corpus's train has 15 million


class Recording(NamedTuple):
    """One digit, spoken once."""

    name: str  # of its file in the corpus
    speaker: str
    digit: int
    samples: Samples  # at one level

    @property
    def take(self) -> int:
        """Which of the speaker's recordings of the digit it is; the corpus parts them by it."""
        return _take(self.name)


def named(digit: int, speaker: str, take: int) -> str:
    """The name of a recording's file. A speaker's name holds no `_`."""
    return f"{digit}_{speaker}_{take}.wav"


def _take(name: str) -> int:
    found = _NAME.fullmatch(name)
    return int(found["take"]) if found else 0


def read_packed(folder: Path, part: str) -> list[Recording]:
    """The recordings of `PART.tsv` and `PART.s16.xz`: int16 at 8 kHz, back to back. Raises DataError."""
    return [
        Recording(
            row["file"], row["speaker"], int(row["digit"]), levelled((integers / 32768).astype(np.float32))
        )
        for row, integers in _unpacked(folder, part)
    ]


def excerpt(folder: Path, part: str, out: Path, *, takes: Sequence[int]) -> int:
    """Write the recordings of a packed part that are of these takes, unchanged, in the same form; how many
    they are. Raises DataError."""
    kept = [(row, integers) for row, integers in _unpacked(folder, part) if _take(row["file"]) in takes]
    if not kept:
        raise DataError("recordings_none", path=folder)
    _pack(kept, out, part)
    return len(kept)


def write_packed(recordings: Sequence[Recording], out: Path, part: str) -> None:
    """Recordings in the form that `read_packed` reads."""
    kept = []
    for one in recordings:
        integers = np.round(np.clip(one.samples, -1, 1) * 32767).astype("<i2")
        row = {
            "file": one.name, "speaker": one.speaker, "digit": str(one.digit), "samples": str(len(integers))
        }  # fmt: skip
        kept.append((row, integers))
    _pack(kept, out, part)


def _pack(kept: Sequence[tuple[dict[str, str], NDArray[np.int16]]], out: Path, part: str) -> None:
    names = list(kept[0][0])
    out.mkdir(parents=True, exist_ok=True)
    lines = ["\t".join(row[name] for name in names) for row, _ in kept]
    data = np.concatenate([integers for _, integers in kept]).tobytes()
    write_whole(out / f"{part}.s16.xz", lzma.compress(data, preset=9 | lzma.PRESET_EXTREME))
    write_whole(out / f"{part}.tsv", ("\n".join(["\t".join(names), *lines]) + "\n").encode())  # last


def _unpacked(folder: Path, part: str) -> list[tuple[dict[str, str], NDArray[np.int16]]]:
    """The rows of the index, and the numbers of each. Raises DataError."""
    index, archive = folder / f"{part}.tsv", folder / f"{part}.s16.xz"
    try:
        with index.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file, delimiter="\t"))
        with lzma.open(archive) as packed:
            data = packed.read(_MOST + 1)
    except FileNotFoundError as error:
        raise DataError("file_missing", path=error.filename) from error
    except (OSError, UnicodeDecodeError, csv.Error, lzma.LZMAError, EOFError) as error:
        raise DataError("file_unreadable", path=folder / part, reason=str(error)) from error
    if not rows or not rows[0].keys() >= _COLUMNS:
        raise DataError("recordings_damaged", path=index, reason="its columns are others")
    try:
        lengths = [int(row["samples"]) for row in rows]
        digits = {int(row["digit"]) for row in rows}
    except (TypeError, ValueError) as error:
        raise DataError("recordings_damaged", path=index, reason=str(error)) from error
    if min(lengths) < 1 or sum(lengths) * 2 != len(data) or not digits <= set(range(10)):
        raise DataError("recordings_damaged", path=index, reason=f"it does not fit {archive.name}")
    parts = np.split(np.frombuffer(data, "<i2"), np.cumsum(lengths)[:-1])
    return list(zip(rows, parts, strict=True))


def read_folder(folder: Path, part: str = "") -> list[Recording]:
    """The recordings of a folder of WAV files that are called as in the Free Spoken Digit Dataset,
    `DIGIT_SPEAKER_TAKE.wav`: all, or those of a part. Raises DataError."""
    if not folder.is_dir():
        raise DataError("file_missing", path=folder)
    found: list[Recording] = []
    for path in sorted(folder.iterdir()):
        name = _NAME.fullmatch(path.name)
        if name is None or (part and int(name["take"]) not in PARTS[part]):
            continue
        try:
            samples = resampled(read_wav(path.read_bytes()))
        except OSError as error:
            raise DataError("file_unreadable", path=path, reason=error.strerror) from error
        except DataError as error:
            raise DataError("file_unreadable", path=path, reason=str(error)) from error
        found.append(Recording(path.name, name["speaker"], int(name["digit"]), levelled(samples)))
    if not found:
        raise DataError("recordings_none", path=folder)
    return found


def read_recordings(folder: Path, part: str) -> list[Recording]:
    """The recordings of a part, in whichever form a folder has them. Raises DataError."""
    if (folder / f"{part}.tsv").exists():
        return read_packed(folder, part)
    return read_folder(folder, part)


def by_speaker(recordings: Sequence[Recording]) -> dict[str, list[Recording]]:
    """The recordings of each speaker, in the order in which the speakers come."""
    voices: dict[str, list[Recording]] = {}
    for one in recordings:
        voices.setdefault(one.speaker, []).append(one)
    return voices
