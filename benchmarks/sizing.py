"""`python -m benchmarks.sizing`: what one app takes, its models included, and what many learners take.

Everything in `SIZING.md` that is a number is written by `--write`, from what was measured in this run: the
first table is measured, the second is arithmetic on the first. What is assumed stands in `SIZES`.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import cycle
from math import ceil
from pathlib import Path
from typing import Final, NamedTuple

from benchmarks import browser, report
from benchmarks.chromium import chromium
from benchmarks.crowd import connected, run_page, type_together, until_loaded
from benchmarks.processes import busy, memory
from benchmarks.report import Spread, spread
from benchmarks.sentences import unlike
from benchmarks.server import Server, health, running
from pages.kit.seats import Seats, raise_limit
from pages.kit.translators import _KEPT

SIZING: Final = Path(__file__).parent / "SIZING.md"
CROWDS: Final = (1, 3, 5, 10, 20, 30)
QUICK: Final = (1, 3)
_OPEN: Final = 30  # pages that are open while nobody types
_LIVE: Final = 500.0  # milliseconds that nineteen of twenty answers of a page that is live stay under
_BEGIN: Final = "<!-- {}: begin, written by python -m benchmarks.sizing --write -->"
_END: Final = "<!-- {}: end -->"


class Size(NamedTuple):
    """So many learners, and how many of them are there in the busiest minute."""

    what: str
    learners: int
    share_open: float  # of them have a page open
    share_typing: float  # of these type, a new sentence each second


SIZES: Final = (
    Size("a class", 30, 1.0, 1.0),
    Size("a school", 1_000, 0.25, 0.5),
    Size("a country", 1_000_000, 0.05, 0.5),
)


class Crowd(NamedTuple):
    """What so many people typing live through."""

    times: Spread  # milliseconds
    rate: float  # answers a second
    cores: float  # seconds of a core for each answer
    answer: float  # bytes for each answer
    sentence: float  # answers for each sentence; the others were replaced by a newer one


class Figures(NamedTuple):
    """What was measured of one app: the process that draws, and those that compute."""

    machine: int  # cores of the machine
    empty: float  # MB with its models, before anybody comes
    open: float  # MB more for each page that is open
    after: float  # MB when all crowds have typed
    kept: float  # MB of that which are answers kept
    crowds: Mapping[int, Crowd]
    files: float  # bytes of a first visit, files
    messages: float  # and messages

    @property
    def live(self) -> int:
        """How many may type while answers still come at once; 0 where not even one may."""
        held = [people for people, crowd in self.crowds.items() if crowd.times.p95 < _LIVE]
        return max(held, default=0)

    @property
    def typical(self) -> Crowd:
        """The largest crowd that is live, or the smallest: beyond, work is lost on what is replaced."""
        return self.crowds[self.live or min(self.crowds)]

    @property
    def most(self) -> float:
        """MB of an app whose memory for answers is full."""
        return max(self.after, self.empty + _KEPT / 1e6)


def measured(crowds: Sequence[int], seconds: float) -> Figures:
    """Of one app, alone on this machine with those who type."""
    sentences = cycle(unlike())
    with running() as server:
        asyncio.run(until_loaded(server))
        empty = memory(server.process)
        few, many = (asyncio.run(_memory_with(server, count * _OPEN)) for count in (1, 3))
        opened = (many - few) / (2 * _OPEN)
        found = {people: _crowd(server, people, seconds, sentences) for people in crowds}
        after, kept = memory(server.process), health(server)["bytes_kept"] / 1e6
    with running() as server, chromium() as own:
        seen = browser.visit(own, server)
    return Figures(
        os.cpu_count() or 1, empty, max(opened, 0.0), after, kept, found, seen.responses, seen.messages
    )


def _crowd(server: Server, people: int, seconds: float, sentences: Iterator[str]) -> Crowd:
    before = busy(server.process)
    typed = asyncio.run(type_together(server, people, seconds, sentences))
    worked = busy(server.process) - before
    answers = sum(one.answers for one in typed)
    asked = sum(len(one.milliseconds) for one in typed)
    return Crowd(
        spread([time for one in typed for time in one.milliseconds]),
        answers / max(seconds, *(one.seconds for one in typed)),
        worked / answers,
        sum(one.received for one in typed) / answers,
        answers / asked,
    )


async def _memory_with(server: Server, people: int) -> float:
    connections = [await connected(server) for _ in range(people)]
    for connection in connections:
        await run_page(connection)
    found = memory(server.process)
    for connection in connections:
        await connection.close()
    return found


def first_table(figures: Figures) -> str:
    """What was measured, each row by its name in the arithmetic."""
    one_answer = figures.typical
    rows = [
        ("M", "memory of an app with its models, nobody there", f"{figures.empty:,.0f} MB"),
        ("", f"the same when all crowds below have typed; {figures.kept:,.0f} MB of it are answers kept "
         f"(at most {_KEPT / 1e6:,.0f})", f"{figures.after:,.0f} MB"),
        ("F", "memory of an app whose answers kept are full", f"{figures.most:,.0f} MB"),
        ("S", "memory for each page that is open", f"{figures.open:.2f} MB"),
        ("C", "time of a core for an answer of three models", f"{1000 * one_answer.cores:,.0f} ms"),
        ("K", "cores of the machine", f"{figures.machine}"),
        ("V", "bytes of a first visit", f"{(figures.files + figures.messages) / 1e6:.2f} MB"),
        ("B", "bytes of an answer", f"{one_answer.answer / 1000:,.0f} kB"),
        ("P", f"people typing for whom 19 of 20 answers stay under {_LIVE:,.0f} ms", f"{figures.live}"),
        ("", "pages that an app has room for (open files)", f"{Seats(raise_limit()).count:,}"),
    ]  # fmt: skip
    for people, one in figures.crowds.items():
        told = f"p50 {one.times.p50:,.0f} ms, p95 {one.times.p95:,.0f} ms; {one.rate:.1f} answers a second"
        rows.append(
            ("", f"{people} typing, a new sentence each second", f"{told}, {one.sentence:.0%} of sentences")
        )
    lines = ["| | what | measured |", "|---|---|--:|"]
    return "\n".join([*lines, *(f"| {name} | {what} | {value} |" for name, what, value in rows)])


def second_table(figures: Figures) -> str:
    """What so many learners take."""
    one_answer = figures.typical
    live = max(figures.live, 1)
    columns: list[tuple[str, ...]] = []
    for size in SIZES:
        pages = ceil(size.learners * size.share_open)
        typing = ceil(pages * size.share_typing)
        apps = ceil(typing / live)
        cores = apps * figures.machine
        gigabytes = (apps * figures.most + pages * figures.open) / 1000
        gigabits = (typing * one_answer.answer * 8) / 1e9
        lesson = pages * (figures.files + figures.messages) / 1e9
        columns.append((
            f"{size.learners:,}", f"{pages:,}", f"{typing:,}", f"{apps:,}", f"{cores:,}",
            f"{gigabytes:,.1f} GB", f"{typing * one_answer.cores:,.1f}", f"{gigabits:,.3f} Gbit/s",
            f"{lesson:,.2f} GB", f"{cores:,}", f"{cores / size.learners:.2g}",
        ))  # fmt: skip
    names = (
        "learners, L", "pages open, O", "typing at once, T",
        "apps, N = T / P rounded up",
        "cores, N * K", "memory, N * F + O * S",
        "cores that compute all the time, T * C",
        "answers on the network, T * B * 8",
        "first visits, O * V",
        "core-hours for an hour like this, N * K",
        "the same for each learner, N * K / L",
    )  # fmt: skip
    head = ["| | " + " | ".join(size.what for size in SIZES) + " |", "|---|" + "--:|" * len(SIZES)]
    body = [f"| {name} | {' | '.join(row)} |" for name, *row in zip(names, *columns, strict=True)]
    return "\n".join([*head, *body])


def write(blocks: Mapping[str, str], page: Path = SIZING) -> None:
    """Put blocks between their markers."""
    text = page.read_text(encoding="utf-8")
    for name, block in blocks.items():
        begin, end = _BEGIN.format(name), _END.format(name)
        before, found_begin, rest = text.partition(begin)
        _, found_end, after = rest.partition(end)
        if not (found_begin and found_end):
            sys.exit(f"{page.name} lacks its two markers, {begin!r} and {end!r}; put them back")
        text = "\n\n".join([before + begin, block, end + after])
    page.write_text(text, encoding="utf-8")


def main(arguments: Sequence[str]) -> None:
    """Measure, print, and write if that is asked for."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.sizing", description="what many learners take"
    )
    parser.add_argument("--quick", action="store_true", help="few people, few seconds: to try, not to report")
    parser.add_argument("--write", action="store_true", help=f"put the tables into benchmarks/{SIZING.name}")
    options = parser.parse_args(arguments)
    load = os.getloadavg()[0]
    figures = measured(QUICK if options.quick else CROWDS, 5.0 if options.quick else 20.0)
    machine = f"Measured in one run, on {report.machine()} Those who type share the machine."
    machine += f" Before it began, {load:.1f} other processes wanted a core (load average)."
    blocks = {"figures": f"{machine}\n\n{first_table(figures)}", "sizes": second_table(figures)}
    print("\n\n".join(blocks.values()))
    if options.write:
        write(blocks)


if __name__ == "__main__":
    main(sys.argv[1:])
