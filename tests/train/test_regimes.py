"""What the decoder is fed in each regime, held to the loop that everyone would write and to each other."""

import dataclasses
import math
from copy import deepcopy
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from s2s.catalog import CARD, read_config
from s2s.config import REGIMES, SAMPLINGS, SCHEDULES, TrainConfig
from s2s.data.batches import Batch
from s2s.data.tokenizer import END_ID, PAD_ID, START_ID, UNKNOWN_ID
from s2s.errors import CheckpointError, ConfigError
from s2s.model.seq2seq import Seq2Seq
from s2s.train import devices, loop
from s2s.train import state as saved
from s2s.train.loop import fit
from s2s.train.processes import ALONE
from s2s.train.regimes import fed, own_turns, teacher_share
from s2s.train.state import read_record
from s2s.train.update import losses_of, update
from tests.conftest import BuildTiny
from tests.train.batches import batch_of
from tests.train.runs import MakeRun, assert_same_state, learned, stop_after

ALWAYS = {"schedule": "linear", "linear_k": 1.0, "linear_c": 0.0}  # the teacher
HALF = {"schedule": "linear", "linear_k": 0.5, "linear_c": 0.0}
NEVER = {"schedule": "linear", "linear_k": 0.0, "linear_c": 0.0}
NOT_FED = {PAD_ID, START_ID, END_ID, UNKNOWN_ID}


@pytest.fixture
def model(build_tiny: BuildTiny) -> Seq2Seq:
    """In training mode, with dropout, and likeliest to say what is never fed: regimes have to see to both."""
    changed = deepcopy(build_tiny("general", layers=2)).train()
    for part in changed.modules():
        if isinstance(part, torch.nn.Dropout):
            part.p = 0.5
    with torch.no_grad():
        changed.decoder.output_bias[list(NOT_FED)] = 9.0
    return changed


def by_hand(model: Seq2Seq, batch: Batch, own: Tensor) -> Tensor:
    """A decoder that is stepped through the reference, row by row, in evaluation mode."""
    model.eval()
    rows = []
    for source, read, turns in zip(*map(torch.from_numpy, batch[:2]), own, strict=True):
        memory = model.encode(source.unsqueeze(0))
        state, given = memory.initial_state, read[:1]
        for position in range(1, len(read)):
            step = model.step(given[-1:], state, memory)
            state, words = step.state, step.logits[0].clone()
            words[list(NOT_FED)] = -math.inf
            word = words.argmax() if turns[position] else read[position]
            given = torch.cat([given, word.view(1)])
        rows.append(given)
    model.train()
    return torch.stack(rows)


def given(model: Seq2Seq, batch: Batch, own: Tensor, sampling: str) -> Tensor:
    source, read = torch.from_numpy(batch.source), torch.from_numpy(batch.target_read)
    model.encoder.eval()
    memory = model.encode(source)
    return fed(model.decoder, read, own, memory, sampling=sampling)


@pytest.mark.parametrize("probability", [0.0, 0.3, 0.8])
def test_step_by_step_feeds_what_a_loop_over_positions_feeds(model: Seq2Seq, probability: float) -> None:
    batch = batch_of()
    train = TrainConfig(regime="scheduled", schedule="linear", linear_k=probability, linear_c=0.0)
    turns = own_turns(batch, updates=3, train=train)
    assert turns is not None
    own = torch.from_numpy(turns)
    mixed = given(model, batch, own, "step-by-step")
    assert torch.equal(mixed, by_hand(model, batch, own))
    assert torch.equal(mixed[~own], torch.from_numpy(batch.target_read)[~own])
    assert not set(mixed[own].tolist()) & NOT_FED
    assert model.decoder.training


def test_two_passes_feed_what_the_model_says_to_the_reference(model: Seq2Seq) -> None:
    batch = batch_of()
    train = TrainConfig(regime="scheduled", **HALF)
    own = torch.from_numpy(own_turns(batch, updates=0, train=train))
    mixed = given(model, batch, own, "two-pass")
    model.eval()
    logits = model(torch.from_numpy(batch.source), torch.from_numpy(batch.target_read)).logits
    logits[:, :, list(NOT_FED)] = -math.inf
    said = torch.roll(logits.argmax(dim=-1), 1, dims=1)
    assert torch.equal(mixed[own], said[own])
    assert torch.equal(mixed[~own], torch.from_numpy(batch.target_read)[~own])


