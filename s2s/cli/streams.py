"""Standard input, output and error as the system gives them: closed, full, or pipes whose other end has gone.

What is said to a person goes to standard error and never stops a command: where it cannot be written it is
lost.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
import time
from collections.abc import Callable, Iterator

from s2s.errors import DataError


class _Lossy(io.TextIOWrapper):
    """Loses what cannot be written: there is nowhere left to say so."""

    def write(self, text: str) -> int:
        with contextlib.suppress(OSError):
            return super().write(text)
        return len(text)

    def flush(self) -> None:
        with contextlib.suppress(OSError):
            super().flush()


def prepare() -> None:
    """Make the streams of this process safe to use, whatever they are; once, before anything uses them."""
    # A closed one is opened the wrong way round, as gnulib's stdopen does: using it fails as if it were still
    # closed, and no file that is opened later gets its number. What is said to a person is lost.
    ways = {"stdin": (os.O_WRONLY, "r"), "stdout": (os.O_RDONLY, "w"), "stderr": (os.O_RDWR, "w")}
    for name, (flags, mode) in ways.items():
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, flags), mode, encoding="utf-8"))
    raw = io.FileIO(sys.stderr.fileno(), "w", closefd=False)
    sys.stderr = _Lossy(
        io.BufferedWriter(raw), sys.stderr.encoding, errors="backslashreplace", line_buffering=True
    )


def say(text: str) -> None:
    """A line of standard output, in UTF-8 and at once. Raises DataError where it cannot be written."""
    line = text.encode("utf-8", errors="replace") + b"\n"
    try:
        if buffer := getattr(sys.stdout, "buffer", None):
            sys.stdout.flush()
            buffer.write(line)
            buffer.flush()
        else:  # who calls from Python may have put text alone in its place
            sys.stdout.write(line.decode())
    except BrokenPipeError:
        raise
    except OSError as error:
        raise _unwritable(error) from error


@contextlib.contextmanager
def progress(size: int | None) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error while a file of `size` bytes is read; None or 0 where that is not known.

    It is shown on a terminal alone, and not if the answers are written to one as well, where they are the
    progress. Call what is given with the bytes that have been read and the lines that have been answered.
    """
    from tqdm import tqdm

    is_seen = bool(size) and sys.stderr.isatty() and not sys.stdout.isatty()
    with tqdm(total=size, disable=not is_seen, dynamic_ncols=True,
              bar_format="{percentage:3.0f}%|{bar}| {desc} [{elapsed}<{remaining}]") as bar:  # fmt: skip
        started = time.monotonic()

        def reach(position: int, lines: int) -> None:
            seconds = max(time.monotonic() - started, 1e-3)
            bar.set_description_str(f"{lines:,} lines, {lines / seconds:,.0f} a second", refresh=False)
            bar.update(position - bar.n)

        yield reach


@contextlib.contextmanager
def flushed() -> Iterator[None]:
    """Write what is left of standard output at the end. Raises DataError where it cannot be written, and
    BrokenPipeError where its reader has gone; Python then finds nothing to complain about when it ends."""
    try:
        yield
    finally:
        try:
            sys.stdout.flush()
        except OSError as error:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            if isinstance(error, BrokenPipeError):
                raise
            raise _unwritable(error) from error


def _unwritable(error: OSError) -> DataError:
    return DataError("file_unwritable", path="standard output", reason=error.strerror)
