"""What a trace leaves out: everything needed to compute each of its numbers again.

`Translator.workings` makes them (`s2s.decode.workings`), everything else reads them. As in a trace: no batch
axis, float32 and read-only, shapes checked on construction. `Parameters` share the memory of the model.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from s2s.errors import TraceError
from s2s.traces import Array, Trace


class Recurrence(NamedTuple):
    """One layer of a recurrent network in one direction. The gates of a cell stand below each other: input,
    forget, candidate and output for the LSTM, reset, update and candidate for the GRU, one for the RNN."""

    from_input: Array  # (gates * hidden, input)
    from_state: Array  # (gates * hidden, hidden)
    input_bias: Array  # (gates * hidden,)
    state_bias: Array  # (gates * hidden,)


class Linear(NamedTuple):
    """A linear map: weights @ x + bias."""

    weights: Array  # (output, input)
    bias: Array  # (output,)


@dataclass(frozen=True, kw_only=True, eq=False)
class Parameters:
    """The numbers a model learned, as far as a decoded sentence needs them."""

    attention: str  # none, dot, general or concat
    cell: str  # rnn, gru or lstm
    direction: str  # how the encoder reads: both ways, forward or backward
    encoder: tuple[tuple[Recurrence, ...], ...]  # (layers, directions); of both, forward and backward
    bridges: tuple[Linear, ...]  # from the encoder's last state to the decoder's first, for each of its parts
    decoder: tuple[Recurrence, ...]  # (layers,)
    between: Array | None  # general: W, (hidden, hidden)
    from_decoder: Array | None  # concat: W_1, (hidden, hidden)
    from_encoder: Array | None  # concat: W_2, (hidden, hidden)
    weigh: Array | None  # concat: v, (hidden,)
    combine: (
        Array  # W_c, (hidden, 2 * hidden): context, then decoder state; without attention (hidden, hidden)
    )
    embedding: Array  # (target_vocab, hidden) of target pieces, read and said alike
    output_bias: Array  # (target_vocab,)
    vocabulary: tuple[str, ...]  # (target_vocab,) what each piece says, as SentencePiece writes it
    unsaid: tuple[int, ...]  # pieces that are never said: padding, start, unknown

    @property
    def hidden(self) -> int:
        """The width of a state."""
        return len(self.combine)


@dataclass(frozen=True, kw_only=True, eq=False)
class Workings:
    """One sentence through one model, with everything computed on the way. S source pieces, T target steps.

    A state of a recurrent cell has parts: its hidden state and, for the LSTM, its cell. What is called "the
    decoder state" in a trace is the hidden state of the highest layer, `states[t + 1, 0, -1]`.
    """

    trace: Trace  # with `vocabulary_log_probs`
    parameters: Parameters
    embedded: Array  # (S, hidden) the embedding of each source piece
    passes: (
        Array  # (S, hidden) what reading made of it; of both directions, the forward and the backward half
    )
    last: Array  # (parts, layers, hidden) where reading ended, directions side by side: the bridge's input
    states: Array  # (T + 1, parts, layers, hidden) of the decoder: what the bridge gave, then after each step

    @property
    def attentional_states(self) -> Array:
        """(T, hidden) those of the trace, which is of a recurrent model."""
        found = self.trace.attentional_states
        assert found is not None
        return found

    def __post_init__(self) -> None:
        trace = self.trace
        steps, positions, hidden = len(trace.fed), len(trace.source_pieces), self.parameters.hidden
        parts, layers = len(self.parameters.bridges), len(self.parameters.decoder)
        if trace.vocabulary_log_probs is None:
            raise TraceError("trace_without_vocabulary", model=trace.model)
        expected = {
            "embedded": (positions, hidden),
            "passes": (positions, hidden),
            "last": (parts, layers, hidden),
            "states": (steps + 1, parts, layers, hidden),
        }
        for name, shape in expected.items():
            array = getattr(self, name)
            if array.shape != shape:
                raise TraceError("trace_shape", name=name, found=array.shape, expected=shape)
            frozen = np.array(array, dtype=np.float32)
            frozen.setflags(write=False)
            object.__setattr__(self, name, frozen)

    @property
    def steps(self) -> int:
        """How many pieces the decoder said."""
        return len(self.trace.fed)
