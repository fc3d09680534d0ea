"""Runs that were stopped, killed or damaged, and runs that go on from another model."""

import dataclasses
import shutil
from pathlib import Path
from typing import Any

import pytest
import torch

from s2s.catalog import SOURCE_TOKENIZER, WEIGHTS, read_config
from s2s.checkpoints import load
from s2s.config import ModelConfig
from s2s.errors import CheckpointError, ConfigError
from s2s.train import loop
from s2s.train.loop import fit
from s2s.train.state import RUN, read_record
from s2s.train.tally import Learned
from tests.sentences import PHRASES
from tests.train.runs import MakeRun, assert_same_state, learned, stop_after


@pytest.mark.parametrize("attention", ["none", "concat"])
def test_a_run_that_was_stopped_goes_on_bit_for_bit(make_run: MakeRun, attention: str) -> None:
    straight, stopped = make_run("straight", attention=attention), make_run("stopped", attention=attention)
    whole = list(fit(straight))
    assert [p.updates for p in whole] == list(range(1, 13))
    parts = stop_after(stopped, 5) + list(fit(stopped, resume=True))
    assert learned(parts) == learned(whole)
    assert_same_state(straight.folder, stopped.folder)


def test_a_run_may_be_stopped_after_every_update(make_run: MakeRun) -> None:
    straight, stopped = make_run("straight"), make_run("stopped")
    whole = list(fit(straight))
    parts = stop_after(stopped, 1)
    for _ in range(11):
        parts += stop_after(stopped, 1, resume=True)
    assert learned(parts) == learned(whole)
    assert_same_state(straight.folder, stopped.folder)


def test_a_run_that_was_killed_goes_on_from_its_last_checkpoint_bit_for_bit(
    make_run: MakeRun, tmp_path: Path
) -> None:
    run, killed = make_run("run", save_every=5), make_run("killed", save_every=5)
    whole = []
    for progress in fit(run):
        whole.append(progress)
        if progress.updates == 7:  # what is on the disk now is what a killed run leaves
            shutil.copytree(run.folder, killed.folder)
    rest = list(fit(killed, resume=True))
    assert learned(rest) == learned(whole[5:])
    assert_same_state(run.folder, killed.folder)


def test_how_often_it_looks_and_saves_changes_nothing_that_is_learned(make_run: MakeRun) -> None:
    rarely, often = make_run("rarely"), make_run("often", dev_every=1, save_every=2)
    assert [p.loss for p in fit(rarely)] == [p.loss for p in fit(often)]
    assert_same_state(rarely.folder, often.folder)


