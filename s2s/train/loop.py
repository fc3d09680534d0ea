"""The training loop, as a generator: each `next()` runs one update, closing it saves the run. Command line,
page and tests all read the same stream.

The same batches come in the same order wherever a run runs: they are a function of the seed. Of several
processes, each asks for every `Progress`.
"""

from __future__ import annotations

import math
import os
import platform
import time
from collections.abc import Collection, Generator, Iterator, Mapping, Sequence
from contextlib import ExitStack
from itertools import chain, islice
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import sentencepiece
import torch

from s2s import catalog, checkpoints
from s2s.config import AnyModelConfig, TrainConfig
from s2s.data.batches import Batch, dev_batches, training_batches
from s2s.data.corpora import Pair
from s2s.data.examples import Examples, encode_pairs
from s2s.data.fingerprint import fingerprint
from s2s.data.tokenizer import Tokenizer
from s2s.errors import ConfigError, DataError, TrainingError
from s2s.model.families import build, parameter_count
from s2s.train import devices, folder, start, tally
from s2s.train import state as saved
from s2s.train.losses import total_loss
from s2s.train.processes import ALONE, Group
from s2s.train.regimes import teacher_share
from s2s.train.state import share_done
from s2s.train.update import tensors, update

_SMALL_BATCH: Final = 16_384  # source pieces: takes moments to fill, of however few pairs
# Source pieces a pair: in a larger batch each comes hundreds of times, and it would take minutes to fill.
_BATCH_A_PAIR: Final = 1000


class Progress(NamedTuple):
    """One update done."""

    updates: int  # done so far, of `total`
    total: int  # by the pace so far when time is what is given
    loss: float  # of this batch, label-smoothed, nats a piece
    rate: float  # learning rate used
    tokens: int  # target pieces learned from so far
    tokens_per_second: float  # of this update
    dev_loss: float | None  # plain cross-entropy of the averaged weights, nats a piece; when it was looked at
    gradient_norm: float  # of this update, before it was clipped
    teacher_share: float  # the probability with which the decoder was fed the reference
    accuracy: float | None = None  # of professor forcing's discriminator, before it learned


class Run(NamedTuple):
    """What a training needs: where it lives, its settings, its text. `source` and `target` are trained
    on the pairs when None."""

    folder: Path
    model: AnyModelConfig
    train: TrainConfig
    pairs: Sequence[Pair]
    dev_pairs: Sequence[Pair]
    source: Tokenizer | None = None
    target: Tokenizer | None = None
    data: str = ""  # where the pairs come from and their licence, for the model card
    fragments: Sequence[Pair] = ()  # parts of pairs: half a sentence, a noun phrase, a word
    in_domain: Sequence[Pair] = ()  # of the kind of text that the model is for, where `pairs` hold others too
    # A model to go on from: its weights, its tokenizers and, but for dropout, shape.
    start: Path | None = None
    parent: Path | None = None  # that reads another language to begin with, see `start.begin_as_child`
    guide: Path | None = None  # a recurrent model that teaches one head of a Transformer where to look
    keep: Collection[int] = ()  # after so many updates the model is also kept beside, as `kept_at` names it


def fit(run: Run, *, resume: bool = False, group: Group = ALONE) -> Generator[Progress, None, None]:
    """Train a model in `run.folder`, one update per item.

    The folder holds the averaged weights as a model folder all along. Closing the generator, or its end,
    saves the run; with `resume` a saved one goes on with exactly the update that would have come next (on a
    processor bit for bit; CUDA itself adds up in no fixed order). All processes of a `group` see the same
    pairs and folder, and close at the same update; the main one writes.
    A loss that is not finite ends the run and leaves what was saved before.
    Raises CheckpointError when the folder's run or the model to go on from does not fit, or another process
    trains there; ConfigError when a setting asks for what this machine has not, or for another shape;
    DataError when there is nothing to learn or no place to save it; TrainingError.
    """
    if run.start is not None:
        run = run._replace(model=start.shape_of(run.start, run.model))
    elif run.parent is not None:
        run = run._replace(model=start.shape_of(run.parent, run.model, is_parent=True))
    start.check(run.model, run.train, run.guide)
    if run.guide is not None:
        run = run._replace(model=start.with_guide(run.model))
    device = _device(run, group)
    with ExitStack() as stack:
        # The main process may still be writing the checkpoint to resume from: the others wait for it here.
        group.first(lambda: stack.enter_context(folder.claimed(run.folder, resume=resume)))
        work = _prepare(run, device, resume=resume, group=group)
        yield from _updates(work, run)


def _updates(work: _Work, run: Run) -> Generator[Progress, None, None]:
    """Update after update; what is not saved yet is saved at the end, but for an update that is half done: it
    is begun again from the checkpoint before."""
    is_unsaved = False
    try:
        while share_done(work.state.updates, work.state.seconds, run.train) < 1:
            is_unsaved = False
            progress = _learn(work, next(work.batches), run)
            is_unsaved = progress.updates % run.train.save_every != 0
            if work.group.is_main and not is_unsaved:
                _save(work, run)
            if work.group.is_main and progress.updates in run.keep:
                _save_model(work, run, kept_at(run.folder, progress.updates))
            yield progress
    finally:
        if work.group.is_main and is_unsaved:
            _save(work, run)


