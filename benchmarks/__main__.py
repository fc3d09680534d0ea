"""`python -m benchmarks [--write] [--quick] [PART ...]`: measure, and print one Markdown table."""

from __future__ import annotations

import argparse
import shlex
import signal
import sys
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from benchmarks import browser, crowd, report, translate
from benchmarks.report import Row


class Repetitions(NamedTuple):
    """How often, how many, how long."""

    rounds: int  # over the sentences, in each process
    processes: int  # for each model
    starts: int
    sentences: int  # typed in the browser
    people: int
    seconds: float  # that they type


FULL: Final = Repetitions(rounds=20, processes=5, starts=5, sentences=10, people=crowd.PEOPLE, seconds=20.0)
QUICK: Final = Repetitions(rounds=3, processes=1, starts=1, sentences=2, people=5, seconds=5.0)

PARTS: Final[dict[str, Callable[[Repetitions], list[Row]]]] = {
    "translate": lambda r: translate.rows(rounds=r.rounds, processes=r.processes),
    "start": lambda r: browser.start_rows(times=r.starts),
    "keystroke": lambda r: browser.keystroke_rows(sentences=r.sentences),
    "crowd": lambda r: crowd.rows(people=r.people, seconds=r.seconds),
    "bytes": lambda r: browser.bytes_rows(),
}


def main(arguments: Sequence[str]) -> None:
    """Measure the parts asked for, in the order of the table."""
    options = _parser().parse_args(arguments)
    everything = "all" in options.part  # also where no part is named
    if options.write and not everything:
        sys.exit("--write replaces the whole table, so it takes all parts: name none")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that servers are stopped then, too
    rows: list[Row] = []
    for name, measure in PARTS.items():
        if everything or name in options.part:
            print(f"measuring {name} ...", file=sys.stderr)
            rows += measure(QUICK if options.quick else FULL)
    table = report.table(rows)
    print(f"{report.machine()}\n\n{table}")
    if options.write:
        report.write(shlex.join(["python", "-m", "benchmarks", *arguments]), table)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="What is fast, and how fast.")
    parser.add_argument(
        "part",
        nargs="*",
        default="all",
        choices=[*PARTS, "all"],
        metavar="PART",
        help=", ".join([*PARTS, "all"]),
    )
    parser.add_argument("--quick", action="store_true", help="few repetitions: to try, not to report")
    parser.add_argument("--write", action="store_true", help="put the table into benchmarks/README.md")
    return parser


if __name__ == "__main__":
    main(sys.argv[1:])
