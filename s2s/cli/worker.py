"""A training in a process of a Ray cluster: what it is sent, and what it sends back. See `sweep`."""

from __future__ import annotations

import argparse
import platform
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final, NamedTuple

from s2s import __version__, catalog
from s2s.errors import S2SError

_EVERY: Final = 1.0  # seconds between two words on how far it is


class Input(NamedTuple):
    """A file, or those of a folder that `train` reads, by name."""

    name: str  # its own
    files: Mapping[str, bytes]
    is_folder: bool


class Begun(NamedTuple):
    """It has a process."""

    machine: str


class Far(NamedTuple):
    """How far it is, and what its log says of that."""

    updates: int
    total: int
    line: str = ""


class Saved(NamedTuple):
    """A checkpoint: the contents of the files of `kept`."""

    files: tuple[bytes | None, ...]


class Failed(NamedTuple):
    """It cannot go on, wherever it is tried."""

    reason: str


Event = Begun | Far | Saved | Failed


def about() -> tuple[str, str]:
    """The name of a machine, and its version of s2s."""
    return platform.node(), __version__


def train_there(
    name: str,
    arguments: Sequence[str],
    options: Sequence[str],
    saved: Sequence[bytes | None],
    inputs: Sequence[Any],
) -> Iterator[Event]:
    """Run `train` in a folder that is gone with it, from what was `saved`; `inputs` are the files of
    `options`."""
    import ray

    from s2s.cli import train

    yield Begun(platform.node())
    try:
        with tempfile.TemporaryDirectory(prefix="s2s-") as place, train.enough_memory():
            out = Path(place) / "out" / name
            words = [*arguments, "--out", str(out)]
            for option, given in zip(options, ray.get(list(inputs)), strict=True):
                words += [option, _written(given, Path(place) / option.strip("-"))]
            if any(data is not None for data in saved):
                words += ["--resume"]
                _write(
                    out, {name: data for name, data in zip(kept(), saved, strict=True) if data is not None}
                )
            yield from _events(words, out)
    except S2SError as error:  # its kinds are not made to travel
        yield Failed(str(error))


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    folder.mkdir(parents=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)


def _written(given: Input, place: Path) -> str:
    folder = place / given.name if given.is_folder else place
    _write(folder, given.files)
    return str(folder if given.is_folder else folder / given.name)


def _events(words: Sequence[str], out: Path) -> Iterator[Event]:
    """What a training comes to, update by update. Raises S2SError."""
    from s2s.cli import train
    from s2s.train.loop import fit

    options = parsed(words)
    skipped: list[str] = []
    work = train.run_of(options, tell=lambda error: skipped.append(f"skipped: {error}"))
    seen, spoken = _mark(out), 0.0
    for line in skipped:
        yield Far(0, 1, line)
    with closing(fit(work, resume=options.resume)) as steps:
        for progress in steps:
            line = ""
            if progress.dev_loss is not None:
                line = f"update {progress.updates}: dev loss {progress.dev_loss:.3f} nats a piece"
            if line or time.monotonic() - spoken > _EVERY:
                spoken = time.monotonic()
                yield Far(progress.updates, progress.total, line)
            if (now := _mark(out)) != seen:
                seen = now
                yield _checkpoint(out)
    if _mark(out) != seen:
        yield _checkpoint(out)


def _mark(out: Path) -> tuple[int, int] | None:
    """What changes with each checkpoint."""
    try:
        found = (out / kept()[-1]).stat()
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_mtime_ns


def _checkpoint(out: Path) -> Saved:
    return Saved(tuple(bytes_of(out / name) for name in kept()))


def parsed(arguments: Sequence[str]) -> argparse.Namespace:
    """Options of `train`; what is wrong with them ends the program."""
    from s2s.cli import train

    parser = argparse.ArgumentParser(prog="python -m s2s")
    train.add(parser.add_subparsers())
    return parser.parse_args(["train", *arguments])


def kept() -> tuple[str, ...]:
    """The files of a run, in the order in which they are written: when that of the run itself is there, so is
    the model of the same update."""
    from s2s.train.state import RUN

    model = (
        catalog.SOURCE_TOKENIZER,
        catalog.TARGET_TOKENIZER,
        catalog.WEIGHTS,
        catalog.CARD,
        catalog.CONFIG,
    )
    return (*model, RUN)


def bytes_of(path: Path) -> bytes | None:
    """A file's contents, None where there is none."""
    return path.read_bytes() if path.is_file() else None
