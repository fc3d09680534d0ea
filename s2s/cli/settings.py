"""Options with limits, which --help says: settings of `config`, from the one place that states them, and
whole numbers of a command's own."""

from __future__ import annotations

import argparse
import dataclasses
from typing import Final

from s2s.config import FragmentConfig, ModelConfig, SpeechConfig, SpeechTrainConfig, SplitConfig, TrainConfig


def add_settings(
    parser: argparse.ArgumentParser | argparse._ArgumentGroup,
    kind: type[FragmentConfig | ModelConfig | SpeechConfig | SpeechTrainConfig | SplitConfig | TrainConfig],
) -> None:
    """Add an option for each setting of a kind."""
    for setting in dataclasses.fields(kind):
        limits = setting.metadata
        meaning = limits["meaning"]
        if limits["choices"] is not None:
            meaning += f": {', '.join(limits['choices'])}"
        elif limits["low"] is not None:
            meaning += f"; {limits['low']} to {limits['high']}"
        parser.add_argument(
            f"--{setting.name.replace('_', '-')}",
            type=type(setting.default),
            default=setting.default,
            metavar=setting.name.upper(),
            help=f"{meaning} (default: %(default)s)",
        )


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
