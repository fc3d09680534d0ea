"""A Transformer made ready to decode, asked as `decode.prepared.Prepared` is. Its state is what it wrote so
far, as keys and values of each layer: the next position is computed alone, and looks back at them.

What a position does by itself (norms, projections, the small network, the vocabulary) is done for all
positions of all sentences that are decoded together: the weights, most of what a step reads, are read once
for all. Each sentence looks at itself alone, and none is padded.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import repeat
from typing import NamedTuple, TypeVar, cast

import torch
from torch import Tensor, nn

from s2s.model.transformer.attention import Keys, Look, MultiHead
from s2s.model.transformer.layers import DecoderLayer, EncoderLayer
from s2s.model.transformer.model import Decoder, Encoder, Looked, Memory, State, Transformer

Part = TypeVar("Part")


class Advanced(NamedTuple):
    """What the decoder made of several pieces of one sentence, fed one after the other."""

    looked: Looked  # of a batch of one, a row for each piece
    logits: Tensor  # (pieces, target_vocab)
    state: State  # after all of them

    def after(self, row: int) -> State:
        """The state to go on from behind one of the pieces."""
        behind = len(self.logits) - 1 - row
        return tuple(keys.until(keys.keys.shape[2] - behind) for keys in self.state)

    def until(self, length: int) -> Advanced:
        """The first pieces."""
        behind = len(self.logits) - length
        if not behind:
            return self
        among = (
            Look(*(part[:, :, :length, : part.shape[3] - behind] for part in look))
            for look in self.looked.among
        )
        across = (Look(*(part[:, :, :length] for part in look)) for look in self.looked.across)
        looked = Looked(self.looked.states[:, :length], tuple(among), tuple(across))
        return Advanced(looked, self.logits[:length], self.after(length - 1))

    @staticmethod
    def joined(parts: Sequence[Advanced]) -> Advanced:
        """Pieces that follow each other, of one sentence. Earlier ones see nothing of what is written later:
        their weights there are 0, their scores minus infinity."""
        if len(parts) == 1:
            return parts[0]
        states, among, across = zip(*(part.looked for part in parts), strict=True)
        looked = Looked(
            torch.cat(states, dim=1),
            tuple(_behind_each_other(layer) for layer in zip(*among, strict=True)),
            tuple(
                Look(*(torch.cat(both, dim=2) for both in zip(*layer, strict=True)))
                for layer in zip(*across, strict=True)
            ),
        )
        return Advanced(looked, torch.cat([part.logits for part in parts]), parts[-1].state)


def _behind_each_other(looks: Sequence[Look]) -> Look:
    """The rows of all, as wide as the last."""
    written = looks[-1].weights.shape[3]

    def wide(part: Tensor, rest: float) -> Tensor:
        return torch.nn.functional.pad(part, (0, written - part.shape[3]), value=rest)

    return Look(
        torch.cat([wide(look.weights, 0.0) for look in looks], dim=2),
        torch.cat([wide(look.scores, -torch.inf) for look in looks], dim=2),
    )


class PreparedTransformer:
    """A model in evaluation mode, whose weights stay as they are. Threads may share one."""

    def __init__(self, model: Transformer) -> None:
        self.model = model
        encoder, decoder = model.encoder, model.decoder
        self._words = _Product((decoder.embedding.weight, decoder.output_bias))
        self._source, self._target = _Embedded(encoder), _Embedded(decoder)
        self._encoder = [_EncoderLayer(cast(EncoderLayer, layer)) for layer in encoder.layers]
        self._decoder = [_DecoderLayer(cast(DecoderLayer, layer)) for layer in decoder.layers]

    def encode(self, sources: Sequence[Sequence[int]]) -> list[Memory]:
        """What `Transformer.encode` gives for each source; in inference mode only."""
        lengths = [len(source) for source in sources]
        rows, looks = self._source.rows(sources, [0] * len(sources)), []
        for layer in self._encoder:
            rows, looked = layer.advance(rows, lengths)
            looks.append(looked)
        rows = _normalised(rows, self.model.encoder.norm)
        keys = [layer.crossing.keys(rows, lengths) for layer in self._decoder]
        states = rows.unsqueeze(0).split_with_sizes(lengths, dim=1)
        return list(map(Memory, states, _by_sentence(keys), repeat(None), _by_sentence(looks)))

    def beginning(self, memory: Memory) -> State:
        """The state before the first piece of a sentence that was read."""
        return self.model.beginning(memory)

    def advance(
        self, fed: Sequence[Sequence[int]], states: Sequence[State], memories: Sequence[Memory]
    ) -> list[Advanced]:
        """Feed the decoder several pieces of each sentence, which is in a state before the first of them."""
        lengths = [len(pieces) for pieces in fed]
        rows = self._target.rows(fed, [state[0].keys.shape[2] for state in states])
        among, across, after = [], [], []
        for number, layer in enumerate(self._decoder):
            written, source = ([of[number] for of in all_] for all_ in (states, [m.keys for m in memories]))
            rows, own, at_own, at_source = layer.advance(rows, lengths, written, source)
            among.append(at_own)
            across.append(at_source)
            after.append(own)
        rows = _normalised(rows, self.model.decoder.norm)
        logits = self._words(rows).split_with_sizes(lengths)
        states_after = rows.unsqueeze(0).split_with_sizes(lengths, dim=1)
        looked = map(Looked, states_after, _by_sentence(among), _by_sentence(across))
        return list(map(Advanced, looked, logits, _by_sentence(after)))


class _Embedded:
    """What pieces are and where they stand, as the model's own `embed` says it."""

    def __init__(self, side: Encoder | Decoder) -> None:
        self._weight, self._positions = side.embedding.weight.detach(), side.positions
        self._factor = math.sqrt(side.embedding.embedding_dim)
        self._places = self._weight.new_zeros(0, self._weight.shape[1])

    def rows(self, sentences: Sequence[Sequence[int]], before: Sequence[int]) -> Tensor:
        """All pieces, (pieces, hidden), of sentences of which so many pieces have been fed before."""
        reach = max(first + len(ids) for first, ids in zip(before, sentences, strict=True))
        if reach > len(places := self._places):
            places = self._positions(0, 2 * reach, self._weight).detach()
            self._places = places  # whole: another thread may look now
        at = [places[first : first + len(ids)] for first, ids in zip(before, sentences, strict=True)]
        pieces = self._weight[torch.tensor([id_ for ids in sentences for id_ in ids])]
        return pieces.mul_(self._factor).add_(at[0] if len(at) == 1 else torch.cat(at))


