"""The folder of a run: one training at a time, no file of others overwritten, room for what is saved."""

from __future__ import annotations

import errno
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Final

from s2s import catalog
from s2s.errors import CheckpointError, DataError
from s2s.train import state as saved

if sys.platform == "win32":
    import msvcrt

    def _lock(file: BinaryIO) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(file: BinaryIO) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


LOCK: Final = "training.lock"
_WRITTEN: Final = (catalog.SOURCE_TOKENIZER, catalog.TARGET_TOKENIZER, catalog.WEIGHTS, catalog.CARD)
_STATE: Final = 16  # bytes a parameter: itself, its average and AdamW's two moments, in float32
_MODEL: Final = 2  # and in the model folder, in float16
_NO_LOCKS: Final = (errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP)  # of some network file systems


@contextmanager
def claimed(folder: Path, *, resume: bool) -> Iterator[None]:
    """A folder for a run of this process, that may begin or go on in it: see `held`.

    Raises CheckpointError where there is nothing to resume, or a model, or a run that is finished, damaged or
    to be resumed; DataError where there are files of others in the places of a model's.
    """
    if resume and not os.path.lexists(folder / saved.RUN):
        raise CheckpointError("nothing_to_resume", path=folder / saved.RUN)
    with held(folder):
        _check(folder, resume=resume)
        yield


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """A folder for this process alone, made where it is missing and taken away again if it stays empty.

    The operating system holds the lock: it ends with its owner, however that ends. Where the file system has
    no locks there is none.
    Raises CheckpointError when another process holds it, DataError when nothing can be written there.
    """
    try:
        is_new = not folder.exists()
        folder.mkdir(parents=True, exist_ok=True)
        file = _locked(folder / LOCK)
    except OSError as error:
        raise DataError("file_unwritable", path=folder, reason=error.strerror) from error
    try:
        yield
    finally:
        with suppress(OSError):  # Windows removes no open file; then an empty one stays
            (folder / LOCK).unlink()
        file.close()
        if is_new:
            with suppress(OSError):  # it holds something
                folder.rmdir()


def _locked(path: Path) -> BinaryIO:
    while True:
        file = path.open("ab")
        try:
            _lock(file)
            if os.path.samestat(os.fstat(file.fileno()), path.stat()):
                return file
        except (BlockingIOError, PermissionError) as error:
            file.close()
            raise CheckpointError("folder_in_use", path=path.parent) from error
        except FileNotFoundError:
            pass
        except OSError as error:
            if error.errno in _NO_LOCKS:
                return file
            file.close()
            raise
        file.close()  # its last owner removed it after we opened it


def _check(folder: Path, *, resume: bool) -> None:
    record = saved.read_record(folder)
    if record is not None:
        if saved.is_finished(record):
            raise CheckpointError("run_finished", path=folder, updates=record["updates"])
        if record["updates"] and not resume:
            raise CheckpointError("folder_not_empty", path=folder)
        return
    if os.path.lexists(folder / catalog.CONFIG):
        raise CheckpointError("folder_holds_model", path=folder)
    for name in _WRITTEN:
        if os.path.lexists(folder / name):
            raise DataError("file_foreign", path=folder / name)


def check_room(folder: Path, parameters: int, *, resume: bool) -> None:
    """Raise DataError unless two checkpoints fit in: each is written beside the one before."""
    needed = parameters * (_STATE if resume else 2 * _STATE + _MODEL)
    disk = shutil.disk_usage(folder)
    if disk.total and disk.free < needed:  # some file systems do not say how large they are
        free, wanted = (f"{size / 1e6:,.1f}" for size in (disk.free, needed))
        raise DataError("disk_full", path=folder, free=free, needed=wanted)
