"""A saved run is gone on with exactly, or not at all: what is damaged, foreign or changed is named."""

import json
import math
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import save_file

from s2s.catalog import SOURCE_TOKENIZER, TARGET_TOKENIZER, WEIGHTS
from s2s.data.tokenizer import Tokenizer
from s2s.errors import CheckpointError, TrainingError
from s2s.train import loop
from s2s.train import state as saved
from s2s.train.folder import LOCK
from s2s.train.loop import Run, fit
from s2s.train.state import RUN
from s2s.train.tally import Learned
from tests.train.runs import MakeRun, assert_same_state, learned, stop_after

Change = Callable[[dict[str, Any], dict[str, torch.Tensor]], None]


@pytest.fixture
def stopped(make_run: MakeRun) -> Run:
    """A run of twelve updates, stopped after two."""
    run = make_run()
    stop_after(run, 2)
    return run


def refused(run: Run) -> CheckpointError:
    """Why it cannot be resumed; nothing in its folder changes."""
    before = {path: path.read_bytes() for path in run.folder.iterdir() if path.is_file()}
    with pytest.raises(CheckpointError) as caught:
        next(fit(run, resume=True))
    assert {path: path.read_bytes() for path in run.folder.iterdir() if path.is_file()} == before
    return caught.value


def rewrite(folder: Path, change: Change, *, metadata: dict[str, str] | None = None) -> None:
    """Change what a run's file says, without its checksum, as in the first format."""
    record, tensors = saved.read(folder)
    record = {name: value for name, value in record.items() if name != "format"}
    tensors = {name: value.clone() for name, value in tensors.items() if "tokenizer" not in name}
    change(record, tensors)
    save_file(tensors, folder / RUN, metadata={"run": json.dumps(record), **(metadata or {})})


