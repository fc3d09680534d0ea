"""python -m s2s gap: models fed by a teacher against models fed by themselves, over a file of pairs."""

from __future__ import annotations

import argparse
import dataclasses
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from s2s.cli.evaluate import THREADS, check_json, setup_of
from s2s.cli.outputs import write
from s2s.cli.streams import say
from s2s.data.corpora import LIMIT, LINES
from s2s.errors import S2SError
from s2s.records import to_json

if TYPE_CHECKING:
    from s2s.evaluate.evaluation import Setup
    from s2s.evaluate.gap import Gap


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `gap`."""
    meaning = "measure how far models leave the reference when nobody leads them: tables on standard output"
    parser = commands.add_parser("gap", help=meaning, description=meaning)
    parser.set_defaults(command=_gap)
    parser.add_argument("--model", dest="models", action="append", required=True, metavar="NAME",
                        help="a shipped model or the path of a model folder; may be repeated")  # fmt: skip
    parser.add_argument("data", type=Path, metavar="DATA",
                        help="pairs no model learned from: source TAB target a line, plain or .gz, - for "
                        "standard input; each target is a reference of its own; at most "
                        f"{LINES:,} lines, {LIMIT:,} bytes unpacked")  # fmt: skip
    parser.add_argument("--json", metavar="FILE",
                        help="write what was measured there; - prints it instead of the tables")  # fmt: skip
    parser.add_argument("--events", action="store_true",
                        help="for programs: a JSON object a line on standard output for each pair, for each "
                        "result, and for an error")  # fmt: skip


def _gap(options: argparse.Namespace) -> None:
    try:
        found = _measured(options)
    except S2SError as error:
        if options.events:
            values = error.values.items()
            told = {name: value if isinstance(value, int) else str(value) for name, value in values}
            _tell(event="error", key=error.key, values=told)
        raise
    record = to_json([_record(setup, gap) for setup, gap in found], indent=1)
    if options.json is not None and options.json != "-":
        write(Path(options.json), record + "\n")
    if options.events:
        return
    say(record if options.json == "-" else _tables(found, options.data))


def _measured(options: argparse.Namespace) -> list[tuple[Setup, Gap]]:
    import torch
    from tqdm import tqdm

    from s2s.data.corpora import read_pairs
    from s2s.evaluate.exposure import measure_gap
    from s2s.translator import Translator

    torch.set_num_threads(THREADS)
    check_json(options.json)
    given = None
    if str(options.data) == "-":
        options.data, given = Path("standard input"), sys.stdin.buffer.read(LIMIT + 1)
    pairs = read_pairs(options.data, data=given)
    models = [(Translator.load(name), setup_of(name, options.data, pairs)) for name in options.models]
    found: list[tuple[Setup, Gap]] = []
    done = 0
    total = len(models) * len(pairs)
    with tqdm(total=total, unit="pair", dynamic_ncols=True, disable=options.events) as bar:
        for translator, setup in models:
            bar.set_description(setup.model)
            for gap in measure_gap(translator, pairs):
                if gap is not None:
                    found.append((setup, gap))
                    if options.events:
                        _tell(event="result", **_record(setup, gap))
                    continue
                bar.update()
                if options.events:
                    done += 1
                    _tell(event="progress", done=done, total=total)
    return found


def _record(setup: Setup, gap: Gap) -> dict[str, Any]:
    return {"setup": dataclasses.asdict(setup), "gap": gap.to_dict()}


def _tell(**event: Any) -> None:
    """One line for the program that reads us, at once."""
    say(to_json(event))


def _tables(found: list[tuple[Setup, Gap]], data: Path) -> str:
    from s2s.claims.gap import runs_part
    from s2s.evaluate.table import gap_table, position_table

    parts = [gap_table([(setup.model, gap) for setup, gap in found])]
    parts += [f"{setup.model}, by step, forced / free:\n\n{position_table(gap)}" for setup, gap in found]
    parts.append("\n".join(f"{setup.model}, {runs_part(gap)}" for setup, gap in found))
    setup, gap = found[0]
    parts.append(
        f"{data.name}: {gap.pairs:,} pairs, each with one reference; {gap.skipped:,} left out, whose "
        f"reference is empty or longer than a translation; fingerprint {setup.data_fingerprint[:12]}"
    )
    return "\n\n".join(parts)
