"""Fit the linear probe of a model's handed-over states: see `s2s.evaluate.probe` for what it is for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from s2s.data.tokenizer import END_ID, Tokenizer
from s2s.evaluate.probe import RANK, Probe
from s2s.evaluate.translation import CHAINS
from s2s.model.seq2seq import Seq2Seq

_READ_AT_ONCE: Final = 6000  # source pieces
_BATCH: Final = 256  # inputs in an update
_RATE: Final = 3e-3
_LIMIT: Final = 120  # pieces of an input


class Progress(NamedTuple):
    """After an update of the probe, or one batch of inputs read."""

    done: int
    total: int
    loss: float | None  # nats an input, over all pieces; None while states are read
    probe: Probe | None  # after the last


def inputs(sources: Sequence[str], tokenizer: Tokenizer, *, count: int, seed: int) -> list[list[int]]:
    """`count` inputs as piece numbers, the end token included: chains of as many sentences as `CHAINS` says,
    each length as often as the others, of sentences drawn from `sources`."""
    random = np.random.default_rng(seed)
    made = []
    for lengths in random.choice(CHAINS, size=count):
        chosen = random.integers(len(sources), size=lengths)
        made.append(" ".join(sources[i] for i in chosen))
    return [[*ids[:-1][: _LIMIT - 1], END_ID] for ids in tokenizer.read_ids(made)]


@torch.inference_mode()
def read_states(model: Seq2Seq, read: Sequence[Sequence[int]]) -> Iterator[tuple[list[int], Tensor]]:
    """The states that are handed over, as vectors: some of the inputs' numbers with (inputs, width) at a
    time. Inputs of one length go together, so that none is padded."""
    by_length: dict[int, list[int]] = {}
    for i, ids in enumerate(read):
        by_length.setdefault(len(ids), []).append(i)
    for length, numbers in sorted(by_length.items()):
        size = max(1, _READ_AT_ONCE // length)
        for start in range(0, len(numbers), size):
            chosen = numbers[start : start + size]
            state = model.encode(torch.tensor([read[i] for i in chosen])).initial_state
            yield chosen, torch.cat([part.transpose(0, 1).flatten(1) for part in state], dim=1)


def fit(
    model: Seq2Seq, read: Sequence[Sequence[int]], *, epochs: int = 6, seed: int = 1
) -> Iterator[Progress]:
    """Learn to name the pieces of each input from the state that is handed over. The last progress has the
    probe. `model` is in evaluation mode and stays as it is."""
    count, steps = len(read), -(-len(read) // _BATCH)
    total = count + epochs * steps
    present = _present(read)
    found = []
    for chosen, states_ in read_states(model, read):
        found.append((chosen, states_))
        yield Progress(sum(len(numbers) for numbers, _ in found), total, None, None)
    states = torch.cat([states_ for _, states_ in found])
    states[[number for numbers, _ in found for number in numbers]] = states.clone()
    # Numbers of one size learn at one pace; what is taken out here goes back into the weights at the end.
    mean, spread = states.mean(dim=0), states.std(dim=0).clamp(min=1e-4)
    states = (states - mean) / spread
    frequency = _log_odds(present, model.config.source_vocab)
    linear = nn.Linear(states.shape[1], len(frequency))
    nn.init.zeros_(linear.weight)
    linear.bias.data.copy_(frequency)  # it begins as its baseline
    optimizer = torch.optim.AdamW(linear.parameters(), lr=_RATE, weight_decay=0.01)
    random = np.random.default_rng(seed)
    batches = (batch for _ in range(epochs) for batch in np.array_split(random.permutation(count), steps))
    for done, batch in enumerate(batches, start=1):
        for group in optimizer.param_groups:
            group["lr"] = _RATE * (1 - (done - 1) / (epochs * steps))
        targets = torch.zeros(len(batch), len(frequency))
        for row, i in enumerate(batch.tolist()):
            targets[row, present[i]] = 1.0
        logits = linear(states[torch.from_numpy(batch)])
        summed = nn.functional.binary_cross_entropy_with_logits(logits, targets, reduction="sum")
        loss = summed / len(batch)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        probe = _probe(linear, mean, spread, frequency) if done == epochs * steps else None
        yield Progress(count + done, total, loss.item(), probe)


def _log_odds(present: Sequence[Tensor], vocabulary: int) -> Tensor:
    """Of each piece being in an input, (vocabulary,); a piece that never is counts as in half of one."""
    count = len(present)
    seen = torch.bincount(torch.cat(list(present)), minlength=vocabulary)
    return torch.logit(seen.clamp(min=0.5, max=count - 0.5) / count)


def _present(read: Sequence[Sequence[int]]) -> list[Tensor]:
    """The distinct pieces of each input, the end token left out."""
    return [torch.tensor(sorted(set(ids[:-1])), dtype=torch.long) for ids in read]


def _probe(linear: nn.Linear, mean: Tensor, spread: Tensor, frequency: Tensor) -> Probe:
    left, sizes, right = torch.linalg.svd(linear.weight.detach(), full_matrices=False)
    weights = (left[:, :RANK] * sizes[:RANK]) @ right[:RANK] / spread
    bias = linear.bias.detach() - weights @ mean
    return Probe(weights=_array(weights), bias=_array(bias), frequency=_array(frequency))


def _array(tensor: Tensor) -> NDArray[np.float32]:
    array: NDArray[np.float32] = tensor.numpy(force=True)
    return array
