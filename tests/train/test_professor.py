"""Professor forcing: who learns from whom, and when."""

import dataclasses
import math
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from s2s.catalog import read_config
from s2s.data.tokenizer import PAD_ID, START_ID
from s2s.errors import CheckpointError, ConfigError
from s2s.train import loop, professor
from s2s.train import state as saved
from s2s.train.loop import Run, fit
from s2s.train.processes import ALONE
from s2s.train.professor import Behaviours, Critic, Discriminator, fooling_cost, gates, judge, teach
from s2s.train.regimes import fed
from s2s.train.state import RUN
from s2s.train.update import losses_of, update
from tests.train.batches import batch_of
from tests.train.runs import MakeRun, assert_same_state, learned, stop_after

WIDTH = 6


def discriminator() -> Discriminator:
    torch.manual_seed(1)
    return Discriminator(WIDTH, 4)


def runs(*, apart: float, rows: int = 40) -> Behaviours:
    """Two runs that differ by this much everywhere, of one to five positions each."""
    generator = torch.Generator().manual_seed(2)
    forced = torch.randn(rows, 5, WIDTH, generator=generator)
    real = torch.arange(5) <= torch.arange(rows).unsqueeze(1) % 5
    return Behaviours(forced, forced + apart, real)


def critic() -> Critic:
    network = discriminator()
    return Critic(network, torch.optim.Adam(network.parameters(), lr=1e-2))


def taught(its: Critic, compared: Behaviours, updates: int) -> float:
    """How well it tells the two after so many steps."""
    for _ in range(updates):
        teach(its, judge(its.network, compared, group=ALONE).loss, clip=1.0, group=ALONE)
    return judge(its.network, compared, group=ALONE).accuracy


def test_of_two_equal_runs_it_tells_nothing_and_learns_that_it_cannot() -> None:
    its, equal = critic(), runs(apart=0.0)
    assert judge(its.network, equal, group=ALONE).accuracy == 0.5
    assert taught(its, equal, 60) == 0.5
    assert judge(its.network, equal, group=ALONE).loss.item() == pytest.approx(math.log(2), abs=1e-3)


def test_of_runs_that_differ_it_learns_which_is_which() -> None:
    assert taught(critic(), runs(apart=1.0), 60) > 0.95


def test_what_stands_behind_the_end_is_not_read() -> None:
    network, compared = discriminator(), runs(apart=1.0)
    behind = compared.forced.masked_fill(~compared.real.unsqueeze(-1), 9.0)
    assert torch.equal(network(compared.forced, compared.real), network(behind, compared.real))


def test_a_sentence_of_a_process_without_rows_counts_for_nothing() -> None:
    network, compared = discriminator(), runs(apart=1.0)
    empty = Behaviours(*(torch.cat([part, part[:1]]) for part in compared))
    empty.real[-1] = False
    one, other = (judge(network, each, group=ALONE) for each in (compared, empty))
    assert one.accuracy == other.accuracy
    torch.testing.assert_close(one.loss, other.loss)
    for free, forced in ((1.0, 0.0), (0.0, 1.0)):
        costs = [fooling_cost(network, each, free=free, forced=forced) for each in (compared, empty)]
        torch.testing.assert_close(*costs)
        assert costs[0] > 0


def test_judging_leaves_the_model_and_fooling_the_discriminator_without_a_gradient() -> None:
    network, compared = discriminator(), runs(apart=1.0)
    compared.forced.requires_grad_()
    compared.free.requires_grad_()
    judge(network, compared, group=ALONE).loss.backward()
    assert compared.forced.grad is None
    assert compared.free.grad is None
    assert all(value.grad is not None and value.grad.any() for value in network.parameters())
    network.zero_grad(set_to_none=True)
    fooling_cost(network, compared, free=1.0, forced=0.0).backward()
    assert compared.free.grad.any()
    assert compared.forced.grad is None
    fooling_cost(network, compared, free=0.0, forced=1.0).backward()
    assert compared.forced.grad.any()
    assert all(value.grad is None and value.requires_grad for value in network.parameters())


def test_following_the_fooling_gradient_makes_the_runs_harder_to_tell() -> None:
    its, compared = critic(), runs(apart=1.0)
    before = taught(its, compared, 30)
    free = compared.free.clone().requires_grad_()
    for _ in range(60):
        (gradient,) = torch.autograd.grad(
            fooling_cost(its.network, compared._replace(free=free), free=1.0, forced=0.0), free
        )
        free = (free - gradient).detach().requires_grad_()
    assert judge(its.network, compared._replace(free=free.detach()), group=ALONE).accuracy < before - 0.2


@pytest.mark.parametrize(
    ("accuracy", "is_taught", "is_heard"),
    [(0.0, True, False), (0.5, True, False), (0.75, True, False), (0.7501, True, True), (0.9899, True, True),
     (0.99, False, True), (1.0, False, True)],
)  # fmt: skip
def test_the_gates_open_and_close_where_the_paper_says(
    accuracy: float, is_taught: bool, is_heard: bool
) -> None:
    assert gates(accuracy) == (is_taught, is_heard)


