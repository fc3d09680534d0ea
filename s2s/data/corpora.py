"""Sentence pairs in files."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from s2s.errors import DataError


class Pair(NamedTuple):
    """A sentence and its translation, as the file gives them."""

    source: str
    target: str


def read_pairs(path: Path, *, on_bad_line: Callable[[DataError], None] | None = None) -> list[Pair]:
    """The pairs of a file: one a line, source TAB target, UTF-8, plain or gzip (`.gz`).

    A bad line is given to `on_bad_line` and left out; without it, it raises DataError.
    """
    pairs: list[Pair] = []
    for number, line in _lines(path):
        columns = line.split("\t")
        error: DataError | None = None
        if len(columns) != 2:
            error = DataError("line_columns", path=path, line=number, found=len(columns))
        elif not (columns[0].strip() and columns[1].strip()):
            error = DataError("line_empty_side", path=path, line=number)
        if error is None:
            pairs.append(Pair(*columns))
        elif on_bad_line is None:
            raise error
        else:
            on_bad_line(error)
    if not pairs:
        raise DataError("corpus_empty", path=path)
    return pairs


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """The lines that say something, each with its number in the file."""
    try:
        data = path.read_bytes()
        text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8-sig")
    except FileNotFoundError as error:
        raise DataError("file_missing", path=path) from error
    except UnicodeDecodeError as error:
        raise DataError("file_not_utf8", path=path, position=error.start) from error
    except (OSError, EOFError, zlib.error) as error:
        raise DataError("file_unreadable", path=path, reason=str(error)) from error
    for number, line in enumerate(text.split("\n"), start=1):
        if line := line.rstrip("\r"):
            yield number, line
