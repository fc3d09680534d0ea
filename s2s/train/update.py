"""One update: losses, gradient, step, and the moving average of the weights.

What an update drops at random is a function of seed, update and process.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from s2s.config import TrainConfig
from s2s.data.batches import Batch, shard, shard_rows
from s2s.data.tokenizer import END_ID, UNKNOWN_ID
from s2s.train import professor
from s2s.train import state as saved
from s2s.train.losses import Losses
from s2s.train.processes import ALONE, Group
from s2s.train.professor import Behaviours
from s2s.train.regimes import own_turns
from s2s.train.tally import Learned


def update(
    state: saved.TrainState, batch: Batch, *, rate: float, train: TrainConfig, group: Group = ALONE
) -> Learned:
    """Learn from one batch."""
    model = state.model
    model.train()
    torch.manual_seed(random_seed(train.seed, state.updates, group.rank))
    loss, objective, runs = losses_of(state, batch, train=train, group=group)
    verdict = None
    if runs is not None and state.critic is not None:
        with _products(state):
            verdict = professor.judge(state.critic.network, runs, group=group)
        if (train.fooling or train.fooling_forced) and professor.gates(verdict.accuracy).heard:
            with _products(state):
                cost = professor.fooling_cost(
                    state.critic.network, runs, free=train.fooling, forced=train.fooling_forced
                )
            objective = objective + cost / len(batch.source)
    state.optimizer.zero_grad(set_to_none=True)
    summed = objective * group.count  # such that the mean of the gradients is that of the sum
    summed.backward()  # type: ignore[no-untyped-call]
    norm = nn.utils.clip_grad_norm_(model.parameters(), train.clip)
    if state.critic is not None and verdict is not None and professor.gates(verdict.accuracy).taught:
        professor.teach(state.critic, verdict.loss, clip=train.clip, group=group)
    learned = Learned(loss.item(), norm.item(), None if verdict is None else verdict.accuracy)
    if not norm.isfinite():  # learning from it would leave nothing but nan
        return learned
    for parameters in state.optimizer.param_groups:
        parameters["lr"] = rate
    state.optimizer.step()
    decay = min(train.average, (1 + state.updates) / (10 + state.updates))
    with torch.no_grad():
        for name, value in model.state_dict().items():
            if name in state.average:
                state.average[name].lerp_(value, 1 - decay)
    return learned


class Asked(NamedTuple):
    """A process's summands of means over the whole batch: a shard counts by what it has of it."""

    loss: Tensor  # nats a piece
    objective: Tensor  # what is made small: the loss and all else that costs
    runs: Behaviours | None  # what professor forcing compares


def losses_of(state: saved.TrainState, batch: Batch, *, train: TrainConfig, group: Group) -> Asked:
    """What one process has of a batch, learned from by nobody yet."""
    part = shard(batch, rank=group.rank, count=group.count)
    source, target_read, target_said = tensors(part, state.device)
    own = own_turns(batch, updates=state.updates, train=train)
    turns = None
    if own is not None:
        turns = torch.from_numpy(shard_rows(own, rank=group.rank, count=group.count)).to(state.device)
    if train.word_dropout:
        dropped = torch.rand(source.shape, device=state.device) < train.word_dropout
        source = source.masked_fill(dropped & (source != END_ID), UNKNOWN_ID)
    with _products(state):
        losses: Losses = state.parallel(source, target_read, target_said, turns)
    loss = losses.translation / batch.pieces
    share, objective = len(part.source) / len(batch.source), loss
    if losses.coverage is not None:
        objective = objective + train.coverage * share * losses.coverage
    if losses.agreement is not None:
        objective = objective + train.agreement * share * losses.agreement
    return Asked(loss, objective, losses.runs)


def _products(state: saved.TrainState) -> torch.autocast:
    """Where products are computed in the state's number format."""
    return torch.autocast(state.device.type, dtype=torch.bfloat16, enabled=state.half)


def random_seed(seed: int, updates: int, rank: int) -> int:
    """What the update that follows `updates` draws from, in one process: another for each of the three."""
    return int(np.random.SeedSequence((seed, updates, rank)).generate_state(1, np.uint64)[0])


def tensors(batch: Batch, device: torch.device) -> tuple[Tensor, Tensor, Tensor]:
    """A batch's three arrays where a model is."""
    source, target_read, target_said = (torch.from_numpy(array).to(device) for array in batch)
    return source, target_read, target_said
