"""python -m s2s regimes: models that differ in their training regime alone, against each other."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from s2s import catalog
from s2s.cli.evaluate import check_json
from s2s.cli.outputs import check_writable, write
from s2s.cli.settings import Limits, add_number
from s2s.cli.streams import say
from s2s.errors import DataError

if TYPE_CHECKING:
    from s2s.evaluate.regimes import Regimes


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `regimes`."""
    meaning = "measure what training regimes cost and give: tables and claims on standard output"
    parser = commands.add_parser("regimes", help=meaning, description=meaning)
    parser.set_defaults(command=_regimes)
    parser.add_argument("--data", type=Path, required=True, metavar="FILE",
                        help="everyday pairs no model learned from, such as test.tsv.gz")  # fmt: skip
    parser.add_argument("--general", type=Path, required=True, metavar="FILE",
                        help="pairs of another kind of text that no model learned from")  # fmt: skip
    parser.add_argument("--models", nargs="+", metavar="NAME",
                        default=[kind.model() for kind in catalog.TRAINED],
                        help="models that differ in their regime alone, one of each, one of them trained by "
                        "teacher forcing: shipped ones or folders (default: the shipped ones)")  # fmt: skip
    parser.add_argument("--repetitions", type=Path, metavar="FOLDER",
                        help="a folder of smaller trainings with several seeds of each regime")  # fmt: skip
    add_number(parser, "--pairs", Limits(4, 1_000_000), default=3000, meaning="pairs of each file, at most")
    add_number(parser, "--repetition-pairs", Limits(1, 1_000_000), default=500,
               meaning="everyday pairs for each repetition, at most")  # fmt: skip
    add_number(parser, "--rounds", Limits(1, 1000), default=5, meaning="rounds in which costs are measured")
    add_number(parser, "--batches", Limits(1, 1000), default=12, meaning="updates in a round")
    add_number(parser, "--discriminator-updates", Limits(1, 1_000_000), default=500,
               meaning="updates of the new discriminators")  # fmt: skip
    parser.add_argument("--steps", action="store_true", help="also print the gap step by step")
    parser.add_argument("--json", metavar="FILE",
                        help="write the record there; - prints it instead of the tables")  # fmt: skip
    parser.add_argument("--write", action="store_true",
                        help="put the record beside the shipped models, where the pages read it, and its "
                        "tables into their table")  # fmt: skip


def _regimes(options: argparse.Namespace) -> None:
    from s2s.evaluate.regimes import RECORD

    check_json(options.json)
    if options.write:
        check_writable(RECORD)
    found = _measured(options)
    if options.json == "-":
        say(found.to_json().removesuffix("\n"))
    else:
        say(_tables(found, with_steps=options.steps))
    if options.json is not None and options.json != "-":
        write(Path(options.json), found.to_json())
    if options.write:
        keep(found, catalog.SHIPPED)


def _measured(options: argparse.Namespace) -> Regimes:
    from s2s.cli.regime_record import File, Sizes, given, measure, repeated
    from s2s.data.corpora import read_pairs

    everyday, general = (File(path.name, read_pairs(path)) for path in (options.data, options.general))
    models = given(options.models)
    if options.write and (others := [one.folder for one in models if one.folder.parent != catalog.SHIPPED]):
        raise DataError("record_of_others", path=others[0])
    repetitions = repeated(options.repetitions, models[0]) if options.repetitions else ()
    sizes = Sizes(
        pairs=options.pairs,
        repetition_pairs=options.repetition_pairs,
        rounds=options.rounds,
        batches=options.batches,
        tellings=options.discriminator_updates,
    )
    return measure(models, repetitions, everyday, general, sizes)


def keep(found: Regimes, out: Path) -> None:
    """Write a record into a folder of models, and the page there again with it. Raises DataError."""
    from s2s.evaluate.page import write_page
    from s2s.evaluate.regimes import RECORD

    catalog.write_whole(out / RECORD.name, found.to_json().encode())
    write_page(out)


def _tables(found: Regimes, *, with_steps: bool) -> str:
    from s2s.claims.regimes import claims
    from s2s.evaluate.regime_table import regimes_section, step_table

    parts = regimes_section(found)
    if with_steps:
        parts += [
            f"{one.model}, {name}, by step:\n\n{step_table(on)}"
            for one in found.trained
            for name, on in (("everyday", one.everyday), ("general", one.general))
        ]
    parts.append("\n".join(map(str, claims(found))))
    return "\n\n".join(parts)