class _Heads:
    """An attention whose projections of one thing are one product."""

    def __init__(self, looking: MultiHead, *, is_own: bool) -> None:
        three = (looking.query, looking.key, looking.value)
        self._heads = looking.heads
        self._asking = _of(*three) if is_own else _of(looking.query)
        self._kept = None if is_own else _of(*three[1:])
        self._out = _of(looking.out)

    def keys(self, rows: Tensor, lengths: Sequence[int]) -> list[Keys]:
        """Those of a source, of each sentence."""
        assert self._kept is not None
        keys, values = self._kept(rows).chunk(2, dim=1)
        return self._as_keys(keys, values, lengths)

    def asked(self, rows: Tensor, lengths: Sequence[int]) -> tuple[Tensor, list[Keys]]:
        """Queries, (pieces, hidden), and the keys of the same pieces, of each sentence."""
        queries, keys, values = self._asking(rows).chunk(3, dim=1)
        return queries, self._as_keys(keys, values, lengths)

    def asked_of_others(self, rows: Tensor) -> Tensor:
        """Queries alone, (pieces, hidden)."""
        return self._asking(rows)

    def seen(
        self, queries: Tensor, keys: Sequence[Keys], lengths: Sequence[int], *, only_before: bool = False
    ) -> tuple[Tensor, list[Look]]:
        """What each sentence finds where it looks, (pieces, hidden), and the looks; `only_before` it and at
        itself, where the last piece that asks is the last key."""
        contexts, looks = [], []
        for asking, looked_at in zip(queries.split_with_sizes(lengths), keys, strict=True):
            context, look = self._look(asking, looked_at, only_before=only_before)
            contexts.append(context)
            looks.append(look)
        return self._out(contexts[0] if len(contexts) == 1 else torch.cat(contexts)), looks

    def _look(self, asking: Tensor, keys: Keys, *, only_before: bool) -> tuple[Tensor, Look]:
        query, values = self._cut(asking), keys.values[0]
        count, reach = query.shape[1], values.shape[1]
        scores = torch.bmm(query, keys.keys[0].transpose(1, 2)).mul_(query.shape[2] ** -0.5)
        if only_before and count > 1:
            later = torch.ones(count, reach, dtype=torch.bool).triu(reach - count + 1)
            scores.masked_fill_(later, -torch.inf)
        weights = torch.softmax(scores, dim=-1)
        context = torch.bmm(weights, values).transpose(0, 1).reshape(asking.shape)
        return context, Look(weights.unsqueeze(0), scores.unsqueeze(0))

    def _as_keys(self, keys: Tensor, values: Tensor, lengths: Sequence[int]) -> list[Keys]:
        return [
            Keys(self._cut(key).unsqueeze(0), self._cut(value).unsqueeze(0))
            for key, value in zip(
                keys.split_with_sizes(lengths), values.split_with_sizes(lengths), strict=True
            )
        ]

    def _cut(self, rows: Tensor) -> Tensor:
        """(length, hidden) to (heads, length, width)."""
        return rows.view(len(rows), self._heads, -1).transpose(0, 1)


