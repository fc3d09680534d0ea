"""What a recurrent cell costs, measured on the spot: parameters, and milliseconds a token by length."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Final, NamedTuple

import torch

from s2s.config import CELLS, ModelConfig
from s2s.data.tokenizer import UNKNOWN_ID
from s2s.decode.loop import Task, decode, forced
from s2s.decode.prepared import Prepared
from s2s.model.families import build, parameter_count

LENGTHS: Final = (10, 20, 40, 80)
_REPEATS: Final = 7
_FINE: Final = 1e-4  # seconds


class Cost(NamedTuple):
    """One cell at one length; the model is otherwise that of the recipe, untrained."""

    cell: str
    length: int  # pieces that are read, and as many that are written
    parameters: int  # of the whole model
    recurrent: int  # of its recurrent layers, in encoder and decoder
    reading: float  # milliseconds a piece, in the encoder
    writing: float  # milliseconds a piece, read and written: one step of the decoder after the other


def measure_costs(lengths: Sequence[int] = LENGTHS, *, repeats: int = _REPEATS) -> Iterator[Cost]:
    """One cost after the other, each the best of `repeats` times on this machine. Cells take turns, so that a
    busy minute does not fall on one of them alone."""
    models = {cell: Prepared(build(ModelConfig(cell=cell), seed=1).eval()) for cell in CELLS}
    for prepared in models.values():
        _write(prepared, [UNKNOWN_ID] * 4)  # the first time builds the kernels
    for length in lengths:
        for cell, prepared in models.items():
            model = prepared.model
            pieces = (torch.arange(length) % 1000 + 10).tolist()
            yield Cost(
                cell=cell,
                length=length,
                parameters=parameter_count(model),
                recurrent=parameter_count(model.encoder.rnn) + parameter_count(model.decoder.rnn),
                reading=_milliseconds(partial(_read, prepared, pieces), repeats) / length,
                writing=_milliseconds(partial(_write, prepared, pieces), repeats) / length,
            )


@torch.inference_mode()
def _read(prepared: Prepared, pieces: list[int]) -> None:
    prepared.encode([pieces])


def _write(prepared: Prepared, pieces: list[int]) -> None:
    decode(prepared, [Task(pieces, forced(pieces), len(pieces))])


def clock() -> Callable[[], float]:
    """The processor's time for this thread, which others do not add to, where it is told finely enough."""
    fine = time.get_clock_info("thread_time").resolution < _FINE
    return time.thread_time if fine else time.perf_counter


def _milliseconds(work: Callable[[], None], repeats: int) -> float:
    """The least of several times: what the work takes when nothing else comes between."""
    now = clock()
    times: list[float] = []
    for _ in range(repeats):
        started = now()
        work()
        times.append(1000 * (now() - started))
    return min(times)
