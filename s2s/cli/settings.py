"""Settings of `config` as options: name, meaning, limits and default from the one place that states them."""

from __future__ import annotations

import argparse
import dataclasses

from s2s.config import FragmentConfig, ModelConfig, SplitConfig, TrainConfig


def add_settings(
    parser: argparse.ArgumentParser | argparse._ArgumentGroup,
    kind: type[FragmentConfig | ModelConfig | SplitConfig | TrainConfig],
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
