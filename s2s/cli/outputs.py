"""Files that commands write for people: whole or not at all, and never in the place of others."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile

from s2s.catalog import write_whole
from s2s.errors import DataError


def write_new(files: Mapping[Path, bytes]) -> None:
    """Write files, with the folders they need; what is there already must be the same.

    Raises DataError before anything is written for a file with different contents, and for a place that
    cannot be written to.
    """
    for path, data in files.items():
        with _told(path):
            if path.exists() and path.read_bytes() != data:
                raise DataError("file_differs", path=path)
    for path, data in files.items():
        with _told(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, data)


def check_folder(folder: Path) -> None:
    """Raise DataError unless files can be written into a folder, which is made where it is missing."""
    with _told(folder):
        folder.mkdir(parents=True, exist_ok=True)
        _try(folder)


def check_writable(path: Path) -> None:
    """Raise DataError if a file cannot be written there: known before the work, not after it."""
    with _told(path):
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if not path.exists() or path.is_file():
            _try(path.parent)


def write(path: Path, text: str) -> None:
    """Write a whole file, or to what is there and no file, such as /dev/stdout. Raises DataError."""
    with _told(path):
        if path.exists() and not path.is_file():
            path.write_text(text, encoding="utf-8")
        else:
            write_whole(path.resolve(), text.encode())  # a link stays one


def _try(folder: Path) -> None:
    with TemporaryFile(dir=folder):
        pass


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise DataError("file_unwritable", path=path, reason=error.strerror) from error
