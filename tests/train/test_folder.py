"""The folder of a run: one training at a time, nothing of others overwritten, what is refused says why."""

import errno
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from s2s import catalog
from s2s.catalog import CARD, CONFIG, SOURCE_TOKENIZER, TARGET_TOKENIZER, WEIGHTS
from s2s.config import TypingConfig
from s2s.errors import CheckpointError, DataError, S2SError
from s2s.train import folder, loop
from s2s.train.folder import LOCK, held
from s2s.train.loop import Run, fit
from s2s.train.state import RUN, read_record
from tests.train.runs import MakeRun, assert_same_state, learned, stop_after

ROOT = Path(__file__).resolve().parents[2]


def contents(place: Path) -> dict[str, bytes]:
    return {str(p.relative_to(place)): p.read_bytes() for p in place.rglob("*") if p.is_file()}


def refused(run: Run, *, resume: bool = False) -> S2SError:
    with pytest.raises(S2SError) as caught:
        next(fit(run, resume=resume))
    return caught.value


def test_a_folder_is_not_trained_in_twice_at_a_time(make_run: MakeRun) -> None:
    run, straight = make_run(), make_run("straight")
    whole = list(fit(straight))
    steps = fit(run)
    progress = [next(steps)]
    for resume in (False, True):
        assert refused(run, resume=resume).key == ("folder_in_use" if not resume else "nothing_to_resume")
    progress += [next(steps)]
    steps.close()
    steps = fit(run, resume=True)
    progress += [next(steps)]
    assert [refused(run, resume=resume).key for resume in (False, True)] == ["folder_in_use"] * 2
    progress += list(steps)
    assert learned(progress) == learned(whole)
    assert_same_state(straight.folder, run.folder)
    assert not (run.folder / LOCK).exists()


def test_a_lock_ends_with_its_owner(tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from s2s.train.folder import held\n"
        "with held(Path(sys.argv[1])): print('held', flush=True); time.sleep(600)"
    )
    owner = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, cwd=ROOT)
    assert owner.stdout is not None
    assert owner.stdout.readline() == b"held\n"
    with pytest.raises(CheckpointError) as caught, held(tmp_path):
        pass
    assert caught.value.key == "folder_in_use"
    owner.kill()
    owner.communicate()
    assert (tmp_path / LOCK).exists(), "it had no time to remove it"
    with held(tmp_path):
        assert (tmp_path / LOCK).exists()
    assert not (tmp_path / LOCK).exists()


def test_a_lock_file_that_its_owner_removes_meanwhile_is_not_taken_for_the_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock, taken = folder._lock, []

    def remove_then_lock(file: Any) -> None:
        if not taken:
            (tmp_path / LOCK).unlink()
        taken.append(file)
        lock(file)

    monkeypatch.setattr(folder, "_lock", remove_then_lock)
    with held(tmp_path):
        monkeypatch.undo()
        assert len(taken) == 2
        with pytest.raises(CheckpointError), held(tmp_path):
            pass


