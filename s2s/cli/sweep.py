"""Trainings on a Ray cluster: each is a task of it, the same `train` as on one machine.

What a training reads is sent with it, and its checkpoints come back into its folder on this machine: no
folder has to be shared. A training whose process or machine dies begins again from its last checkpoint, and
so does every training where the command itself is started again.

The command is one of the cluster's own processes, and no client of it: Ray's processes unpickle what they
send each other, so they have to trust each other (see SECURITY.md). What is sent here is bytes, texts and
numbers; nothing that was read from a file is unpickled.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple, TextIO

from s2s import __version__, catalog
from s2s.cli.worker import Begun, Event, Far, Input, Saved, about, bytes_of, kept, parsed, train_there
from s2s.engine.cluster import Cluster, joined, reason_of, told
from s2s.errors import DataError, EngineError

_TRIES: Final = 3  # of a training that dies before it has come to another checkpoint
_AHEAD: Final = 4  # messages that may wait for this machine before a training waits, too
_LOOK: Final = 1.0  # seconds
_PATIENCE: Final = 60.0  # seconds until each machine must have said its version
_NAMED: Final = 3  # trainings that a terminal names at a time


class Training(NamedTuple):
    """A run of `train`."""

    folder: Path  # where it lives on this machine; its name is the model's
    arguments: tuple[str, ...]  # but for files
    inputs: Mapping[str, Path]  # by option: a file, or a folder with tokenizers or a model
    log: Path


class Needs(NamedTuple):
    """What a training takes of a machine."""

    cores: int
    gpus: int = 0


def check(cluster: Cluster, settings: Sequence[str]) -> None:
    """Raise EngineError where trainings with these settings of `train` cannot run on a cluster."""
    with joined(cluster):
        _needs(settings)


def run(trainings: Sequence[Training], cluster: Cluster) -> None:
    """Train them all, as many at a time as the cluster has room for. Raises EngineError; DataError for one
    that failed, when all others are done."""
    from tqdm import tqdm

    if not trainings:
        return
    with joined(cluster), tqdm(total=len(trainings), unit="training", bar_format=_BAR) as bar:
        needs = _needs(trainings[0].arguments)
        failed = _Sweep(needs, bar).run(trainings)
    if failed:
        log = failed[0].log
        raise DataError("command_failed", command=f"train {log.stem}", path=log)


_BAR: Final = "{percentage:3.0f}%|{bar}| {n:.1f} of {total} trainings [{elapsed}{postfix}]"


def _needs(settings: Sequence[str]) -> Needs:
    """What a training with these settings takes. Raises EngineError where no machine has it, or where one
    runs another version."""
    import ray
    from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy as On

    options = parsed(["--train", "-", "--dev", "-", "--out", "-", *settings])
    machines = [node for node in ray.nodes() if node["Alive"]]
    with told():
        ask = ray.remote(about)
        there = [On(machine["NodeID"], soft=False) for machine in machines]
        asked = [ask.options(num_cpus=0, scheduling_strategy=one).remote() for one in there]
        found = ray.get(asked, timeout=_PATIENCE)
    for name, version in found:
        if version != __version__:
            raise EngineError("cluster_failed", reason=f"{name} has s2s {version}, this is {__version__}")
    has_gpus = any(machine["Resources"].get("GPU", 0) for machine in machines)
    is_for_gpu = options.device.startswith("cuda") or (options.device == "auto" and has_gpus)
    needs = Needs(options.threads or 1, int(is_for_gpu))
    for machine in machines:
        given = machine["Resources"]
        if given.get("CPU", 0) >= needs.cores and given.get("GPU", 0) >= needs.gpus:
            return needs
    wanted = f"{needs.cores} cores" + (" and a GPU" if needs.gpus else "")
    raise EngineError("cluster_failed", reason=f"no machine has {wanted}")


@dataclass
class _Going:
    """A training that has a task."""

    training: Training
    log: TextIO
    claim: ExitStack  # of its folder
    share: float = 0.0  # of it that is done
    updates: int = 0
    tries: int = 1  # since its last checkpoint
    failure: str = ""


@dataclass
class _Sweep:
    """Trainings on a cluster that this process has joined."""

    needs: Needs
    bar: Any
    _inputs: dict[Path, Any] = field(default_factory=dict)  # what the cluster has of our files

    def run(self, trainings: Sequence[Training]) -> list[Training]:
        """Those that failed."""
        import ray

        left, failed, done = list(trainings), list[Training](), 0
        going: dict[Any, _Going] = {}
        try:
            while left or going:
                while left and len(going) < self._room():
                    one = self._begun(left.pop(0))
                    going[self._task(one)] = one
                ready, _ = ray.wait([*going], timeout=_LOOK, fetch_local=False)
                for stream in ready:
                    one = going[stream]
                    if self._hear(stream, one):
                        continue
                    del going[stream]
                    if self._is_to_be_tried_again(one):
                        going[self._task(one)] = one
                        continue
                    done += 1
                    one.claim.close()
                    if one.failure:
                        failed.append(one.training)
                self._show(done, going.values())
        finally:
            for one in going.values():
                one.claim.close()
        return failed

    def _room(self) -> int:
        """How many trainings the machines hold that are there now."""
        import ray

        has = ray.cluster_resources()
        rooms = [has.get("CPU", 0) // self.needs.cores]
        rooms += [has.get("GPU", 0) // self.needs.gpus] if self.needs.gpus else []
        return max(1, int(min(rooms)))

    def _begun(self, training: Training) -> _Going:
        from s2s.train import folder, state

        claim = ExitStack()
        record = state.read_record(training.folder)
        claim.enter_context(folder.claimed(training.folder, resume=record is not None))
        log = claim.enter_context(training.log.open("a", encoding="utf-8"))
        return _Going(training, log, claim)

    def _task(self, one: _Going) -> Any:
        """Give the cluster a training, from its last checkpoint on; the stream of its events."""
        import ray

        training = one.training
        for path in training.inputs.values():
            if path not in self._inputs:
                self._inputs[path] = ray.put(_read(path))
        inputs = {option: self._inputs[path] for option, path in training.inputs.items()}
        saved = tuple(bytes_of(training.folder / name) for name in kept())
        task = ray.remote(train_there).options(
            num_cpus=self.needs.cores, num_gpus=self.needs.gpus, max_retries=0, num_returns="streaming",
            _generator_backpressure_num_objects=_AHEAD, name=f"train {training.folder.name}",
        )  # fmt: skip
        arguments = [*training.arguments, "--threads", str(self.needs.cores)]
        return task.remote(training.folder.name, arguments, [*inputs], saved, [*inputs.values()])

    def _hear(self, stream: Any, one: _Going) -> bool:
        """Take in what a training says next; whether there may be more."""
        import ray
        from ray.exceptions import RayError

        try:
            event: Event = ray.get(next(stream))
        except StopIteration:
            return False
        except RayError as error:
            one.failure = reason_of(error)
            return False
        if isinstance(event, Begun):
            self._say(one, f"train: {one.training.folder.name} on {event.machine}")
        elif isinstance(event, Far):
            one.updates, one.share = event.updates, event.updates / event.total
            if event.line:
                print(event.line, file=one.log, flush=True)
        elif isinstance(event, Saved):
            for name, data in zip(kept(), event.files, strict=True):
                if data is not None:
                    catalog.write_whole(one.training.folder / name, data)
            one.tries = 1
        else:
            one.failure, one.tries = event.reason, _TRIES
        return True

    def _is_to_be_tried_again(self, one: _Going) -> bool:
        if not one.failure:
            return False
        print(one.failure, file=one.log, flush=True)
        if one.tries >= _TRIES:
            return False
        self._say(one, f"train: {one.training.folder.name} goes on from its last checkpoint ({one.failure})")
        one.tries, one.failure = one.tries + 1, ""
        return True

    def _say(self, one: _Going, line: str) -> None:
        self.bar.write(line, file=self.bar.fp)
        print(line, file=one.log, flush=True)

    def _show(self, done: int, going: Collection[_Going]) -> None:
        named = sorted(going, key=lambda one: -one.share)
        told_of = [f"{one.training.folder.name} {one.share:.0%}" for one in named[:_NAMED]]
        self.bar.set_postfix_str(", ".join(told_of), refresh=False)
        self.bar.n = done + sum(one.share for one in named)
        self.bar.refresh()


def _read(path: Path) -> Input:
    """A file, or of a folder the tokenizers and, where there is one, the model. Raises DataError."""
    if not path.is_dir():
        return Input(path.name, {path.name: _there(path)}, False)
    names = [catalog.SOURCE_TOKENIZER, catalog.TARGET_TOKENIZER]
    names += [name for name in (catalog.CONFIG, catalog.WEIGHTS) if (path / name).exists()]
    return Input(path.name, {name: _there(path / name) for name in names}, True)


def _there(path: Path) -> bytes:
    data = bytes_of(path)
    if data is None:
        raise DataError("file_missing", path=path)
    return data
