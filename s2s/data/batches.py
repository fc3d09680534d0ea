"""Training batches: bucketed by exact source length, so that no source is ever padded.

The order is a function of the seed alone. A run that was interrupted goes on with the very batch that
would have come, by skipping those it has seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from s2s.data.examples import Example, Ids
from s2s.data.tokenizer import END_ID, PAD_ID, START_ID

_TARGET_STEP: Final = 4  # target lengths are rounded up to this: few shapes, so kernels are built once
_BATCH_STEP: Final = 32
_Value = TypeVar("_Value", bound=np.generic)


class Batch(NamedTuple):
    """Pairs of one source length. `target_read` is what the decoder reads, `target_said` what it should
    answer: the same pieces one step later, padded with PAD_ID at the end."""

    source: Ids  # (batch, source_len)
    target_read: Ids  # (batch, target_len)
    target_said: Ids  # (batch, target_len)

    @property
    def pieces(self) -> int:
        """Target pieces to learn from."""
        return int((self.target_said != PAD_ID).sum())


def training_batches(
    parts: Iterable[Sequence[Example]], *, batch_tokens: int, random: np.random.Generator
) -> Iterator[Batch]:
    """All examples of all parts in batches, those of a part in random order.

    All batches of one source length have the same size; examples left over wait for the next part.
    """
    waiting: dict[int, list[Example]] = {}
    for part in parts:
        for example in part:
            waiting.setdefault(len(example.source), []).append(example)
        ready: list[list[Example]] = []
        for length, bucket in sorted(waiting.items()):
            size = _batch_size(length, batch_tokens)
            bucket.sort(key=lambda example: len(example.target))
            whole = len(bucket) // size * size
            left = random.integers(len(bucket) - whole + 1)  # who waits is drawn, not always the longest
            ready += [bucket[k : k + size] for k in range(left, left + whole, size)]
            waiting[length] = bucket[:left] + bucket[left + whole :]
        random.shuffle(ready)
        for members in ready:
            yield collate(members, target_step=_TARGET_STEP)


def shard(batch: Batch, *, rank: int, count: int) -> Batch:
    """The rows that process `rank` of `count` learns from: each row is in one shard.

    Rows stand in the order of their target lengths, so every `count`-th gives all about as much to do. A
    process for which none is left gets one with nothing in it to learn.
    """
    source, target_read, target_said = (shard_rows(part, rank=rank, count=count) for part in batch)
    if rank >= len(batch.source):
        target_said = np.full_like(target_said, PAD_ID)
    return Batch(source, target_read, target_said)


def shard_rows(rows: NDArray[_Value], *, rank: int, count: int) -> NDArray[_Value]:
    """Of what a batch has for each of its rows, what `shard` gives process `rank`."""
    return rows[rank::count] if rank < len(rows) else rows[:1]


def dev_batches(examples: Sequence[Example], *, batch_tokens: int) -> list[Batch]:
    """Every example once, bucketed by source length."""
    ordered = sorted(examples, key=lambda example: (len(example.source), len(example.target)))
    batches: list[Batch] = []
    members: list[Example] = []
    for example in ordered:
        full = members and len(members) * len(example.source) >= batch_tokens
        if members and (full or len(example.source) != len(members[0].source)):
            batches.append(collate(members, target_step=1))
            members = []
        members.append(example)
    return [*batches, collate(members, target_step=1)] if members else batches


def widest(max_length: int) -> int:
    """The longest side of a training batch whose examples have at most so many pieces, padding counted."""
    return -(-max_length // _TARGET_STEP) * _TARGET_STEP


def collate(members: Sequence[Example], *, target_step: int) -> Batch:
    """Examples of one source length as arrays; target lengths are rounded up to `target_step`."""
    longest = max(len(example.target) for example in members)
    width = -(-longest // target_step) * target_step
    said = np.full((len(members), width), PAD_ID, dtype=np.int64)  # (batch, target_len)
    for row, example in zip(said, members, strict=True):
        row[: len(example.target)] = example.target
    read = np.concatenate([np.full((len(members), 1), START_ID), said[:, :-1]], axis=1)
    read[read == END_ID] = PAD_ID
    return Batch(np.stack([example.source for example in members]), read, said)


def _batch_size(source_len: int, batch_tokens: int) -> int:
    return max(_BATCH_STEP, batch_tokens // source_len // _BATCH_STEP * _BATCH_STEP)
