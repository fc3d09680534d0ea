"""Which folders of a place hold a file: looked through once for as long as nothing came or left."""

from __future__ import annotations

import time
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

_SETTLED: Final = (
    2_000_000_000  # nanoseconds; what changed less long ago may change again and tell the same time
)


class _Listed(NamedTuple):
    names: tuple[str, ...]
    others: tuple[Path, ...]  # folders that do not hold it yet


def folders_with(place: Path, part: str) -> tuple[str, ...]:
    """The names of the folders in `place` that hold a file called `part`, sorted. One that has lost it since
    they were looked through is still among them: whoever reads it says so."""
    changed = _changed(place)
    if not changed or time.time_ns() - changed < _SETTLED:
        return _listed(place, part).names
    if any((folder / part).is_file() for folder in _once(place, part, changed).others):
        _once.cache_clear()
    return _once(place, part, changed).names


def _listed(place: Path, part: str) -> _Listed:
    folders = sorted(folder for folder in place.glob("*") if folder.is_dir())
    having = [folder for folder in folders if (folder / part).is_file()]
    return _Listed(tuple(folder.name for folder in having), tuple(f for f in folders if f not in having))


@lru_cache(maxsize=8)
def _once(place: Path, part: str, changed: int) -> _Listed:
    """What is in a place that was last changed at that time."""
    return _listed(place, part)


def _changed(place: Path) -> int:
    """When something came into a folder or left it, in nanoseconds; 0 where there is none."""
    try:
        return place.stat().st_mtime_ns
    except OSError:
        return 0
