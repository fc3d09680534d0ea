"""What a Transformer learned, and what it computed on the way to one translation: what `heads` starts from.

`Translator.head_workings` makes them (`s2s.decode.workings_transformer`), everything else reads them. As in a
trace: no batch axis, float32 and read-only, shapes checked on construction.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from s2s.errors import TraceError
from s2s.traces import Array, Piece, Trace
from s2s.walkthrough.workings import Linear

# Who asks whom: the translation the source, the source itself, the translation itself.
CROSS, ENCODER, DECODER = KINDS = ("cross", "encoder", "decoder")


class Norm(NamedTuple):
    """Layer normalisation (Ba et al. 2016): (x - mean) / sqrt(variance + epsilon) * gain + shift."""

    gain: Array  # (hidden,)
    shift: Array  # (hidden,)
    epsilon: float


class Attention(NamedTuple):
    """One attention with several heads, and the norm before it (`s2s.model.transformer.attention`). The rows
    of the three maps that go in, and the columns of the one that goes out, are cut into heads."""

    norm: Norm
    query: Linear  # (hidden, hidden)
    key: Linear  # (hidden, hidden)
    value: Linear  # (hidden, hidden)
    out: Linear  # (hidden, hidden)


class Thinking(NamedTuple):
    """The network at every position, and the norm before it: narrow(relu(widen(norm(x))))."""

    norm: Norm
    widen: Linear  # (feedforward, hidden)
    narrow: Linear  # (hidden, feedforward)


class Layer(NamedTuple):
    """One layer of either side."""

    looking: Attention  # at its own side
    crossing: Attention | None  # at the source; None in the encoder
    thinking: Thinking


@dataclass(frozen=True, kw_only=True, eq=False)
class HeadParameters:
    """The numbers a Transformer learned, as far as they come behind the embeddings of a sentence."""

    heads: int
    encoder: tuple[Layer, ...]
    encoder_norm: Norm
    decoder: tuple[Layer, ...]
    decoder_norm: Norm
    embedding: Array  # (target_vocab, hidden) of target pieces, as they are said
    output_bias: Array  # (target_vocab,)
    vocabulary: tuple[str, ...]  # (target_vocab,) what each piece says, as SentencePiece writes it
    unsaid: tuple[int, ...]  # pieces that are never said: padding, start, unknown

    @property
    def hidden(self) -> int:
        """The width of a state."""
        return int(self.embedding.shape[1])

    @property
    def width(self) -> int:
        """The width of a head."""
        return self.hidden // self.heads

    def attention(self, kind: str, layer: int) -> Attention:
        """That of a layer, from 0; `kind` is of KINDS."""
        of = (self.encoder if kind == ENCODER else self.decoder)[layer]
        found = of.crossing if kind == CROSS else of.looking
        assert found is not None
        return found


class Looked(NamedTuple):
    """What a model computed in one attention: n positions ask, m are looked at, each head is `width` wide."""

    before: Array  # (n, hidden) the states that come in
    asking: Array  # (n, hidden) normalised
    query: Array  # (heads, n, width)
    keys: Array  # (heads, m, width)
    values: Array  # (heads, m, width)
    scores: Array  # (heads, n, m) divided by the root of the width, not yet masked
    weights: Array  # (heads, n, m)
    contexts: Array  # (heads, n, width)
    output: Array  # (n, hidden) of all heads together
    after: Array  # (n, hidden) before + output


@dataclass(frozen=True, kw_only=True, eq=False)
class HeadWorkings:
    """One sentence through one Transformer, with what each attention computed. S source pieces, T steps."""

    trace: Trace  # with `vocabulary_log_probs`
    parameters: HeadParameters
    encoder: tuple[Looked, ...]  # of each layer, S asking S
    decoder: tuple[Looked, ...]  # T asking T
    cross: tuple[Looked, ...]  # T asking S

    def __post_init__(self) -> None:
        trace = self.trace
        if trace.vocabulary_log_probs is None:
            raise TraceError("trace_without_vocabulary", model=trace.model)
        for kind in KINDS:
            asking, asked = len(self.asking(kind)), len(self.asked(kind))
            frozen = [self._frozen(kind, one, asking, asked) for one in getattr(self, kind)]
            object.__setattr__(self, kind, tuple(frozen))

    def _frozen(self, kind: str, one: Looked, asking: int, asked: int) -> Looked:
        """The same, read-only. Raises TraceError for an array of another shape."""
        heads, hidden, width = self.parameters.heads, self.parameters.hidden, self.parameters.width
        state, part, square = (asking, hidden), (heads, asked, width), (heads, asking, asked)
        asks = (heads, asking, width)
        shapes = Looked(state, state, asks, part, part, square, square, asks, state, state)  # type: ignore[arg-type]
        arrays = []
        for name, array, shape in zip(Looked._fields, one, shapes, strict=True):
            if array.shape != shape:
                raise TraceError("trace_shape", name=f"{kind}.{name}", found=array.shape, expected=shape)
            arrays.append(np.array(array, dtype=np.float32))
            arrays[-1].setflags(write=False)
        return Looked(*arrays)

    def asking(self, kind: str) -> tuple[Piece, ...]:
        """The pieces that ask; of the translation, what is read at each step, the start token first."""
        return self.trace.source_pieces if kind == ENCODER else self.trace.fed

    def asked(self, kind: str) -> tuple[Piece, ...]:
        """The pieces that are looked at."""
        return self.trace.fed if kind == DECODER else self.trace.source_pieces

    def looked(self, kind: str, layer: int) -> Looked:
        """What was computed in a layer, from 0; `kind` is of KINDS."""
        found: tuple[Looked, ...] = getattr(self, kind)
        return found[layer]

    @property
    def layers(self) -> int:
        """How many each side has."""
        return len(self.encoder)
