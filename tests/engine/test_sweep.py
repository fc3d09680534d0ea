"""Trainings on a real cluster on this machine, which are killed, as is the command that asked for them."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import NamedTuple

import pytest

from s2s.catalog import SOURCE_TOKENIZER, TARGET_TOKENIZER, WEIGHTS
from s2s.cli import main
from s2s.data.corpora import pairs_as_tsv
from s2s.data.tokenizer import Tokenizer
from s2s.train import state
from tests.sentences import PAIRS

ROOT = Path(__file__).resolve().parents[2]
PROC = Path("/proc")
NAMES = ("general-1", "dot-2")
SETTINGS = {
    name: f"--attention {name[:-2]} --seed {name[-1]} --hidden 16 --updates 240 --save-every 20 "
    "--dev-every 80 --batch-tokens 256 --precision float32 --threads 1".split()
    for name in NAMES
}  # fmt: skip
OWN = """
import sys, ray
ray.init("local", num_cpus=2, include_dashboard=False, _node_ip_address="127.0.0.1", _temp_dir=sys.argv[1],
         object_store_memory=200 << 20, logging_level="error")
print(ray.get_runtime_context().gcs_address, flush=True)
sys.stdin.read()
"""
DRIVER = """
import json, sys
from pathlib import Path
from s2s.cli.sweep import Training, run
from s2s.engine.cluster import cluster_of
address, given = sys.argv[1:]
trainings = [
    Training(Path(folder), tuple(arguments), {name: Path(path) for name, path in inputs.items()}, Path(log))
    for folder, arguments, inputs, log in json.loads(given)
]
run(trainings, cluster_of(address))
"""


class Material(NamedTuple):
    """What the trainings read, and the weights that they come to on this machine."""

    inputs: dict[str, str]
    weights: dict[str, bytes]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    settings = {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": "0" * 64, "RAY_USAGE_STATS_ENABLED": "0",
                "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0"}  # fmt: skip
    short = Path("/tmp") / f"s2s-{os.getpid()}"  # the path of a socket may have 107 bytes
    process = subprocess.Popen(
        [sys.executable, "-c", OWN, str(short)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        text=True, env=os.environ | settings,
    )  # fmt: skip
    assert process.stdout is not None
    with pytest.MonkeyPatch.context() as patch:
        for name, value in settings.items():
            patch.setenv(name, value)
        try:
            yield process.stdout.readline().strip()
        finally:
            process.communicate("")
            subprocess.run(["rm", "-rf", str(short)], check=True)


@pytest.fixture(scope="module")
def material(tmp_path_factory: pytest.TempPathFactory, tokenizers: tuple[Tokenizer, Tokenizer]) -> Material:
    folder = tmp_path_factory.mktemp("sweep")
    pairs = folder / "train.tsv.gz"
    pairs.write_bytes(pairs_as_tsv(PAIRS))
    (folder / "tokenizers").mkdir()
    for name, tokenizer in zip((SOURCE_TOKENIZER, TARGET_TOKENIZER), tokenizers, strict=True):
        (folder / "tokenizers" / name).write_bytes(tokenizer.serialized)
    inputs = {"--train": str(pairs), "--dev": str(pairs), "--tokenizers": str(folder / "tokenizers")}
    for name in NAMES:
        files = [word for one in inputs.items() for word in one]
        assert main(["train", *SETTINGS[name], *files, "--out", str(folder / name)]) == 0
    return Material(inputs, {name: (folder / name / WEIGHTS).read_bytes() for name in NAMES})


def drive(address: str, folder: Path, inputs: dict[str, str]) -> subprocess.Popen[str]:
    """A process that has the cluster train models into a folder."""
    trainings = [(str(folder / n), SETTINGS[n], inputs, str(folder / f"{n}.log")) for n in NAMES]
    return subprocess.Popen(
        [sys.executable, "-c", DRIVER, address, json.dumps(trainings)],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
    )


def trains(name: str) -> list[int]:
    """The processes of the cluster that train a model."""
    found = []
    for folder in PROC.glob("[0-9]*"):
        with suppress(OSError):  # it has ended meanwhile
            if (folder / "cmdline").read_bytes().startswith(f"ray::train {name}".encode()):
                found.append(int(folder.name))
    return found


def until(condition: Callable[[], object], process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + 120
    while not condition():
        assert process.poll() is None, process.communicate()[1]
        assert time.monotonic() < deadline
        time.sleep(0.005)


def updates(folder: Path) -> int:
    record = state.read_record(folder)
    return 0 if record is None else record["updates"]


def test_what_is_killed_goes_on_and_comes_to_the_weights_of_this_machine(
    cluster: str, material: Material, tmp_path: Path
):
    killed, other = NAMES
    driver = drive(cluster, tmp_path, material.inputs)
    until(lambda: updates(tmp_path / killed), driver)
    [worker] = trains(killed)
    os.kill(worker, signal.SIGKILL)
    until(lambda: any(pid != worker for pid in trains(killed)), driver)
    before = updates(tmp_path / killed)
    assert 0 < before < 240
    until(lambda: updates(tmp_path / killed) > before and updates(tmp_path / other), driver)
    driver.kill()
    _, told = driver.communicate()
    assert f"{killed} goes on from its last checkpoint" in told
    assert updates(tmp_path / killed) < 240
    driver = drive(cluster, tmp_path, material.inputs)
    _, told = driver.communicate(timeout=120)
    assert driver.returncode == 0, told
    for name in NAMES:
        assert (tmp_path / name / WEIGHTS).read_bytes() == material.weights[name]
        assert "update 240: dev loss" in (tmp_path / f"{name}.log").read_text(encoding="utf-8")
        assert not (tmp_path / name / "training.lock").exists()


@pytest.mark.parametrize(
    ("says", "told"),
    [(b"HTTP/1.1 400 Bad Request\r\n\r\n", "is no cluster's"), (b"", "timed out"), (None, "refused")],
)
def test_an_address_where_no_cluster_is_is_told_before_any_work(
    tmp_path: Path, monkeypatch, capsys, says: bytes | None, told: str
):
    monkeypatch.setattr("s2s.engine.cluster._PATIENCE", 0.5)
    monkeypatch.chdir(tmp_path)
    Path("gold.tsv").write_text("le jardin\tthe garden\t0-0 1-1\tnone\n", encoding="utf-8")
    for part in ("train", "dev", "test"):
        Path(f"{part}.tsv.gz").write_bytes(pairs_as_tsv(PAIRS))
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        port = server.getsockname()[1]

        def answer() -> None:
            connection, _ = server.accept()
            with connection, suppress(OSError):  # it may be closed before all was read
                connection.sendall(says or b"")
                while connection.recv(1 << 10):
                    pass

        if says is None:
            server.close()
        else:
            threading.Thread(target=answer, daemon=True).start()
        options = ["--data", ".", "--gold", "gold.tsv", "--work", "work", "--out", "out"]
        assert main(["models", *options, "--cluster", f"127.0.0.1:{port}"]) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert told in said
    assert not Path("work").exists()


def test_a_training_that_cannot_succeed_is_told_with_its_log_and_keeps_no_other_from_its_end(
    cluster: str, material: Material, tmp_path: Path
):
    broken = tmp_path / "broken.tsv"
    broken.write_text("no pair\n", encoding="utf-8")
    one, other = NAMES
    trainings = [
        (
            str(tmp_path / one),
            SETTINGS[one],
            material.inputs | {"--dev": str(broken)},
            str(tmp_path / f"{one}.log"),
        ),
        (str(tmp_path / other), SETTINGS[other], material.inputs, str(tmp_path / f"{other}.log")),
    ]
    done = subprocess.run([sys.executable, "-c", DRIVER, cluster, json.dumps(trainings)], cwd=ROOT,
                          capture_output=True, text=True, check=False)  # fmt: skip
    assert f"train {one} failed; see {tmp_path / one}.log for the reason." in done.stderr
    assert "holds no usable pair" in (tmp_path / f"{one}.log").read_text(encoding="utf-8")
    assert (tmp_path / other / WEIGHTS).read_bytes() == material.weights[other]


def test_what_no_machine_of_the_cluster_has_is_told_before_any_work(
    cluster: str, material: Material, tmp_path: Path
):
    folder, arguments = tmp_path / NAMES[0], [*SETTINGS[NAMES[0]], "--threads", "64"]
    given = json.dumps([(str(folder), arguments, material.inputs, str(tmp_path / "log"))])
    done = subprocess.run([sys.executable, "-c", DRIVER, cluster, given], cwd=ROOT,
                          capture_output=True, text=True, check=False)  # fmt: skip
    assert "Ray cannot be used (no machine has 64 cores)" in done.stderr
    assert not folder.exists()
