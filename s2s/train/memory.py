"""A memory task learned from nothing, in seconds: who can recall the first token after n others?

>>> for point in learn(fillers=(1,), updates=10, seed=1):
...     print(point.cell, "with attention" if point.attention else "alone", f"{point.done} of {point.total}")
rnn alone 10 of 60
rnn with attention 20 of 60
gru alone 30 of 60
gru with attention 40 of 60
lstm alone 50 of 60
lstm with attention 60 of 60

Every cell, without and with attention, at each n: a small network of one direction reads the sequence and
answers from its last state, or from its last state and where that looks (dot). To stop, stop asking.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import torch
from torch import Tensor, nn

from s2s.data.toys import SYMBOLS, VOCABULARY, recall_first
from s2s.model import cells
from s2s.model.attention import Dot, attend
from s2s.model.cells import CELLS

FILLERS: Final = (5, 10, 20, 40)
UPDATES: Final = 500
SEED: Final = 1
EVERY: Final = 10  # updates between two points of a learning curve
_WIDTH: Final = 32
_BATCH: Final = 48
_RATE: Final = 3e-3  # Adam's
_CLIP: Final = 1.0
_LEARNED: Final = 0.99  # share of right answers over two points at which the task is learned


class Point(NamedTuple):
    """One point of one learning curve, measured on sequences that were not yet learned from."""

    cell: str
    attention: bool
    fillers: int
    updates: int
    right: float  # share of right answers since the last point
    learned: bool  # whether nearly all answers over the last two points were right: the run is over
    done: int = 0  # updates of all runs, those spared by an early end counted
    total: int = 0

    @property
    def curve(self) -> tuple[str, bool, int]:
        """Which curve it is on: cell, attention, fillers."""
        return self.cell, self.attention, self.fillers


class Reader(nn.Module):
    """One recurrent layer, and attention or none between its last state and the answer."""

    def __init__(self, cell: str, *, attention: bool, width: int = _WIDTH) -> None:
        super().__init__()
        self.parts = CELLS[cell].parts
        self.embedding = nn.Embedding(VOCABULARY, width)
        self.rnn = CELLS[cell].layer(width, width, batch_first=True)
        self.scorer = Dot(width) if attention else None
        self.combine = nn.Linear(2 * width if attention else width, width, bias=False)
        self.answer = nn.Linear(width, SYMBOLS)

    def forward(self, sequences: Tensor) -> Tensor:
        """(batch, length) piece numbers to logits (batch, SYMBOLS)."""
        embedded = self.embedding(sequences)
        nothing = embedded.new_zeros(1, len(sequences), self.rnn.hidden_size)
        states, _ = cells.run(self.rnn, embedded, (nothing,) * self.parts)  # (batch, length, width)
        asking = states[:, -1:]
        seen = asking
        if self.scorer is not None:
            context = attend(self.scorer, asking, self.scorer.keys(states), states, None).context
            seen = torch.cat([context, asking], dim=-1)
        logits: Tensor = self.answer(torch.tanh(self.combine(seen)))[:, 0]
        return logits


def learn(*, fillers: Sequence[int] = FILLERS, updates: int = UPDATES, seed: int = SEED) -> Iterator[Point]:
    """Learning curves, one run after the other, from the shortest lag to the longest: each cell without and
    with attention. A run that has learned the task ends early. The same seed gives the same curves."""
    runs = [(n, cell, attention) for n in fillers for cell in CELLS for attention in (False, True)]
    for number, (n, cell, attention) in enumerate(runs):
        for point in _run(cell, attention=attention, fillers=n, updates=updates, seed=seed):
            is_over = point.updates == updates or point.learned
            done = (number + 1) * updates if is_over else number * updates + point.updates
            yield point._replace(done=done, total=len(runs) * updates)


def _run(cell: str, *, attention: bool, fillers: int, updates: int, seed: int) -> Iterator[Point]:
    """One curve."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        reader = Reader(cell, attention=attention)
    generator = torch.Generator().manual_seed(seed)
    optimiser = torch.optim.Adam(reader.parameters(), lr=_RATE)
    right: deque[float] = deque(maxlen=2 * EVERY)
    for update in range(1, updates + 1):
        sequences, answers = recall_first(_BATCH, fillers, generator)
        logits = reader(sequences)
        right.append(float((logits.argmax(dim=-1) == answers).float().mean()))
        optimiser.zero_grad()
        nn.functional.cross_entropy(logits, answers).backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(reader.parameters(), _CLIP)
        optimiser.step()
        if update % EVERY == 0 or update == updates:
            learned = len(right) == right.maxlen and sum(right) / len(right) >= _LEARNED
            recent = list(right)[-EVERY:]
            yield Point(cell, attention, fillers, update, sum(recent) / len(recent), learned)
            if learned:
                return
