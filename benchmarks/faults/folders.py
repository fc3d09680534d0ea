"""Models whose files were cut, flipped, swapped or written by somebody else."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any, Final

from benchmarks.faults import Case, tried
from benchmarks.faults.texts import flaw_of
from s2s import catalog
from s2s.translator import Translator

_ODD_VALUES: Final[tuple[Any, ...]] = (
    None, True, -1, 0, 1.5, 10**9, 10**400, float("nan"), float("inf"), "x", "", [], [1], {}, {"a": 1},
    "lstm",
)  # fmt: skip
_SENTENCE: Final = "Il fait froid."


def damaged(count: int, draw: Random) -> Iterator[Case]:
    """A model with one flaw is refused, or says finite numbers; never anything else."""
    whole = catalog.locate(catalog.MAIN[0])
    with tempfile.TemporaryDirectory(prefix="s2s-faults-") as place:
        for number in range(count):
            folder = Path(place) / "model"
            shutil.copytree(whole, folder)
            done = damage(folder, draw)
            yield tried(f"{number}: {done}", lambda: _flaw(folder))  # noqa: B023
            shutil.rmtree(folder)


def _flaw(folder: Path) -> str:
    return flaw_of(Translator.load(str(folder)).translate(_SENTENCE))


def damage(folder: Path, draw: Random) -> str:
    """Do one thing to a model's folder, and say what."""
    path = draw.choice(sorted(folder.iterdir()))
    data = path.read_bytes()
    kind = draw.choice(("cut", "flip", "noise", "longer", "gone", "folder", "value", "swap"))
    if kind == "value":
        return _change_config(folder, draw)
    if kind == "swap":
        other = draw.choice(sorted({*folder.iterdir()} - {path}))
        path.write_bytes(other.read_bytes())
        return f"{path.name} is {other.name}"
    if kind == "cut":
        keep = draw.randrange(len(data))
        path.write_bytes(data[:keep])
        return f"{path.name} cut after {keep} bytes"
    if kind == "flip":
        changed, places = (
            bytearray(data),
            draw.sample(range(min(len(data), 4000)), k=min(len(data), draw.randint(1, 20))),
        )
        for place in places:
            changed[place] ^= 1 << draw.randrange(8)
        path.write_bytes(changed)
        return f"{path.name} with bits flipped at {places}"
    if kind == "noise":
        path.write_bytes(draw.randbytes(draw.choice((0, 1, 8, 100, 100_000))))
        return f"{path.name} of noise"
    if kind == "longer":
        path.write_bytes(data + draw.randbytes(draw.randint(1, 1000)))
        return f"{path.name} with more behind its end"
    path.unlink()
    if kind == "folder":
        path.mkdir()
        return f"{path.name} is a folder"
    return f"{path.name} is gone"


def _change_config(folder: Path, draw: Random) -> str:
    path = folder / "config.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    at, name = config, draw.choice(sorted(config))
    steps = [name]
    while isinstance(at[name], dict) and at[name] and draw.random() < 0.8:
        at, name = at[name], draw.choice(sorted(at[name]))
        steps.append(name)
    at[name] = draw.choice(_ODD_VALUES)
    path.write_text(json.dumps(config), encoding="utf-8")
    return f"config.json: {'.'.join(steps)} is {at[name]!r}"[:200]
