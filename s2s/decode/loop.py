"""One loop decodes. What varies is how the next token is chosen: by the model (`greedy`), or by somebody
else (`forced`). What was computed on the way is returned, step by step; nothing is kept on the side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import torch
from torch import Tensor

from s2s.data.tokenizer import END_ID, PAD_ID, START_ID, UNKNOWN_ID
from s2s.model.decoder import Memory, Step
from s2s.model.seq2seq import Seq2Seq

Choose = Callable[[int, Tensor], int]  # (position, log-probabilities (target_vocab,)) -> piece number

_NOT_TEXT: Final = (PAD_ID, START_ID, UNKNOWN_ID)


class Decoded(NamedTuple):
    """One sentence decoded: T steps, each with what was fed and what was said."""

    memory: Memory
    steps: list[Step]
    fed: list[int]
    said: list[int]
    log_probs: list[float]  # of what was said, in nats
    cut: bool  # the limit came before the end token


def greedy(position: int, log_probs: Tensor) -> int:
    """The likeliest piece. Never one that is not text: padding, start, unknown."""
    likeliest = int(log_probs.argmax())
    if likeliest not in _NOT_TEXT:
        return likeliest
    allowed = log_probs.clone()
    allowed[list(_NOT_TEXT)] = -torch.inf
    return int(allowed.argmax())


def forced(target_ids: Sequence[int]) -> Choose:
    """The given pieces, one after the other."""
    return lambda position, log_probs: target_ids[position]


@torch.inference_mode()
def decode(model: Seq2Seq, source_ids: Sequence[int], *, choose: Choose, limit: int) -> Decoded:
    """Decode one sentence with at most `limit` pieces; it ends earlier with the end token.

    `model` is in evaluation mode; `source_ids` are its source pieces, the end token included.
    """
    memory = model.encode(torch.tensor([source_ids]))
    state, token = memory.initial_state, START_ID
    steps: list[Step] = []
    fed: list[int] = []
    said: list[int] = []
    log_probs: list[float] = []
    for position in range(limit):
        step = model.step(torch.tensor([token]), state, memory)
        predicted = torch.log_softmax(step.logits[0], dim=-1)  # (target_vocab,)
        fed.append(token)
        token = choose(position, predicted)
        steps.append(step)
        said.append(token)
        log_probs.append(float(predicted[token]))
        state = step.state
        if token == END_ID:
            return Decoded(memory, steps, fed, said, log_probs, cut=False)
    return Decoded(memory, steps, fed, said, log_probs, cut=True)
