"""The training loop, as a generator: who asks for the next `Progress` gets an update done; who stops
asking gets the run saved. Command line, page and tests are all readers of the same stream."""

from __future__ import annotations

import math
import time
from collections.abc import Generator, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import torch
from torch import nn

from s2s import catalog, checkpoints
from s2s.config import ModelConfig, TrainConfig
from s2s.data.batches import Batch, Example, dev_batches, encode_pairs, training_batches
from s2s.data.corpora import Pair
from s2s.data.tokenizer import END_ID, PAD_ID, UNKNOWN_ID, Tokenizer
from s2s.errors import CheckpointError, DataError
from s2s.model.seq2seq import build
from s2s.train import state as saved
from s2s.train.losses import smoothed_loss, total_loss


class Progress(NamedTuple):
    """One update done."""

    updates: int  # done so far, of `total`
    total: int
    loss: float  # of this batch, label-smoothed, nats a piece
    rate: float  # learning rate used
    tokens: int  # target pieces learned from so far
    tokens_per_second: float  # of this update
    dev_loss: float | None  # plain cross-entropy of the averaged weights, nats a piece; when it was looked at


class Run(NamedTuple):
    """What a training needs: where it lives, its settings, its text. `source` and `target` are trained
    on the pairs when None."""

    folder: Path
    model: ModelConfig
    train: TrainConfig
    pairs: Sequence[Pair]
    dev_pairs: Sequence[Pair]
    source: Tokenizer | None = None
    target: Tokenizer | None = None
    data: str = ""  # where the pairs come from and their licence, for the model card


def fit(run: Run, *, resume: bool = False) -> Generator[Progress, None, None]:
    """Train a model in `run.folder`, one update per item.

    The folder holds the averaged weights as a model folder all along. Closing the generator, or its end,
    saves the run; with `resume` a saved one goes on with exactly the update that would have come next.
    Raises CheckpointError when the folder's run does not fit, DataError when there is nothing to learn.
    """
    _check_folder(run, resume=resume)
    work = _prepare(run, resume=resume)
    whole = True  # no update is half done: what is broken off in one goes on from the checkpoint before it
    try:
        for batch in islice(work.batches, work.state.updates, run.train.updates):
            whole = False
            progress = _learn(work, batch, run)
            whole = True
            if progress.updates % run.train.save_every == 0:
                _save(work, run)
            yield progress
    finally:
        if whole:
            _save(work, run)


class _Work(NamedTuple):
    """What a run works with."""

    state: saved.TrainState
    source: Tokenizer
    target: Tokenizer
    batches: Iterator[Batch]
    dev: Sequence[Batch]


def _prepare(run: Run, *, resume: bool) -> _Work:
    train = run.train
    if train.threads:
        torch.set_num_threads(train.threads)
    run.folder.mkdir(parents=True, exist_ok=True)
    source, target = _tokenizers(run, resume=resume)
    examples, dev = (
        encode_pairs(pairs, source=source, target=target, max_length=train.max_length)
        for pairs in (run.pairs, run.dev_pairs)
    )
    if not examples:
        raise DataError("nothing_to_learn", limit=train.max_length)
    state = _new_state(run)
    torch.manual_seed(train.seed)
    if resume:
        saved.restore(state, run.folder, model=run.model, train=train)
    elif train.precision == "auto":
        state.half = bfloat16_is_faster(examples, run)
    else:
        state.half = train.precision == "bfloat16"
    return _Work(
        state=state,
        source=source,
        target=target,
        batches=_batches(examples, train, joined=train.joined),
        dev=dev_batches(dev, batch_tokens=train.batch_tokens),
    )


def _new_state(run: Run) -> saved.TrainState:
    model = build(run.model, seed=run.train.seed)
    return saved.TrainState(
        model=model,
        average={name: value.detach().clone() for name, value in model.state_dict().items()},
        optimizer=torch.optim.AdamW(
            model.parameters(), betas=(0.9, 0.98), weight_decay=run.train.weight_decay, fused=True
        ),
    )


def _batches(examples: Sequence[Example], train: TrainConfig, *, joined: float) -> Iterator[Batch]:
    return training_batches(
        examples,
        batch_tokens=train.batch_tokens,
        joined=joined,
        max_length=train.max_length,
        seed=train.seed,
    )


def _learn(work: _Work, batch: Batch, run: Run) -> Progress:
    """One update, the dev loss where it is due, and what to tell of it."""
    state, train = work.state, run.train
    started = time.perf_counter()
    rate = learning_rate(state.updates, train)
    loss = _update(state, batch, rate=rate, train=train)
    seconds = time.perf_counter() - started
    tokens = int((batch.target_said != PAD_ID).sum())
    state.updates += 1
    state.tokens += tokens
    state.seconds += seconds
    dev_loss = None
    if state.updates % train.dev_every == 0 or state.updates == train.updates:
        dev_loss = _dev_loss(state, work.dev, config=run.model)
        state.history.append(
            {
                "updates": state.updates,
                "tokens": state.tokens,
                "seconds": round(state.seconds, 1),
                "loss": loss,
                "dev_loss": dev_loss,
            }
        )
    return Progress(state.updates, train.updates, loss, rate, state.tokens, tokens / seconds, dev_loss)


