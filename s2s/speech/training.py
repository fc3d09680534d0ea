"""The training loop, as a generator: each `next()` runs one update, closing it saves the run."""

from __future__ import annotations

import math
import os
import platform
import time
from collections.abc import Generator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from s2s.errors import CheckpointError, DataError, TrainingError
from s2s.model.families import parameter_count
from s2s.sound.config import SpeechConfig, SpeechTrainConfig
from s2s.sound.corpus import Recording
from s2s.sound.hearing import summary
from s2s.sound.shelf import CONFIG, SpeechCard
from s2s.sound.utterances import Utterance, draw
from s2s.speech import checkpoints
from s2s.speech.batches import Batch, as_example, batch_of, training_batches
from s2s.speech.evaluation import judged
from s2s.speech.model import Listener, build
from s2s.speech.recogniser import Recogniser
from s2s.train import devices, folder
from s2s.train import state as saved
from s2s.train.losses import total_loss
from s2s.train.update import random_seed

_LOOKED_AT: Final = 96  # dev utterances
_DEV_SEED: Final = 7


class Run(NamedTuple):
    """What a training needs."""

    folder: Path
    model: SpeechConfig
    train: SpeechTrainConfig
    recordings: Sequence[Recording]
    dev: Sequence[Recording] = ()
    data: str = ""  # where the recordings come from and their licence, for the model card
    synthetic: Sequence[Recording] = ()  # of speakers that are programs


class Progress(NamedTuple):
    """One update done."""

    updates: int
    total: int
    loss: float  # of this batch, label-smoothed, nats a digit
    inside: float  # the share of attention in the right recordings
    looked: dict[str, float] | None  # what dev says of the averaged weights, when it was looked at


def fit(run: Run, *, resume: bool = False) -> Generator[Progress, None, None]:
    """Train a model in `run.folder`, one update per item. The folder holds the averaged weights as a model
    folder all along; with `resume` a saved run goes on with exactly the update that would have come next.

    Raises CheckpointError when the folder's run does not fit or another process trains there; DataError when
    there is nothing to learn; TrainingError when a loss is not finite.
    """
    if not run.recordings:
        raise DataError("recordings_none", path=run.folder)
    with folder.held(run.folder):
        state = _begun(run, resume=resume)
        batches = training_batches(
            run.recordings, run.train, run.model, synthetic=run.synthetic, done=state.updates
        )
        dev = list(islice(draw(run.dev, seed=_DEV_SEED), _LOOKED_AT)) if run.dev else []
        is_unsaved = False
        try:
            while state.updates < run.train.updates:
                is_unsaved = False
                progress = _learn(state, next(batches), dev, run)
                is_unsaved = state.updates % run.train.save_every != 0
                if not is_unsaved:
                    _save(state, run)
                yield progress
        finally:
            if is_unsaved:
                _save(state, run)


def _begun(run: Run, *, resume: bool) -> saved.TrainState:
    """A run before its first update, or where a saved one stopped."""
    folder.check_room(run.folder, parameter_count(build(run.model, seed=0)), resume=resume)
    is_there = os.path.lexists(run.folder / saved.RUN)
    if resume and not is_there:
        raise CheckpointError("nothing_to_resume", path=run.folder / saved.RUN)
    if not resume and is_there:
        raise CheckpointError("folder_not_empty", path=run.folder)
    if not resume and os.path.lexists(run.folder / CONFIG):
        raise CheckpointError("folder_holds_model", path=run.folder)
    state = _new(run)
    if resume:
        kept = saved.read(run.folder, (SpeechConfig.from_dict, SpeechTrainConfig.from_dict))
        saved.check(kept.record, run.folder, model=run.model, train=run.train, fingerprint=_fingerprint(run))
        saved.restore(state, kept, run.folder)
        if state.updates >= run.train.updates:
            raise CheckpointError("run_finished", path=run.folder, updates=state.updates)
    return state


def _new(run: Run) -> saved.TrainState:
    device = torch.device("cpu")
    model = build(run.model, seed=run.train.seed)
    return saved.TrainState(
        model=model,
        parallel=model,
        device=device,
        average={name: value.detach().clone() for name, value in model.state_dict().items()},
        optimizer=torch.optim.AdamW(
            model.parameters(), betas=(0.9, 0.98), weight_decay=run.train.weight_decay, fused=True
        ),
        half=devices.has_bfloat16(device),
    )


def _fingerprint(run: Run) -> str:
    """Of the recordings: how many and how long."""

    def told(kind: str, recordings: Sequence[Recording]) -> str:
        return f"{len(recordings)} {kind}, {sum(len(one.samples) for one in recordings)} samples"

    own = told("recordings", run.recordings)
    return f"{own}; {told('synthetic', run.synthetic)}" if run.synthetic else own


