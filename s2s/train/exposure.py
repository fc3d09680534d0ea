"""Exposure bias, learned from nothing in seconds: a toy model in two training regimes side by side.

>>> for point in learn(length=3, updates=1, seed=1):
...     print(point.regime, f"{point.updates} updates")
teacher 0 updates
scheduled 0 updates
teacher 1 updates
scheduled 1 updates

The task is to copy a random sequence. Without attention, one vector carries it, which holds less than the
whole for long: what was fed before then says where in the sequence the decoder is and what may come next. A
teacher says it without fault, in use the model does. Weights, batches and the number of updates are the same
in each regime, which is one of `s2s.train.regimes`, learned by the very update of every training. To stop,
stop asking.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray

from s2s.config import FREE, LINEAR, NO_ATTENTION, SCHEDULED, STEP_BY_STEP, TEACHER, ModelConfig, TrainConfig
from s2s.data.batches import Batch
from s2s.data.toys import FIRST_PIECE, PIECES, copying
from s2s.evaluate.regime_curves import EVERY, HELD_OUT, LENGTH, MIXED, SEED, UPDATES, Point
from s2s.model.seq2seq import Seq2Seq
from s2s.train import professor, start, tally
from s2s.train.loop import learning_rate
from s2s.train.regimes import fed, own_turns
from s2s.train.state import TrainState
from s2s.train.update import tensors, update

_CPU: Final = torch.device("cpu")
_WIDTH: Final = 64
_BATCH: Final = 64


@dataclass
class _Learner:
    """A regime's model on its way."""

    model: Seq2Seq
    state: TrainState
    train: TrainConfig
    random: np.random.Generator  # of its batches
    seconds: float = 0.0


def learn(
    *,
    regimes: Sequence[str] = (TEACHER, SCHEDULED),
    attention: str = NO_ATTENTION,
    length: int = LENGTH,
    updates: int = UPDATES,
    seed: int = SEED,
) -> Iterator[Point]:
    """Points of all curves, by turns, from the weights they all begin with. The same seed gives the same
    curves, but for the seconds. Raises ConfigError for professor forcing without attention."""
    learners = [_learner(regime, attention, updates, seed) for regime in regimes]
    held_out = copying(HELD_OUT, length, np.random.default_rng((seed, 1)))
    for done in (*range(0, updates, EVERY), updates):
        for learner in learners:
            with torch.random.fork_rng(devices=[]):
                _go_on(learner, done, length)
            yield _look(learner, held_out)


def _learner(regime: str, attention: str, updates: int, seed: int) -> _Learner:
    shape = ModelConfig(
        attention=attention, hidden=_WIDTH, source_vocab=PIECES, target_vocab=PIECES, dropout=0.0
    )
    train = TrainConfig(
        regime=regime, schedule=LINEAR, linear_c=min(1.0, 1 / (MIXED * updates)), sampling=STEP_BY_STEP,
        discriminator_hidden=_WIDTH, updates=updates, warmup=20, final_share=0.1, seed=seed,
        label_smoothing=0.0, coverage=0.0, agreement=0.0, weight_decay=0.0,
    )  # fmt: skip
    professor.check(shape, train)
    state = start.new_state(shape, train, _CPU)
    assert isinstance(state.model, Seq2Seq)
    return _Learner(state.model, state, train, np.random.default_rng((seed, 0)))


def _go_on(learner: _Learner, until: int, length: int) -> None:
    """Learn from new sequences until so many updates are done."""
    state, train = learner.state, learner.train
    state.tally = dict(tally.NOTHING)
    while state.updates < until:
        batch = copying(_BATCH, length, learner.random)
        started = time.process_time()
        learned = update(state, batch, rate=learning_rate(state.updates, train), train=train)
        seconds = time.process_time() - started
        state.updates += 1
        learner.seconds += seconds
        tally.add(state.tally, learned, tokens=batch.pieces, seconds=seconds)


def _look(learner: _Learner, held_out: Batch) -> Point:
    """What the model gets right now, in both ways to be fed."""
    forced, free = right_symbols(learner.model, held_out)
    since = tally.point(learner.state.tally) if learner.state.tally["updates"] else {}
    return Point(
        regime=learner.train.regime,
        updates=learner.state.updates,
        seconds=learner.seconds,
        forced=float(forced.mean()),
        free=float(free.mean()),
        free_error=_standard_error(free),
        gap_error=_standard_error(forced - free),
        loss=since.get("mean_loss"),
        gradient_norm=since.get("gradient_norm"),
    )


@torch.no_grad()
def right_symbols(model: Seq2Seq, batch: Batch) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The share of symbols of each sequence that a model says rightly, fed the reference and fed its own
    words, (batch,) each. Where the sequence ends is not asked: the likeliest symbol counts."""
    model.eval()
    source, target_read, target_said = tensors(batch, _CPU)
    memory = model.encode(source)
    everywhere = own_turns(batch, updates=0, train=TrainConfig(regime=FREE))
    own_words = fed(model.decoder, target_read, torch.from_numpy(everywhere), memory, sampling=STEP_BY_STEP)
    shares = []
    for words in (target_read, own_words):
        logits = model.decoder(words, memory).logits[:, :-1, FIRST_PIECE:]  # (batch, length, symbols)
        is_right = logits.argmax(dim=-1) + FIRST_PIECE == target_said[:, :-1]
        shares.append(is_right.double().mean(dim=1).numpy())
    return shares[0], shares[1]


def _standard_error(shares: NDArray[np.float64]) -> float:
    return float(shares.std(ddof=1) / len(shares) ** 0.5)
