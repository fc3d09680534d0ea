"""What a record of training regimes holds, measured: a part of it after the other, each with a bar."""

from __future__ import annotations

import platform
import random
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

import numpy as np
import torch
from tqdm import tqdm

from s2s import catalog, checkpoints, recipes
from s2s.comparing import compare_many
from s2s.config import TEACHER, ModelConfig, TrainConfig
from s2s.data.batches import Batch, dev_batches
from s2s.data.corpora import Pair
from s2s.data.examples import encode_pairs
from s2s.data.fingerprint import fingerprint, sha256
from s2s.data.splits import groups
from s2s.errors import CheckpointError, ConfigError, DataError
from s2s.evaluate.curves import levels
from s2s.evaluate.evaluation import Band
from s2s.evaluate.exposure import Compared
from s2s.evaluate.gap import Gap
from s2s.evaluate.regimes import (
    Cost,
    Led,
    Machine,
    OnText,
    Regimes,
    Repetition,
    Telling,
    Text,
    Trained,
)
from s2s.evaluate.resampled import in_common, on_text
from s2s.evaluate.translation import RESAMPLES, SEED, band, resamples
from s2s.model.seq2seq import Seq2Seq
from s2s.train import devices, pace, telling
from s2s.train.loop import Run

if TYPE_CHECKING:
    from s2s.train.professor import Behaviours

THREADS: Final = 1  # one sentence at a time gains nothing from more, and costs then compare
SEEDS: Final = (1, 2, 3)  # of the discriminators that a model's runs are told apart by
_TOLD_TOKENS: Final = 1024  # source pieces in a batch of these
_LIBRARIES: Final = ("torch", "sacrebleu", "sentencepiece")
_Value = TypeVar("_Value")


class Sizes(NamedTuple):
    """How much is measured."""

    pairs: int  # of each file, at most
    repetition_pairs: int  # of the everyday file, at most, for each repetition
    rounds: int  # in which costs are measured
    batches: int  # in each of them
    tellings: int  # updates of a discriminator


class Given(NamedTuple):
    """A model that is measured."""

    regime: str
    folder: Path
    config: ModelConfig
    card: catalog.Card


def given(names: Sequence[str]) -> tuple[Given, ...]:
    """Models by their names or folders, teacher forcing first. Raises CheckpointError, and DataError for
    models that do not compare."""
    found: dict[str, Given] = {}
    for folder in map(catalog.locate, names):
        config, card = _recurrent(folder)
        regime = recipes.regime_of(card.train)
        if regime in found:
            first = found[regime].folder.name
            raise DataError("regimes_twice", first=first, second=folder.name, regime=regime)
        found[regime] = Given(regime, folder, config, card)
    if TEACHER not in found:
        raise DataError(
            "regimes_without_teacher", models=", ".join(one.folder.name for one in found.values())
        )
    models = tuple(found[regime] for regime in recipes.ordered(found))
    for one in models:
        _check_alike(models[0], one)
    return models


def _recurrent(folder: Path) -> tuple[ModelConfig, catalog.Card]:
    """What a folder says of its model, which is fed in some regime. Raises CheckpointError, ConfigError."""
    config, card = catalog.read_config(folder)
    if not isinstance(config, ModelConfig):
        raise ConfigError("asked_of_recurrent", name=folder.name)
    return config, card


def repeated(folder: Path, like: Given) -> tuple[Given, ...]:
    """The models in the folders of one, regime after regime. Raises CheckpointError, and DataError for models
    of another shape."""
    if not folder.is_dir():
        raise CheckpointError("models_missing", path=folder)
    found = []
    for place in sorted(folder.iterdir()):
        if (place / catalog.CONFIG).is_file():
            config, card = _recurrent(place)
            found.append(Given(recipes.regime_of(card.train), place, config, card))
            _check_alike(like, found[-1])
    if not found:
        raise CheckpointError("models_none", path=folder, config=catalog.CONFIG)
    return tuple(
        one
        for regime in recipes.ordered({one.regime: one for one in found})
        for one in sorted(found, key=lambda one: int(one.card.train["seed"]))
        if one.regime == regime
    )


def _check_alike(one: Given, other: Given) -> None:
    for (name, expected), found in zip(
        one.config.to_dict().items(), other.config.to_dict().values(), strict=True
    ):
        if found != expected:
            raise DataError(
                "regimes_of_other_shape", first=other.folder.name, second=one.folder.name, name=name,
                found=found, expected=expected,
            )  # fmt: skip


