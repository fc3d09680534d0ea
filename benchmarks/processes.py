"""What a process and all that it has started take of the machine, as Linux tells it."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

_PROC: Final = Path("/proc")


def family(process: int) -> set[int]:
    """A process and all that it has started."""
    parents: dict[int, int] = {}
    for folder in _PROC.glob("[0-9]*"):
        with suppress(OSError):  # it has ended meanwhile
            parents[int(folder.name)] = int(_stat(int(folder.name))[1])
    found = {process}
    while more := {one for one, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def memory(process: int) -> float:
    """MB; what several of them share is counted once."""
    total = 0
    for one in family(process):
        with suppress(OSError):
            told = (_PROC / str(one) / "smaps_rollup").read_text(encoding="ascii")
            total += next(int(line.split()[1]) for line in told.splitlines() if line.startswith("Pss:"))
    return total * 1024 / 1e6


def busy(process: int) -> float:
    """Seconds of a core that they have used."""
    ticks = 0
    for one in family(process):
        with suppress(OSError):
            ticks += sum(map(int, _stat(one)[11:13]))
    return ticks / os.sysconf("SC_CLK_TCK")


def parts(process: int, kind: str) -> int:
    """How many threads ("task") or open files ("fd") they have."""
    count = 0
    for one in family(process):
        with suppress(OSError):
            count += len(list((_PROC / str(one) / kind).iterdir()))
    return count


def command(process: int) -> bytes:
    """The words of its command, each behind a zero byte and before one. Raises OSError where it has ended."""
    return b"\0" + (_PROC / str(process) / "cmdline").read_bytes()


def _stat(process: int) -> list[str]:
    """Its state and what follows: its name, before that, may hold anything."""
    told = (_PROC / str(process) / "stat").read_text(encoding="utf-8", errors="replace")
    return told.rpartition(")")[2].split()
