"""python -m s2s compare: teacher forcing beside a free run, step by step."""

from __future__ import annotations

import argparse
import math
from typing import TYPE_CHECKING, Any

from s2s.cli.lines import Lines, sides, tell
from s2s.cli.read import add_file, load
from s2s.cli.settings import SEEDS, add_number
from s2s.cli.streams import say
from s2s.errors import ConfigError, DataError
from s2s.records import to_json
from s2s.traces import Array, Trace

if TYPE_CHECKING:
    from s2s.evaluate.divergence import Regimes


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `compare`."""
    meaning = (
        "teacher forcing beside a free run: source, or source TAB reference, a line; a table or JSON out"
    )
    parser = commands.add_parser("compare", help=meaning, description=meaning)
    parser.set_defaults(command=_compare)
    parser.add_argument("--model", required=True, metavar="NAME",
                        help="a shipped model, or the path of a model folder")  # fmt: skip
    parser.add_argument("--reference", default="", metavar="TEXT",
                        help="what the teacher says where a line does not give it; without, what the model "
                        "says itself")  # fmt: skip
    parser.add_argument("--ratio", type=float, default=0.0, metavar="SHARE",
                        help="share of the second run's steps that the teacher feeds, 0 to 1 "
                        "(default: %(default)s, a free run)")  # fmt: skip
    add_number(parser, "--seed", SEEDS, default=1, meaning="seed of the coins that share out the steps")
    parser.add_argument("--inject", nargs=2, metavar=("STEP", "WORD"),
                        help="feed a word from a step on, in place of the word there; steps count from 1, "
                        "the first reads the start token; a word that begins with · goes on with the one "
                        "before")  # fmt: skip
    parser.add_argument("--json", action="store_true",
                        help="one JSON object a line, everything in it; without, a table")  # fmt: skip
    add_file(parser)


def _compare(options: argparse.Namespace) -> None:
    from s2s.evaluate.divergence import Injection

    injection = None
    if options.inject:
        try:
            injection = Injection(int(options.inject[0]), options.inject[1])
        except ValueError as error:
            raise ConfigError(
                "setting_wrong_type", name="step", value=options.inject[0], expected="int"
            ) from error
    translator, lines = load(options.model), Lines(options.file)
    for number, line in lines:
        source, *rest = sides(line)
        try:
            if len(rest) > 1:
                raise DataError("line_columns", path=lines.name, line=number, found=len(rest) + 1)
            both = translator.compare(
                source,
                rest[0] if rest else options.reference,
                ratio=options.ratio,
                seed=options.seed,
                injection=injection,
            )
            lines.tell_cuts(number, both.forced, both.free)
            say(to_json(_record(both)) if options.json else _table(both))
        except DataError as error:  # other lines are still compared
            if options.json:
                say(to_json({"error": str(error)}))
            else:
                tell(error)


def _record(both: Regimes) -> dict[str, Any]:
    parted = both.divergence
    record: dict[str, Any] = {
        "source": both.forced.source,
        "reference": both.reference,
        "reference_is_own": both.is_own,
        "ratio": both.ratio,
        "seed": both.seed,
        "source_cut": both.forced.source_cut,
        "injection": both.injection and both.injection._asdict(),
        "first_divergence": None if parted.first is None else parted.first + 1,
        "kl": _rounded(parted.kl),
        "distance": _rounded(parted.distance),
    }
    runs = zip((both.forced, both.free), both.reference_log_probs, both.effects, strict=True)
    for name, (trace, wanted, effect) in zip(("forced", "free"), runs, strict=True):
        record[name] = {
            "target": trace.target,
            "target_cut": trace.target_cut,
            "steps": [_step_record(both, trace, wanted, step) for step in range(len(trace.fed))],
            "effect": effect
            and {
                "read": effect.read + 1,
                "start": effect.start + 1,
                "kl": _rounded(effect.kl),
                "changed": effect.changed,
                "kept_place": effect.kept_place,
                "recovered": effect.recovered,
            },
        }
    return record


def _step_record(both: Regimes, trace: Trace, wanted: Array, step: int) -> dict[str, Any]:
    reference = both.wanted[step] if step < len(both.wanted) else None
    known = reference is not None and step < len(wanted)
    return {
        "fed": trace.fed[step].text,
        "forcing": trace.forcing[step],
        "candidates": [[c.text, round(math.exp(c.log_prob), 6)] for c in trace.candidates[step]],
        "reference": reference.text if reference else None,
        "reference_log_prob": round(float(wanted[step]), 6) if known else None,
        "weights": None if trace.weights is None else _rounded(trace.weights[step]),
    }


def _rounded(numbers: Array) -> list[float]:
    return [round(float(number), 6) for number in numbers]


def _table(both: Regimes) -> str:
    """Both runs side by side, a step a line."""
    rows: list[tuple[str, ...]] = [("step", "fed", "says", "p", "reference", "p", "fed", "says", "p", "KL")]
    for step in range(max(len(both.forced.fed), len(both.free.fed))):
        cells = [str(step + 1)]
        for trace, wanted in ((both.forced, both.reference_log_probs[0]), (both.free, None)):
            if step < len(trace.fed):
                says = trace.candidates[step][0]
                cells += [trace.fed[step].text, says.text, f"{math.exp(says.log_prob):.2f}"]
            else:
                cells += [""] * 3
            if wanted is not None:
                reference = both.wanted[step] if step < len(both.wanted) else None
                cells += [reference.text, f"{math.exp(wanted[step]):.2f}"] if reference else ["", ""]
        cells.append(f"{both.divergence.kl[step]:.2f}" if step < both.steps else "")
        rows.append(tuple(cells))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]
    first = both.divergence.first
    parted = "the runs are the same" if first is None else f"the runs part at step {first + 1}"
    head = [f"forced: {both.forced.target}", f"free:   {both.free.target}", parted]
    return "\n".join([*head, *lines, ""])
