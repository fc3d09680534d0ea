"""What a run begins with: a shape, weights, what they learn with, tokenizers."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import torch

from s2s import catalog, checkpoints
from s2s.config import HEAD, TEACHER, AnyModelConfig, ModelConfig, TrainConfig, TransformerConfig
from s2s.data.batches import widest
from s2s.data.examples import learn_tokenizers
from s2s.data.tokenizer import Tokenizer
from s2s.errors import CheckpointError, ConfigError
from s2s.model.families import build
from s2s.model.seq2seq import Seq2Seq
from s2s.train import professor
from s2s.train import state as saved
from s2s.train.guided import GuidedObjective, read_guide
from s2s.train.losses import Objective
from s2s.train.processes import ALONE, Group

if TYPE_CHECKING:
    from s2s.train.loop import Run

_SOURCE_EMBEDDING: Final = "encoder.embedding.weight"

# What a run may ask for itself: one that goes on from a model, and the child of a parent.
_OWN: Final = ("dropout",)
_OF_A_CHILD: Final = (*_OWN, "attention", "source_language", "source_vocab")


def shape_of(start: Path, asked: AnyModelConfig, *, is_parent: bool = False) -> AnyModelConfig:
    """The shape of a model to go on from, with the dropout that is asked for; of a parent also with another
    source language and attention, if those are asked for.

    Raises ConfigError where something else is asked for than the model has or the default, CheckpointError.
    """
    there, _ = catalog.read_config(start)
    if there.family != asked.family or (is_parent and not isinstance(there, ModelConfig)):
        raise ConfigError(
            "start_of_other_shape", path=start, name="family", found=there.family, value=asked.family
        )
    own = {name: getattr(asked, name) for name in (_OF_A_CHILD if is_parent else _OWN)}
    found = replace(there, **own)
    for setting in fields(found):
        value, its = getattr(asked, setting.name), getattr(found, setting.name)
        if value not in (its, setting.default):
            raise ConfigError("start_of_other_shape", path=start, name=setting.name, found=its, value=value)
    return found


def check(config: AnyModelConfig, train: TrainConfig, guide: Path | None) -> None:
    """Raise ConfigError where a training asks for what a model of that family cannot do."""
    if isinstance(config, ModelConfig):
        professor.check(config, train)
        if guide is not None:
            raise ConfigError("guide_of_recurrent")
    elif train.regime != TEACHER:
        raise ConfigError("regime_of_recurrent", name="regime", value=train.regime)
    elif config.reach is not None and config.reach < (wanted := widest(train.max_length)):
        raise ConfigError("positions_too_few", value=config.reach, wanted=wanted, limit=train.max_length)


def new_state(
    config: AnyModelConfig, train: TrainConfig, device: torch.device, group: Group = ALONE
) -> saved.TrainState:
    """What settings begin with: weights, their average, what they learn with."""
    model = build(config, seed=train.seed).to(device)
    objective = Objective(model, train) if isinstance(model, Seq2Seq) else GuidedObjective(model, train)
    return saved.TrainState(
        model=model,
        parallel=group.averaging(objective),
        device=device,
        average={name: value.detach().clone() for name, value in model.state_dict().items()},
        optimizer=torch.optim.AdamW(
            model.parameters(), betas=(0.9, 0.98), weight_decay=train.weight_decay, fused=True
        ),
        critic=professor.build(config, train, device) if isinstance(config, ModelConfig) else None,
    )


def with_guide(config: AnyModelConfig) -> AnyModelConfig:
    """The shape of a model with a guide: the head that it teaches is what is read."""
    return replace(config, reading=HEAD) if isinstance(config, TransformerConfig) else config


def guide(state: saved.TrainState, folder: Path, source: Tokenizer, target: Tokenizer) -> None:
    """Let the model in a folder teach where to look. Raises CheckpointError, ConfigError."""
    objective = getattr(state.parallel, "module", state.parallel)  # of several processes it is wrapped
    assert isinstance(objective, GuidedObjective)
    objective.learn_from(read_guide(folder, source, target, state.device))


def begin_with(state: saved.TrainState, start: Path) -> None:
    """Weights of the model in a folder, in place of random ones. Raises CheckpointError."""
    state.model.load_state_dict(checkpoints.load(start).model.state_dict())
    state.average = {name: value.detach().clone() for name, value in state.model.state_dict().items()}
    _, card = catalog.read_config(start)
    state.before = {name: getattr(card, name) for name in saved.COUNTED_ON}


def begin_as_child(state: saved.TrainState, parent: Path, source: Tokenizer) -> None:
    """The weights of a parent that reads another language (Zoph et al. 2016, *Transfer Learning for
    Low-Resource Neural Machine Translation*): all that fit, but of the source embedding only the rows of
    pieces that both know; the rest stay random. Raises CheckpointError."""
    model, read, _ = checkpoints.load(parent)
    ours, theirs = state.model.state_dict(), model.state_dict()
    rows = theirs.pop(_SOURCE_EMBEDDING)
    known = {read.surface(id_): id_ for id_ in range(read.size)}
    for id_ in range(source.size):
        if (its := known.get(source.surface(id_))) is not None:
            ours[_SOURCE_EMBEDDING][id_] = rows[its]
    fitting = {
        name: value for name, value in theirs.items() if name in ours and value.shape == ours[name].shape
    }
    state.model.load_state_dict({**ours, **fitting})
    state.average = {name: value.detach().clone() for name, value in state.model.state_dict().items()}


def tokenizers(run: Run, kept: saved.Saved | None, group: Group) -> tuple[Tokenizer, Tokenizer]:
    """For both sides: those that a resumed run was begun with, those of the model to go on from (of a parent
    its target's), those given, or new ones. Raises CheckpointError, also where a resumed run is given others
    than it has; DataError."""
    if kept is not None:
        found = saved.tokenizers(kept, run.folder)
        for given, its in zip((run.source, run.target), found, strict=True):
            if given is not None and given.serialized != its.serialized:
                raise CheckpointError("resume_other_tokenizers", path=run.folder)
        return found
    if run.start is not None:
        return (
            Tokenizer.load(run.start / catalog.SOURCE_TOKENIZER),
            Tokenizer.load(run.start / catalog.TARGET_TOKENIZER),
        )
    if run.parent is not None:
        run = run._replace(target=Tokenizer.load(run.parent / catalog.TARGET_TOKENIZER))
    if run.source is not None and run.target is not None:
        return run.source, run.target
    learned = (b"", b"")
    if group.is_main:
        sizes = (run.model.source_vocab, run.model.target_vocab)
        source, target = learn_tokenizers(
            run.pairs, typing=run.train, sizes=sizes, seed=run.train.seed, max_length=run.train.max_length
        )
        learned = (source.serialized, target.serialized)
    # Learned by one process for all: learned in each, they might differ.
    source, target = (Tokenizer(group.from_first(serialized)) for serialized in learned)
    return run.source or source, run.target or target