class File(NamedTuple):
    """Pairs to measure on."""

    name: str
    pairs: Sequence[Pair]


def measure(
    models: Sequence[Given], repetitions: Sequence[Given], everyday: File, general: File, sizes: Sizes
) -> Regimes:
    """All of the record, with one thread. Raises DataError where no pair can be compared."""
    torch.set_num_threads(THREADS)
    machine, costs = _costs([*models, *repetitions], everyday, sizes)
    milliseconds = {cost.regime: median(cost.milliseconds) for cost in costs}
    tellings = [_telling(model, drawn(everyday.pairs, sizes.pairs), sizes.tellings) for model in models]
    again = tuple(_repetition(one, everyday, sizes.repetition_pairs) for one in repetitions)
    (first, on_everyday), (second, on_general) = (
        _on_file(models, file, sizes.pairs) for file in (everyday, general)
    )
    parts = zip(models, on_everyday, on_general, tellings, strict=True)
    return Regimes(
        everyday=first,
        general=second,
        trained=tuple(_trained(*part) for part in parts),
        repetitions=again,
        machine=machine,
        costs=costs,
        levels=levels(again, milliseconds),
        resamples=RESAMPLES,
        seed=SEED,
        versions={"Python": platform.python_version()} | {name: version(name) for name in _LIBRARIES},
    )


def drawn(pairs: Sequence[Pair], most: int) -> list[Pair]:
    """So many of the pairs, in an order drawn with `SEED`; all of them as they stand where they are no
    more."""
    if len(pairs) <= most:
        return list(pairs)
    draw = random.Random(SEED).random  # the only draw that Python promises to keep as it is
    return sorted(pairs, key=lambda _: draw())[:most]


def _trained(model: Given, everyday: OnText, general: OnText, told: Telling) -> Trained:
    card = model.card
    return Trained(
        regime=model.regime,
        model=model.folder.name,
        weights=sha256(catalog.read_part(model.folder / catalog.WEIGHTS)),
        parameters=card.parameters,
        updates=card.updates,
        seconds=card.seconds,
        tokens=card.tokens,
        device=card.device,
        precision=card.precision,
        settings=card.train,
        history=card.history,
        everyday=everyday,
        general=general,
        telling=told,
    )


def _on_file(models: Sequence[Given], file: File, most: int) -> tuple[Text, list[OnText]]:
    """Every model on the pairs of a file that all of them can compare."""
    pairs = drawn(file.pairs, most)
    compared = _compared(models, pairs, file.name)
    skipped = len(pairs) - len(compared[0])
    language = models[0].config.languages.source
    found, teacher = [], None
    for model, its in zip(models, compared, strict=True):
        one, quantities = on_text(its, teacher=teacher, skipped=skipped, language=language)
        teacher = quantities if model.regime == TEACHER else teacher
        found.append(one)
    text = Text(
        name=file.name,
        fingerprint=fingerprint(file.pairs),
        pairs=len(file.pairs),
        measured=len(pairs),
        compared=len(compared[0]),
    )
    return text, found


def _compared(models: Sequence[Given], pairs: Sequence[Pair], name: str) -> list[list[Compared]]:
    found: list[list[Compared | None]] = [[] for _ in models]
    with tqdm(total=len(models) * len(pairs), unit="pair", desc=name, dynamic_ncols=True) as bar:
        for model, its in zip(models, found, strict=True):
            for some in compare_many(checkpoints.load(model.folder), pairs):
                its += some
                bar.update(len(some))
    return in_common(found)


def _repetition(model: Given, everyday: File, most: int) -> Repetition:
    (compared,) = _compared([model], drawn(everyday.pairs, most), model.folder.name)
    found, _ = on_text(compared, teacher=None)
    gap: Gap = found.gap
    forced, free = gap.overall.forced, gap.overall.free
    return Repetition(
        regime=model.regime,
        seed=int(model.card.train["seed"]),
        updates=model.card.updates,
        seconds=model.card.seconds,
        device=model.card.device,
        history=model.card.history,
        pairs=gap.pairs,
        accuracy=Led(forced=forced.accuracy, free=free.accuracy),
        loss=Led(forced=forced.loss, free=free.loss),
        bleu=Led(forced=gap.forced.bleu, free=gap.free.bleu),
    )


