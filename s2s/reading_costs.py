"""What it costs to read a sentence, by its length: by a recurrent encoder, a step for each piece, and by a
Transformer's, which has all pieces in every step. Measured on the spot.

Two comparisons are fair, each in its way: encoders of the same width, and encoders with as many parameters.
The Transformer is that of the recipe in both; the recurrent ones have one layer that reads both ways.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Final, NamedTuple

import torch
from torch import Tensor, nn
from torch.profiler import ProfilerActivity, profile

from s2s.config import TRANSFORMER, AnyModelConfig, ModelConfig, TransformerConfig
from s2s.costs import clock
from s2s.counts import EQUAL, LENGTHS, REPEATS, score_bytes, steps_to_read
from s2s.model.families import build, parameter_count, shapes

CELLS: Final = ("rnn", "lstm")
_WIDEST: Final = 2048


class ReadingCost(NamedTuple):
    """One encoder at one length, untrained."""

    equal: str  # what it has in common with the others, one of EQUAL
    reader: str  # its cell, or TRANSFORMER
    width: int
    parameters: int  # of the encoder, embeddings left out
    length: int  # pieces that are read
    milliseconds: float  # to read all of them
    steps: int  # that must follow each other
    scores: int  # bytes of all pairs that its attention compares, counted
    peak: int  # bytes that it had allocated at once beyond its weights, measured


class _Reader(NamedTuple):
    equal: str
    name: str
    config: AnyModelConfig
    encoder: nn.Module


def measure_reading(lengths: Sequence[int] = LENGTHS, *, repeats: int = REPEATS) -> Iterator[ReadingCost]:
    """One cost after the other, each time the least of `repeats`. The encoders take turns, so that a busy
    minute does not fall on one of them alone."""
    readers = _readers()
    for length in lengths:
        pieces = (torch.arange(length) % 1000 + 10).unsqueeze(0)
        works = [partial(_read, one.encoder, pieces) for one in readers]
        for work in works:
            work()  # the first time builds the kernels
        times = _in_turns(works, repeats)
        for one, work, milliseconds in zip(readers, works, times, strict=True):
            yield ReadingCost(
                equal=one.equal,
                reader=one.name,
                width=one.config.hidden,
                parameters=_own(one.encoder),
                length=length,
                milliseconds=milliseconds,
                steps=steps_to_read(one.config, length),
                scores=score_bytes(one.config, length, 0).source,
                peak=peak_bytes(work),
            )


def matched(cell: str, parameters: int) -> ModelConfig:
    """The recurrent shape whose encoder comes nearest to as many parameters, embeddings left out."""
    low, high = 2, _WIDEST
    while high - low > 2:  # the count grows with the width
        middle = (low + high) // 4 * 2
        low, high = (middle, high) if _count(cell, middle) <= parameters else (low, middle)
    hidden = min((low, high), key=lambda width: abs(_count(cell, width) - parameters))
    return ModelConfig(cell=cell, hidden=hidden)


def peak_bytes(work: Callable[[], object]) -> int:
    """The most that torch had allocated at once for `work`, beyond what there was before."""
    with profile(activities=[ProfilerActivity.CPU], profile_memory=True) as profiled:
        work()
    events = profiled.profiler.kineto_results.events()
    held = most = 0
    for event in sorted(events, key=lambda event: event.start_ns()):
        if event.name() == "[memory]":
            held += event.nbytes()
            most = max(most, held)
    return most


def _readers() -> list[_Reader]:
    successor = TransformerConfig()
    whole = build(successor, seed=1).eval().encoder
    found = []
    for equal in EQUAL:
        for cell in CELLS:
            alike = ModelConfig(cell=cell, hidden=successor.hidden)
            config = alike if equal == "width" else matched(cell, _own(whole))
            found.append(_Reader(equal, cell, config, build(config, seed=1).eval().encoder))
        found.append(_Reader(equal, TRANSFORMER, successor, whole))
    return found


def _count(cell: str, hidden: int) -> int:
    config = ModelConfig(cell=cell, hidden=hidden)
    return sum(
        torch.Size(shape).numel()
        for name, shape in shapes(config).items()
        if name.startswith("encoder.") and not name.startswith("encoder.embedding.")
    )


def _own(encoder: nn.Module) -> int:
    """The parameters of an encoder, embeddings left out."""
    return parameter_count(encoder) - sum(
        parameter_count(part) for part in encoder.children() if isinstance(part, nn.Embedding)
    )


@torch.inference_mode()
def _read(encoder: nn.Module, pieces: Tensor) -> None:
    encoder(pieces)


def _in_turns(works: Sequence[Callable[[], None]], repeats: int) -> list[float]:
    """The least milliseconds of each: what it takes when nothing else comes between."""
    now = clock()
    least = [float("inf")] * len(works)
    for _ in range(repeats):
        for number, work in enumerate(works):
            started = now()
            work()
            least[number] = min(least[number], 1000 * (now() - started))
    return least