def test_a_run_broken_off_inside_an_update_keeps_the_checkpoint_before(
    make_run: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    straight, broken = make_run("straight"), make_run("broken", save_every=2)
    whole = list(fit(straight))
    update = loop.update

    def broken_off(state: Any, *arguments: Any, **settings: Any) -> Learned:
        learned = update(state, *arguments, **settings)
        if state.updates == 5:  # the weights of update 6 are there, its count is not
            raise KeyboardInterrupt
        return learned

    monkeypatch.setattr(loop, "update", broken_off)
    with pytest.raises(KeyboardInterrupt):
        list(fit(broken))
    monkeypatch.undo()
    assert (read_record(broken.folder) or {})["updates"] == 4
    assert learned(list(fit(broken, resume=True))) == learned(whole[4:])
    assert_same_state(straight.folder, broken.folder)


def test_a_finished_run_is_refused(make_run: MakeRun) -> None:
    run = make_run(updates=3)
    list(fit(run))
    for resume in (False, True):
        with pytest.raises(CheckpointError) as caught:
            next(fit(run, resume=resume))
        assert caught.value.key == "run_finished"


def test_an_interrupted_run_is_not_overwritten(make_run: MakeRun) -> None:
    run = make_run()
    stop_after(run, 2)
    before = (run.folder / WEIGHTS).read_bytes()
    with pytest.raises(CheckpointError) as caught:
        next(fit(run))
    assert caught.value.key == "folder_not_empty"
    assert (run.folder / WEIGHTS).read_bytes() == before


@pytest.mark.parametrize(
    ("setting", "value"), [("seed", 2), ("updates", 13), ("batch_tokens", 128), ("peak_rate", 2e-2)]
)
def test_resuming_with_another_setting_is_refused_and_names_it(
    make_run: MakeRun, setting: str, value: object
) -> None:
    run = make_run()
    stop_after(run, 2)
    other = run._replace(train=dataclasses.replace(run.train, **{setting: value}))  # type: ignore[arg-type]
    with pytest.raises(CheckpointError) as caught:
        next(fit(other, resume=True))
    assert caught.value.key == "resume_mismatch"
    assert caught.value.values["name"] == setting
    assert caught.value.values["found"] == getattr(run.train, setting)
    assert caught.value.values["expected"] == value


def test_resuming_with_another_model_is_refused(make_run: MakeRun) -> None:
    run = make_run()
    stop_after(run, 2)
    with pytest.raises(CheckpointError) as caught:
        next(fit(run._replace(model=dataclasses.replace(run.model, attention="dot")), resume=True))
    assert caught.value.key == "resume_mismatch"


def test_resuming_may_look_and_save_at_other_times_and_elsewhere(make_run: MakeRun) -> None:
    run = make_run()
    stop_after(run, 2)
    other = run._replace(train=dataclasses.replace(run.train, dev_every=1, save_every=1, device="cpu"))
    assert next(fit(other, resume=True)).updates == 3


def test_resuming_with_other_pairs_is_refused(make_run: MakeRun) -> None:
    run = make_run()
    stop_after(run, 2)
    with pytest.raises(CheckpointError) as caught:
        next(fit(run._replace(pairs=PHRASES[1:]), resume=True))
    assert caught.value.key == "resume_other_pairs"
    with pytest.raises(CheckpointError) as caught:
        next(fit(run._replace(in_domain=PHRASES[:2]), resume=True))
    assert caught.value.key == "resume_other_pairs"


def test_resuming_what_was_never_begun_is_one_error(make_run: MakeRun) -> None:
    run = make_run()
    with pytest.raises(CheckpointError) as caught:
        next(fit(run, resume=True))
    assert caught.value.key == "nothing_to_resume"
    assert not run.folder.exists()


def test_a_folder_that_holds_a_model_is_not_trained_over(make_run: MakeRun) -> None:
    run = make_run()
    stop_after(run, 1)
    (run.folder / RUN).unlink()
    with pytest.raises(CheckpointError) as caught:
        next(fit(run))
    assert caught.value.key == "folder_holds_model"


def test_a_run_goes_on_from_the_weights_of_another_model_and_counts_on(make_run: MakeRun) -> None:
    first = make_run("first", updates=4, dev_every=2)
    list(fit(first))
    further = make_run("further", updates=6, dev_every=3)._replace(
        start=first.folder, model=ModelConfig(attention="general"), source=None, target=None
    )
    progress = stop_after(further, 2)  # the card is right after a stop too
    progress += list(fit(further, resume=True))
    begun, done = read_config(first.folder)[1], read_config(further.folder)[1]
    assert [p.updates for p in progress] == [1, 2, 3, 4, 5, 6]
    assert done.updates == 10
    assert done.tokens == begun.tokens + progress[-1].tokens
    assert done.drawn > begun.drawn
    assert [point["updates"] for point in done.history] == [2, 4, 7, 10]
    assert done.history[:2] == begun.history
    assert (further.folder / SOURCE_TOKENIZER).read_bytes() == (first.folder / SOURCE_TOKENIZER).read_bytes()


def test_what_is_gone_on_from_is_where_learning_starts(make_run: MakeRun) -> None:
    first = make_run("first")
    list(fit(first))
    further = make_run("further", updates=1, peak_rate=1e-6, average=0.0)._replace(start=first.folder)
    list(fit(further))
    kept, changed = (load(folder).model.state_dict() for folder in (first.folder, further.folder))
    assert all(torch.allclose(kept[name], changed[name], atol=1e-3) for name in kept)


def test_going_on_in_another_shape_is_refused_and_names_what_differs(make_run: MakeRun) -> None:
    first = make_run("first", attention="dot", updates=1)
    list(fit(first))
    other = make_run("other", attention="concat")._replace(start=first.folder)
    with pytest.raises(ConfigError, match="has attention = dot, not concat") as error:
        next(fit(other))
    assert error.value.key == "start_of_other_shape"
    assert not other.folder.exists()


def test_a_child_begins_with_what_fits_of_its_parent(make_run: MakeRun) -> None:
    parent = make_run("parent", updates=2, attention="dot")
    list(fit(parent))
    child = make_run("child", updates=1, attention="general", peak_rate=1e-6, average=0.0)
    child = child._replace(parent=parent.folder, source=parent.target, target=None)  # it reads English
    list(fit(child))

    its, (model, source, target) = load(parent.folder), load(child.folder)
    assert target.serialized == its.target.serialized
    assert model.config.attention == "general"
    weights, before = model.state_dict(), its.model.state_dict()
    shared = [name for name in before if not name.startswith("encoder.embedding")]
    assert shared
    assert all(torch.allclose(weights[name], before[name], atol=1e-3) for name in shared)
    rows = {its.source.surface(id_): id_ for id_ in range(its.source.size)}
    both = [(id_, rows[source.surface(id_)]) for id_ in range(source.size) if source.surface(id_) in rows]
    assert len(both) > 4
    assert [a for a, b in both] != [b for a, b in both]
    for id_, there in both:
        assert torch.allclose(
            weights["encoder.embedding.weight"][id_], before["encoder.embedding.weight"][there], atol=1e-3
        )


def test_a_child_of_another_width_than_its_parent_is_refused(make_run: MakeRun) -> None:
    parent = make_run("parent", updates=1)
    list(fit(parent))
    child = make_run("child")
    child = child._replace(parent=parent.folder, model=dataclasses.replace(child.model, hidden=20))
    with pytest.raises(ConfigError) as error:
        next(fit(child))
    assert error.value.key == "start_of_other_shape"