def _save(work: _Work, run: Run) -> None:
    """The run as it stands, and its averaged weights as a model folder."""
    saved.save(work.state, run.folder, model=run.model, train=run.train)
    averaged = build(run.model, seed=0)  # leaves torch's generator, and so the run, as it was
    averaged.load_state_dict(work.state.average)
    checkpoint = checkpoints.Checkpoint(averaged, work.source, work.target)
    checkpoints.save(checkpoint, run.folder, card=_card(run, work.state))


def learning_rate(updates: int, train: TrainConfig) -> float:
    """The rate of the update that follows `updates`: up in a line over the warm-up, then down a cosine to
    `final_share` of the peak at the end of the run (Loshchilov & Hutter 2017)."""
    if updates < train.warmup:
        return train.peak_rate * (updates + 1) / train.warmup
    progress = (updates - train.warmup) / max(1, train.updates - train.warmup)
    cosine = (1 + math.cos(math.pi * min(1.0, progress))) / 2
    return train.peak_rate * (train.final_share + (1 - train.final_share) * cosine)


def bfloat16_is_faster(examples: Sequence[Example], run: Run) -> bool:
    """Time the same two updates in both number formats, on a model that is thrown away."""
    batch = next(_batches(examples[:5000], run.train, joined=0.0))
    generator = torch.get_rng_state()
    seconds = {half: _seconds(run, batch, half=half) for half in (False, True)}
    torch.set_rng_state(generator)
    return seconds[True] < seconds[False]


def _seconds(run: Run, batch: Batch, *, half: bool) -> float:
    state = _new_state(run)
    state.half = half
    _update(state, batch, rate=0.0, train=run.train)  # the first builds the kernels
    started = time.perf_counter()
    for _ in range(2):
        _update(state, batch, rate=0.0, train=run.train)
    return time.perf_counter() - started


def _update(state: saved.TrainState, batch: Batch, *, rate: float, train: TrainConfig) -> float:
    """Learn from one batch; its loss in nats a piece."""
    model = state.model
    model.train()
    source, target_read, target_said = (torch.from_numpy(array) for array in batch)
    if train.word_dropout:
        dropped = (torch.rand(source.shape) < train.word_dropout) & (source != END_ID)
        source = source.masked_fill(dropped, UNKNOWN_ID)
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=state.half):
        logits = model(source, target_read)  # (batch, target_len, target_vocab)
    loss = smoothed_loss(logits, target_said, smoothing=train.label_smoothing)
    state.optimizer.zero_grad(set_to_none=True)
    loss.backward()  # type: ignore[no-untyped-call]
    nn.utils.clip_grad_norm_(model.parameters(), train.clip)
    for group in state.optimizer.param_groups:
        group["lr"] = rate
    state.optimizer.step()
    decay = min(train.average, (1 + state.updates) / (10 + state.updates))
    with torch.no_grad():
        for name, value in model.state_dict().items():
            if name in state.average:
                state.average[name].lerp_(value, 1 - decay)
    return loss.item()


def _dev_loss(state: saved.TrainState, batches: Sequence[Batch], *, config: ModelConfig) -> float:
    """Plain cross-entropy of the averaged weights over the dev pairs, nats a piece; nan without pairs."""
    model = build(config, seed=0).eval()
    model.load_state_dict(state.average)
    loss, tokens = 0.0, 0
    with torch.inference_mode():
        for batch in batches:
            source, target_read, target_said = (torch.from_numpy(array) for array in batch)
            loss += float(total_loss(model(source, target_read), target_said))
            tokens += int((target_said != PAD_ID).sum())
    return loss / tokens if tokens else math.nan


def _check_folder(run: Run, *, resume: bool) -> None:
    record = saved.read_record(run.folder)
    if record is None:
        if not resume and (run.folder / catalog.CONFIG).exists():
            raise CheckpointError("folder_holds_model", path=run.folder)
    elif record["updates"] >= record["train"]["updates"]:
        raise CheckpointError("run_finished", path=run.folder, updates=record["updates"])
    elif record["updates"] and not resume:
        raise CheckpointError("folder_not_empty", path=run.folder)


def _tokenizers(run: Run, *, resume: bool) -> tuple[Tokenizer, Tokenizer]:
    if resume:
        return (
            Tokenizer.load(run.folder / catalog.SOURCE_TOKENIZER),
            Tokenizer.load(run.folder / catalog.TARGET_TOKENIZER),
        )
    source = run.source or Tokenizer.train((p.source for p in run.pairs), size=run.model.source_vocab)
    target = run.target or Tokenizer.train((p.target for p in run.pairs), size=run.model.target_vocab)
    return source, target


def _card(run: Run, state: saved.TrainState) -> catalog.Card:
    return catalog.Card(
        data=run.data,
        train=run.train.to_dict(),
        updates=state.updates,
        seconds=round(state.seconds, 1),
        tokens=state.tokens,
        history=tuple(state.history),
    )
