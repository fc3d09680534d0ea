"""Public corpora: where they are, under which licence, and how to have them whole or not at all."""

from __future__ import annotations

import hashlib
import io
import string
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final, NamedTuple

from s2s.data.corpora import LIMIT, read_bounded, too_large
from s2s.errors import DataError

ABOUT: Final = "_about.txt"  # what ManyThings says about an archive, in it
_ALGORITHMS: Final = {40: "sha1", 64: "sha256"}  # by hexadecimal digits
_TIMEOUT: Final = 30  # seconds without a byte
_CHUNK: Final = 1 << 16  # bytes
ARCHIVE_LIMIT: Final = 1 << 26  # bytes; public corpora of sentence pairs have a few million
_AGENT: Final = {"User-Agent": "s2s"}  # ManyThings answers 406 to the default one


@dataclass(frozen=True, kw_only=True)
class Corpus:
    """A public corpus: an archive with a file that `corpora.read_tatoeba` reads."""

    url: str
    checksum: str  # SHA-1 or SHA-256
    member: str
    source: str
    target: str
    attribution: str
    licence: str
    licence_url: str


CORPORA: Final = {
    "fra-eng": Corpus(
        # The copy of Dive into Deep Learning (d2l.ai) stays as it is. The archive's own address,
        # https://www.manythings.org/anki/fra-eng.zip, has new content every few weeks.
        url="https://d2l-data.s3-accelerate.amazonaws.com/fra-eng.zip",
        checksum="94646ad1522d915e7b0f9296181140edcf86a4f5",
        member="fra.txt",
        source="French",
        target="English",
        attribution="www.manythings.org/anki and tatoeba.org",
        licence="CC BY 2.0 (France)",
        licence_url="https://creativecommons.org/licenses/by/2.0/fr/",
    )
}


class Archive(NamedTuple):
    """An archive and its checksum."""

    data: bytes
    algorithm: str  # "sha1" or "sha256"
    checksum: str
    is_checked: bool  # against a checksum known before


class Contents(NamedTuple):
    """What is used of an archive."""

    pairs: bytes
    about: bytes | None


def fetch(url: str, *, checksum: str = "", progress: bool = False) -> Archive:
    """The archive at an address, or in a file if `url` is a path.

    It is kept in memory (public corpora of sentence pairs are a few megabytes; beyond ARCHIVE_LIMIT it is
    refused), so that no half archive is ever on disk. With a `checksum`, of SHA-1 or SHA-256, it is refused
    unless it has it; without, the SHA-256 is only told. `progress` shows a bar on standard error. Raises
    DataError.
    """
    algorithm = _algorithm(checksum) if checksum else "sha256"
    data = _download(url, progress=progress) if "://" in url else _read(Path(url))
    found = hashlib.new(algorithm, data, usedforsecurity=False).hexdigest()
    if checksum and found != checksum.lower():
        raise DataError("checksum_wrong", url=url, algorithm=algorithm, found=found, expected=checksum)
    return Archive(data, algorithm, found, is_checked=bool(checksum))


def unpack(data: bytes, *, member: str, url: str) -> Contents:
    """The file `member` of a zip archive, in whatever folder, and what the archive says about itself. `url`
    names it in errors. Raises DataError."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            paths = {PurePosixPath(path).name: path for path in archive.namelist()}
            found = {name: _member(archive, paths[name], url) for name in (member, ABOUT) if name in paths}
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError) as error:
        raise DataError("archive_damaged", url=url, reason=str(error) or type(error).__name__) from error
    if member not in found:
        raise DataError("archive_without_member", url=url, member=member)
    return Contents(found[member], found.get(ABOUT))


def _member(archive: zipfile.ZipFile, name: str, url: str) -> bytes:
    method = archive.getinfo(name).compress_type
    if method not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):  # others are unpacked without a bound
        raise zipfile.BadZipFile(f"{name} is packed by method {method}, neither stored nor deflated")
    with archive.open(name) as file:
        return read_bounded(file, LIMIT, else_raise=too_large(f"{name} in {url}"))


def _algorithm(checksum: str) -> str:
    if len(checksum) not in _ALGORITHMS or set(checksum) - set(string.hexdigits):
        raise DataError("checksum_form", value=checksum)
    return _ALGORITHMS[len(checksum)]


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return read_bounded(file, ARCHIVE_LIMIT, else_raise=_too_large(str(path)))
    except FileNotFoundError as error:
        raise DataError("file_missing", path=path) from error
    except OSError as error:
        raise DataError("file_unreadable", path=path, reason=error.strerror) from error


def _too_large(url: str) -> DataError:
    return DataError("archive_too_large", url=url, limit=f"{ARCHIVE_LIMIT:,}")


def _download(url: str, *, progress: bool) -> bytes:
    import requests  # here, so that --help answers at once
    from tqdm import tqdm

    whole = io.BytesIO()
    try:
        with requests.get(url, stream=True, timeout=_TIMEOUT, headers=_AGENT) as response:
            if not response.ok:
                reason = f"{response.status_code} {response.reason}"
                raise DataError("download_failed", url=url, reason=reason)
            size = response.raw.length_remaining
            with tqdm(total=size, unit="B", unit_scale=True, leave=False, disable=not progress) as bar:
                for chunk in response.iter_content(_CHUNK):
                    if whole.tell() + len(chunk) > ARCHIVE_LIMIT:
                        raise _too_large(url)
                    whole.write(chunk)
                    bar.update(len(chunk))
    except requests.RequestException as error:
        raise DataError("download_failed", url=url, reason=_cause(error)) from error
    return whole.getvalue()


def _cause(error: BaseException) -> str:
    """The error below those that requests wraps around it: its text is the one a person understands."""
    while error.__context__ is not None:
        error = error.__context__
    return getattr(error, "strerror", None) or str(error)
