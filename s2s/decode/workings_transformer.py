"""Where torch ends for the walkthrough of a head: what a Transformer learned, what its attentions computed.

The arrays of `parameters` are views: they cost nothing, and change when the model does.
"""

from __future__ import annotations

from typing import cast

import torch
from torch import Tensor, nn

from s2s.data.tokenizer import Tokenizer
from s2s.decode.loop import NOT_TEXT
from s2s.decode.workings import view
from s2s.model.transformer.attention import MultiHead
from s2s.model.transformer.layers import DecoderLayer, EncoderLayer, FeedForward
from s2s.model.transformer.model import Transformer
from s2s.traces import Trace
from s2s.walkthrough.transformer import (
    Attention,
    HeadParameters,
    HeadWorkings,
    Layer,
    Looked,
    Norm,
    Thinking,
)
from s2s.walkthrough.workings import Linear


def head_parameters(model: Transformer, target: Tokenizer) -> HeadParameters:
    """The numbers of a model, shared with it, and what the pieces of its target vocabulary say."""
    encoder, decoder = model.encoder, model.decoder
    return HeadParameters(
        heads=model.config.heads,
        encoder=tuple(
            Layer(_attention(one.looking_norm, one.looking), None, _thinking(one.thinking_norm, one.thinking))
            for one in cast(list[EncoderLayer], [*encoder.layers])
        ),
        encoder_norm=_norm(encoder.norm),
        decoder=tuple(
            Layer(
                _attention(one.looking_norm, one.looking),
                _attention(one.crossing_norm, one.crossing),
                _thinking(one.thinking_norm, one.thinking),
            )
            for one in cast(list[DecoderLayer], [*decoder.layers])
        ),
        decoder_norm=_norm(decoder.norm),
        embedding=view(decoder.embedding.weight),
        output_bias=view(decoder.output_bias),
        vocabulary=tuple(map(target.surface, range(target.size))),
        unsaid=NOT_TEXT,
    )


@torch.inference_mode()
def head_workings(model: Transformer, trace: Trace, parameters: HeadParameters) -> HeadWorkings:
    """A translation with all that its attentions computed; `trace` is its record, with
    `vocabulary_log_probs`.

    The sentence is read and said once more, all positions at once, since decoding keeps only what it needs.
    """
    source, fed = (
        torch.tensor([[piece.id for piece in pieces]]) for pieces in (trace.source_pieces, trace.fed)
    )
    states, encoder = model.encoder.embed(source), []
    for one in cast(list[EncoderLayer], [*model.encoder.layers]):
        asking = one.looking_norm(states)
        encoder.append(_looked(one.looking, states, asking, asking))
        states = states + torch.from_numpy(encoder[-1].output)
        states = states + one.thinking(one.thinking_norm(states))
    read = model.encoder.norm(states)
    states, decoder, cross = model.decoder.embed(fed), [], []
    before = torch.ones(fed.shape[1], fed.shape[1], dtype=torch.bool).tril().unsqueeze(0)
    for layer in cast(list[DecoderLayer], [*model.decoder.layers]):
        asking = layer.looking_norm(states)
        decoder.append(_looked(layer.looking, states, asking, asking, before))
        states = states + torch.from_numpy(decoder[-1].output)
        cross.append(_looked(layer.crossing, states, layer.crossing_norm(states), read))
        states = states + torch.from_numpy(cross[-1].output)
        states = states + layer.thinking(layer.thinking_norm(states))
    return HeadWorkings(
        trace=trace, parameters=parameters, encoder=tuple(encoder), decoder=tuple(decoder), cross=tuple(cross)
    )


def _looked(
    of: MultiHead, states: Tensor, asking: Tensor, looked_at: Tensor, may: Tensor | None = None
) -> Looked:
    """What an attention computes of states, (1, n, hidden), normalised as `asking`, and of `looked_at`,
    (1, m, hidden)."""
    keys = of.keys(looked_at)
    output, look = of(asking, keys, may)
    query = of.query(asking).unflatten(2, (of.heads, -1)).transpose(1, 2)
    found = (
        states, asking, query, keys.keys, keys.values, look.scores, look.weights, look.weights @ keys.values,
        output, states + output,
    )  # fmt: skip
    return Looked(*(part[0].numpy() for part in found))


def _attention(norm: nn.LayerNorm, of: MultiHead) -> Attention:
    return Attention(_norm(norm), *(_linear(one) for one in (of.query, of.key, of.value, of.out)))


def _thinking(norm: nn.LayerNorm, of: FeedForward) -> Thinking:
    return Thinking(_norm(norm), _linear(of.widen), _linear(of.narrow))


def _norm(norm: nn.LayerNorm) -> Norm:
    return Norm(view(norm.weight), view(norm.bias), norm.eps)


def _linear(linear: nn.Linear) -> Linear:
    return Linear(view(linear.weight), view(linear.bias))
