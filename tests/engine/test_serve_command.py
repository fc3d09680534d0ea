"""`s2s serve`, as far as it goes without a cluster, and commands that ask an engine."""

import io
import json
import shutil
import socket
import sys
from collections.abc import Iterator

import pytest

from benchmarks.server import free_port
from s2s.catalog import WEIGHTS
from s2s.cli import main
from s2s.engine import cluster
from s2s.engine.cluster import Place
from tests.engine.engines import service_of, serving
from tests.sentences import PAIRS
from tests.translators import Named

TEXT = "\n".join([PAIRS[0].source, "", "mot " * 300, "\udcff"])


@pytest.fixture(autouse=True)
def _nothing_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "_start", None)
    monkeypatch.setattr(cluster, "find_spec", lambda _name: object())  # Ray, which is not asked for anything
    monkeypatch.delenv("S2S_ENGINE", raising=False)


def refused(capsys, *options: str) -> str:
    """The one sentence that a command says."""
    assert main(["serve", *options]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("s2s: ")
    assert captured.err.count("\n") == 1
    return captured.err


def test_without_ray_it_says_what_to_install(monkeypatch, capsys):
    monkeypatch.setattr(cluster, "find_spec", lambda _name: None)
    assert "pip install 's2s[cluster]'" in refused(capsys)


@pytest.mark.parametrize(
    "address",
    ["", "127.0.0.1", "8700", ":8700", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:65536", "127.0.0.1:99999999",
     "http://127.0.0.1:8700", "a b:8700", "[::1:8700", "::1:8700", "é:8700", "x" * 100_000],
)  # fmt: skip
@pytest.mark.parametrize("option", ["--address", "--cluster"])
def test_what_is_no_address_is_refused(capsys, option, address):
    said = refused(capsys, f"{option}={address}")
    assert "HOST:PORT" in said
    assert len(said) < 300


def test_a_cluster_that_is_not_there_is_said(capsys):
    port = free_port()
    for host in ("127.0.0.1", "no-such-host.invalid"):
        assert f"Ray cannot be used ({host}:{port}: " in refused(capsys, f"--cluster={host}:{port}")


def test_a_place_where_somebody_else_listens_is_refused(capsys):
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"127.0.0.1:{server.getsockname()[1]}"
        assert f"Nothing can listen on {address}" in refused(capsys, "--address", address)
    assert "Nothing can listen on" in refused(capsys, "--address", "no-such-host.invalid:8700")


def test_models_that_are_not_there_are_refused(capsys, tmp_path):
    assert "no model 'fr-en-nothing'" in refused(capsys, "--models", "fr-en-dot", "fr-en-nothing")
    assert "is not a folder" in refused(capsys, "--models", str(tmp_path / "x"))


def test_a_model_that_is_damaged_is_refused(capsys, tmp_path, trained_folder):
    folder = tmp_path / "damaged"
    shutil.copytree(trained_folder, folder)
    weights = folder / WEIGHTS
    weights.write_bytes(weights.read_bytes()[:-100])
    assert f"{weights} cannot be read" in refused(capsys, "--models", str(folder))


def test_fewer_replicas_at_most_than_at_least_are_refused(capsys):
    said = refused(capsys, "--replicas", "3", "--max-replicas", "2")
    assert "--max-replicas is 2; it must lie between 3 and 1000." in said


def test_a_place_is_written_as_in_an_address():
    assert (str(Place("127.0.0.1", 1)), str(Place("::1", 2))) == ("127.0.0.1:1", "[::1]:2")


@pytest.fixture(scope="module")
def address(untrained: Named) -> Iterator[str]:
    """Of an engine that has the model of `folder`."""
    with serving(service_of(*(untrained(attention)[0] for attention in ("none", "general")))) as address:
        yield address


def run(monkeypatch, capfdbinary, *arguments: str) -> tuple[int, list[str], str]:
    """The status of a command, the lines that it writes for TEXT, and what it says."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(TEXT.encode(errors="surrogateescape"))))
    status = main(list(arguments))
    captured = capfdbinary.readouterr()
    return status, captured.out.decode().split("\n")[:-1], captured.err.decode()


@pytest.mark.parametrize("command", ["translate", "align", "trace"])
def test_a_command_writes_the_same_whoever_answers(
    monkeypatch, capfdbinary, untrained: Named, address, command
):
    translator, _ = untrained("general")
    arguments = (command, "--model", translator.name)
    there = run(monkeypatch, capfdbinary, *arguments, "--engine", address)
    monkeypatch.setattr("s2s.cli.read.load", lambda _name: translator)
    here = run(monkeypatch, capfdbinary, *arguments)
    assert there == here
    assert (here[0], len(here[1])) == (0, len(TEXT.split("\n")))
    assert "line 3 has more than" in here[2]


def test_the_environment_names_the_engine_and_an_option_another(
    monkeypatch, capfdbinary, untrained: Named, address
):
    name = untrained("general")[0].name
    monkeypatch.setenv("S2S_ENGINE", address)
    status, lines, _ = run(monkeypatch, capfdbinary, "trace", "--model", name)
    assert (status, json.loads(lines[0])["model"]) == (0, name)
    for wrong in ("nonsense", ""):
        status, lines, said = run(monkeypatch, capfdbinary, "trace", "--model", name, "--engine", wrong)
        assert (status, lines) == (1, [])
        assert "is not the address of an engine" in said


def test_a_model_that_cannot_align_says_so_wherever_it_is(
    monkeypatch, capfdbinary, untrained: Named, address
):
    name = untrained("none")[0].name
    status, lines, said = run(monkeypatch, capfdbinary, "align", "--model", name, "--engine", address)
    assert (status, lines) == (1, [])
    assert said == f"s2s: {name} has no attention, so it cannot align words; choose another model.\n"