def state_after(run: Run, accuracy: float, monkeypatch: pytest.MonkeyPatch) -> dict[str, torch.Tensor]:
    """The numbers of a run after one update whose discriminator was told to be so good."""
    honest = professor.judge
    state = loop.new_state(run, torch.device("cpu"), ALONE)
    with monkeypatch.context() as patch:
        patch.setattr(
            professor, "judge", lambda *some, **more: honest(*some, **more)._replace(accuracy=accuracy)
        )
        update(state, batch_of(), rate=1e-2, train=run.train)
    return saved._tensors(state)


def test_a_closed_gate_leaves_the_model_to_its_teacher_and_the_discriminator_as_it_was(
    make_run: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = make_run(regime="professor", clip=1e3)
    teacher = loop.new_state(make_run(clip=1e3), torch.device("cpu"), ALONE)
    update(teacher, batch_of(), rate=1e-2, train=teacher_of(run))
    alone = saved._tensors(teacher)
    fresh = saved._tensors(loop.new_state(run, torch.device("cpu"), ALONE))

    def changed(found: dict[str, torch.Tensor], other: dict[str, torch.Tensor], start: str) -> bool:
        names = [name for name in other if name.startswith(start)]
        assert names
        return not all(torch.equal(found[name], other[name]) for name in names)

    for accuracy, is_taught, is_heard in ((0.5, True, False), (0.9, True, True), (1.0, False, True)):
        found = state_after(run, accuracy, monkeypatch)
        assert changed(found, alone, "model.") == is_heard
        assert changed(found, fresh, "critic.") == is_taught


def teacher_of(run: Run) -> Any:
    return dataclasses.replace(run.train, regime="teacher")


def test_what_is_compared_is_a_run_fed_the_reference_and_one_fed_its_own_words(make_run: MakeRun) -> None:
    run = make_run(regime="professor")
    run = run._replace(model=dataclasses.replace(run.model, dropout=0.0))
    state, batch = loop.new_state(run, torch.device("cpu"), ALONE), batch_of()
    compared = losses_of(state, batch, train=run.train, group=ALONE).runs
    assert compared is not None
    read, decoder = torch.from_numpy(batch.target_read), state.model.decoder
    memory = state.model.encode(torch.from_numpy(batch.source))
    own = (read != PAD_ID) & (read != START_ID)
    words = fed(decoder, read, own, memory, sampling="step-by-step")
    assert not torch.equal(words, read)
    for found, given in ((compared.forced, read), (compared.free, words)):
        states = decoder.states(given, memory)
        expected = torch.cat([states.decoder_states, states.attentional_states], dim=-1)
        assert torch.equal(found, expected)
    assert torch.equal(compared.real, torch.from_numpy(batch.target_said != PAD_ID))


def test_a_model_that_does_not_mind_being_told_learns_from_its_teacher_to_the_bit(make_run: MakeRun) -> None:
    teacher = make_run("teacher", updates=6)
    watched = make_run("watched", updates=6, regime="professor", fooling=0.0)
    one, other = list(fit(teacher)), list(fit(watched))
    assert [step.loss for step in one] == [step.loss for step in other]
    ours, its = (load_file(run.folder / RUN) for run in (teacher, watched))
    assert {name.partition(".")[0] for name in its.keys() - ours.keys()} == {"critic", "critic_optimizer"}
    assert all(torch.equal(value, its[name]) for name, value in ours.items())
    assert all(step.accuracy is None for step in one)
    assert all(step.accuracy is not None and 0 <= step.accuracy <= 1 for step in other)


def test_a_stopped_run_goes_on_bit_for_bit_with_its_discriminator(make_run: MakeRun) -> None:
    straight, stopped = (
        make_run(name, regime="professor", fooling=1.0, fooling_forced=0.5, dev_every=6)
        for name in ("straight", "stopped")
    )
    whole = list(fit(straight))
    parts = stop_after(stopped, 5) + list(fit(stopped, resume=True))
    assert learned(parts) == learned(whole)
    assert [step.accuracy for step in parts] == [step.accuracy for step in whole]
    assert_same_state(straight.folder, stopped.folder)
    for number, point in enumerate(read_config(stopped.folder)[1].history):
        found = [step.accuracy or 0.0 for step in whole[6 * number : 6 * number + 6]]
        assert point["discriminator_accuracy"] == pytest.approx(sum(found) / 6)
        assert point["discriminator_taught"] == sum(one < 0.99 for one in found) / 6
        assert point["discriminator_heard"] == sum(one > 0.75 for one in found) / 6


def test_a_discriminator_that_is_missing_or_spoilt_is_refused(make_run: MakeRun) -> None:
    run = make_run(regime="professor")
    stop_after(run, 2)
    record, tensors = saved.read(run.folder)
    for lost in ("critic.judge.0.weight", "critic_optimizer.0.exp_avg"):
        rest = {name: value for name, value in tensors.items() if name != lost}
        state = loop.new_state(run, torch.device("cpu"), ALONE)
        with pytest.raises(CheckpointError, match=f"{lost} is missing"):
            saved.restore(state, saved.Saved(record, rest), run.folder)


def test_without_attention_it_is_refused_before_anything_is_written(make_run: MakeRun) -> None:
    run = make_run(attention="none", regime="professor")
    with pytest.raises(
        ConfigError, match="compares what attention leads to, and attention is 'none'"
    ) as caught:
        next(fit(run))
    assert caught.value.key == "professor_without_attention"
    assert not run.folder.exists()