def test_both_forms_agree_up_to_the_first_own_word_of_a_row(model: Seq2Seq) -> None:
    batch = batch_of(40)
    own = torch.from_numpy(own_turns(batch, updates=0, train=TrainConfig(regime="scheduled", **HALF)))
    exact, two = (given(model, batch, own, sampling) for sampling in ("step-by-step", "two-pass"))
    until_first = own.cumsum(dim=1) <= 1
    assert torch.equal(exact[until_first], two[until_first])
    assert not torch.equal(exact, two)


@pytest.mark.parametrize("sampling", SAMPLINGS)
def test_words_that_are_all_the_teachers_are_the_fused_pass(model: Seq2Seq, sampling: str) -> None:
    batch = batch_of()
    own = torch.zeros(batch.target_read.shape, dtype=torch.bool)
    assert torch.equal(given(model, batch, own, sampling), torch.from_numpy(batch.target_read))


@pytest.mark.parametrize("sampling", SAMPLINGS)
def test_finding_own_words_draws_nothing(model: Seq2Seq, sampling: str) -> None:
    batch = batch_of()
    own = torch.from_numpy(own_turns(batch, updates=0, train=TrainConfig(regime="free")))
    model.encoder.eval()
    memory = model.encode(torch.from_numpy(batch.source))
    before = torch.get_rng_state()
    fed(model.decoder, torch.from_numpy(batch.target_read), own, memory, sampling=sampling)
    assert torch.equal(torch.get_rng_state(), before)


def test_a_coin_is_thrown_for_each_piece_of_the_reference_and_for_nothing_else() -> None:
    batch = batch_of(400)
    can_be_own = (batch.target_read != PAD_ID) & (batch.target_read != START_ID)
    train = TrainConfig(regime="scheduled", **HALF)
    more = dataclasses.replace(train, linear_k=0.8)
    own, fewer = (own_turns(batch, updates=7, train=one) for one in (train, more))
    assert own is not None
    assert fewer is not None
    assert not (own & ~can_be_own).any()
    assert own[can_be_own].mean() == pytest.approx(0.5, abs=0.03)
    assert fewer[can_be_own].mean() == pytest.approx(0.2, abs=0.03)
    assert not (fewer & ~own).any(), "a larger share leaves the teacher what a smaller one gave it"
    again = own_turns(batch, updates=7, train=train)
    assert np.array_equal(own, again)
    other = own_turns(batch, updates=8, train=train)
    assert not np.array_equal(own, other)
    everywhere = own_turns(batch, updates=0, train=TrainConfig(regime="free"))
    assert np.array_equal(everywhere, can_be_own)
    assert own_turns(batch, updates=0, train=TrainConfig()) is None


def shares(**settings: Any) -> list[float]:
    train = TrainConfig(regime="scheduled", **settings)
    return [teacher_share(updates, train) for updates in (0, 1000, 5000, 20_000, 10_000_000)]


def test_schedules_are_those_of_the_paper() -> None:
    assert shares(schedule="sigmoid", sigmoid_k=500.0) == pytest.approx(
        [500 / 501, 500 / (500 + math.exp(2)), 500 / (500 + math.exp(10)), 500 / (500 + math.exp(40)), 0]
    )
    assert shares(schedule="linear", linear_k=0.9, linear_c=1e-4, linear_floor=0.25) == pytest.approx(
        [0.9, 0.8, 0.4, 0.25, 0.25]
    )
    assert shares(schedule="exponential", exponential_k=0.999) == pytest.approx(
        [1, 0.999**1000, 0.999**5000, 0.999**20_000, 0]
    )


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_schedules_fall_from_update_to_update_and_stay_probabilities(schedule: str) -> None:
    found = shares(schedule=schedule)
    assert found == sorted(found, reverse=True)
    assert all(0 <= share <= 1 for share in found)


def test_teacher_and_free_need_no_schedule() -> None:
    assert [teacher_share(9, TrainConfig(regime=regime)) for regime in ("teacher", "free")] == [1, 0]


