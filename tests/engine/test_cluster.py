"""A real cluster on this machine, started once by one command: two processes of the app behind one address,
two replicas of a model behind another. One of each is killed."""

import asyncio
import os
import re
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
from websockets.asyncio.client import connect
from websockets.http11 import Response
from websockets.typing import Subprotocol

from benchmarks.crowd import run_page
from benchmarks.server import free_port
from s2s.data.fingerprint import weights_of
from s2s.engine.questions import Compare
from s2s.engine.remote import Remote
from s2s.translator import Translator
from tests.engine.engines import QUESTIONS, assert_same
from tests.sentences import PAIRS

ROOT = Path(__file__).resolve().parents[2]
PROC = Path("/proc")
REPLICAS = 2
ASKING = 6  # threads


class Cluster(NamedTuple):
    """What `python -m benchmarks.cluster` has started."""

    process: subprocess.Popen[str]
    page: str
    engine: str

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

    def apps(self) -> set[int]:
        return {pid for pid, name in self.children().items() if "-m streamlit run" in name}


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory, trained_folder: Path) -> Iterator[Cluster]:
    port, home = free_port(), tmp_path_factory.mktemp("home")
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.cluster", "--port", str(port), "--replicas", str(REPLICAS),
         "--models", str(trained_folder)],
        cwd=ROOT, stdout=subprocess.PIPE, text=True, env=os.environ | {"HOME": str(home)},
    )  # fmt: skip
    assert process.stdout is not None
    try:
        told = re.fullmatch(r"the page is at (\S+), the engine at (\S+); .*\n", process.stdout.readline())
        assert told
        cluster = Cluster(process, told[1], told[2])
        yield cluster
        started = cluster.children().keys()
    finally:
        process.terminate()
        process.communicate()
    assert process.returncode == 0
    assert not [pid for pid in started if (PROC / str(pid)).exists()]
    assert not (home / ".ray").exists()


@pytest.fixture(scope="module")
def remote(cluster: Cluster) -> Iterator[Remote]:
    engine = Remote(cluster.engine)
    yield engine
    engine.close()


def test_it_has_the_model_with_its_weights(remote: Remote, cluster: Cluster, trained_folder: Path):
    assert remote.models() == (trained_folder.name,)
    assert remote._weights(trained_folder.name) == weights_of(trained_folder)
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
    # So long that each replica is computing one whenever it is killed, with others waiting.
    texts = [" ".join([pair.source] * 12) for pair in PAIRS[:6]]
    questions = [Compare(text, ratio=0.5) for text in texts]
    expected = [question.of(translator) for question in questions]
    [killed, *_] = before = sorted(cluster.replicas())
    ended, numbers = threading.Event(), count()
    asked: list[int] = []

    def ask() -> None:
        while not ended.is_set():
            number = next(numbers)
            which = number % len(questions)
            assert_same(remote.ask(translator.name, questions[which]), expected[which])
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


def cookie_of(response: Response) -> str:
    """Which process of the app it names."""
    [value] = [v for v in response.headers.get_all("Set-Cookie") if v.startswith("S2S_APP=")]
    return value.partition(";")[0]


def test_a_visitor_stays_with_a_process_of_the_app_and_moves_to_the_other_when_it_ends(cluster: Cluster):
    address = cluster.page.replace("http:", "ws:") + "_stcore/stream"

    def visit(cookie: str | None) -> connect:
        headers = {} if cookie is None else {"Cookie": cookie}
        return connect(
            address, subprotocols=[Subprotocol("streamlit")], max_size=None, proxy=None,
            additional_headers=headers, origin=cluster.page.rstrip("/"),
        )  # fmt: skip

    async def visits() -> None:
        first = await visit(None)
        second = await visit(None)
        cookies = [cookie_of(visitor.response) for visitor in (first, second)]
        assert sorted(cookies) == ["S2S_APP=one", "S2S_APP=two"]
        for cookie in cookies * 2:
            async with visit(cookie) as again:
                assert again.response.headers.get_all("Set-Cookie") == []  # it is still the one
        assert (await run_page(first))[0].WhichOneof("type") == "new_session"
        assert (await run_page(second))[0].WhichOneof("type") == "new_session"
        [killed, _] = sorted(cluster.apps())
        os.kill(killed, signal.SIGKILL)
        closed = [asyncio.create_task(visitor.wait_closed()) for visitor in (first, second)]
        done, left = await asyncio.wait(closed, return_when=asyncio.FIRST_COMPLETED)
        assert (len(done), len(left)) == (1, 1)
        gone, other = (0, 1) if closed[0] in done else (1, 0)
        async with visit(cookies[gone]) as moved:
            assert cookie_of(moved.response) == cookies[other]
            await run_page(moved)
        await run_page((first, second)[other])
        await (first, second)[other].close()

    asyncio.run(visits())
