"""Spoken digits of the Free Spoken Digit Dataset, from its archive to one file of samples a part.

A part is an index, `PART.tsv` with file, speaker, digit and number of samples, and `PART.s16.xz`, the
recordings back to back in that order, 16 bit, little-endian, as they are in the corpus.
"""

from __future__ import annotations

import hashlib
import io
import lzma
import re
import wave
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Final, NamedTuple

from s2s.errors import DataError

URL: Final = "https://github.com/Jakobovski/free-spoken-digit-dataset/archive/26eb9aa.zip"
ATTRIBUTION: Final = (
    "Zohar Jackson and others, Free Spoken Digit Dataset, "
    "https://github.com/Jakobovski/free-spoken-digit-dataset, https://zenodo.org/badge/latestdoi/61622039"
)
LICENCE: Final = "CC BY-SA 4.0"
LICENCE_URL: Final = "https://creativecommons.org/licenses/by-sa/4.0/"
RATE: Final = 8000  # samples a second
SPEAKERS: Final = ("george", "jackson", "lucas", "nicolas", "yweweler")
HELD_BACK: Final = "theo"  # to hear how well a voice is understood that was never heard
# By the corpus's own numbers; its test part is 0 to 4.
PARTS: Final[Mapping[str, range]] = {"train": range(8, 50), "dev": range(5, 8), "test": range(5)}
# SHA-256 of the samples of each part: what comes is held against it.
CHECKSUMS: Final[Mapping[str, str]] = {
    "train": "ae0319ee4093fa3b82a36417aa62171700268c1acab10b908b3e8c91e238e00b",
    "dev": "9f0076ba2ae20ef813bcd3a69570e761f86f8075e5f99367a0042fcb39f363f5",
    "test": "c47b899067eec2ee481a007c5280e410f41cd8c2ff121ca333dcdeb8e809a46e",
}
_NAME: Final = re.compile(r"([0-9])_([a-z]+)_([0-9]+)\.wav")
_LARGEST: Final = 1 << 20  # bytes of a recording; they have some thousand
_FORM: Final = (1, 2, RATE)  # channels, bytes a sample, samples a second


class Recording(NamedTuple):
    """One digit, said once."""

    file: str
    speaker: str
    digit: int
    samples: bytes


def read_archive(data: bytes, url: str) -> list[Recording]:
    """The recordings of an archive, those of the voice that is held back left out. Raises DataError."""
    found = []
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for info in archive.infolist():
                name = _NAME.fullmatch(PurePosixPath(info.filename).name)
                if name and name[2] in SPEAKERS:
                    if info.file_size > _LARGEST or info.compress_type not in (0, 8):
                        raise zipfile.BadZipFile(f"{info.filename} is no recording")
                    samples = _samples(archive.read(info), info.filename)
                    found.append(Recording(name[0], name[2], int(name[1]), samples))
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError) as error:
        raise DataError("archive_damaged", url=url, reason=str(error) or type(error).__name__) from error
    if not found:
        raise DataError("archive_without_member", url=url, member="0_george_0.wav")
    return found


def _samples(data: bytes, name: str) -> bytes:
    try:
        with wave.open(io.BytesIO(data)) as sound:
            form = sound.getnchannels(), sound.getsampwidth(), sound.getframerate()
            if form != _FORM:
                raise zipfile.BadZipFile(f"{name} has {form}, expected {_FORM}")
            return bytes(sound.readframes(sound.getnframes()))
    except wave.Error as error:
        raise zipfile.BadZipFile(f"{name}: {error}") from error


def parts(recordings: list[Recording]) -> dict[str, list[Recording]]:
    """The recordings of each part, by speaker, digit and number."""
    ordered = sorted(recordings, key=_place)
    return {name: [one for one in ordered if _number(one) in numbers] for name, numbers in PARTS.items()}


def _place(one: Recording) -> tuple[str, int, int]:
    return one.speaker, one.digit, _number(one)


def _number(one: Recording) -> int:
    return int(one.file.rpartition("_")[2].removesuffix(".wav"))


def samples_of(part: list[Recording]) -> bytes:
    """Its recordings back to back."""
    return b"".join(one.samples for one in part)


def checksum(part: list[Recording]) -> str:
    """The SHA-256 of its samples."""
    return hashlib.sha256(samples_of(part)).hexdigest()


def files_of(name: str, part: list[Recording]) -> dict[str, bytes]:
    """What a part is on disk."""
    rows = ["file\tspeaker\tdigit\tsamples"]
    rows += [f"{one.file}\t{one.speaker}\t{one.digit}\t{len(one.samples) // 2}" for one in part]
    text = "".join(f"{row}\n" for row in rows)
    return {f"{name}.tsv": text.encode(), f"{name}.s16.xz": lzma.compress(samples_of(part))}