def test_a_schedule_that_starts_below_its_floor_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"linear_k is 0\.1, below linear_floor = 0\.2") as caught:
        TrainConfig(linear_k=0.1, linear_floor=0.2)
    assert caught.value.key == "schedule_below_floor"


@pytest.mark.parametrize("sampling", SAMPLINGS)
def test_scheduled_sampling_with_probability_one_is_teacher_forcing_to_the_bit(
    make_run: MakeRun, sampling: str
) -> None:
    teacher = make_run("teacher", updates=6)
    scheduled = make_run("scheduled", updates=6, regime="scheduled", sampling=sampling, **ALWAYS)
    assert learned(list(fit(teacher))) == learned(list(fit(scheduled)))
    assert_same_state(teacher.folder, scheduled.folder)


def test_scheduled_sampling_with_probability_zero_is_free_running_to_the_bit(make_run: MakeRun) -> None:
    free = make_run("free", updates=6, regime="free")
    scheduled = make_run("scheduled", updates=6, regime="scheduled", sampling="step-by-step", **NEVER)
    alone = [step.loss for step in fit(free)]
    assert alone == [step.loss for step in fit(scheduled)]
    assert_same_state(free.folder, scheduled.folder)
    assert alone != [step.loss for step in fit(make_run("teacher", updates=6))]


# Professor forcing has its own file.
MIXED = [
    {"regime": "scheduled", "sampling": "two-pass", **HALF},
    {"regime": "scheduled", "sampling": "step-by-step", "schedule": "exponential", "exponential_k": 0.8},
    {"regime": "free"},
]


@pytest.mark.parametrize("settings", MIXED, ids=["two-pass", "step-by-step", "free"])
def test_a_run_that_was_stopped_goes_on_bit_for_bit_in_each_regime(
    make_run: MakeRun, settings: dict[str, Any]
) -> None:
    straight, stopped = (make_run(name, dev_every=4, **settings) for name in ("straight", "stopped"))
    whole = list(fit(straight))
    parts = stop_after(stopped, 5) + list(fit(stopped, resume=True))
    assert learned(parts) == learned(whole)
    assert_same_state(straight.folder, stopped.folder)
    timed = {"seconds", "tokens_per_second"}
    one, other = (
        [{name: value for name, value in point.items() if name not in timed} for point in kept["history"]]
        for kept in (read_record(run.folder) or {} for run in (straight, stopped))
    )
    assert one == other
    assert [point["teacher_share"] for point in one] == [whole[n].teacher_share for n in (3, 7, 11)]


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        (
            MIXED[0],
            "scheduled, sampling two-pass, schedule linear, linear_k 0.5, linear_c 0.0, linear_floor 0.0",
        ),
        ({"regime": "free"}, "free"),
        (
            {"regime": "professor"},
            "professor, fooling 0.03, fooling_forced 0.0, discriminator_hidden 128, discriminator_rate 0.001",
        ),
    ],
)
def test_the_card_tells_the_regime_with_the_settings_that_count(
    make_run: MakeRun, settings: dict[str, Any], line: str
) -> None:
    run = make_run(updates=1, **settings)
    list(fit(run))
    assert read_config(run.folder)[1].train["regime"] == settings["regime"]
    assert f"\n- Regime: {line}.\n" in (run.folder / CARD).read_text(encoding="utf-8")


def test_the_history_tells_means_over_the_updates_since_the_last_look(make_run: MakeRun) -> None:
    run = make_run(dev_every=4, regime="scheduled", schedule="exponential", exponential_k=0.9)
    whole = list(fit(run))
    for number, point in enumerate(read_config(run.folder)[1].history):
        some = whole[4 * number : 4 * number + 4]
        assert point["mean_loss"] == pytest.approx(sum(step.loss for step in some) / 4)
        norms = [step.gradient_norm for step in some]
        assert point["gradient_norm"] == pytest.approx(sum(norms) / 4)
        assert point["gradient_norm_max"] == max(norms)
        assert point["teacher_share"] == pytest.approx(0.9 ** (4 * number + 3))
        assert (point["skipped"], point["dev_loss"]) == (0, some[-1].dev_loss)
        assert point["tokens_per_second"] > 0


