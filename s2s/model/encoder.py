"""The encoder: reads the source and hands its last states to the decoder.

It reads in both directions, or in one. Read forward, the start of the source is farthest from what is
handed over; read backward, as Sutskever et al. (2014) did, it is nearest, and the end is farthest.

A state of a recurrent network knows its neighbours almost as well as its own word, so attention may look
beside a word and still say it. Adding the word's own embedding to its state (a residual connection, He et
al. 2016) makes the place where a word stands the place to look for it.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from s2s.config import ModelConfig
from s2s.data.tokenizer import PAD_ID
from s2s.model.cells import CELLS, State

_SPREAD: Final = 0.1  # of new embeddings: no larger than what the recurrent network adds to them


class Encoded(NamedTuple):
    """What the encoder read: a state per source piece, the state the decoder starts from, and what both are
    made of."""

    encoder_states: Tensor  # (batch, source_len, hidden), the passes plus the embedding
    initial_state: State  # each (layers, batch, hidden)
    embedded: Tensor  # (batch, source_len, hidden)
    passes: Tensor  # (batch, source_len, hidden), the network's outputs; of two directions, side by side
    last: State  # each (layers, batch, hidden), where the passes ended; of two directions, side by side


class Encoder(nn.Module):
    """A recurrent network over source pieces, and the bridge: one linear map from its last states to the
    decoder's first. Of two directions each is half as wide as the decoder; a single one is as wide."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.cell = CELLS[config.cell]
        self.direction = config.direction
        both = config.direction == "both"
        self.embedding = nn.Embedding(config.source_vocab, config.hidden, padding_idx=PAD_ID)
        nn.init.normal_(self.embedding.weight, std=_SPREAD)
        self.dropout = nn.Dropout(config.dropout)
        self.rnn = self.cell.layer(
            config.hidden,
            config.hidden // 2 if both else config.hidden,
            num_layers=config.layers,
            dropout=config.dropout if config.layers > 1 else 0.0,
            batch_first=True,
            bidirectional=both,
        )
        self.bridges = nn.ModuleList(nn.Linear(config.hidden, config.hidden) for _ in range(self.cell.parts))

    def forward(self, source: Tensor, lengths: Tensor | None = None) -> Encoded:
        """source: (batch, source_len) piece numbers; lengths: (batch,) real pieces of each row, None when
        no row is padded (which spares the packing)."""
        embedded = self.dropout(self.embedding(source))  # (batch, source_len, hidden)
        backward = self.direction == "backward"
        outputs, last = self._run(_turned(embedded, lengths) if backward else embedded, lengths)
        passes = _turned(outputs, lengths) if backward else outputs
        ends = tuple(map(_both_ways, last)) if self.direction == "both" else last
        bridged = tuple(bridge(end) for bridge, end in zip(self.bridges, ends, strict=True))
        return Encoded(passes + embedded, bridged, embedded, passes, ends)

    def _run(self, inputs: Tensor, lengths: Tensor | None) -> tuple[Tensor, State]:
        """All outputs, (batch, source_len, hidden), and the last state of each layer and direction."""
        if lengths is None:
            outputs, last = self.rnn(inputs)
        else:
            packed = pack_padded_sequence(
                inputs, lengths.clamp(min=1).cpu(), batch_first=True, enforce_sorted=False
            )
            packed_outputs, last = self.rnn(packed)
            outputs, _ = pad_packed_sequence(packed_outputs, batch_first=True, total_length=inputs.shape[1])
        return outputs, last if isinstance(last, tuple) else (last,)


def _turned(sequences: Tensor, lengths: Tensor | None) -> Tensor:
    """(batch, length, width) with the real part of each row in reverse order and padding where it was."""
    if lengths is None:
        return sequences.flip(1)
    places = torch.arange(sequences.shape[1], device=sequences.device).expand(sequences.shape[:2])
    ends = lengths.to(sequences.device).unsqueeze(1)
    mirrored = torch.where(places < ends, ends - 1 - places, places)
    return sequences.gather(1, mirrored.unsqueeze(-1).expand_as(sequences))


def _both_ways(last: Tensor) -> Tensor:
    """(layers * 2, batch, hidden / 2) to (layers, batch, hidden): the directions side by side."""
    doubled, batch, half = last.shape
    return torch.cat(last.view(doubled // 2, 2, batch, half).unbind(1), dim=-1)