def test_a_file_system_without_locks_can_be_trained_on(
    make_run: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_locks(file: Any) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(folder, "_lock", no_locks)
    assert len(list(fit(make_run(updates=2)))) == 2


@pytest.mark.parametrize("part", [CARD, WEIGHTS, SOURCE_TOKENIZER, TARGET_TOKENIZER, CONFIG])
def test_a_file_of_somebody_else_is_not_overwritten(make_run: MakeRun, part: str) -> None:
    run = make_run()
    run.folder.mkdir()
    (run.folder / part).write_text("# My project\n", encoding="utf-8")
    error = refused(run)
    assert error.key == ("folder_holds_model" if part == CONFIG else "file_foreign")
    assert contents(run.folder) == {part: b"# My project\n"}


def test_a_folder_with_other_files_in_it_keeps_them(make_run: MakeRun) -> None:
    run = make_run(updates=2)
    run.folder.mkdir()
    (run.folder / "notes.txt").write_text("mine", encoding="utf-8")
    list(fit(run))
    assert (run.folder / "notes.txt").read_text(encoding="utf-8") == "mine"
    assert read_record(run.folder)


def test_a_file_is_no_folder_and_stays_as_it_is(make_run: MakeRun, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"mine")
    for place in (file, file / "below", Path(os.devnull), tmp_path / ("long" * 100)):
        error = refused(make_run()._replace(folder=place))
        assert (error.key, error.values["path"]) == ("file_unwritable", place)
    assert contents(tmp_path) == {"file": b"mine"}


def test_a_folder_that_cannot_be_written_to_is_told_before_the_work(
    make_run: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read_only(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(Path, "mkdir", read_only)
    monkeypatch.setattr(loop, "_prepare", None)
    error = refused(make_run())
    assert error.key == "file_unwritable"
    assert "Read-only file system" in str(error)


def test_a_disk_without_room_for_two_checkpoints_is_told_before_the_work(
    make_run: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = make_run()
    monkeypatch.setattr(loop.start, "tokenizers", None)
    monkeypatch.setattr(folder.shutil, "disk_usage", lambda path: SimpleNamespace(total=10**9, free=200_000))
    error = refused(run)
    assert error.key == "disk_full"
    assert error.values["free"] == "0.2"
    assert not run.folder.exists()


def test_what_a_run_saves_is_no_larger_than_the_room_that_is_asked_for(
    make_run: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    run = make_run(updates=2)
    check_room = folder.check_room

    def watched(place: Path, parameters: int, *, resume: bool) -> None:
        asked.append(parameters * 16)
        check_room(place, parameters, resume=resume)

    monkeypatch.setattr(folder, "check_room", watched)
    list(fit(run))
    saved = (run.folder / RUN).stat().st_size
    others = sum((run.folder / part).stat().st_size for part in (SOURCE_TOKENIZER, TARGET_TOKENIZER))
    assert asked[0] == pytest.approx(saved - others, abs=20_000), "but for names and counts"


def test_a_disk_that_gets_full_keeps_the_last_checkpoint_and_nothing_half_written(
    make_run: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    straight, run = make_run("straight"), make_run(save_every=2)
    whole = list(fit(straight))
    steps = fit(run)
    done = [next(steps) for _ in range(3)]
    before = contents(run.folder)

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(catalog.os, "fsync", full)
        with pytest.raises(DataError) as caught:
            list(steps)
    assert caught.value.key == "file_unwritable"
    assert "No space left" in str(caught.value)
    del before[LOCK]
    assert contents(run.folder) == before
    assert learned(done[:2] + list(fit(run, resume=True))) == learned(whole)
    assert_same_state(straight.folder, run.folder)


def test_what_is_refused_at_work_leaves_no_folder(make_run: MakeRun) -> None:
    run = make_run()
    tall = run.model.__class__(hidden=16, source_vocab=3000, target_vocab=3000)
    error = refused(run._replace(source=None, target=None, model=tall))
    assert error.key == "tokenizer_untrainable"
    assert not run.folder.exists()


def kill_before(what: str, place: Path) -> int:
    """The exit code of a run that kills itself before one of its steps, without a chance to tidy up."""
    code = f"""
import os, signal, sys
from pathlib import Path
import torch
from s2s import checkpoints
from s2s.train import state
from s2s.train.loop import fit
from tests.train.test_folder import small
{what} = lambda *a, **k: os.kill(os.getpid(), signal.SIGKILL)
torch.set_num_threads(1)  # as here, so that sums have one order
list(fit(small(Path(sys.argv[1]))))
"""
    return subprocess.run([sys.executable, "-c", code, str(place)], cwd=ROOT, check=False).returncode


def small(place: Path) -> Run:
    """A run of four updates, saved after each, whose tokenizers are trained with it."""
    from tests.train.several import PLAIN, make_run

    run = make_run(place, **PLAIN)
    train = run.train.to_dict() | TypingConfig.off() | {"updates": 4, "save_every": 1}
    return run._replace(train=run.train.from_dict(train))


@pytest.mark.parametrize("what", ["state.write_whole", "checkpoints.save"])
def test_a_run_killed_around_its_first_checkpoint_can_be_begun_again_or_resumed(
    tmp_path: Path, what: str
) -> None:
    straight, killed = small(tmp_path / "straight"), small(tmp_path / "killed")
    list(fit(straight))
    assert kill_before(what, killed.folder) == -signal.SIGKILL
    is_saved = what == "checkpoints.save"
    assert contents(killed.folder).keys() == ({LOCK, RUN} if is_saved else {LOCK})
    error = refused(killed, resume=not is_saved)
    assert error.key == ("folder_not_empty" if is_saved else "nothing_to_resume")
    list(fit(killed, resume=is_saved))
    assert_same_state(straight.folder, killed.folder)
    for part in (SOURCE_TOKENIZER, TARGET_TOKENIZER):
        assert (straight.folder / part).read_bytes() == (killed.folder / part).read_bytes()


def test_a_copy_of_a_run_in_progress_goes_on_on_its_own(make_run: MakeRun) -> None:
    run, copy = make_run(save_every=2), make_run("copy", save_every=2)
    steps = fit(run)
    for _ in range(3):
        next(steps)
    shutil.copytree(run.folder, copy.folder)
    stop_after(copy, 1, resume=True)
    assert (read_record(copy.folder) or {})["updates"] == 3
    steps.close()
