"""Many pairs under both regimes at once: what `evaluate.exposure.compare_pair` keeps of each, in a fraction
of the time.

Free runs are decoded together, and both runs of a pair are then one fused pass over what was fed. Products of
many sentences at once are rounded differently: where two pieces are as likely as each other, another may be
said than alone.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn.utils.rnn import pad_sequence

from s2s.checkpoints import Checkpoint
from s2s.config import DecodeConfig
from s2s.data.corpora import Pair
from s2s.data.tokenizer import PAD_ID, START_ID, Tokenizer, spell
from s2s.decode.loop import NOT_TEXT, greedy_pieces
from s2s.decode.reader import given, read
from s2s.errors import DataError
from s2s.evaluate.exposure import Compared, Steps
from s2s.model.families import Model
from s2s.text import normalise
from s2s.traces import Piece

AT_ONCE: Final = 256  # pairs whose free runs are decoded together
_CELLS: Final = 2048  # positions whose logits are in memory at a time, padding counted


class _Known(NamedTuple):
    """A pair as piece numbers."""

    pair: Pair
    source: list[int]
    wanted: list[int]  # the pieces of the reference
    own: list[int]  # those of the model's translation
    text: str  # that translation


class _Fed(NamedTuple):
    """What a run finds likely at each step at which a piece is wanted."""

    likeliest: NDArray[np.int64]  # (steps,)
    log_probs: NDArray[np.float64]  # (steps,) of the wanted pieces, in nats
    entropy: NDArray[np.float64] | None  # (steps,) of the weights, in nats


def compare_many(
    checkpoint: Checkpoint, pairs: Sequence[Pair], *, limits: DecodeConfig | None = None
) -> Iterator[list[Compared | None]]:
    """Some pairs after the other, in their order; None for a reference that is empty or longer than any
    translation. The model is in evaluation mode."""
    fitting = (limits or DecodeConfig()).within(checkpoint.model.config)
    for start in range(0, len(pairs), AT_ONCE):
        yield _compare(checkpoint, pairs[start : start + AT_ONCE], fitting)


@torch.inference_mode()
def _compare(checkpoint: Checkpoint, pairs: Sequence[Pair], limits: DecodeConfig) -> list[Compared | None]:
    known = _known(checkpoint, pairs, limits)
    there = [one for one in known if one is not None]
    forced = _runs(checkpoint.model, there, [one.wanted for one in there])
    free = _runs(checkpoint.model, there, [one.own for one in there])
    found = (_compared(*three, checkpoint.target) for three in zip(there, forced, free, strict=True))
    return [None if one is None else next(found) for one in known]


def _known(checkpoint: Checkpoint, pairs: Sequence[Pair], limits: DecodeConfig) -> list[_Known | None]:
    sources = [_ids(read(checkpoint.source, pair.source, limit=limits.source_limit).pieces) for pair in pairs]
    said = greedy_pieces(checkpoint.model, sources, limit=limits.target_limit)
    longest = limits.target_limit(limits.source_limit)
    found: list[_Known | None] = []
    for pair, source, own in zip(pairs, sources, said, strict=True):
        text = checkpoint.target.decode(own)[0]
        wanted: list[int] | None = None
        if normalise(pair.target).text == normalise(text).text:
            wanted = own  # piece by piece what it says itself, as `Translator.compare` takes it
        elif normalise(pair.target).text:
            wanted = _given(checkpoint.target, pair.target, limit=longest)
        found.append(None if wanted is None else _Known(pair, source, wanted, own, text))
    return found


def _given(tokenizer: Tokenizer, target: str, *, limit: int) -> list[int] | None:
    try:
        return _ids(given(tokenizer, target, limit=limit).pieces)
    except DataError:
        return None


def _runs(model: Model, pairs: Sequence[_Known], said: Sequence[list[int]]) -> list[_Fed]:
    """A fused pass over each pair, fed what was said, over the steps at which the reference has a piece and
    something was fed."""
    found: dict[int, _Fed] = {}
    order = sorted(range(len(pairs)), key=lambda number: (len(pairs[number].source), len(said[number])))
    batch: list[int] = []
    for number in order:
        width = max(len(said[other]) for other in [*batch, number])
        if batch and (len(batch) + 1) * width > _CELLS:
            found |= zip(batch, _batch(model, pairs, said, batch), strict=True)
            batch = []
        batch.append(number)
    if batch:
        found |= zip(batch, _batch(model, pairs, said, batch), strict=True)
    return [found[number] for number in range(len(pairs))]


def _batch(
    model: Model, pairs: Sequence[_Known], said: Sequence[list[int]], numbers: Sequence[int]
) -> Iterator[_Fed]:
    source = _padded([pairs[number].source for number in numbers])  # (batch, source_len)
    fed = _padded([[START_ID, *said[number][:-1]] for number in numbers])  # (batch, target_len)
    is_real = source != PAD_ID
    forced = model(source, fed, None if is_real.all() else is_real)
    for row, number in enumerate(numbers):
        wanted = torch.tensor(pairs[number].wanted[: len(said[number])])  # (steps,)
        log_probs = torch.log_softmax(forced.logits[row, : len(wanted)], dim=-1)
        of_wanted = log_probs.gather(1, wanted.unsqueeze(1)).squeeze(1)
        entropy = None
        if forced.weights is not None:
            entropy = torch.special.entr(forced.weights[row, : len(wanted)].double()).sum(dim=-1).numpy()
        log_probs[:, list(NOT_TEXT)] = -torch.inf
        yield _Fed(log_probs.argmax(dim=-1).numpy(), of_wanted.double().numpy(), entropy)


def _compared(one: _Known, forced: _Fed, free: _Fed, target: Tokenizer) -> Compared:
    steps = min(len(one.wanted), len(one.own))
    parted = [step for step, (a, b) in enumerate(zip(one.wanted, one.own, strict=False)) if a != b]
    would_say = [Piece(target.surface(int(id_)), int(id_), 0, 0) for id_ in forced.likeliest]
    return Compared(
        pair=one.pair,
        forced=_steps(forced, one.wanted, steps),
        free=_steps(free, one.wanted, steps),
        first=parted[0] if parted else None,
        said=(spell(would_say)[0], one.text),
        reference_log_prob=math.fsum(forced.log_probs),
        reference_pieces=len(one.wanted),
    )


def _steps(run: _Fed, wanted: Sequence[int], steps: int) -> Steps:
    return Steps(
        right=run.likeliest[:steps] == np.array(wanted[:steps]),
        loss=-run.log_probs[:steps],
        entropy=None if run.entropy is None else run.entropy[:steps],
    )


def _padded(rows: Sequence[list[int]]) -> torch.Tensor:
    return pad_sequence([torch.tensor(row) for row in rows], batch_first=True, padding_value=PAD_ID)


def _ids(pieces: Sequence[Piece]) -> list[int]:
    return [piece.id for piece in pieces]
