"""What the decoder is fed in training: the reference (teacher forcing), the reference or its own words by a
coin (scheduled sampling, Bengio et al. 2015), or its own words.

Its own word is the likeliest one that a translation can go on with, as in use: without dropout, and never
the end token, for the reference does go on. No gradient flows through the choice, so in every regime learning
takes the same fused pass over what was fed; what differs is where the own words come from.

- *step-by-step*: a loop that is fed them one after the other. This is scheduled sampling itself.
- *two-pass*: one fused pass that is fed the reference alone (Mihaylova & Martins 2019; their argmax, without
  a gradient through the first pass). Each is the model's word after a faultless prefix, so among the words
  fed errors do not add up. One whole word, and no mixture of embeddings, because that is what the decoder is
  fed in use, and because only positions that are fed their own word then need a product with the vocabulary.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from s2s.config import EXPONENTIAL, FREE, LINEAR, SCHEDULED, SIGMOID, STEP_BY_STEP, TEACHER, TrainConfig
from s2s.data.batches import Batch
from s2s.data.tokenizer import END_ID, PAD_ID, START_ID, UNKNOWN_ID
from s2s.model import cells
from s2s.model.decoder import Decoder, Memory
from s2s.train.devices import rows_at_a_time


def teacher_share(updates: int, train: TrainConfig) -> float:
    """The probability of feeding the reference in the update that follows `updates`, 0 to 1: of scheduled
    sampling that of its schedule (Bengio et al. 2015)."""
    if train.regime != SCHEDULED:
        return 0.0 if train.regime == FREE else 1.0
    return _SCHEDULES[train.schedule](updates, train)


def _sigmoid(updates: int, train: TrainConfig) -> float:
    k = train.sigmoid_k
    return 1 / (1 + math.exp(min(updates / k, 700.0)) / k)  # exp(710) is more than a float holds


def _linear(updates: int, train: TrainConfig) -> float:
    return max(train.linear_floor, train.linear_k - train.linear_c * updates)


def _exponential(updates: int, train: TrainConfig) -> float:
    return float(train.exponential_k**updates)


_SCHEDULES: Final = {SIGMOID: _sigmoid, LINEAR: _linear, EXPONENTIAL: _exponential}


def own_turns(batch: Batch, *, updates: int, train: TrainConfig) -> NDArray[np.bool_] | None:
    """Where a batch's rows are fed their own words, (batch, target_len): in scheduled sampling by a coin for
    each piece of the reference; in free running everywhere, and in professor forcing so in the run that is
    compared with the forced one; None in teacher forcing.

    Coins are a function of seed and update alone, whatever else is drawn, and however many processes share
    the batch. The same seed leaves the teacher every position that a lower share gave it.
    """
    if train.regime == TEACHER:
        return None
    can_be_own: NDArray[np.bool_] = (batch.target_read != PAD_ID) & (batch.target_read != START_ID)
    if train.regime != SCHEDULED:
        return can_be_own
    random = np.random.default_rng(np.random.SeedSequence((train.seed, updates), spawn_key=(1,)))
    coins = random.random(batch.target_read.shape)
    own: NDArray[np.bool_] = (coins >= teacher_share(updates, train)) & can_be_own
    return own


@torch.no_grad()
def fed(decoder: Decoder, target_read: Tensor, own: Tensor, memory: Memory, *, sampling: str) -> Tensor:
    """What the decoder is fed, (batch, target_len) piece numbers: the reference `target_read`, and its own
    word where `own`, (batch, target_len), is True."""
    if not own.any():
        return target_read
    with _in_use(decoder):
        if sampling == STEP_BY_STEP:
            return _step_by_step(decoder, target_read, own, memory)
        return _two_pass(decoder, target_read, own, memory)


def _two_pass(decoder: Decoder, target_read: Tensor, own: Tensor, memory: Memory) -> Tensor:
    states = decoder.states(target_read, memory).attentional_states
    # What is fed at a position was said at the one before.
    mixed = _with_own(
        decoder, target_read[:, 1:].flatten(), own[:, 1:].flatten(), states[:, :-1].flatten(0, 1)
    )
    return torch.cat([target_read[:, :1], mixed.view_as(target_read[:, 1:])], dim=1)


def _step_by_step(decoder: Decoder, target_read: Tensor, own: Tensor, memory: Memory) -> Tensor:
    memory, state = _in_products_format(memory), memory.initial_state
    words = list(target_read.unbind(dim=1))  # (batch,) each
    last = int(own.any(dim=0).nonzero().max())  # behind it nothing is asked for
    for position in range(last):
        embedded = decoder.embedding(words[position])  # (batch, hidden)
        decoder_states, state = cells.step(decoder.cell, decoder.rnn, embedded, state)
        states = decoder.looking_back(decoder_states.unsqueeze(1), memory).attentional_states[:, 0]
        words[position + 1] = _with_own(decoder, words[position + 1], own[:, position + 1], states)
    return torch.stack(words, dim=1)


def _with_own(decoder: Decoder, words: Tensor, own: Tensor, attentional_states: Tensor) -> Tensor:
    """Words, (positions,), with the likeliest piece to go on with in the places of some; own: (positions,),
    attentional_states: (positions, hidden)."""
    if words.device.type != "cpu":  # to choose rows, an accelerator would have to be waited for
        return torch.where(own, _likeliest(decoder, attentional_states), words)
    if not own.any():
        return words
    mixed = words.clone()
    mixed[own] = _likeliest(decoder, attentional_states[own])
    return mixed


def _likeliest(decoder: Decoder, attentional_states: Tensor) -> Tensor:
    """The likeliest piece to go on with at each of them; (positions, hidden) to (positions,)."""
    bias = decoder.output_bias.index_fill(0, _never_fed(decoder.output_bias.device), -torch.inf)
    parts = torch.split(attentional_states, rows_at_a_time(attentional_states.device))
    return torch.cat(
        [nn.functional.linear(some, decoder.embedding.weight, bias).argmax(dim=1) for some in parts]
    )


@cache
def _never_fed(device: torch.device) -> Tensor:
    return torch.tensor([PAD_ID, UNKNOWN_ID, START_ID, END_ID], device=device)


def _in_products_format(memory: Memory) -> Memory:
    """A memory in the number format of the products, so that no step converts it again."""
    kind = memory.encoder_states.device.type
    if not torch.is_autocast_enabled(kind):
        return memory
    dtype = torch.get_autocast_dtype(kind)
    keys = None if memory.keys is None else memory.keys.to(dtype)
    return memory._replace(encoder_states=memory.encoder_states.to(dtype), keys=keys)


@contextmanager
def _in_use(decoder: Decoder) -> Iterator[None]:
    """Without dropout, which leaves torch's generator as it was."""
    was_training = decoder.training
    decoder.eval()
    try:
        yield
    finally:
        decoder.train(was_training)
        torch.clear_autocast_cache()  # older torch learns nothing of weights that were converted here