def _costs(models: Sequence[Given], everyday: File, sizes: Sizes) -> tuple[Machine, tuple[Cost, ...]]:
    """An update of each regime on the same batches, by the settings of its first model."""
    runs: dict[str, Run] = {}
    for model in models:
        if model.regime not in runs:
            source, target = checkpoints.load(model.folder)[1:]
            train = TrainConfig.from_dict(model.card.train)
            runs[model.regime] = Run(
                model.folder, model.config, train, everyday.pairs, (), source=source, target=target
            )
    runs = {regime: runs[regime] for regime in recipes.ordered(runs)}
    batches = pace.batches_of(runs[TEACHER], sizes.batches)
    rounds = pace.seconds_in_turns(runs, batches, rounds=sizes.rounds, clock=time.process_time)
    seconds = [
        found
        for found in _bar(rounds, total=sizes.rounds + 1, unit="round", name="costs")
        if found is not None
    ]
    machine = Machine(
        device=devices.processor(),
        precision=pace.precision_here(),
        threads=THREADS,
        batches=len(batches),
        pieces=sum(batch.pieces for batch in batches),
    )
    return machine, tuple(_cost(regime, seconds, len(batches)) for regime in runs)


def _cost(regime: str, seconds: Sequence[Mapping[str, float]], batches: int) -> Cost:
    times = [its[regime] / its[TEACHER] for its in seconds]
    return Cost(
        regime=regime,
        milliseconds=tuple(1000 * its[regime] / batches for its in seconds),
        times=Band(value=median(times), low=min(times), high=max(times)),
    )


def _telling(model: Given, pairs: Sequence[Pair], updates: int) -> Telling:
    """On half of the pairs, learned from the other half, which shares no sentence with it."""
    checkpoint = checkpoints.load(model.folder)
    network = checkpoint.model
    assert isinstance(network, Seq2Seq)
    learned, held_out = (
        [telling.runs_of(network, batch) for batch in _told_batches(checkpoint, half, model.card)]
        for half in halves(pairs)
    )
    if not learned or not held_out:
        raise DataError("nothing_to_compare", pairs=len(pairs))
    rights = [
        _last(
            telling.told(network, learned, held_out, updates=updates, seed=seed),
            total=updates, unit="update", name=f"telling {model.folder.name}",
        )
        for seed in SEEDS
    ]  # fmt: skip
    right = np.mean(rights, axis=0)  # (pairs,)
    return Telling(
        accuracy=band(resamples(len(right)) @ right / len(right)),
        updates=updates,
        learned=_rows(learned),
        held_out=_rows(held_out),
        seeds=len(SEEDS),
    )


def halves(pairs: Sequence[Pair]) -> tuple[list[Pair], list[Pair]]:
    """Two parts that share no sentence on either side, of about as many pairs, drawn with `SEED`."""
    found: tuple[list[Pair], list[Pair]] = ([], [])
    draw = random.Random(SEED).random
    for group in sorted(groups(pairs), key=lambda _: draw()):
        smaller = min(found, key=len)
        smaller += [pairs[number] for number in group]
    return found


def _told_batches(
    checkpoint: checkpoints.Checkpoint, pairs: Sequence[Pair], card: catalog.Card
) -> list[Batch]:
    examples = encode_pairs(
        pairs, source=checkpoint.source, target=checkpoint.target, max_length=int(card.train["max_length"])
    )
    return dev_batches(examples, batch_tokens=_TOLD_TOKENS)


def _rows(runs: Sequence[Behaviours]) -> int:
    return sum(len(batch.real) for batch in runs)


def _bar(steps: Iterable[_Value], *, total: int, unit: str, name: str) -> Iterator[_Value]:
    bar: Iterable[Any] = tqdm(steps, total=total, unit=unit, desc=name, dynamic_ncols=True)
    yield from bar


def _last(steps: Iterable[_Value | None], *, total: int, unit: str, name: str) -> _Value:
    """What work gives at its end; None before that is a step of it."""
    found = None
    with tqdm(total=total, unit=unit, desc=name, dynamic_ncols=True) as bar:
        for found in steps:
            if found is None:
                bar.update()
    assert found is not None
    return found
