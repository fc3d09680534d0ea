"""Professor forcing (Lamb et al. 2016): a discriminator learns to tell a run that is fed the reference from
one that is fed its own words, and the model learns to leave it nothing to tell.

What it reads of a run are the decoder's states and its attentional states, position by position: the outputs
are a product of the latter, and the context is in them. Both runs of a sentence are as long as its reference.
The discriminator is not trained where it is nearly always right, and not listened to where it hardly is.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import softplus

from s2s.config import PROFESSOR, ModelConfig, TrainConfig
from s2s.errors import ConfigError
from s2s.model.decoder import DecoderStates
from s2s.train.processes import Group

TAUGHT_BELOW: Final = 0.99  # accuracy from which the discriminator is not trained
HEARD_ABOVE: Final = 0.75  # accuracy up to which the model is not trained against it


class Behaviours(NamedTuple):
    """Two runs of the same sentences, (batch, target_len, 2 * hidden) each."""

    forced: Tensor  # fed the reference
    free: Tensor  # fed its own words
    real: Tensor  # (batch, target_len), True where the reference has a piece


class Gates(NamedTuple):
    """Who learns, at some accuracy of the discriminator."""

    taught: bool  # the discriminator
    heard: bool  # the model, against it


class Discriminator(nn.Module):
    """A bidirectional GRU over a run, its mean over the positions, and an MLP."""

    def __init__(self, width: int, hidden: int) -> None:
        super().__init__()
        self.rnn = nn.GRU(width, hidden, batch_first=True, bidirectional=True)
        self.judge = nn.Sequential(
            nn.Linear(2 * hidden, hidden),
            nn.LeakyReLU(0.2),
            nn.Linear(hidden, hidden),
            nn.LeakyReLU(0.2),
            nn.Linear(hidden, 1),
        )

    def forward(self, behaviour: Tensor, real: Tensor) -> Tensor:
        """The log odds that a run was fed the reference, (batch,); behaviour: (batch, target_len, width),
        real: (batch, target_len). What is not real is read as zeros."""
        mask = real.unsqueeze(-1)
        read, _ = self.rnn(behaviour * mask)  # (batch, target_len, 2 * hidden)
        mean = (read * mask).sum(dim=1) / real.sum(dim=1, keepdim=True).clamp(min=1)
        odds: Tensor = self.judge(mean).squeeze(-1)
        return odds.float()


class Critic(NamedTuple):
    """A discriminator and what it learns with."""

    network: Discriminator
    optimizer: torch.optim.Optimizer


def check(model: ModelConfig, train: TrainConfig) -> None:
    """Raise ConfigError where a regime asks for a model of another kind."""
    if train.regime == PROFESSOR and not model.attends:
        raise ConfigError("professor_without_attention", attention=model.attention)


def build(model: ModelConfig, train: TrainConfig, device: torch.device) -> Critic | None:
    """A new critic in professor forcing, else None; from a seed of its own, so that the model begins as in
    any other regime."""
    if train.regime != PROFESSOR:
        return None
    (seed,) = np.random.SeedSequence(train.seed, spawn_key=(2,)).generate_state(1, np.uint64)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(int(seed))
        network = Discriminator(2 * model.hidden, train.discriminator_hidden).to(device)
    return Critic(network, torch.optim.Adam(network.parameters(), lr=train.discriminator_rate))


def behaviour(states: DecoderStates) -> Tensor:
    """What a discriminator reads of a run."""
    return torch.cat([states.decoder_states.float(), states.attentional_states.float()], dim=-1)


def gates(accuracy: float) -> Gates:
    """Who learns from a batch that the discriminator tells so well (Lamb et al. 2016)."""
    return Gates(taught=accuracy < TAUGHT_BELOW, heard=accuracy > HEARD_ABOVE)


class Verdict(NamedTuple):
    """What a discriminator made of a batch before it learned from it."""

    loss: Tensor  # its own, summed over the rows of this process and divided by all
    accuracy: float  # share of runs that it told right, of all processes


def judge(discriminator: nn.Module, runs: Behaviours, *, group: Group) -> Verdict:
    """Its loss and accuracy; nothing of it reaches the model."""
    here = runs.real.any(dim=1)  # a process without a row of its own has one with nothing in it
    forced = discriminator(runs.forced.detach(), runs.real)[here]
    free = discriminator(runs.free.detach(), runs.real)[here]
    right = int((forced > 0).sum() + (free <= 0).sum())  # of two equal runs, exactly one
    rights, rows = group.total(right, len(forced))
    loss = (softplus(-forced) + softplus(free)).sum() / (2 * rows)
    return Verdict(loss, rights / (2 * rows))


def fooling_cost(discriminator: nn.Module, runs: Behaviours, *, free: float, forced: float) -> Tensor:
    """What it costs the model to be told, summed over the rows (Lamb et al. 2016): `free` times that its free
    runs do not pass for forced ones, and `forced` times that its forced ones do not pass for free. A run of
    no weight is not read. Nothing of it reaches the discriminator."""
    here = runs.real.any(dim=1)
    cost = runs.free.new_zeros(())
    discriminator.requires_grad_(False)
    if free:
        cost = cost + free * softplus(-discriminator(runs.free, runs.real)[here]).sum()
    if forced:
        cost = cost + forced * softplus(discriminator(runs.forced, runs.real)[here]).sum()
    discriminator.requires_grad_(True)
    return cost


def teach(critic: Critic, loss: Tensor, *, clip: float, group: Group) -> None:
    """One step of the discriminator, on the gradient of all processes; none where that is not finite."""
    critic.optimizer.zero_grad(set_to_none=True)
    loss.backward()  # type: ignore[no-untyped-call]
    group.sum_gradients(critic.network)
    if nn.utils.clip_grad_norm_(critic.network.parameters(), clip).isfinite():
        critic.optimizer.step()
