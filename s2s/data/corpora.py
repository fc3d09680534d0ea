"""Sentence pairs in files: read from three forms, written in one.

All files are UTF-8, with or without a byte order mark, plain or gzip (`.gz`); a line feed ends a line, with
or without a carriage return before it, and nothing else does. A bad line is given to `on_bad_line` and left
out; without `on_bad_line` it is raised. Files are read into memory, so they are refused beyond LIMIT bytes of
text, however small they are packed, or LINES lines.
"""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple, Protocol

from s2s.errors import DataError

LIMIT: Final = 1 << 29  # bytes of text in a file
LINES: Final = 5_000_000
_CHUNK: Final = 1 << 20  # bytes
_BEGINNING: Final = 100  # lines that tell which form a file has

OnBadLine = Callable[[DataError], None]


class Pair(NamedTuple):
    """A sentence and its translation, as the file gives them."""

    source: str
    target: str


def read_pairs(path: Path, *, data: bytes | None = None, on_bad_line: OnBadLine | None = None) -> list[Pair]:
    """The pairs of a file: one a line, source TAB target. Empty lines are passed over.

    `data` is what the file holds, unpacked, if it is not on disk; `path` then only names it.

    Raises DataError.
    """
    return _good(path, _pair_lines(path, _lines(path, data)), on_bad_line)


def read_parallel(source: Path, target: Path, *, on_bad_line: OnBadLine | None = None) -> list[Pair]:
    """The pairs of two files: line n of one is the translation of line n of the other.

    Lines that are empty in both are passed over. Raises DataError, also when one file has more lines.
    """
    return _good(source, _parallel_lines(source, target), on_bad_line)


def read_tatoeba(
    path: Path, *, data: bytes | None = None, on_bad_line: OnBadLine | None = None
) -> list[Pair]:
    """The pairs of a ManyThings file of Tatoeba sentences, into English: English is the target.

    A line is ENGLISH TAB OTHER, in newer files with TAB ATTRIBUTION; the other language becomes the source.
    `data` is what the file holds if it is not on disk; `path` then only names it. Raises DataError.
    """
    return _good(path, _tatoeba_lines(path, _lines(path, data)), on_bad_line)


class Recognised(NamedTuple):
    """The pairs of a file, and whether it is one of ManyThings."""

    pairs: list[Pair]
    is_tatoeba: bool


def recognise(path: Path, *, target_first: bool = False, on_bad_line: OnBadLine | None = None) -> Recognised:
    """The pairs of a file of either form. One of ManyThings has three columns in most of its first lines, or
    `target_first` says that it is one. Raises DataError."""
    lines = read_lines(path)
    beginning = [line.count("\t") for _, line in islice(_numbered(lines), _BEGINNING)]
    is_tatoeba = target_first or 2 * beginning.count(2) > len(beginning)
    found = (_tatoeba_lines if is_tatoeba else _pair_lines)(path, lines)
    return Recognised(_good(path, found, on_bad_line), is_tatoeba)


def read_lines(path: Path) -> list[str]:
    """The lines of a file, empty ones too: line n is item n - 1. Raises DataError."""
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            data = read_bounded(file, LIMIT, else_raise=too_large(path))
    except FileNotFoundError as error:
        raise DataError("file_missing", path=path) from error
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise DataError("file_unreadable", path=path, reason=reason) from error
    return lines_of(data, path)


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


def read_bounded(file: _Readable, limit: int, *, else_raise: Exception) -> bytes:
    """What a file holds, at most `limit` bytes; no more than these are ever in memory."""
    chunks: list[bytes] = []
    size = 0
    for chunk in iter(partial(file.read, _CHUNK), b""):
        size += len(chunk)
        if size > limit:
            raise else_raise
        chunks.append(chunk)
    return b"".join(chunks)


def too_large(path: object) -> DataError:
    """What is said of a file with more text than is read."""
    return DataError("text_too_large", path=path, limit=f"{LIMIT:,}", lines=f"{LINES:,}")


def pairs_as_tsv(pairs: Iterable[Pair]) -> bytes:
    """What `read_pairs` reads from a `.gz` file; the same bytes for the same pairs, on every machine."""
    text = "".join(f"{pair.source}\t{pair.target}\n" for pair in pairs)
    packed = io.BytesIO()
    # gzip.compress() would note the time, or, told not to, the operating system
    with gzip.GzipFile(filename="", mode="wb", fileobj=packed, mtime=0) as file:
        file.write(text.encode())
    return packed.getvalue()


def _good(path: Path, found: Iterable[Pair | DataError], on_bad_line: OnBadLine | None) -> list[Pair]:
    pairs: list[Pair] = []
    for pair in found:
        if isinstance(pair, Pair):
            pairs.append(pair)
        elif on_bad_line is None:
            raise pair
        else:
            on_bad_line(pair)
    if not pairs:
        raise DataError("corpus_empty", path=path)
    return pairs


def _lines(path: Path, data: bytes | None) -> list[str]:
    return read_lines(path) if data is None else lines_of(data, path)


def _pair_lines(path: Path, lines: list[str]) -> Iterator[Pair | DataError]:
    for number, line in _numbered(lines):
        columns = line.split("\t")
        if len(columns) != 2:
            yield DataError("line_columns", path=path, line=number, found=len(columns))
        elif not all(column.strip() for column in columns):
            yield DataError("line_empty_side", path=path, line=number)
        else:
            yield Pair(*columns)


def _parallel_lines(source: Path, target: Path) -> Iterator[Pair | DataError]:
    sources, targets = read_lines(source), read_lines(target)
    if len(sources) != len(targets):
        raise DataError(
            "lines_differ", source=source, sources=len(sources), target=target, targets=len(targets)
        )
    for number, pair in enumerate(map(Pair, sources, targets), start=1):
        if pair.source.strip() and pair.target.strip():
            yield pair
        elif pair.source.strip():
            yield DataError("line_alone", path=target, line=number, other=source)
        elif pair.target.strip():
            yield DataError("line_alone", path=source, line=number, other=target)


def _tatoeba_lines(path: Path, lines: list[str]) -> Iterator[Pair | DataError]:
    for number, line in _numbered(lines):
        columns = line.split("\t")
        if len(columns) not in (2, 3):
            yield DataError("line_columns_tatoeba", path=path, line=number, found=len(columns))
        elif not all(column.strip() for column in columns[:2]):
            yield DataError("line_empty_side", path=path, line=number)
        else:
            yield Pair(source=columns[1], target=columns[0])


def _numbered(lines: list[str]) -> Iterator[tuple[int, str]]:
    return ((number, line) for number, line in enumerate(lines, start=1) if line)


def lines_of(data: bytes, path: Path) -> list[str]:
    """The lines, empty ones too: line n is item n - 1; more than LINES are refused. What is not UTF-8 is
    refused whole, for skipping such lines would leave out just those with accents."""
    if data.count(b"\n") > LINES:
        raise too_large(path)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise DataError("line_not_utf8", path=path, line=line) from error
    lines = [line.rstrip("\r") for line in text.split("\n")]
    return lines if lines[-1] else lines[:-1]
