"""The training loop of the well-known tutorials: a decoder stepped through the target piece by piece.

It is written the way they are: padded batches of random sentences; a recurrent cell, a look back and the
vocabulary at every position; float32; Adam at its own rate. The model is ours, number for number
(`as_seq2seq`), so that only the way it is trained differs. After "NLP From Scratch: Translation with a
Sequence to Sequence Network and Attention" (Robertson, pytorch.org) and "Neural Machine Translation by
Jointly Learning to Align and Translate" (Trevett, pytorch-seq2seq), with the general score in place of
their additive one, which would be slower.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence, pad_sequence

from s2s.config import ModelConfig
from s2s.data.examples import Example
from s2s.data.tokenizer import PAD_ID, START_ID
from s2s.model.families import build
from s2s.model.seq2seq import Seq2Seq


class Padded(NamedTuple):
    """Sentences of any length, side by side."""

    source: Tensor  # (batch, source_len)
    lengths: Tensor  # (batch,) of the sources
    target: Tensor  # (batch, target_len), the start token first


class Encoder(nn.Module):
    """A bidirectional LSTM."""

    def __init__(self, vocab: int, hidden: int, dropout: float) -> None:
        super().__init__()
        self.embedding = nn.Embedding(vocab, hidden, padding_idx=PAD_ID)
        nn.init.normal_(self.embedding.weight, std=0.1)  # no larger than the states it is added to
        self.dropout = nn.Dropout(dropout)
        self.rnn = nn.LSTM(hidden, hidden // 2, batch_first=True, bidirectional=True)
        self.hidden_bridge = nn.Linear(hidden, hidden)
        self.cell_bridge = nn.Linear(hidden, hidden)

    def forward(self, source: Tensor, lengths: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """(batch, source_len) to encoder states (batch, source_len, hidden) and the decoder's first hidden
        and cell state, (batch, hidden) each."""
        embedded = self.dropout(self.embedding(source))
        packed = pack_padded_sequence(embedded, lengths, batch_first=True, enforce_sorted=False)
        outputs, (hidden, cell) = self.rnn(packed)
        encoder_states, _ = pad_packed_sequence(outputs, batch_first=True)
        return (
            encoder_states + embedded,
            self.hidden_bridge(torch.cat([hidden[0], hidden[1]], dim=1)),
            self.cell_bridge(torch.cat([cell[0], cell[1]], dim=1)),
        )


class Decoder(nn.Module):
    """An LSTM cell, attention and a softmax over the vocabulary: one position."""

    def __init__(self, vocab: int, hidden: int, dropout: float) -> None:
        super().__init__()
        self.embedding = nn.Embedding(vocab, hidden, padding_idx=PAD_ID)
        nn.init.normal_(self.embedding.weight, std=hidden**-0.5)  # it is the softmax matrix, too
        self.dropout = nn.Dropout(dropout)
        self.rnn = nn.LSTMCell(hidden, hidden)
        self.between = nn.Linear(hidden, hidden, bias=False)
        self.combine = nn.Linear(2 * hidden, hidden, bias=False)
        self.output = nn.Linear(hidden, vocab)
        self.output.weight = self.embedding.weight

    def forward(
        self, token: Tensor, hidden: Tensor, cell: Tensor, encoder_states: Tensor, mask: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """token (batch,), hidden and cell (batch, hidden), encoder states (batch, source_len, hidden), mask
        (batch, source_len), True where real, to logits (batch, vocab), hidden and cell."""
        embedded = self.dropout(self.embedding(token))
        hidden, cell = self.rnn(embedded, (hidden, cell))
        scores = torch.bmm(encoder_states, self.between(hidden).unsqueeze(2)).squeeze(2)
        weights = torch.softmax(scores.masked_fill(~mask, -torch.inf), dim=1)
        context = torch.bmm(weights.unsqueeze(1), encoder_states).squeeze(1)
        attentional = torch.tanh(self.combine(torch.cat([context, hidden], dim=1)))
        return self.output(self.dropout(attentional)), hidden, cell


class StepLoop(nn.Module):
    """Encoder and decoder, with a Python loop over target positions."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.encoder = Encoder(config.source_vocab, config.hidden, config.dropout)
        self.decoder = Decoder(config.target_vocab, config.hidden, config.dropout)

    def forward(self, source: Tensor, lengths: Tensor, target: Tensor) -> Tensor:
        """Logits (batch, target_len - 1, vocab) of what follows each piece of the target but the last."""
        mask = source != PAD_ID
        encoder_states, hidden, cell = self.encoder(source, lengths)
        steps: list[Tensor] = []
        for position in range(target.shape[1] - 1):
            logits, hidden, cell = self.decoder(target[:, position], hidden, cell, encoder_states, mask)
            steps.append(logits)
        return torch.stack(steps, dim=1)


