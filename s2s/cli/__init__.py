"""python -m s2s: data, train, evaluate, gap, regimes, scores, models, probe, judge, memorising, heads,
translate, align, trace, compare, memory, costs, exposure, reading, reorder, app, serve, speech.

Text goes in through standard input and out through standard output; what is said to a person goes to
standard error. Each file here is a family of commands and adds them to the parser.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from s2s import __version__
from s2s.cli import (
    app,
    compare,
    data,
    evaluate,
    experiments,
    gap,
    heads,
    judge,
    memorising,
    models,
    parallel,
    probe,
    read,
    regimes,
    scores,
    serve,
    speech,
    streams,
    train,
)
from s2s.errors import DataError, S2SError

if TYPE_CHECKING:
    from _typeshed import SupportsWrite


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it is done, 1 after an error (one sentence on standard error),
    130 after Ctrl-C."""
    try:
        with streams.flushed():
            options = parser().parse_args(arguments)
            options.command(options)
    except S2SError as error:
        print(f"s2s: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # the reader of our output has seen enough
        return 0
    except OSError as error:  # of a file that no command says more about
        told = DataError("file_failed", path=error.filename or "A file", reason=error.strerror or str(error))
        print(f"s2s: {told}", file=sys.stderr)
        return 1
    return 0


class _Parser(argparse.ArgumentParser):
    """One that refuses `--option=--`, of which argparse makes an empty list, and that notices when its help
    cannot be written."""

    def _get_values(self, action: argparse.Action, arg_strings: list[str]) -> Any:
        values = super()._get_values(action, arg_strings)
        if values == [] and action.nargs is None:
            raise argparse.ArgumentError(action, "expected one argument")
        return values

    def _print_message(self, message: str, file: SupportsWrite[str] | None = None) -> None:
        if file is sys.stdout:
            streams.say(message.removesuffix("\n"))
        else:
            super()._print_message(message, file)


def parser() -> argparse.ArgumentParser:
    """All commands. What loads torch is imported where it is used, so that --help answers at once."""
    whole = _Parser(
        prog="s2s" if Path(sys.argv[0]).stem == "s2s" else "python -m s2s",
        description="Sequence to sequence with attention.",
    )
    whole.add_argument("--version", action="version", version=f"s2s {__version__}")
    commands = whole.add_subparsers(required=True, metavar="COMMAND")
    for family in (
        data,
        train,
        evaluate,
        gap,
        regimes,
        scores,
        models,
        probe,
        judge,
        memorising,
        heads,
        read,
        compare,
        experiments,
        parallel,
        app,
        serve,
        speech,
    ):
        family.add(commands)
    return whole
