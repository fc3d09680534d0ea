"""Lines of text, of standard input or a file. What is not read of them is told on standard error."""

from __future__ import annotations

import codecs
import gzip
import io
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, cast

from s2s.errors import DataError, S2SError
from s2s.traces import Trace

STANDARD_INPUT: Final = "-"
LIMIT: Final = 1 << 20  # characters of a line that are read
_SEPARATOR: Final = " ||| "  # between source and target, as fast_align and Moses write pairs
_MARKS: Final = {  # the longer ones first: one of UTF-32 begins with one of UTF-16
    codecs.BOM_UTF32_LE: "utf-32", codecs.BOM_UTF32_BE: "utf-32", codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16", codecs.BOM_UTF8: "utf-8-sig",
}  # fmt: skip


class Lines:
    """The lines of a file, plain or .gz, or of standard input; each is there as soon as it has been written.

    Only a line feed ends a line. Text is UTF-8, or what a byte order mark says; bytes that are none become
    U+FFFD, which is told. Iterating raises DataError for a file that cannot be read.
    """

    def __init__(self, path: str) -> None:
        self.name = "standard input" if path == STANDARD_INPUT else path
        self._path = path

    def __iter__(self) -> Iterator[tuple[int, str]]:
        try:
            with _opened(self._path) as file:
                yield from self._numbered(file)
        except FileNotFoundError as error:
            raise DataError("file_missing", path=self.name) from error
        except (OSError, EOFError, zlib.error) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise DataError("file_unreadable", path=self.name, reason=reason) from error

    def _numbered(self, file: io.BufferedReader) -> Iterator[tuple[int, str]]:
        text = io.TextIOWrapper(file, _encoding(file.peek(4)), errors="replace", newline="\n")
        try:
            yield from enumerate(self._whole(text), start=1)
        finally:
            text.detach()  # or it would close standard input

    def _whole(self, text: io.TextIOWrapper) -> Iterator[str]:
        number = 0
        while line := text.readline(LIMIT):
            number += 1
            if len(line) == LIMIT and not line.endswith("\n") and _passed_over(text):
                tell(DataError("line_too_long", path=self.name, line=number, limit=LIMIT))
            if "\ufffd" in line or "\0" in line:
                tell(DataError("line_not_utf8", path=self.name, line=number))
            yield line.removesuffix("\n").removesuffix("\r")

    def tell_cuts(self, number: int, *traces: Trace) -> None:
        """Say if a line was read up to a limit only, or a translation of it stopped at one; all `traces` are
        of this line."""
        for trace in traces[:1]:
            if trace.source_cut:
                read = [unit.text for unit in trace.read() if not unit.is_end]
                limit, last = len(trace.source_pieces), read[-1] if read else ""
                tell(DataError("source_cut", path=self.name, line=number, limit=limit, last=last))
        for trace in traces:
            if trace.target_cut:
                limit = len(trace.target_pieces)
                tell(DataError("target_cut", path=self.name, line=number, limit=limit))


def _passed_over(text: io.TextIOWrapper) -> bool:
    """Whether there was more of a line; it has been passed over."""
    is_more = False
    while rest := text.readline(LIMIT):
        is_more |= rest not in ("\n", "\r\n")
        if rest.endswith("\n"):
            break
    return is_more


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


def sides(line: str) -> list[str]:
    """Source and, where the line gives it, target: what tabs stand between or, where there is none, `|||`."""
    return line.split("\t") if "\t" in line else line.split(_SEPARATOR)


def tell(error: S2SError) -> None:
    """Say on standard error what did not stop a command."""
    print(f"s2s: {error}", file=sys.stderr)
