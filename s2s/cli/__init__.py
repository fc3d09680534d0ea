"""python -m s2s: data, train, evaluate, gap, models, probe, translate, align, trace, compare, memory, costs,
app.

Text goes in through standard input and out through standard output; what is said to a person goes to
standard error. Each file here is a family of commands and adds them to the parser.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from s2s import __version__
from s2s.cli import app, compare, data, evaluate, experiments, gap, models, probe, read, train
from s2s.errors import S2SError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it is done, 1 after an error (one sentence on standard error),
    130 after Ctrl-C."""
    options = parser().parse_args(arguments)
    try:
        options.command(options)
    except S2SError as error:
        print(f"s2s: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # the reader of our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def parser() -> argparse.ArgumentParser:
    """All commands. What loads torch is imported where it is used, so that --help answers at once."""
    whole = argparse.ArgumentParser(
        prog="s2s" if Path(sys.argv[0]).stem == "s2s" else "python -m s2s",
        description="Sequence to sequence with attention.",
    )
    whole.add_argument("--version", action="version", version=f"s2s {__version__}")
    commands = whole.add_subparsers(required=True, metavar="COMMAND")
    for family in (data, train, evaluate, gap, models, probe, read, compare, experiments, app):
        family.add(commands)
    return whole