@pytest.mark.parametrize(
    ("name", "value"), [("regime", "free"), ("schedule", "linear"), ("sampling", "step-by-step")]
)
def test_resuming_in_another_regime_is_refused_and_names_it(make_run: MakeRun, name: str, value: str) -> None:
    run = make_run(regime="scheduled")
    stop_after(run, 2)
    other = run._replace(train=dataclasses.replace(run.train, **{name: value}))  # type: ignore[arg-type]
    with pytest.raises(CheckpointError, match=f"was started with {name} = ") as caught:
        next(fit(other, resume=True))
    assert caught.value.key == "resume_mismatch"


def test_a_run_from_before_there_were_regimes_was_fed_by_a_teacher(make_run: MakeRun) -> None:
    """As it was saved then, without the settings that are new."""
    run = make_run("run")
    names = {setting.name for setting in dataclasses.fields(TrainConfig)} - {"regime", "schedule"}
    record = {name: value for name, value in run.train.to_dict().items() if name in names}
    older = {"model": run.model.to_dict(), "train": record, "fingerprint": ""}
    saved.check(older, run.folder, model=run.model, train=run.train, fingerprint="")
    other = dataclasses.replace(run.train, regime="free")
    with pytest.raises(CheckpointError, match="was started with regime = teacher, but now it is free"):
        saved.check(older, run.folder, model=run.model, train=other, fingerprint="")


def test_models_begin_alike_in_each_regime(make_run: MakeRun) -> None:
    before = torch.get_rng_state()
    states = [
        loop.new_state(make_run(regime=regime), torch.device("cpu"), ALONE).model.state_dict()
        for regime in REGIMES
    ]
    for state in states[1:]:
        assert state.keys() == states[0].keys()
        assert all(torch.equal(value, state[name]) for name, value in states[0].items())
    assert torch.equal(torch.get_rng_state(), before), "a discriminator draws from a generator of its own"


@pytest.mark.parametrize("settings", MIXED, ids=["two-pass", "step-by-step", "free"])
def test_the_gradient_is_that_of_a_loop_over_what_was_fed(
    make_run: MakeRun, settings: dict[str, Any]
) -> None:
    run = make_run(label_smoothing=0.0, coverage=0.0, agreement=0.0, clip=1e3, **settings)
    run = run._replace(model=dataclasses.replace(run.model, dropout=0.0))
    state, batch = loop.new_state(run, torch.device("cpu"), ALONE), batch_of()
    update(state, batch, rate=0.0, train=run.train)
    found = {name: value.grad.clone() for name, value in state.model.named_parameters()}
    model = loop.new_state(run, torch.device("cpu"), ALONE).model
    own = torch.from_numpy(own_turns(batch, updates=0, train=run.train))
    sampling = run.train.sampling if run.train.regime == "scheduled" else "step-by-step"
    words, said = given(model, batch, own, sampling), torch.from_numpy(batch.target_said)
    memory = model.encode(torch.from_numpy(batch.source))
    at, loss = memory.initial_state, torch.zeros(())
    for position in range(words.shape[1]):
        step = model.step(words[:, position], at, memory)
        at = step.state
        loss = loss + torch.nn.functional.cross_entropy(
            step.logits, said[:, position], ignore_index=PAD_ID, reduction="sum"
        )
    (loss / batch.pieces).backward()
    for name, value in model.named_parameters():
        torch.testing.assert_close(found[name], value.grad, rtol=1e-3, atol=1e-6, msg=name)


@pytest.mark.skipif(not devices.has_bfloat16(torch.device("cpu")), reason="this processor has none")
@pytest.mark.parametrize("settings", MIXED, ids=["two-pass", "step-by-step", "free"])
def test_half_precision_leaves_every_parameter_its_gradient(
    make_run: MakeRun, settings: dict[str, Any]
) -> None:
    """The pass that finds own words converts the weights, too, and without one."""
    run = make_run(**settings)
    state = loop.new_state(run, torch.device("cpu"), ALONE)
    state.half = True
    losses_of(state, batch_of(), train=run.train, group=ALONE).objective.backward()
    assert all(value.grad is not None and value.grad.any() for value in state.model.parameters())