class _Work(NamedTuple):
    """What a run works with."""

    group: Group
    fingerprint: str  # of the pairs
    state: saved.TrainState
    source: Tokenizer
    target: Tokenizer
    examples: Examples
    batches: Iterator[Batch]  # those still to come
    dev: Sequence[Batch]


def _device(run: Run, group: Group) -> torch.device:
    """Where a run computes, when this machine has what its settings ask for. Raises ConfigError."""
    train, pairs = run.train, len(run.pairs)
    cores = os.cpu_count() or train.threads
    if train.threads > cores:
        raise ConfigError("setting_out_of_range", name="threads", value=train.threads, low=0, high=cores)
    limit = max(_SMALL_BATCH, _BATCH_A_PAIR * pairs)
    if train.batch_tokens > limit:
        raise ConfigError("batch_of_few_pairs", value=train.batch_tokens, pairs=pairs, limit=limit)
    if train.threads:
        torch.set_num_threads(train.threads)
    return devices.pick(train.device, local_rank=group.local_rank)


def _prepare(run: Run, device: torch.device, *, resume: bool, group: Group) -> _Work:
    train = run.train
    state = new_state(run, device, group)
    learning = [state.model, *([state.critic.network] if state.critic else [])]
    numbers = sum(map(parameter_count, learning))
    group.first(lambda: folder.check_room(run.folder, numbers, resume=resume))
    pairs = fingerprint(chain(run.pairs, run.fragments, run.in_domain))
    kept = saved.read(run.folder) if resume else None
    if kept is not None:
        saved.check(kept.record, run.folder, model=run.model, train=train, fingerprint=pairs)
    source, target = start.tokenizers(run, kept, group)
    if run.guide is not None:
        start.guide(state, run.guide, source, target)
    examples = Examples(
        run.pairs, run.fragments, source=source, target=target, typing=train, joined=train.joined,
        max_length=train.max_length, in_domain=run.in_domain, in_domain_share=train.in_domain_share,
    )  # fmt: skip
    if examples.is_empty:
        raise DataError("nothing_to_learn", limit=train.max_length)
    if kept is not None:
        saved.restore(state, kept, run.folder)
    elif run.start is not None:
        start.begin_with(state, run.start)
    elif run.parent is not None:
        start.begin_as_child(state, run.parent, source)
    if kept is None and train.precision == "auto":
        state.half = group.any(group.is_main and bfloat16_is_faster(examples, run, device))
    elif kept is None:
        state.half = train.precision == "bfloat16"
    if state.half and not devices.has_bfloat16(device):
        raise ConfigError("precision_missing", device=devices.called(device))
    alike = f"{pairs} {state.updates} {run.model} {train}".encode()
    if group.any(group.from_first(alike) != alike):
        raise DataError("processes_differ", count=group.count)
    dev = encode_pairs(run.dev_pairs, source=source, target=target, max_length=train.max_length)
    return _Work(
        group=group,
        fingerprint=pairs,
        state=state,
        source=source,
        target=target,
        examples=examples,
        batches=islice(_batches(examples, train), state.updates, None),
        dev=dev_batches(dev, batch_tokens=train.batch_tokens),
    )


def new_state(run: Run, device: torch.device, group: Group) -> saved.TrainState:
    """A run before its first update."""
    return start.new_state(run.model, run.train, device, group)


def _batches(examples: Examples, train: TrainConfig) -> Iterator[Batch]:
    random = np.random.default_rng(train.seed)
    return training_batches(examples.parts(random), batch_tokens=train.batch_tokens, random=random)


def _learn(work: _Work, batch: Batch, run: Run) -> Progress:
    """One update, the dev loss where it is due, and what to tell of it."""
    state, train, group = work.state, run.train, work.group
    started = time.perf_counter()
    rate = learning_rate(state.updates, train, seconds=state.seconds)
    fed = teacher_share(state.updates, train)
    learned = update(state, batch, rate=rate, train=train, group=group)
    seconds = time.perf_counter() - started
    loss, seconds = group.total(learned.loss, seconds if group.is_main else 0.0)
    if not math.isfinite(loss):
        found = f"a loss of {loss}"
        raise TrainingError("diverged", updates=state.updates + 1, found=found, rate=train.peak_rate)
    state.updates += 1
    state.tokens += batch.pieces
    state.seconds += seconds
    tally.add(state.tally, learned._replace(loss=loss), tokens=batch.pieces, seconds=seconds)
    done = share_done(state.updates, state.seconds, train)
    dev_loss = None
    if state.updates % train.dev_every == 0 or done == 1:
        if group.is_main:
            dev_loss = _look(work, loss, fed, config=run.model)
        state.tally = dict(tally.NOTHING)
    total = max(round(state.updates / done), state.updates + (done < 1))
    return Progress(
        updates=state.updates,
        total=total,
        loss=loss,
        rate=rate,
        tokens=state.tokens,
        tokens_per_second=batch.pieces / seconds,
        dev_loss=dev_loss,
        gradient_norm=learned.gradient_norm,
        teacher_share=fed,
        accuracy=learned.accuracy,
    )


