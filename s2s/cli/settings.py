"""Options with limits, which --help says: settings of `config`, from the one place that states them, and
whole numbers of a command's own."""

from __future__ import annotations

import argparse
import dataclasses
from collections.abc import Mapping
from typing import Any, Final

from s2s.config import (
    FAMILIES,
    RECURRENT,
    TRANSFORMER,
    AnyModelConfig,
    ModelConfig,
    TransformerConfig,
)
from s2s.errors import ConfigError
from s2s.settings import Settings

KINDS: Final[Mapping[str, type[ModelConfig] | type[TransformerConfig]]] = {
    RECURRENT: ModelConfig,
    TRANSFORMER: TransformerConfig,
}


def add_settings(
    parser: argparse.ArgumentParser | argparse._ArgumentGroup,
    kind: type[Settings],
) -> None:
    """Add an option for each setting of a kind."""
    for setting in dataclasses.fields(kind):
        parser.add_argument(
            f"--{setting.name.replace('_', '-')}",
            type=type(setting.default),
            default=setting.default,
            metavar=setting.name.upper(),
            help=f"{_meaning(setting)} (default: %(default)s)",
        )


def _meaning(setting: dataclasses.Field[Any]) -> str:
    """What a setting means and which values it takes."""
    limits = setting.metadata
    if limits["choices"] is not None:
        return f"{limits['meaning']}: {', '.join(limits['choices'])}"
    if limits["low"] is not None:
        return f"{limits['meaning']}; {limits['low']} to {limits['high']}"
    return str(limits["meaning"])


def add_model_settings(parser: argparse._ArgumentGroup) -> None:
    """Add the family, and an option for each setting that a model of either has; what is not given is
    absent, for the families differ in their defaults."""
    parser.add_argument("--family", choices=FAMILIES, default=RECURRENT, help="what the model is made of "
                        "(default: %(default)s)")  # fmt: skip
    settings: dict[str, list[tuple[str, dataclasses.Field[Any]]]] = {}
    for family, kind in KINDS.items():
        for setting in dataclasses.fields(kind):
            settings.setdefault(setting.name, []).append((family, setting))
    for name, of in settings.items():
        only = "" if len(of) == len(KINDS) else f"{of[0][0]} only: "
        defaults = {str(setting.default) for _, setting in of}
        told = (
            defaults.pop()
            if len(defaults) == 1
            else ", ".join(f"{one.default} if {family}" for family, one in of)
        )
        parser.add_argument(
            f"--{name.replace('_', '-')}",
            type=type(of[0][1].default),
            default=argparse.SUPPRESS,
            metavar=name.upper(),
            help=f"{only}{_meaning(of[0][1])} (default: {told})",
        )


def model_config_of(options: argparse.Namespace) -> AnyModelConfig:
    """The shape that the options ask for. Raises ConfigError, also for a setting of another family."""
    kind = KINDS[options.family]
    own = {setting.name for setting in dataclasses.fields(kind)}
    given = {
        setting.name: value
        for one in KINDS.values()
        for setting in dataclasses.fields(one)
        if (value := getattr(options, setting.name, None)) is not None
    }
    for name, value in given.items():
        if name not in own:
            raise ConfigError(
                "setting_of_other_family",
                name=name,
                value=value,
                family=options.family,
                option=name.replace("_", "-"),
            )
    return kind(**given)


@dataclasses.dataclass(frozen=True)
class Limits:
    """The whole numbers that an option takes."""

    low: int
    high: int

    def __call__(self, text: str) -> int:
        """The number that a text is. Raises what argparse tells people."""
        try:
            number = int(text)
        except ValueError:
            number = self.low - 1
        if not self.low <= number <= self.high:
            raise argparse.ArgumentTypeError(f"{text[:40]!r} is not a whole number from {self}")
        return number

    def __str__(self) -> str:
        return f"{self.low:,} to {self.high:,}"


SEEDS: Final = Limits(0, 2**31 - 1)
_MOST: Final = 8  # numbers in a list


def add_number(
    parser: argparse.ArgumentParser, name: str, limits: Limits, *, default: int, meaning: str
) -> None:
    """Add an option that takes a whole number."""
    parser.add_argument(name, type=limits, default=default, metavar="N",
                        help=f"{meaning}; {limits} (default: {default:,})")  # fmt: skip


def add_numbers(
    parser: argparse.ArgumentParser, name: str, limits: Limits, *, default: tuple[int, ...], meaning: str
) -> None:
    """Add an option that takes a few whole numbers with commas between them."""

    def numbers(text: str) -> tuple[int, ...]:
        parts = text.split(",")
        if len(parts) > _MOST:
            raise argparse.ArgumentTypeError(f"{len(parts)} numbers are given; give at most {_MOST}")
        return tuple(map(limits, parts))

    parser.add_argument(name, type=numbers, default=default, metavar="N,N,...",
                        help=f"{meaning}; at most {_MOST} numbers, each {limits} "
                        f"(default: {','.join(map(str, default))})")  # fmt: skip
