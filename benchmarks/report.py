"""Measured numbers as one Markdown table, and the machine they belong to."""

from __future__ import annotations

import math
import os
import platform
import statistics
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Final, NamedTuple

from s2s.train.devices import processor

README: Final = Path(__file__).parent / "README.md"
_BEGIN: Final = "<!-- table: begin, written by python -m benchmarks --write -->"
_END: Final = "<!-- table: end -->"


class Row(NamedTuple):
    """One line of the table."""

    part: str  # of the benchmarks
    what: str
    measured: str  # with its unit
    aim: str = ""  # empty for numbers that only help to read the others
    met: bool | None = None  # None without an aim


class Spread(NamedTuple):
    """The middle and the tail of some times, in their own unit."""

    p50: float
    p95: float


def spread(times: Sequence[float]) -> Spread:
    """Median and 95th percentile, the latter an observed value."""
    ordered = sorted(times)
    return Spread(statistics.median(ordered), ordered[math.ceil(0.95 * len(ordered)) - 1])


def table(rows: Iterable[Row]) -> str:
    """The rows in Markdown."""
    lines = ["| part | what | measured | aim | met |", "|---|---|---|---|---|"]
    verdict = {None: "", True: "yes", False: "**no**"}
    lines += [f"| {r.part} | {r.what} | {r.measured} | {r.aim} | {verdict[r.met]} |" for r in rows]
    return "\n".join(lines)


def machine() -> str:
    """What the numbers were measured on, as a Markdown sentence."""
    libraries = ", ".join(f"{name} {version(name)}" for name in ("torch", "streamlit", "plotly"))
    return (
        f"{os.process_cpu_count() if hasattr(os, 'process_cpu_count') else os.cpu_count()} cores "
        f"({processor()}), Python {platform.python_version()}, {libraries}."
    )


def write(rows: Sequence[Row], *, order: Sequence[str], readme: Path = README) -> None:
    """Put rows between the two markers of README.md, in the place of all older ones of their parts; those of
    other parts stay. `order` is that of the parts."""
    text = readme.read_text(encoding="utf-8")
    before, found_begin, rest = text.partition(_BEGIN)
    old, found_end, after = rest.partition(_END)
    if not (found_begin and found_end):
        raise SystemExit(f"{readme.name} lacks its two markers, {_BEGIN!r} and {_END!r}; put them back")
    head, rule, *fresh = table(rows).splitlines()
    measured = {row.part for row in rows}
    kept = [line for line in old.splitlines() if _part(line) in set(order) - measured]
    body = sorted([*kept, *fresh], key=lambda line: order.index(_part(line)))  # a stable sort
    told = f"Each part in one run, on {machine()}"
    block = "\n".join([_BEGIN, "", told, "", head, rule, *body, "", _END])
    readme.write_text(before + block + after, encoding="utf-8")


def _part(line: str) -> str:
    return line.removeprefix("| ").partition(" |")[0]