def test_a_flipped_bit_anywhere_in_a_saved_run_is_found_out(stopped: Run) -> None:
    path = stopped.folder / RUN
    data, whole = path.read_bytes(), saved.read(stopped.folder)
    header = 8 + int.from_bytes(data[:8], "little")
    assert len(data) > header
    found = 0
    places = [*range(0, header, 29), *range(header, len(data), len(data) // 150)]
    for number, place in enumerate(places):
        flipped = bytearray(data)
        flipped[place] ^= 1 << number % 8
        path.write_bytes(flipped)
        try:
            read = saved.read(stopped.folder)
        except CheckpointError:
            found += 1
            continue
        assert place < header, "a number is another"
        assert read.record == whole.record
        assert read.tensors.keys() == whole.tensors.keys()
        assert all(torch.equal(read.tensors[name], value) for name, value in whole.tensors.items())
    assert found > 0.9 * len(places)


@pytest.mark.parametrize("data", [b"", b"garbage", b"[]", b"{}", b"\xff\xff", b"[" * 100_000])
def test_what_is_no_saved_run_is_one_error_that_names_the_file(stopped: Run, data: bytes) -> None:
    path = stopped.folder / RUN
    path.write_bytes(data)
    error = refused(stopped)
    assert (error.key, error.values["path"]) == ("state_damaged", path)


def test_the_weights_of_a_model_are_no_saved_run(stopped: Run) -> None:
    shutil.copyfile(stopped.folder / WEIGHTS, stopped.folder / RUN)
    assert refused(stopped).key == "state_damaged"


def test_a_saved_run_that_is_gone_is_named(stopped: Run) -> None:
    (stopped.folder / RUN).unlink()
    error = refused(stopped)
    assert (error.key, error.values["path"]) == ("nothing_to_resume", stopped.folder / RUN)


@pytest.mark.parametrize("part", [SOURCE_TOKENIZER, TARGET_TOKENIZER])
def test_another_tokenizer_in_the_folder_is_named(stopped: Run, part: str) -> None:
    other = {SOURCE_TOKENIZER: TARGET_TOKENIZER, TARGET_TOKENIZER: SOURCE_TOKENIZER}[part]
    shutil.copyfile(stopped.folder / other, stopped.folder / part)
    error = refused(stopped)
    assert (error.key, error.values["path"]) == ("tokenizer_changed", stopped.folder / part)


def test_without_the_tokenizers_in_its_folder_a_run_goes_on_bit_for_bit(
    make_run: MakeRun, stopped: Run
) -> None:
    straight = make_run("straight")
    whole = list(fit(straight))
    for part in (SOURCE_TOKENIZER, TARGET_TOKENIZER):
        (stopped.folder / part).unlink()
    assert learned(list(fit(stopped, resume=True))) == learned(whole[2:])
    assert_same_state(straight.folder, stopped.folder)
    for part in (SOURCE_TOKENIZER, TARGET_TOKENIZER):
        assert (stopped.folder / part).read_bytes() == (straight.folder / part).read_bytes()


def test_a_run_is_not_resumed_with_other_tokenizers_than_it_has(stopped: Run) -> None:
    error = refused(stopped._replace(source=stopped.target, target=stopped.source))
    assert error.key == "resume_other_tokenizers"


def test_a_run_of_the_first_format_goes_on_bit_for_bit(make_run: MakeRun, stopped: Run) -> None:
    straight = make_run("straight")
    whole = list(fit(straight))
    rewrite(stopped.folder, lambda record, tensors: None)
    with safe_open(stopped.folder / RUN, framework="pt") as file:
        assert file.metadata().keys() == {"run"}
    assert learned(list(fit(stopped, resume=True))) == learned(whole[2:])
    assert_same_state(straight.folder, stopped.folder)


def test_tokenizers_of_another_size_are_refused_in_the_first_format_too(
    stopped: Run, with_bytes: tuple[Tokenizer, Tokenizer]
) -> None:
    rewrite(stopped.folder, lambda record, tensors: None)
    (stopped.folder / SOURCE_TOKENIZER).write_bytes(with_bytes[0].serialized)
    assert refused(stopped).key == "resume_other_tokenizers"


def _put(name: str, value: object) -> Change:
    return lambda record, tensors: record.__setitem__(name, value)


def _drop(name: str) -> Change:
    return lambda record, tensors: record.__delitem__(name)


def _renamed(record: dict[str, Any], tensors: dict[str, torch.Tensor]) -> None:
    tensors["other.output_bias"] = tensors.pop("model.decoder.output_bias")


def _lost(record: dict[str, Any], tensors: dict[str, torch.Tensor]) -> None:
    del tensors["optimizer.3.exp_avg"]


def _doubled(record: dict[str, Any], tensors: dict[str, torch.Tensor]) -> None:
    tensors["average.decoder.output_bias"] = tensors["average.decoder.output_bias"].double()


def _reshaped(record: dict[str, Any], tensors: dict[str, torch.Tensor]) -> None:
    tensors["optimizer.0.exp_avg_sq"] = torch.ones(1)


def _spoilt(record: dict[str, Any], tensors: dict[str, torch.Tensor]) -> None:
    tensors["average.decoder.output_bias"][0] = math.nan


@pytest.mark.parametrize(
    "change",
    [
        _drop("tokens"), _drop("half"), _put("updates", -1), _put("updates", "2"), _put("updates", True),
        _put("seconds", math.inf), _put("seconds", math.nan), _put("history", 5), _put("history", [5]),
        _put("model", []), _put("model", {"hidden": 7}), _put("train", {"colour": 1}), _put("before", {}),
        _renamed, _lost, _doubled, _reshaped, _spoilt,
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_where_there_is_no_checksum(stopped: Run, change: Change) -> None:
    rewrite(stopped.folder, change)
    error = refused(stopped)
    assert (error.key, error.values["path"]) == ("state_damaged", stopped.folder / RUN)


def test_a_checksum_alone_or_a_format_without_one_is_refused(stopped: Run) -> None:
    rewrite(stopped.folder, lambda record, tensors: None, metadata={"checksum": "0"})
    assert refused(stopped).key == "state_damaged"
    (stopped.folder / RUN).unlink()
    stop_after(stopped._replace(folder=stopped.folder / "again"), 1)
    rewrite(stopped.folder / "again", _put("format", saved.FORMAT))
    assert refused(stopped._replace(folder=stopped.folder / "again")).key == "state_damaged"


def test_the_format_of_a_later_version_is_named(stopped: Run) -> None:
    rewrite(stopped.folder, _put("format", saved.FORMAT + 1))
    error = refused(stopped)
    assert error.key == "format_foreign"
    assert error.values["found"] == saved.FORMAT + 1


def test_numbers_that_are_not_finite_are_not_read_even_with_their_checksum(
    make_run: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = make_run()
    steps = fit(run)
    next(steps)
    with monkeypatch.context() as patch:
        patch.setattr(saved, "_not_finite", lambda tensors: "")
        moments = saved._tensors

        def spoilt(state: saved.TrainState) -> dict[str, torch.Tensor]:
            tensors = moments(state)
            return tensors | {"optimizer.0.exp_avg": tensors["optimizer.0.exp_avg"] * math.nan}

        patch.setattr(saved, "_tensors", spoilt)
        steps.close()
    error = refused(run)
    assert error.key == "state_damaged"
    assert "optimizer.0.exp_avg has numbers that are not finite" in str(error)


def test_weights_that_are_not_finite_are_not_saved_over_good_ones(
    make_run: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    straight, run = make_run("straight"), make_run(save_every=2)
    whole = list(fit(straight))
    update = loop.update

    def spoil(state: saved.TrainState, *rest: Any, **settings: Any) -> Learned:
        learned = update(state, *rest, **settings)
        if state.updates == 3:
            with torch.no_grad():
                next(iter(state.model.parameters())).fill_(math.inf)
        return learned

    with monkeypatch.context() as patch:
        patch.setattr(loop, "update", spoil)
        steps = fit(run)
        done = [next(steps) for _ in range(3)]
        before = {path: path.read_bytes() for path in run.folder.iterdir() if path.name != LOCK}
        with pytest.raises(TrainingError) as caught:
            next(steps)
    assert caught.value.key == "diverged"
    assert {path: path.read_bytes() for path in run.folder.iterdir()} == before
    assert learned(done[:2] + list(fit(run, resume=True))) == learned(whole)


@pytest.mark.parametrize("loss", [math.nan, math.inf])
def test_a_loss_that_is_not_finite_ends_the_run_and_the_last_checkpoint_stays(
    make_run: MakeRun, monkeypatch: pytest.MonkeyPatch, loss: float
) -> None:
    straight, run = make_run("straight"), make_run(save_every=2)
    whole = list(fit(straight))
    update = loop.update

    def explode(state: saved.TrainState, *rest: Any, **settings: Any) -> Learned:
        found = update(state, *rest, **settings)
        return found._replace(loss=loss) if state.updates == 5 else found

    with monkeypatch.context() as patch:
        patch.setattr(loop, "update", explode)
        with pytest.raises(TrainingError, match=f"Update 6 gave a loss of {loss}") as caught:
            list(fit(run))
    assert caught.value.values["rate"] == run.train.peak_rate
    assert (saved.read_record(run.folder) or {})["updates"] == 4
    assert learned(list(fit(run, resume=True))) == learned(whole[4:])
    assert_same_state(straight.folder, run.folder)
