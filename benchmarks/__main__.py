"""`python -m benchmarks [--data FOLDER] [PART ...]`: measure, and print one Markdown table."""

from __future__ import annotations

import argparse
import math
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from benchmarks import (
    aligners,
    browser,
    corpus,
    crowd,
    feeding,
    files,
    regimes,
    report,
    toolkit,
    training,
    translate,
    typed,
    walkthrough,
)
from benchmarks.report import Row


class Repetitions(NamedTuple):
    """How often, how many, how long."""

    rounds: int  # over the sentences, in each process
    processes: int  # for each model
    starts: int
    sentences: int  # typed in the browser
    people: tuple[int, ...]  # in each crowd
    seconds: float  # that they type
    training: float  # seconds of each training whose speed is measured
    turns: int  # over the batches, of each regime
    minutes: float  # of each training whose translations are measured
    test: int  # sentences they translate, at most


FULL: Final = Repetitions(
    rounds=20,
    processes=5,
    starts=5,
    sentences=10,
    people=crowd.PEOPLE,
    seconds=20.0,
    training=30.0,
    turns=6,
    minutes=5.0,
    test=10_000,
)
QUICK: Final = Repetitions(
    rounds=3,
    processes=1,
    starts=1,
    sentences=2,
    people=(5,),
    seconds=5.0,
    training=10.0,
    turns=1,
    minutes=0.2,
    test=50,
)

PARTS: Final[dict[str, Callable[[Repetitions], list[Row]]]] = {
    "translate": lambda r: translate.rows(rounds=r.rounds, processes=r.processes),
    "regimes": lambda r: regimes.rows(rounds=r.rounds),
    "walkthrough": lambda r: walkthrough.rows(rounds=r.rounds),
    "start": lambda r: browser.start_rows(times=r.starts),
    "keystroke": lambda r: browser.keystroke_rows(sentences=r.sentences),
    "crowd": lambda r: crowd.rows(people=r.people, seconds=r.seconds),
    "bytes": lambda r: browser.bytes_rows(),
}
WITH_DATA: Final[dict[str, Callable[[Repetitions, Path], list[Row]]]] = {
    "train": lambda r, data: training.rows(data, seconds=r.training),
    "feeding": lambda r, data: feeding.rows(data, rounds=r.turns),
    "toolkit": lambda r, data: toolkit.rows(data, minutes=r.minutes, sentences=r.test),
    "aligners": lambda r, data: aligners.rows(data),
    "typed": lambda r, data: typed.rows(data, sentences=r.test),
    "files": lambda r, data: files.rows(data, sentences=r.test),
}


def main(arguments: Sequence[str]) -> None:
    """Measure the parts asked for, in the order of the table."""
    options = _parser().parse_args(arguments)
    everything = "all" in options.part  # also where no part is named
    asked = [name for name in (*PARTS, *WITH_DATA) if everything or name in options.part]
    lacking: list[str] = []
    if not options.data or not corpus.is_complete(Path(options.data)):
        lacking = [name for name in asked if name in WITH_DATA]
        if lacking and (options.write or not everything):
            sys.exit(f"{', '.join(lacking)} cannot be measured without {corpus.NEEDED}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that servers are stopped then, too
    repetitions = QUICK if options.quick else FULL
    if options.minutes is not None:
        repetitions = repetitions._replace(minutes=options.minutes)
    rows: list[Row] = []
    for name in asked:
        if name in lacking:
            print(f"{name} cannot be measured without {corpus.NEEDED}", file=sys.stderr)
            continue
        print(f"measuring {name} ...", file=sys.stderr)
        if name in PARTS:
            rows += PARTS[name](repetitions)
        else:
            rows += WITH_DATA[name](repetitions, Path(options.data))
    print(f"{report.machine()}\n\n{report.table(rows)}")
    if options.write:
        report.write(rows, order=[*PARTS, *WITH_DATA])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="What is fast, and how fast.")
    parser.add_argument(
        "part",
        nargs="*",
        default="all",
        choices=[*PARTS, *WITH_DATA, "all"],
        metavar="PART",
        help=", ".join([*PARTS, *WITH_DATA, "all"]),
    )
    parser.add_argument(
        "--data",
        metavar="FOLDER",
        help=f"French-English pairs for {', '.join(WITH_DATA)}: {', '.join(corpus.FILES)}",
    )
    parser.add_argument(
        "--minutes",
        type=_minutes,
        help=f"training time of each trainer in toolkit (default: {FULL.minutes:g})",
    )
    parser.add_argument("--quick", action="store_true", help="few repetitions: to try, not to report")
    parser.add_argument(
        "--write",
        action="store_true",
        help="put the rows into benchmarks/README.md, in the place of the old ones",
    )
    return parser


def _minutes(text: str) -> float:
    try:
        minutes = float(text)
    except ValueError:
        minutes = 0.0
    if not 0 < minutes < math.inf:
        raise argparse.ArgumentTypeError(f"{text!r} is no time; give minutes, such as 5 or 0.5")
    return minutes


if __name__ == "__main__":
    main(sys.argv[1:])
