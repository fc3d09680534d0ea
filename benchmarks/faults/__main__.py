"""`python -m benchmarks.faults [PART ...]`: try to break it, and print what held."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import Final, NamedTuple

from benchmarks.faults import Case, background, folders, pages, restarts, sessions, texts, trainings


class Part(NamedTuple):
    """One way to try."""

    cases: Callable[[int, Random], Iterator[Case]]
    times: int
    quick: int
    what: str


PARTS: Final = {
    "texts": Part(texts.library, 10_000, 200, "odd texts translated, compared and taken apart"),
    "lines": Part(texts.lines, 5_000, 500, "odd lines through the command line, 500 a command"),
    "fields": Part(pages.texts, 500, 24, "odd texts in the fields of all pages"),
    "addresses": Part(pages.parameters, 3_000, 24, "odd parameters in the addresses of all pages"),
    "models": Part(folders.damaged, 300, 20, "models with a damaged file"),
    "trainings": Part(trainings.killed, 50, 2, "trainings killed and resumed"),
    "two": Part(trainings.two_at_once, 5, 1, "two trainings in one folder"),
    "sessions": Part(sessions.opened_and_closed, 300, 20, "sessions opened and closed"),
    "soak": Part(sessions.soak, 20, 2, "half minutes of 30 people typing"),
    "background": Part(background.asked_by_all, 30, 5, "work in the background, asked for by all at once"),
    "restart": Part(restarts.killed, 30, 6, "windows that are open while the server is killed"),
}
_MOST_SHOWN: Final = 10  # breaks of each part


def main(arguments: Sequence[str]) -> None:
    """Try the parts asked for; status 1 if anything broke."""
    options = _parser().parse_args(arguments)
    asked = [name for name in PARTS if "all" in options.part or name in options.part]
    print("| part | what | tried | held | broke | seconds |\n|---|---|---|---|---|---|")
    broken: list[str] = []
    for name in asked:
        part = PARTS[name]
        started, cases = time.monotonic(), 0
        mine: list[str] = []
        for case in part.cases(part.quick if options.quick else part.times, Random(options.seed)):
            cases += 1
            if case.broke:
                mine.append(f"{name}: {case.what}\n    {case.broke}")
        seconds = time.monotonic() - started
        row = f"| {name} | {part.what} | {cases} | {cases - len(mine)} | {len(mine)} | {seconds:.0f} |"
        print(row, flush=True)
        broken += mine[:_MOST_SHOWN]
    if broken:
        print("\n" + "\n".join(broken))
        sys.exit(1)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.faults",
        description="Try to break s2s, on this machine alone, and print a table of what held.",
    )
    parser.add_argument(
        "part",
        nargs="*",
        default=["all"],
        choices=[*PARTS, "all"],
        metavar="PART",
        help=", ".join([*PARTS, "all"]),
    )
    parser.add_argument("--quick", action="store_true", help="few cases of each: to try, not to report")
    parser.add_argument("--seed", type=int, default=1, help="another one tries other cases (default: 1)")
    return parser


if __name__ == "__main__":
    main(sys.argv[1:])
