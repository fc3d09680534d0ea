"""How well a new discriminator tells forced runs from free ones, of a model that no longer learns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from s2s.config import PROFESSOR, STEP_BY_STEP, TrainConfig
from s2s.data.batches import Batch
from s2s.data.tokenizer import PAD_ID, START_ID
from s2s.model.seq2seq import Seq2Seq
from s2s.train import professor
from s2s.train.processes import ALONE
from s2s.train.professor import Behaviours, Discriminator
from s2s.train.regimes import fed
from s2s.train.update import tensors

_CLIP = TrainConfig().clip


@torch.no_grad()
def runs_of(model: Seq2Seq, batch: Batch) -> Behaviours:
    """A batch as professor forcing compares it, by a model in evaluation mode: fed the reference, and fed its
    own words for as long."""
    source, target_read, target_said = tensors(batch, torch.device("cpu"))
    memory = model.encode(source)
    own = (target_read != PAD_ID) & (target_read != START_ID)
    words = fed(model.decoder, target_read, own, memory, sampling=STEP_BY_STEP)
    forced, free = (model.decoder.states(read, memory) for read in (target_read, words))
    return Behaviours(professor.behaviour(forced), professor.behaviour(free), target_said != PAD_ID)


def told(
    model: Seq2Seq, learned: Sequence[Behaviours], held_out: Sequence[Behaviours], *, updates: int, seed: int
) -> Iterator[NDArray[np.float64] | None]:
    """None after each update of a new discriminator, on one of the batches that are `learned` from, drawn
    with the seed; at last, for each pair of `held_out`, the share of its two runs that it tells right,
    (pairs,)."""
    train = TrainConfig(regime=PROFESSOR, seed=seed)
    critic = professor.build(model.config, train, torch.device("cpu"))
    assert critic is not None
    random = np.random.default_rng(seed)
    rows = np.array([len(runs.real) for runs in learned], dtype=np.float64)
    for number in random.choice(len(learned), size=updates, p=rows / rows.sum()):
        verdict = professor.judge(critic.network, learned[number], group=ALONE)
        professor.teach(critic, verdict.loss, clip=_CLIP, group=ALONE)
        yield None
    yield np.concatenate([_right(critic.network, runs) for runs in held_out])


@torch.no_grad()
def _right(network: Discriminator, runs: Behaviours) -> NDArray[np.float64]:
    forced, free = network(runs.forced, runs.real), network(runs.free, runs.real)
    found: NDArray[np.float64] = ((forced > 0).double() + (free <= 0).double()).div(2).numpy()
    return found
