"""A real cluster on this machine, started once: two replicas behind one address, one of which is killed."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import NamedTuple

import pytest

from benchmarks.server import HOST, free_port
from s2s.engine.questions import Translate
from s2s.engine.remote import Remote
from s2s.engine.service import weights_of
from s2s.translator import Translator
from tests.engine.engines import QUESTIONS, assert_same
from tests.sentences import PAIRS

ROOT = Path(__file__).resolve().parents[2]
PROC = Path("/proc")
REPLICAS = 2
ASKING = 6  # threads


class Cluster(NamedTuple):
    """What `s2s serve` has started."""

    process: subprocess.Popen[str]
    address: str
    told: str

    def children(self) -> dict[int, str]:
        """The processes below it, and their names."""
        parents, names = {}, {}
        for folder in PROC.glob("[0-9]*"):
            with suppress(OSError):  # it has ended meanwhile
                state = (folder / "stat").read_text().rpartition(")")[2].split()
                parents[int(folder.name)] = int(state[1])
                names[int(folder.name)] = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        found = {self.process.pid}
        while more := {pid for pid, parent in parents.items() if parent in found} - found:
            found |= more
        return {pid: names[pid] for pid in found}

    def replicas(self) -> set[int]:
        return {pid for pid, name in self.children().items() if name.startswith("ray::ServeReplica")}


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory, trained_folder: Path) -> Iterator[Cluster]:
    address = f"{HOST}:{free_port()}"
    home = tmp_path_factory.mktemp("home")
    process = subprocess.Popen(
        [sys.executable, "-m", "s2s", "serve", "--models", str(trained_folder), "--address", address,
         "--replicas", str(REPLICAS)],
        cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        env=os.environ | {"HOME": str(home), "TMPDIR": "/tmp"},
    )  # fmt: skip
    assert process.stderr is not None
    try:
        told = process.stderr.readline()
        assert f"ray://{address}" in told, told + process.stderr.read()
        yield Cluster(process, f"ray://{address}", told)
    finally:
        process.terminate()
        rest = process.communicate()[1]
        assert (process.wait(), rest) == (128 + signal.SIGTERM, "")
        assert list(home.iterdir()) == []


@pytest.fixture(scope="module")
def remote(cluster: Cluster) -> Iterator[Remote]:
    engine = Remote(cluster.address)
    yield engine
    engine.close()


def test_it_has_the_model_with_its_weights(remote: Remote, cluster: Cluster, trained_folder: Path):
    assert remote.models() == (trained_folder.name,)
    assert remote._weights(trained_folder.name) == weights_of(trained_folder)
    assert cluster.told == f"s2s: ready at {cluster.address} with {trained_folder}; Ctrl-C ends it\n"
    assert len(cluster.replicas()) == REPLICAS


def test_every_question_has_the_answer_of_this_machine_bit_for_bit(remote: Remote, translator: Translator):
    for question in QUESTIONS:
        assert_same(remote.ask(translator.name, question), question.of(translator))


def test_all_its_processes_listen_to_this_machine_alone(cluster: Cluster):
    sockets = {
        str(file.readlink())
        for pid in cluster.children()
        for file in (PROC / str(pid) / "fd").iterdir()
        if file.is_symlink()
    }
    listening = set()
    for table in ("tcp", "tcp6"):
        for line in (PROC / "net" / table).read_text().splitlines()[1:]:
            _, local, _, state, *rest = line.split()
            if state == "0A" and f"socket:[{rest[5]}]" in sockets:
                listening.add(local.split(":")[0])
    assert listening
    assert listening <= {"0100007F", "0000000000000000FFFF00000100007F", "00000000000000000000000001000000"}


def test_a_replica_that_is_killed_under_load_costs_no_answer(
    remote: Remote, cluster: Cluster, translator: Translator
):
    expected = {pair.source: translator.translate(pair.source) for pair in PAIRS}
    [killed, *_] = before = sorted(cluster.replicas())
    ended, numbers = threading.Event(), count()
    asked: list[int] = []

    def ask() -> None:
        while not ended.is_set():
            number = next(numbers)
            text = PAIRS[number % len(PAIRS)].source
            assert_same(remote.ask(translator.name, Translate(text)), expected[text])
            asked.append(number)

    def asked_more() -> None:
        enough = len(asked) + 30
        while len(asked) < enough and not any(work.done() for work in working):
            time.sleep(0.01)

    with ThreadPoolExecutor(ASKING) as pool:
        working = [pool.submit(ask) for _ in range(ASKING)]
        try:
            asked_more()
            os.kill(killed, signal.SIGKILL)
            asked_more()
            while len(cluster.replicas() - {killed}) < REPLICAS:
                time.sleep(0.1)
            asked_more()
        finally:
            ended.set()
    for work in working:
        work.result()
    assert sorted(asked) == list(range(len(asked)))
    assert killed not in cluster.replicas()
    assert set(before) - {killed} <= cluster.replicas()