class _EncoderLayer:
    """See `layers.EncoderLayer`."""

    def __init__(self, layer: EncoderLayer) -> None:
        self._norm, self._looking = layer.looking_norm, _Heads(layer.looking, is_own=True)
        self._thinking = _Thinking(layer)

    def advance(self, rows: Tensor, lengths: Sequence[int]) -> tuple[Tensor, list[Look]]:
        """(pieces, hidden) to the same, and where each sentence looked."""
        queries, keys = self._looking.asked(_normalised(rows, self._norm), lengths)
        seen, looks = self._looking.seen(queries, keys, lengths)
        return self._thinking(rows + seen), looks


class _DecoderLayer:
    """See `layers.DecoderLayer`."""

    def __init__(self, layer: DecoderLayer) -> None:
        self._looking_norm, self._looking = layer.looking_norm, _Heads(layer.looking, is_own=True)
        self._crossing_norm, self.crossing = layer.crossing_norm, _Heads(layer.crossing, is_own=False)
        self._thinking = _Thinking(layer)

    def advance(
        self, rows: Tensor, lengths: Sequence[int], written: Sequence[Keys], source: Sequence[Keys]
    ) -> tuple[Tensor, list[Keys], list[Look], list[Look]]:
        """(pieces, hidden) to the same, behind what each sentence has written; also what is written then, and
        where each looked there and in its source."""
        queries, new = self._looking.asked(_normalised(rows, self._looking_norm), lengths)
        own = [before.followed_by(later) for before, later in zip(written, new, strict=True)]
        seen, among = self._looking.seen(queries, own, lengths, only_before=True)
        rows = rows + seen
        queries = self.crossing.asked_of_others(_normalised(rows, self._crossing_norm))
        seen, across = self.crossing.seen(queries, source, lengths)
        return self._thinking(rows + seen), own, among, across


class _Thinking:
    """The small network behind its norm, added to what goes in."""

    def __init__(self, layer: EncoderLayer | DecoderLayer) -> None:
        self._norm = layer.thinking_norm
        self._widen, self._narrow = _of(layer.thinking.widen), _of(layer.thinking.narrow)

    def __call__(self, rows: Tensor) -> Tensor:
        """(pieces, hidden) to the same."""
        return self._narrow(self._widen(_normalised(rows, self._norm)).relu_()).add_(rows)


class _Product:
    """Linear maps of one thing, side by side in one matrix, column by column, whose memory the model shares:
    what multiplies a row, or a few, reads it once and in order."""

    def __init__(self, *maps: tuple[Tensor, Tensor]) -> None:
        with torch.inference_mode(mode=False):  # gradients are asked of the same weights
            self._matrix = torch.cat([weight.detach() for weight, _ in maps]).t().contiguous()
            self._bias = torch.cat([bias.detach() for _, bias in maps])
            parts = self._matrix.split_with_sizes([len(weight) for weight, _ in maps], dim=1)
            for (weight, _), part in zip(maps, parts, strict=True):
                weight.data = part.t()

    def __call__(self, rows: Tensor) -> Tensor:
        """(pieces, in) to (pieces, out of all)."""
        return torch.addmm(self._bias, rows, self._matrix)


def _of(*linears: nn.Linear) -> _Product:
    return _Product(*((linear.weight, linear.bias) for linear in linears))


def _normalised(rows: Tensor, norm: nn.LayerNorm) -> Tensor:
    return torch.layer_norm(rows, norm.normalized_shape, norm.weight, norm.bias, norm.eps)


def _by_sentence(of_layers: Sequence[Sequence[Part]]) -> list[tuple[Part, ...]]:
    """For each sentence what each layer has of it."""
    return list(zip(*of_layers, strict=True))