class Learned(NamedTuple):
    """What a training came to."""

    model: StepLoop
    tokens: int  # target pieces, padding not counted
    seconds: float


def train(
    examples: Sequence[Example], config: ModelConfig, *, seconds: float, batch_size: int, seed: int
) -> Learned:
    """Learn for so many seconds."""
    torch.manual_seed(seed)
    model = StepLoop(config)
    optimizer = torch.optim.Adam(model.parameters())
    loss_of = nn.CrossEntropyLoss(ignore_index=PAD_ID)
    batches = shuffled(examples, batch_size=batch_size, seed=seed)
    tokens = 0
    started = time.perf_counter()
    while (passed := time.perf_counter() - started) < seconds:
        source, lengths, target = next(batches)
        said = target[:, 1:]  # (batch, target_len - 1)
        optimizer.zero_grad()
        logits = model(source, lengths, target)
        loss = loss_of(logits.flatten(0, 1), said.flatten())
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        tokens += int((said != PAD_ID).sum())
    return Learned(model, tokens, passed)


def shuffled(examples: Sequence[Example], *, batch_size: int, seed: int) -> Iterator[Padded]:
    """Batches without end, each epoch in a new order."""
    order = random.Random(seed)
    numbers = list(range(len(examples)))
    while True:
        order.shuffle(numbers)
        for start in range(0, len(numbers), batch_size):
            yield padded([examples[number] for number in numbers[start : start + batch_size]])


def padded(members: Sequence[Example]) -> Padded:
    """Each side as long as its longest sentence."""
    sources = [torch.from_numpy(example.source) for example in members]
    start = torch.tensor([START_ID])
    targets = [torch.cat([start, torch.from_numpy(example.target)]) for example in members]
    return Padded(
        pad_sequence(sources, batch_first=True, padding_value=PAD_ID),
        torch.tensor([len(source) for source in sources]),
        pad_sequence(targets, batch_first=True, padding_value=PAD_ID),
    )


def as_seq2seq(model: StepLoop, config: ModelConfig) -> Seq2Seq:
    """The same model with attention `general` as one of ours, in evaluation mode."""
    named = {
        "hidden_bridge": "bridges.0",
        "cell_bridge": "bridges.1",
        "decoder.rnn.weight_ih": "decoder.rnn.weight_ih_l0",
        "decoder.rnn.weight_hh": "decoder.rnn.weight_hh_l0",
        "decoder.rnn.bias_ih": "decoder.rnn.bias_ih_l0",
        "decoder.rnn.bias_hh": "decoder.rnn.bias_hh_l0",
        "decoder.output.bias": "decoder.output_bias",
    }
    weights: dict[str, Tensor] = {}
    for name, value in model.state_dict().items():
        for theirs, ours in named.items():
            name = name.replace(theirs, ours)
        weights[name] = value
    del weights["decoder.output.weight"]  # the embedding
    weights["decoder.scorer.between.weight"] = weights.pop("decoder.between.weight").T  # of h, not of s
    same = build(config, seed=0)
    same.load_state_dict(weights)
    return same.eval()
