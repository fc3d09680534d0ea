"""Where torch ends for the walkthrough: what a model learned, and what a trace leaves out of a sentence.

The arrays of `parameters` are views: they cost nothing, and change when the model does.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from s2s.data.tokenizer import Tokenizer
from s2s.decode.loop import NOT_TEXT, Decoded
from s2s.decode.prepared import Advanced
from s2s.model.attention import Concat, General
from s2s.model.cells import State
from s2s.model.decoder import Memory
from s2s.model.seq2seq import Seq2Seq
from s2s.traces import Array, Trace
from s2s.walkthrough.workings import Linear, Parameters, Recurrence, Workings


def parameters(model: Seq2Seq, target: Tokenizer) -> Parameters:
    """The numbers of a model, shared with it, and what the pieces of its target vocabulary say."""
    encoder, decoder = model.encoder, model.decoder
    scorer = decoder.scorer
    recurrences, directions = _recurrences(encoder.rnn), 2 if encoder.rnn.bidirectional else 1
    layers = range(0, len(recurrences), directions)
    return Parameters(
        attention=model.config.attention,
        cell=model.config.cell,
        direction=model.config.direction,
        encoder=tuple(recurrences[first : first + directions] for first in layers),
        bridges=tuple(Linear(*map(view, bridge.parameters())) for bridge in encoder.bridges),
        decoder=_recurrences(decoder.rnn),
        between=view(scorer.between.weight) if isinstance(scorer, General) else None,
        from_decoder=view(scorer.from_decoder.weight) if isinstance(scorer, Concat) else None,
        from_encoder=view(scorer.from_encoder.weight) if isinstance(scorer, Concat) else None,
        weigh=view(scorer.weigh.weight[0]) if isinstance(scorer, Concat) else None,
        combine=view(decoder.combine.weight),
        embedding=view(decoder.embedding.weight),
        output_bias=view(decoder.output_bias),
        vocabulary=tuple(map(target.surface, range(target.size))),
        unsaid=NOT_TEXT,
    )


@torch.inference_mode()
def workings(model: Seq2Seq, decoded: Decoded, trace: Trace, parameters: Parameters) -> Workings:
    """A decoded sentence with all that led to it; `trace` is its record, with `vocabulary_log_probs`.

    The encoder reads the sentence once more, since decoding keeps only what it needs.
    """
    advanced, memory = decoded.advanced, decoded.memory
    assert isinstance(advanced, Advanced)
    assert isinstance(memory, Memory)
    encoded = model.encoder(torch.tensor([[piece.id for piece in trace.source_pieces]]))
    return Workings(
        trace=trace,
        parameters=parameters,
        embedded=view(encoded.embedded[0]),
        passes=view(encoded.passes[0]),
        last=_parts(encoded.last),
        states=np.concatenate([_parts(memory.initial_state)[None], advanced.states]),
    )


def _recurrences(rnn: nn.RNNBase) -> tuple[Recurrence, ...]:
    """The layers of a recurrent network; of a bidirectional one forward and backward by turns."""
    return tuple(Recurrence(*map(view, weights)) for weights in rnn.all_weights)


def _parts(state: State) -> Array:
    """Each (layers, 1, hidden) to one array (parts, layers, hidden)."""
    return np.stack([view(part[:, 0]) for part in state])


def view(tensor: Tensor) -> Array:
    """The numbers of a tensor, which cost nothing and cannot be written."""
    array: Array = tensor.detach().numpy()
    shared = array.view()
    shared.setflags(write=False)
    return shared
