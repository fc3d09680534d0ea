"""What the models of the family are called on screen, and which of them are here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from pages.kit.choices import chosen
from pages.kit.strings import Strings
from pages.kit.translators import MODELS
from s2s import catalog

_PAIR: Final = "fr-en-"
# What a comparison holds side by side, by what tells its models apart.
COMPARED: Final[dict[str, tuple[str, ...]]] = {
    "attention": ("none", "dot", "general", "concat"),
    "cells": ("none-rnn", "none-gru", "none"),
    "cells_general": ("general-rnn", "general-gru", "general"),
    "direction": ("none-forward", "none-backward", "none"),
}
# The plain model of a comparison, where it must be told what it is.
_PLAIN: Final = {
    ("cells", "none"): "none_lstm",
    ("cells_general", "general"): "general_lstm",
    ("direction", "none"): "none_both",
}


def model(kind: str) -> str:
    """The name of the model of a kind."""
    return f"{_PAIR}{kind}"


def kind_of(name: str) -> str:
    """The kind of a model, by its name."""
    return name.removeprefix(_PAIR)


def name_of(name: str, say: Strings, *, among: str = "") -> str:
    """What a model is called on screen; `among`, a key of COMPARED, is where it stands beside others."""
    kind = kind_of(name)
    known = any(kind == one.name for one in catalog.FAMILY)
    return say(f"kinds.{_PLAIN.get((among, kind), kind.replace('-', '_'))}") if known else name


def available(kinds: tuple[str, ...]) -> tuple[str, ...]:
    """The models of these kinds that are in the repository, in this order."""
    shipped = catalog.shipped()
    return tuple(model(kind) for kind in kinds if model(kind) in shipped)


def grouped(names: Iterable[str]) -> dict[str, list[str]]:
    """Names of models by what their group is there for; groups without a model are left out."""
    kinds = {kind.name: kind for kind in catalog.FAMILY}
    groups: dict[str, list[str]] = {"scorers": [], "cells": [], "direction": [], "others": []}
    for name in names:
        kind = kinds.get(kind_of(name))
        if kind is None:
            groups["others"].append(name)
        elif kind in catalog.SCORERS:
            groups["scorers"].append(name)
        else:
            groups["cells" if kind.direction == "both" else "direction"].append(name)
    return {group: found for group, found in groups.items() if found}


def scorer_names(say: Strings) -> dict[str, str]:
    """What each model is called on screen: by how it scores."""
    return {model: say(f"scorer.{model.rpartition('-')[2]}") for model in MODELS}


def chosen_model(say: Strings) -> str:
    """The model that a page's switch `model` is or will be set to: by the reader, else by the link."""
    known = scorer_names(say)
    codes = chosen("model")
    return codes[-1] if codes and codes[-1] in known else next(iter(known))