def _learn(state: saved.TrainState, batch: Batch, dev: Sequence[Utterance], run: Run) -> Progress:
    """One update, and a look at dev where it is due."""
    train, started = run.train, time.perf_counter()
    torch.manual_seed(random_seed(train.seed, state.updates, 0))
    state.model.train()
    rate = learning_rate(state.updates, train)
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=state.half):
        logits, weights = state.model(batch.frames, batch.fed)
    loss = total_loss(logits, batch.said, smoothing=train.label_smoothing) / batch.pieces
    share = inside_shares(weights.float(), batch)
    objective = loss + train.guidance * guidance_loss(share)
    state.optimizer.zero_grad(set_to_none=True)
    objective.backward()  # type: ignore[no-untyped-call]
    norm = nn.utils.clip_grad_norm_(state.model.parameters(), train.clip)
    if not math.isfinite(objective.item()):
        found = f"a loss of {objective.item()}"
        raise TrainingError("diverged", updates=state.updates + 1, found=found, rate=train.peak_rate)
    if norm.isfinite():
        _step(state, rate, train)
    state.updates += 1
    state.tokens += len(batch.frames)
    state.seconds += time.perf_counter() - started
    looked = None
    if dev and (state.updates % train.dev_every == 0 or state.updates == train.updates):
        looked = _look(state, dev, run)
        state.history.append({"updates": state.updates, "seconds": round(state.seconds, 1), **looked})
    told = float(share.detach().mean()) if len(share) else math.nan
    return Progress(state.updates, train.updates, loss.item(), told, looked)


def _step(state: saved.TrainState, rate: float, train: SpeechTrainConfig) -> None:
    for parameters in state.optimizer.param_groups:
        parameters["lr"] = rate
    state.optimizer.step()
    decay = min(train.average, (1 + state.updates) / (10 + state.updates))
    with torch.no_grad():
        for name, value in state.model.state_dict().items():
            state.average[name].lerp_(value, 1 - decay)


def inside_shares(weights: Tensor, batch: Batch) -> Tensor:
    """The share of attention that lies in the recording of the digit that is next, for each digit of a batch:
    (digits,). weights: (batch, target_len, source_len)."""
    shares = (weights * batch.inside).sum(dim=-1)  # (batch, target_len)
    return shares[batch.inside.any(dim=-1)]


def guidance_loss(shares: Tensor) -> Tensor:
    """What looking elsewhere costs: minus the logarithm of the share inside, its mean over the digits; 0
    without any."""
    return -shares.clamp_min(1e-4).log().mean() if len(shares) else shares.sum()


def learning_rate(updates: int, train: SpeechTrainConfig) -> float:
    """The rate of the update that follows `updates`: up in a line over the warm-up, then down a cosine."""
    rise = min(1.0, (updates + 1) / train.warmup) if train.warmup else 1.0
    progress = max(0, updates - train.warmup) / max(1, train.updates - train.warmup)
    cosine = (1 + math.cos(math.pi * min(1.0, progress))) / 2
    return train.peak_rate * rise * (train.final_share + (1 - train.final_share) * cosine)


def averaged(state: saved.TrainState, config: SpeechConfig) -> Listener:
    """The model of the averaged weights."""
    model = build(config, seed=0)
    model.load_state_dict(state.average)
    return model.eval()


@torch.inference_mode()
def _look(state: saved.TrainState, dev: Sequence[Utterance], run: Run) -> dict[str, float]:
    """What dev says of the averaged weights: loss in nats a digit, word errors and where it looks."""
    model = averaged(state, run.model)
    loss, pieces = 0.0, 0
    for utterance in dev:
        batch = batch_of([as_example(utterance, run.model)], run.model)
        loss += float(total_loss(model(batch.frames, batch.fed)[0], batch.said))
        pieces += batch.pieces
    heard = summary([judged(Recogniser(model, "dev"), utterance) for utterance in dev])
    return {"dev_loss": loss / pieces, **{name: heard[name] for name in ("wer", "inside", "peak_inside")}}


def _save(state: saved.TrainState, run: Run) -> None:
    """The run as it stands, and its averaged weights as a model folder."""
    saved.save(
        state, run.folder, model=run.model, train=run.train, fingerprint=_fingerprint(run), tokenizers=None
    )
    checkpoints.save(averaged(state, run.model), run.folder, card=_card(state, run))


def _card(state: saved.TrainState, run: Run) -> SpeechCard:
    versions: dict[str, Any] = {
        "python": platform.python_version(), "torch": torch.__version__, "numpy": np.__version__
    }  # fmt: skip
    return SpeechCard(
        data=run.data,
        train=run.train.to_dict(),
        updates=state.updates,
        seconds=round(state.seconds, 1),
        utterances=state.tokens,
        history=tuple(state.history),
        versions=versions,
        device=devices.called(state.device),
        precision="bfloat16" if state.half else "float32",
    )
