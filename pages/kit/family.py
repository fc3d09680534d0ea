"""What models are called on screen, and which are here: the family that is shipped, and a reader's own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

from pages.kit.state import OneOf, chosen
from pages.kit.strings import Strings
from pages.kit.tasks import chosen_task
from s2s import catalog
from s2s.config import RECURRENT, AnyModelConfig
from s2s.errors import CheckpointError, ConfigError
from s2s.languages import FIRST, Languages

# What a comparison holds side by side, by what tells its models apart.
COMPARED: Final = {name: comparison.kinds for name, comparison in catalog.COMPARED.items()}
GROUPS: Final = ("scorers", "cells", "direction", "regimes", "successor", "others")


class Own(NamedTuple):
    """A reader's own models, and why others of them cannot be used."""

    configs: Mapping[str, AnyModelConfig]  # by name
    errors: tuple[CheckpointError, ...]


def own() -> Own:
    """What can be read of the folders outside the repository, as they are now."""
    found = catalog.outside()
    configs: dict[str, AnyModelConfig] = {}
    errors = list(found.errors)
    for name, folder in found.folders.items():
        try:
            configs[name], _ = _read(folder)
        except CheckpointError as error:
            errors.append(error)
    return Own(configs, tuple(errors))


def config_of(name: str) -> AnyModelConfig:
    """What a model that is offered is, without its weights. Raises CheckpointError."""
    return _read(catalog.offered(name))[0]


def card_of(name: str) -> catalog.Card:
    """How it came to be. Raises CheckpointError."""
    return _read(catalog.offered(name))[1]


def _read(folder: Path) -> tuple[AnyModelConfig, catalog.Card]:
    try:
        written = (folder / catalog.CONFIG).stat().st_mtime_ns
    except OSError:
        written = 0
    return _read_once(folder, written)


@lru_cache(maxsize=256)
def _read_once(folder: Path, written: int) -> tuple[AnyModelConfig, catalog.Card]:
    return catalog.read_config(folder)


def languages_of(names: Iterable[str]) -> tuple[Languages, ...]:
    """What models read and write and what for, each once; those that cannot be read are passed over."""
    found: dict[Languages, None] = {}
    for name in names:
        try:
            languages = config_of(name).languages
            task = catalog.task_of(name)
            found[task.languages if task else languages] = None
        except CheckpointError:
            continue  # whoever asks it says why
    return tuple(found)


def model(kind: str) -> str:
    """The name of the model of a kind that does what the page is about."""
    return catalog.KINDS[kind].model(chosen_task().languages)


def kind_of(name: str) -> str:
    """The kind of a model, by its name."""
    task = catalog.task_of(name)
    return name.removeprefix(f"{task.name}-") if task else name


def attends(name: str) -> bool:
    """Whether a model looks back. Raises CheckpointError for one that cannot be read."""
    kind = catalog.KINDS.get(kind_of(name))
    return kind.attends if kind else config_of(name).attends


def is_recurrent(name: str) -> bool:
    """Whether a model has recurrent states to follow; also where it cannot be read: who asks it says so."""
    kind = catalog.KINDS.get(kind_of(name))
    try:
        return (kind.family if kind else config_of(name).family) == RECURRENT
    except CheckpointError:
        return True


def recurrent(names: Iterable[str]) -> tuple[str, ...]:
    """Those of these models that are."""
    return tuple(filter(is_recurrent, names))


def not_recurrent(name: str) -> ConfigError:
    """Why one that is not cannot be asked about its states."""
    return ConfigError("asked_of_recurrent", name=name)


def others_left_out(say: Strings) -> str:
    """Why a page that follows recurrent states does not offer all models that are here; "" where it does."""
    left = [name for name in (*shipped(), *own().configs) if not is_recurrent(name)]
    if not left:
        return ""
    return say("kinds.without_recurrence", models=", ".join(name_of(name, say) for name in left))


def name_of(name: str, say: Strings, *, among: str = "") -> str:
    """What a model is called on screen; `among`, a key of COMPARED, is where it stands beside others."""
    kind = kind_of(name)
    if kind not in catalog.KINDS:
        return own_names(say).get(name, name)
    comparison = catalog.COMPARED.get(among)
    if comparison and comparison.plain and kind == comparison.kinds[-1]:
        kind = comparison.plain
    return say(f"kinds.{kind.replace('-', '_')}")


def own_names(say: Strings) -> dict[str, str]:
    """What a reader's own models are called: their names, and their languages where they are others."""

    def called(name: str, config: AnyModelConfig) -> str:
        if config.languages == FIRST:
            return name
        source, target = (say(f"languages.{code}.name") for code in config.languages.codes)
        return say("languages.model", name=name, source=source, target=target)

    return {name: called(name, config) for name, config in own().configs.items()}


def shipped() -> tuple[str, ...]:
    """The task's models that are in the repository, in the order people meet them."""
    return catalog.shipped_for(chosen_task())


def available(kinds: tuple[str, ...]) -> tuple[str, ...]:
    """The task's models of these kinds that are in the repository, in this order."""
    here = shipped()
    return tuple(model(kind) for kind in kinds if model(kind) in here)


def grouped(names: Iterable[str]) -> dict[str, list[str]]:
    """Names of models by what their group is there for; groups without a model are left out."""
    groups: dict[str, list[str]] = {name: [] for name in GROUPS}
    for name in names:
        kind = catalog.KINDS.get(kind_of(name))
        if kind is None:
            groups["others"].append(name)
        elif kind in catalog.SCORERS:
            groups["scorers"].append(name)
        elif kind.family != RECURRENT:
            groups["successor"].append(name)
        elif kind.regime:
            groups["regimes"].append(name)
        else:
            groups["cells" if kind.direction == "both" else "direction"].append(name)
    return {group: found for group, found in groups.items() if found}


def trained() -> dict[str, str]:
    """The task's models that differ in nothing but how they were trained, those that are here, by their
    regime."""
    here = {*catalog.shipped(), *catalog.outside().folders}
    found = {kind.regime: kind.model(chosen_task().languages) for kind in catalog.TRAINED}
    return {regime: name for regime, name in found.items() if name in here}


def trained_names(say: Strings) -> dict[str, str]:
    """What the regimes of those models are called."""
    return {regime: say(f"trained.{regime}") for regime in trained()}


def model_names(say: Strings) -> dict[str, str]:
    """What each model that a reader may choose is called: those of the task's main page by how they score,
    the one without recurrence, then a reader's own."""
    main = {model: say(f"scorer.{model.rpartition('-')[2]}") for model in chosen_task().main}
    return main | {name: name_of(name, say) for name in successor()} | own_names(say)


def offered() -> tuple[str, ...]:
    """Those models."""
    return (*chosen_task().main, *successor(), *own().configs)


def successor() -> tuple[str, ...]:
    """The task's model without recurrence, where it is in the repository."""
    return available((catalog.SUCCESSOR.name,))


@dataclass(frozen=True)
class OneModel:
    """What a reader chose on a page that is about one model."""

    model: str = chosen(OneOf(offered))
