"""Encoder and decoder of a Transformer as one model, asked as the recurrent one is: `encode` once, `step` as
often as needed, or `forward` at one go."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Final, NamedTuple, cast

import torch
from torch import Tensor, nn

from s2s.config import ABSENT, HEAD, TransformerConfig
from s2s.data.tokenizer import PAD_ID
from s2s.model.decoder import Forced
from s2s.model.transformer.attention import Keys, Look
from s2s.model.transformer.layers import DecoderLayer, EncoderLayer
from s2s.model.transformer.positions import POSITIONS

GUIDED_HEAD: Final = 0
State = tuple[Keys, ...]  # of each decoder layer, the keys and values of all positions written so far


class Memory(NamedTuple):
    """What the decoder may look back at, and how the encoder came to it."""

    encoder_states: Tensor  # (batch, source_len, hidden)
    keys: tuple[Keys, ...]  # of each decoder layer
    mask: Tensor | None  # (batch, source_len), True where real; None when all are
    looks: tuple[Look, ...]  # of each encoder layer; (batch, heads, source_len, source_len)

    def of_rows(self, kept: Tensor) -> Memory:
        """That of some sentences of a batch; kept: (batch,) is True for these."""
        return Memory(
            encoder_states=self.encoder_states[kept],
            keys=tuple(keys.of_rows(kept) for keys in self.keys),
            mask=None if self.mask is None else self.mask[kept],
            looks=tuple(Look(*(part[kept] for part in look)) for look in self.looks),
        )


class Looked(NamedTuple):
    """What follows from some positions of the translation."""

    states: Tensor  # (batch, target_len, hidden), what the words follow from
    among: tuple[Look, ...]  # of each decoder layer; (batch, heads, target_len, written)
    across: tuple[Look, ...]  # of each decoder layer; (batch, heads, target_len, source_len)


class Step(NamedTuple):
    """One position, decoded."""

    state: State  # to go on from
    looked: Looked  # target_len is 1
    logits: Tensor  # (batch, target_vocab)


class Transformer(nn.Module):
    """An encoder-decoder without recurrence. The target embedding is the matrix of the softmax, too (Press &
    Wolf 2017)."""

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        self.config = config
        self.encoder = Encoder(config)
        self.decoder = Decoder(config)

    def encode(self, source: Tensor, mask: Tensor | None = None) -> Memory:
        """Read the source: (batch, source_len) piece numbers; mask (batch, source_len) is True where a
        piece is real and may be left out when all are."""
        states, looks = self.encoder(source, mask)
        return Memory(states, self.decoder.source_keys(states), mask, looks)

    def beginning(self, memory: Memory) -> State:
        """The state before the first step: nothing is written yet."""
        return self.decoder.beginning(len(memory.encoder_states))

    def state_of_rows(self, state: State, kept: Tensor) -> State:
        """That of some sentences of a batch; kept: (batch,) is True for these."""
        return tuple(keys.of_rows(kept) for keys in state)

    def step(self, fed: Tensor, state: State, memory: Memory) -> Step:
        """Decode one position; fed is (batch,) piece numbers, the start token first, `state` what the step
        before left, `beginning` first."""
        looked, state = self.decoder.go_on(fed.unsqueeze(1), state, memory)
        return Step(state, looked, self.decoder.logits(looked.states)[:, 0])

    def looked(self, target_read: Tensor, memory: Memory) -> Looked:
        """Every position under teacher forcing, up to the words that it says; target_read: (batch,
        target_len) piece numbers."""
        looked, _ = self.decoder.go_on(target_read, self.beginning(memory), memory)
        return looked

    def forward(self, source: Tensor, target_read: Tensor, mask: Tensor | None = None) -> Forced:
        """Every position under teacher forcing, all at once: the same numbers as `step` gives one by one.
        Its weights are the one map that is read out."""
        looked = self.looked(target_read, self.encode(source, mask))
        return Forced(self.decoder.logits(looked.states), read_map(self.config, looked).weights[:, 0])

    def guided(self, looked: Looked) -> Tensor:
        """The weights of the head that a guide teaches, (batch, target_len, source_len)."""
        return looked.across[self.config.read_layer].weights[:, GUIDED_HEAD]


def without_positions(model: Transformer) -> Transformer:
    """One with the same weights that is not told where a piece stands, on neither side. It shares their
    memory."""
    config = replace(model.config, positions=ABSENT)
    with torch.device("meta"):
        bare = Transformer(config)
    told = {f"{side}.positions." for side in ("encoder", "decoder")}
    weights = {name: value for name, value in model.state_dict().items() if not name.startswith(tuple(told))}
    bare.load_state_dict(weights, assign=True)
    return bare.eval()


def read_map(config: TransformerConfig, looked: Looked) -> Look:
    """One map for all heads: (batch, 1, target_len, source_len). The mean of some heads has scores whose
    softmax it is, its logarithms."""
    weights, scores = looked.across[config.read_layer]
    if config.reading == HEAD:
        return Look(*(part[:, GUIDED_HEAD : GUIDED_HEAD + 1] for part in (weights, scores)))
    mean = weights.mean(dim=1, keepdim=True)
    return Look(mean, mean.clamp_min(torch.finfo(mean.dtype).tiny).log())


class Encoder(nn.Module):
    """Embedding, position, and layers that each look at all positions at once."""

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        self.embedding = _embedding(config.source_vocab, config.hidden)
        self.positions = POSITIONS[config.positions](config.hidden, config.longest)
        self.dropout = nn.Dropout(config.dropout)
        self.layers = nn.ModuleList(EncoderLayer(config) for _ in range(config.layers))
        self.norm = nn.LayerNorm(config.hidden)

    def embed(self, source: Tensor) -> Tensor:
        """What each piece is and where it stands: (batch, source_len) to (batch, source_len, hidden)."""
        return self.placed(self.embedding(source))

    def placed(self, embedded: Tensor) -> Tensor:
        """The same of rows of the embedding; both are (batch, source_len, hidden)."""
        pieces = embedded * math.sqrt(self.embedding.embedding_dim)
        placed: Tensor = self.dropout(pieces + self.positions(0, embedded.shape[1], pieces))
        return placed

    def forward(self, source: Tensor, mask: Tensor | None = None) -> tuple[Tensor, tuple[Look, ...]]:
        """States, (batch, source_len, hidden), and where each layer looked."""
        return self.through_layers(self.embed(source), mask)

    def through_layers(self, states: Tensor, mask: Tensor | None = None) -> tuple[Tensor, tuple[Look, ...]]:
        """The same of what `embed` gives."""
        looks = []
        allowed = None if mask is None else mask.unsqueeze(1)
        for layer in self.layers:
            states, look = layer(states, allowed)
            looks.append(look)
        return self.norm(states), tuple(looks)


class Decoder(nn.Module):
    """The same, of the translation; each position sees those before it, itself and the source."""

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        self.heads = config.heads
        self.embedding = _embedding(config.target_vocab, config.hidden)
        self.positions = POSITIONS[config.positions](config.hidden, config.longest)
        self.dropout = nn.Dropout(config.dropout)
        self.layers = nn.ModuleList(DecoderLayer(config) for _ in range(config.layers))
        self.norm = nn.LayerNorm(config.hidden)
        self.output_bias = nn.Parameter(torch.zeros(config.target_vocab))

    @property
    def _each(self) -> list[DecoderLayer]:
        return cast(list[DecoderLayer], [*self.layers])

    def embed(self, fed: Tensor, before: int = 0) -> Tensor:
        """What each piece is and where it stands, behind as many `before`: (batch, target_len) to (batch,
        target_len, hidden)."""
        pieces = self.embedding(fed) * math.sqrt(self.embedding.embedding_dim)
        embedded: Tensor = self.dropout(pieces + self.positions(before, fed.shape[1], pieces))
        return embedded

    def source_keys(self, encoder_states: Tensor) -> tuple[Keys, ...]:
        """What each layer looks at in the source, made once a sentence."""
        return tuple(layer.crossing.keys(encoder_states) for layer in self._each)

    def fetched(self, memory: Memory) -> Tensor:
        """How long the vector is that each head of each layer takes from a source position, (layers, batch,
        heads, source_len); see `MultiHead.fetched`."""
        return torch.stack(
            [layer.crossing.fetched(keys) for layer, keys in zip(self._each, memory.keys, strict=True)]
        )

    def beginning(self, batch: int) -> State:
        """No positions yet."""
        width = self.embedding.embedding_dim // self.heads
        nothing = self.embedding.weight.new_zeros(batch, self.heads, 0, width)
        return tuple(Keys(nothing, nothing) for _ in self.layers)

    def go_on(self, fed: Tensor, state: State, memory: Memory) -> tuple[Looked, State]:
        """Further positions, all at once; fed: (batch, target_len) piece numbers, behind those in `state`."""
        before, count = state[0].keys.shape[2], fed.shape[1]
        states = self.embed(fed, before)
        allowed = None
        if count > 1:  # one position sees all before it
            every = torch.ones(count, before + count, dtype=torch.bool, device=fed.device)
            allowed = every.tril(before).unsqueeze(0)
        source_allowed = None if memory.mask is None else memory.mask.unsqueeze(1)
        among, across, after = [], [], []
        for layer, own, source in zip(self._each, state, memory.keys, strict=True):
            own = own.followed_by(layer.own_keys(states))
            states, look_among, look_across = layer(states, own, allowed, source, source_allowed)
            among.append(look_among)
            across.append(look_across)
            after.append(own)
        return Looked(self.norm(states), tuple(among), tuple(across)), tuple(after)

    def logits(self, states: Tensor) -> Tensor:
        """(batch, target_len, hidden) to (batch, target_len, target_vocab)."""
        return nn.functional.linear(states, self.embedding.weight, self.output_bias)


def _embedding(pieces: int, hidden: int) -> nn.Embedding:
    embedding = nn.Embedding(pieces, hidden, padding_idx=PAD_ID)
    nn.init.normal_(embedding.weight, std=hidden**-0.5)
    return embedding
