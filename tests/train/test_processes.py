"""Several processes against one. A start of torchrun takes seconds, so one start does several runs."""

import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from s2s.catalog import CARD, WEIGHTS, read_config
from s2s.config import ModelConfig, TrainConfig
from s2s.data.batches import Batch
from s2s.data.tokenizer import END_ID, PAD_ID, START_ID
from s2s.train import loop
from s2s.train.folder import held
from s2s.train.processes import ALONE, Group, joined
from s2s.train.state import RUN, read_record
from s2s.train.update import random_seed
from tests.sentences import PAIRS
from tests.train.several import PLAIN, PROFESSOR, RANDOM, SCHEDULED, learn, make_run

ROOT = Path(__file__).resolve().parents[2]


def start_two(arguments: Iterable[object]) -> subprocess.CompletedProcess[str]:
    """`several` with these arguments in two processes, ended."""
    torchrun = ["torch.distributed.run", "--standalone", "--local-addr", "127.0.0.1", "--nproc-per-node", "2"]
    return subprocess.run(
        [sys.executable, "-m", *torchrun, "-m", "tests.train.several", *map(str, arguments)],
        cwd=ROOT,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The runs of two processes."""
    place = tmp_path_factory.mktemp("shared")
    done = start_two(["runs", place])
    assert done.returncode == 0, done.stderr
    return place


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same run, of one process."""
    folder = tmp_path_factory.mktemp("alone") / "plain"
    learn(folder, PLAIN, sittings=(6,))
    return folder


def losses(folder: Path) -> list[float]:
    record = read_record(folder)
    assert record is not None
    return [point[name] for point in record["history"] for name in ("loss", "dev_loss")]


def assert_learned_alike(one: Path, other: Path) -> None:
    assert losses(one) == pytest.approx(losses(other), rel=1e-5)
    ours, its = load_file(one / RUN), load_file(other / RUN)
    assert ours.keys() == its.keys()
    for name, value in ours.items():
        torch.testing.assert_close(value, its[name], rtol=1e-4, atol=1e-5, msg=name)


def test_two_processes_learn_what_one_learns(shared: Path, alone: Path) -> None:
    assert_learned_alike(shared / "plain", alone)


@pytest.mark.parametrize(("name", "settings"), [("scheduled", SCHEDULED), ("professor", PROFESSOR)])
def test_two_processes_throw_the_coins_and_teach_the_discriminator_of_one(
    shared: Path, tmp_path: Path, name: str, settings: dict[str, Any]
) -> None:
    """Professor forcing was stopped in between, too."""
    learn(tmp_path / name, settings, sittings=(6,))
    assert_learned_alike(shared / name, tmp_path / name)
    one, two = ((read_record(place / name) or {})["history"] for place in (tmp_path, shared))
    timed = {"seconds", "tokens_per_second"}
    for ours, its in zip(one, two, strict=True):
        assert {k: v for k, v in its.items() if k not in timed} == pytest.approx(
            {k: v for k, v in ours.items() if k not in timed}, rel=1e-4
        )


def test_two_processes_count_the_tokens_of_the_whole_batch(shared: Path, alone: Path) -> None:
    tokens = [
        [point["tokens"] for point in (read_record(folder) or {})["history"]]
        for folder in (shared / "plain", alone)
    ]
    assert tokens[0] == tokens[1]
    assert len(tokens[0]) == 6


def test_a_run_of_two_processes_that_was_stopped_goes_on_bit_for_bit(shared: Path) -> None:
    straight, stopped = shared / "random", shared / "stopped"
    assert losses(straight) == losses(stopped)
    one, other = load_file(straight / RUN), load_file(stopped / RUN)
    assert one.keys() == other.keys()
    assert [name for name in one if not torch.equal(one[name], other[name])] == []
    assert (straight / WEIGHTS).read_bytes() == (stopped / WEIGHTS).read_bytes()


def test_what_is_dropped_differs_between_processes(shared: Path, tmp_path: Path) -> None:
    learn(tmp_path / "alone", RANDOM, sittings=(6,))
    assert losses(shared / "random") != pytest.approx(losses(tmp_path / "alone"), rel=1e-5)
    assert random_seed(1, 0, 0) != random_seed(1, 0, 1)


def test_the_card_tells_how_many_processes_there_were(shared: Path, alone: Path) -> None:
    assert read_config(shared / "plain")[1].processes == 2
    assert "2 processes" in (shared / "plain" / CARD).read_text(encoding="utf-8")
    assert read_config(alone)[1].processes == 1


def command(place: Path, *, save_every: int) -> list[object]:
    pairs = place / "pairs.tsv"
    pairs.write_text("".join(f"{source}\t{target}\n" for source, target in PAIRS), encoding="utf-8")
    return [
        "train", "--train", pairs, "--dev", pairs, "--out", place / "run", "--hidden", 16, "--device", "cpu",
        "--source-vocab", 70, "--target-vocab", 70, "--updates", 50, "--batch-tokens", 64,
        "--precision", "float32", "--threads", 1, "--save-every", save_every,
    ]  # fmt: skip


def test_ctrl_c_in_one_process_stops_all_at_the_same_update(tmp_path: Path) -> None:
    done = start_two(["interrupted", *command(tmp_path, save_every=50)])
    assert done.returncode != 0, "a stopped run is not a finished one"
    assert done.stderr.count("stopped and saved") == 1
    record = read_record(tmp_path / "run")
    assert record is not None
    assert record["updates"] == 3


def test_an_error_in_one_process_ends_all_and_the_last_checkpoint_stays(tmp_path: Path) -> None:
    done = start_two(["broken", *command(tmp_path, save_every=2)])
    assert done.returncode != 0
    assert "no room for another update" in done.stderr
    record = read_record(tmp_path / "run")
    assert record is not None
    assert record["updates"] == 2


def test_two_processes_are_refused_a_folder_in_use_by_one_sentence(tmp_path: Path) -> None:
    with held(tmp_path / "run"):
        done = start_two(["broken", *command(tmp_path, save_every=2)])
    assert done.returncode != 0
    assert done.stderr.count("run is in use by another training") == 1
    assert "RuntimeError" not in done.stderr
    assert not (tmp_path / "run").exists()


def ragged_batch(rows: int) -> Batch:
    """Rows of one source length whose targets have 1, 2, 3, 4, 1, ... pieces before the end."""
    random = np.random.default_rng(rows)
    source = random.integers(4, 60, size=(rows, 5))
    said = np.full((rows, 8), PAD_ID)
    for row in range(rows):
        length = 1 + row % 4
        said[row, :length] = random.integers(4, 60, size=length)
        said[row, length] = END_ID
    read = np.concatenate([np.full((rows, 1), START_ID), said[:, :-1]], axis=1)
    return Batch(source, read, said)


@pytest.mark.parametrize("attention", ["none", "concat"])
@pytest.mark.parametrize(("rows", "count"), [(8, 2), (7, 3), (5, 4), (2, 3), (1, 4)])
def test_the_gradients_of_the_shards_add_up_to_that_of_the_batch(
    attention: str, rows: int, count: int
) -> None:
    """Without torchrun: each process's update in turn, and by hand the mean that it leaves to torch."""
    run = make_run(Path("unused"), **PLAIN)
    model = ModelConfig(attention=attention, hidden=16, source_vocab=60, target_vocab=60, dropout=0.0)
    train = TrainConfig(clip=1000.0, coverage=0.5, word_dropout=0.0, label_smoothing=0.1)
    batch = ragged_batch(rows)

    def learned_by(group: Group) -> tuple[float, list[torch.Tensor]]:
        state = loop.new_state(run._replace(model=model), torch.device("cpu"), ALONE)
        found = loop.update(state, batch, rate=0.0, train=train, group=group)
        return found.loss, [parameter.grad for parameter in state.model.parameters()]

    loss, gradient = learned_by(ALONE)
    shares, gradients = zip(*(learned_by(Group(rank=n, count=count)) for n in range(count)), strict=True)
    assert sum(shares) == pytest.approx(loss, rel=1e-5)
    for number, expected in enumerate(gradient):
        mean = sum(shard[number] for shard in gradients) / count
        torch.testing.assert_close(mean, expected, rtol=1e-4, atol=1e-6)


def test_without_torchrun_a_process_is_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WORLD_SIZE", raising=False)
    with joined() as group:
        assert group == ALONE
        assert group.is_main


def test_one_process_agrees_with_itself() -> None:
    model = torch.nn.Linear(2, 2)
    assert ALONE.total(1.5, 2) == [1.5, 2]
    assert ALONE.any(True)
    assert not ALONE.any(False)
    assert ALONE.from_first(b"bytes") == b"bytes"
    assert ALONE.averaging(model) is model
