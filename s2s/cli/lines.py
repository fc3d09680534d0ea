"""Lines of text, of standard input or a file. What is not read of them is told on standard error."""

from __future__ import annotations

import codecs
import gzip
import io
import itertools
import os
import stat
import sys
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple, cast

from s2s.errors import DataError, S2SError
from s2s.pieces import units_of
from s2s.traces import Trace, Translation

STANDARD_INPUT: Final = "-"
LIMIT: Final = 1 << 20  # characters of a line that are read
_READ: Final = 1 << 15  # bytes that are read at once: some 800 sentences, a few batches
_SEPARATOR: Final = " ||| "  # between source and target, as fast_align and Moses write pairs
_MARKS: Final = {  # the longer ones first: one of UTF-32 begins with one of UTF-16
    codecs.BOM_UTF32_LE: "utf-32", codecs.BOM_UTF32_BE: "utf-32", codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16", codecs.BOM_UTF8: "utf-8-sig",
}  # fmt: skip


class Line(NamedTuple):
    """A line as it was read."""

    number: int  # from 1
    text: str  # without its end
    flaws: tuple[DataError, ...]  # what was not read of it, or was no text


class Window(NamedTuple):
    """Lines that can be answered before more is read."""

    lines: tuple[Line, ...]
    position: int  # bytes of the file that have been read so far; 0 where it has no positions


class Lines:
    """The lines of a file, plain or .gz, or of standard input; each is there as soon as it has been written.

    Only a line feed ends a line. Text is UTF-8, or what a byte order mark says; bytes that are none become
    U+FFFD, which is told. Iterating raises DataError for a file that cannot be read.
    """

    def __init__(self, path: str) -> None:
        self.name = "standard input" if path == STANDARD_INPUT else path
        self._path = path

    def __iter__(self) -> Iterator[tuple[int, str]]:
        """One line after the other, with its number; its flaws are told before it is given."""
        for window in self.windows():
            for line in window.lines:
                for flaw in line.flaws:
                    tell(flaw)
                yield line.number, line.text

    def windows(self) -> Iterator[Window]:
        """The lines in order, as many at once as end in what one read gives. Their flaws are not told.

        A file gives as much as is asked for, which bounds a window; a pipe or a terminal what is there, and
        waits only where nothing is: no line waits for those behind it to be written.
        """
        try:
            with _opened(self._path) as file:
                numbers = itertools.count(1)
                for ended in _ended(_decoded(file)):
                    lines = tuple(map(self._line, ended, numbers))
                    if lines:
                        yield Window(lines, _position(file))
        except FileNotFoundError as error:
            raise DataError("file_missing", path=self.name) from error
        except (OSError, EOFError, zlib.error) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise DataError("file_unreadable", path=self.name, reason=reason) from error

    @property
    def size(self) -> int | None:
        """How many bytes there are to read; None for what is no file, and may go on for ever."""
        try:
            status = os.fstat(sys.stdin.fileno()) if self._path == STANDARD_INPUT else Path(self._path).stat()
        except (OSError, ValueError):
            return None
        return status.st_size if stat.S_ISREG(status.st_mode) else None

    def _line(self, whole: str, number: int) -> Line:
        text, flaws = whole.removesuffix("\r"), []
        if len(text) > LIMIT:
            text = text[:LIMIT].removesuffix("\r")
            flaws.append(DataError("line_too_long", path=self.name, line=number, limit=LIMIT))
        if "\ufffd" in text or "\0" in text:
            flaws.append(DataError("line_not_utf8", path=self.name, line=number))
        return Line(number, text, tuple(flaws))

    def tell_cuts(self, number: int, *traces: Trace | Translation) -> None:
        """Say if a line was read up to a limit only, or a translation of it stopped at one; all `traces` are
        of this line."""
        for trace in traces[:1]:
            if trace.source_cut:
                units, _ = units_of(trace.source, trace.source_pieces, "words", trace.source_language)
                read = [unit.text for unit in units if not unit.is_end]
                limit, last = len(trace.source_pieces), read[-1] if read else ""
                tell(DataError("source_cut", path=self.name, line=number, limit=limit, last=last))
        for trace in traces:
            if trace.target_cut:
                limit = len(trace.target_pieces)
                tell(DataError("target_cut", path=self.name, line=number, limit=limit))


def _decoded(file: io.BufferedReader) -> Iterator[str]:
    """The text of a file, as much at once as one read gives."""
    decoder = codecs.getincrementaldecoder(_encoding(file.peek(4)))(errors="replace")
    while data := file.read1(_READ):
        yield decoder.decode(data)
    yield decoder.decode(b"", final=True)


def _ended(texts: Iterable[str]) -> Iterator[list[str]]:
    """For each part of a text the lines that end in it, and at last the one that no line feed ends. Of a line
    that is too long more than `LIMIT` characters are given, not all."""
    begun = ""
    for text in texts:
        if len(begun) > LIMIT + 1 and "\n" not in text:  # a "\r" may stand behind the last that counts
            continue
        *ended, begun = (begun + text).split("\n")
        begun = begun[: LIMIT + 2]
        yield ended
    if begun:
        yield [begun]


def _encoding(beginning: bytes) -> str:
    """What a byte order mark says; not, if line feeds are then none: other bytes may begin like it."""
    for mark, encoding in _MARKS.items():
        if beginning.startswith(mark) and (b"\n" in beginning) == (
            "\n" in beginning.decode(encoding, errors="replace")
        ):
            return encoding
    return "utf-8"


@contextmanager
def _opened(path: str) -> Iterator[io.BufferedReader]:
    if path != STANDARD_INPUT:
        with gzip.open(path) if path.endswith(".gz") else Path(path).open("rb") as file:
            yield cast(io.BufferedReader, file)
    elif hasattr(sys.stdin.buffer, "peek"):
        yield cast(io.BufferedReader, sys.stdin.buffer)
    else:
        yield io.BufferedReader(cast(io.RawIOBase, sys.stdin.buffer))


def _position(file: io.BufferedReader) -> int:
    try:
        return os.lseek(file.fileno(), 0, os.SEEK_CUR)  # of a .gz this is the position in what is packed
    except OSError:
        return 0


def sides(line: str) -> list[str]:
    """Source and, where the line gives it, target: what tabs stand between or, where there is none, `|||`."""
    return line.split("\t") if "\t" in line else line.split(_SEPARATOR)


def tell(error: S2SError) -> None:
    """Say on standard error what did not stop a command; above a bar, if one is shown."""
    from tqdm import tqdm

    tqdm.write(f"s2s: {error}", file=sys.stderr)
