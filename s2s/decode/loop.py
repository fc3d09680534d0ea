"""One loop decodes. What varies is how the next token is chosen: by the model (`greedy`), by somebody else
(`forced`), or by both (`s2s.decode.forcing`). What was computed on the way is returned, step by step; nothing
is kept on the side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import torch
from torch import Tensor

from s2s.data.tokenizer import END_ID, PAD_ID, START_ID, UNKNOWN_ID
from s2s.model.decoder import Memory, Step
from s2s.model.seq2seq import Seq2Seq
from s2s.traces import Forcing

NOT_TEXT: Final = (PAD_ID, START_ID, UNKNOWN_ID)  # pieces that are never said
_START: Final[Forcing] = "start"
_AT_ONCE: Final = 64  # sources that are decoded together


class Chosen(NamedTuple):
    """The next piece of a translation, and who chose it."""

    id: int
    by: Forcing  # "free", "forced" or "injected"


Choose = Callable[[int, Tensor], Chosen]  # (position, log-probabilities (target_vocab,)) -> the next piece


class Decoded(NamedTuple):
    """One sentence decoded: T steps, each with what was fed and what was said."""

    memory: Memory
    steps: list[Step]
    fed: list[int]
    forcing: list[Forcing]  # who chose what was fed
    said: list[int]
    log_probs: list[float]  # of what was said, in nats
    predicted: list[Tensor]  # log-probabilities of all pieces, each (target_vocab,)
    cut: bool  # the limit came before the end token


def greedy(position: int, log_probs: Tensor) -> Chosen:
    """The likeliest piece. Never one that is not text: padding, start, unknown."""
    likeliest = int(log_probs.argmax())
    if likeliest in NOT_TEXT:
        (likeliest,) = likeliest_text(log_probs, 1)
    return Chosen(likeliest, "free")


def likeliest_text(log_probs: Tensor, count: int) -> list[int]:
    """The `count` likeliest pieces that are text, best first; log_probs: (target_vocab,)."""
    allowed = log_probs.clone()
    allowed[list(NOT_TEXT)] = -torch.inf
    most: list[int] = allowed.topk(min(count, len(allowed) - len(NOT_TEXT))).indices.tolist()
    return most


def forced(target_ids: Sequence[int]) -> Choose:
    """The given pieces, one after the other (teacher forcing)."""
    return lambda position, log_probs: Chosen(target_ids[position], "forced")


@torch.inference_mode()
def decode(model: Seq2Seq, source_ids: Sequence[int], *, choose: Choose, limit: int) -> Decoded:
    """Decode one sentence with at most `limit` pieces; it ends earlier with the end token.

    `model` is in evaluation mode; `source_ids` are its source pieces, the end token included.
    """
    memory = model.encode(torch.tensor([source_ids]))
    state, token, by = memory.initial_state, START_ID, _START
    decoded = Decoded(memory, [], [], [], [], [], [], cut=True)
    for position in range(limit):
        step = model.step(torch.tensor([token]), state, memory)
        predicted = torch.log_softmax(step.logits[0], dim=-1)  # (target_vocab,)
        decoded.fed.append(token)
        decoded.forcing.append(by)
        token, by = choose(position, predicted)
        decoded.steps.append(step)
        decoded.predicted.append(predicted)
        decoded.said.append(token)
        decoded.log_probs.append(float(predicted[token]))
        state = step.state
        if token == END_ID:
            return decoded._replace(cut=False)
    return decoded


@torch.inference_mode()
def greedy_pieces(
    model: Seq2Seq, sources: Sequence[Sequence[int]], *, limit: Callable[[int], int]
) -> list[list[int]]:
    """What greedy decoding says to each of several sources, the end token included; nothing else is kept.

    Sources of one length are decoded together, so that none is padded; of a source of so many pieces, a
    translation has `limit` of that at most. `model` is in evaluation mode.
    """
    said: list[list[int]] = [[] for _ in sources]
    by_length: dict[int, list[int]] = {}
    for number, source in enumerate(sources):
        by_length.setdefault(len(source), []).append(number)
    for length, numbers in by_length.items():
        for start in range(0, len(numbers), _AT_ONCE):
            together = numbers[start : start + _AT_ONCE]
            rows = _greedy_rows(model, [sources[i] for i in together], limit=limit(length))
            for number, row in zip(together, rows, strict=True):
                said[number] = row
    return said


def _greedy_rows(model: Seq2Seq, sources: Sequence[Sequence[int]], *, limit: int) -> list[list[int]]:
    """Of sources of one length."""
    memory = model.encode(torch.tensor(sources))
    state, fed = memory.initial_state, torch.full((len(sources),), START_ID)  # (batch,)
    rows: list[list[int]] = [[] for _ in sources]
    for _ in range(limit):
        step = model.step(fed, state, memory)
        step.logits[:, list(NOT_TEXT)] = -torch.inf
        state, fed = step.state, step.logits.argmax(dim=1)
        for row, token in zip(rows, fed.tolist(), strict=True):
            if not row or row[-1] != END_ID:
                row.append(token)
        if all(row[-1] == END_ID for row in rows):
            break
    return rows