def _look(work: _Work, loss: float, fed: float, *, config: AnyModelConfig) -> float:
    """The dev loss, where there are dev pairs with a point of the history."""
    state = work.state
    dev_loss = _dev_loss(state, work.dev, config=config)
    if math.isfinite(dev_loss):
        state.history.append(
            {
                "updates": state.updates,
                "tokens": state.tokens,
                "seconds": round(state.seconds, 1),
                "loss": loss,
                "dev_loss": dev_loss,
                "teacher_share": fed,
                **tally.point(state.tally),
            }
        )
    return dev_loss


def _save(work: _Work, run: Run) -> None:
    """The run as it stands, and its averaged weights as a model folder."""
    saved.save(
        work.state,
        run.folder,
        model=run.model,
        train=run.train,
        fingerprint=work.fingerprint,
        tokenizers=(work.source, work.target),
    )
    _save_model(work, run, run.folder)


def kept_at(folder: Path, updates: int) -> Path:
    """Where a run keeps its model as it was after so many updates."""
    return folder.with_name(f"{folder.name}-{updates}")


def _save_model(work: _Work, run: Run, place: Path) -> None:
    """The averaged weights as a model folder."""
    averaged = build(run.model, seed=0)  # leaves torch's generator, and so the run, as it was
    averaged.load_state_dict(work.state.average)
    checkpoint = checkpoints.Checkpoint(averaged, work.source, work.target)
    checkpoints.save(checkpoint, place, card=_card(run, work))


def learning_rate(updates: int, train: TrainConfig, *, seconds: float = 0.0) -> float:
    """The rate of the update that follows `updates` in `seconds`: up in a line over the warm-up, then down a
    cosine to `final_share` of the peak at the end of the run (Loshchilov & Hutter 2017).

    How long the warm-up will take is not known when time is what is given: then the cosine, flat at its
    start, begins with it.
    """
    rise = min(1.0, (updates + 1) / train.warmup) if train.warmup else 1.0
    if train.minutes:
        progress = share_done(updates, seconds, train)
    else:
        progress = max(0, updates - train.warmup) / max(1, train.updates - train.warmup)
    cosine = (1 + math.cos(math.pi * min(1.0, progress))) / 2
    return train.peak_rate * rise * (train.final_share + (1 - train.final_share) * cosine)


def bfloat16_is_faster(examples: Examples, run: Run, device: torch.device) -> bool:
    """Time the same two updates in both number formats, on a model that is thrown away."""
    if not devices.has_bfloat16(device):
        return False
    batch = next(_batches(examples.first(5000), run.train))
    return _seconds(run, batch, device, half=True) < _seconds(run, batch, device, half=False)


def _seconds(run: Run, batch: Batch, device: torch.device, *, half: bool) -> float:
    state = new_state(run, device, ALONE)
    state.half = half
    update(state, batch, rate=0.0, train=run.train)  # the first builds the kernels
    started = time.perf_counter()
    for _ in range(2):
        update(state, batch, rate=0.0, train=run.train)
    return time.perf_counter() - started


def _dev_loss(state: saved.TrainState, batches: Sequence[Batch], *, config: AnyModelConfig) -> float:
    """Plain cross-entropy of the averaged weights over the dev pairs, nats a piece; nan without pairs."""
    model = build(config, seed=0).eval().to(state.device)
    model.load_state_dict(state.average)
    loss, tokens = 0.0, 0
    with torch.inference_mode():
        for batch in batches:
            source, target_read, target_said = tensors(batch, state.device)
            loss += float(total_loss(model(source, target_read).logits, target_said))
            tokens += batch.pieces
    return loss / tokens if tokens else math.nan


def _card(run: Run, work: _Work) -> catalog.Card:
    state, before = work.state, work.state.before
    return catalog.Card(
        data=run.data,
        fingerprint=work.fingerprint,
        versions={
            "python": platform.python_version(),
            "torch": torch.__version__,
            "sentencepiece": sentencepiece.__version__,
        },
        device=devices.called(state.device),
        processes=work.group.count,
        precision="bfloat16" if state.half else "float32",
        guide=run.guide.name if run.guide else "",
        train=run.train.to_dict(),
        updates=state.updates + before["updates"],
        seconds=round(state.seconds + before["seconds"], 1),
        tokens=state.tokens + before["tokens"],
        drawn=work.examples.drawn + before["drawn"],
        left_out=work.examples.left_out + before["left_out"],
        history=(*before["history"], *(_further(point, before) for point in state.history)),
    )


def _further(point: Mapping[str, float], before: Mapping[str, Any]) -> dict[str, float]:
    """A point of the history, counted from where the model began that this one went on from."""
    return {name: value + before.get(name, 0) for name, value in point.items()}
