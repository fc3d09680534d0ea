"""A sentence through encoder and decoder as one picture: a few numbers of each state.

A state has hundreds of numbers, a box of a picture has room for a few dozen cells. So every so many numbers
one is taken, as it is: nothing is averaged, and each cell is a number that the model computed. NumPy only.
"""

from __future__ import annotations

from math import ceil
from typing import Any, Final, NamedTuple

from numpy.typing import NDArray

from s2s.traces import Array
from s2s.walkthrough.workings import Workings

CELLS: Final = 32  # of a state, at most


class Pass(NamedTuple):
    """One reading of the source, in one direction."""

    is_backward: bool
    states: Array  # (S, cells)


class Unrolled(NamedTuple):
    """What is drawn of a sentence. S source pieces, T target steps."""

    every: int  # so many numbers further on is the next that is drawn
    width: int  # of a state
    passes: tuple[Pass, ...]  # of the highest layer; of both directions, forward first
    encoder_states: Array  # (S, cells) what the decoder may look back at
    handed: Array  # (cells,) the decoder's first state, all that it is given without attention
    handed_numbers: int  # of all layers, and of the cell of an LSTM too
    decoder_states: Array  # (T, cells)
    contexts: Array | None  # (T, cells)
    weights: Array | None  # (T, S) whole


def unrolled(workings: Workings) -> Unrolled:
    """The states of a sentence, reduced for one picture."""
    trace, parameters = workings.trace, workings.parameters
    every = ceil(parameters.hidden / CELLS)

    def some(states: NDArray[Any]) -> NDArray[Any]:
        return states[..., ::every]

    half = parameters.hidden // 2
    passes = {
        "both": (Pass(False, some(workings.passes[:, :half])), Pass(True, some(workings.passes[:, half:]))),
        "forward": (Pass(False, some(workings.passes)),),
        "backward": (Pass(True, some(workings.passes)),),
    }
    return Unrolled(
        every,
        parameters.hidden,
        passes[parameters.direction],
        some(trace.encoder_states),
        some(workings.states[0, 0, -1]),
        workings.states[0].size,
        some(trace.decoder_states),
        None if trace.contexts is None else some(trace.contexts),
        trace.weights,
    )
