"""python -m s2s memory, costs: what recurrent cells remember and what they cost, found out in a minute."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from s2s.catalog import DOT
from s2s.cli.counts import LARGEST_SEED, count, counts
from s2s.config import NO_ATTENTION

if TYPE_CHECKING:
    from s2s.train.memory import Point

_LONGEST: Final = 10_000  # tokens of a sequence: some hundred megabytes in training


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `memory` and `costs`."""
    meaning = "learn to recall the first token after n others, with each cell, without and with attention"
    memory = commands.add_parser("memory", help=meaning, description=meaning)
    memory.set_defaults(command=_memory)
    memory.add_argument("--fillers", type=counts(high=_LONGEST), metavar="N,N,...",
                        help="how many tokens stand between (default: 5,10,20,40)")  # fmt: skip
    memory.add_argument(
        "--updates",
        type=count(high=10_000_000),
        metavar="N",
        help="updates of a run, at most (default: 500)",
    )
    memory.add_argument("--seed", type=count(low=0, high=LARGEST_SEED), metavar="N",
                        help="of weights and sequences (default: 1)")  # fmt: skip
    meaning = "measure what each cell costs on this machine: parameters, milliseconds a token by length"
    costs = commands.add_parser("costs", help=meaning, description=meaning)
    costs.set_defaults(command=_costs)
    costs.add_argument("--lengths", type=counts(high=_LONGEST), metavar="N,N,...",
                       help="tokens to read and to write (default: 10,20,40,80)")  # fmt: skip
    for parser in (memory, costs):
        parser.add_argument("--events", action="store_true",
                            help="for programs: a JSON object a line on standard output, all that is known "
                            "so far in each, and the result in the last")  # fmt: skip


def _memory(options: argparse.Namespace) -> None:
    import torch

    from s2s.claims.memory import attention_helps
    from s2s.train.memory import learn

    torch.set_num_threads(1)  # a step is too small to share out
    given = {
        name: value
        for name in ("fillers", "updates", "seed")
        if (value := getattr(options, name)) is not None
    }
    curves: dict[str, list[list[float]]] = {}
    ends: dict[str, Point] = {}  # of each curve
    for point in learn(**given):
        name = curve_name(point)
        curves.setdefault(name, []).append([point.updates, round(point.right, 3)])
        ends[name] = point
        if options.events:
            so_far = {"curves": curves, "learned": _learned(ends)}
            _tell(event="progress", done=point.done, total=point.total, so_far=so_far)
    if options.events:
        _tell(event="result", curves=curves, learned=_learned(ends))
        return
    print("cell  attention  fillers  updates  right at the end  learned")
    for end in ends.values():
        told = "yes" if end.learned else "no"
        print(
            f"{end.cell:4}  {_attention(end):9}  {end.fillers:>7}  {end.updates:>7}  {100 * end.right:15.1f}%"
            f"  {told:>7}"
        )
    print(attention_helps([p.curve for p in ends.values()], [p.curve for p in ends.values() if p.learned]))


def curve_name(point: Point) -> str:
    """A run, as its curve is called: cell/attention/fillers."""
    return f"{point.cell}/{_attention(point)}/{point.fillers}"


def _attention(point: Point) -> str:
    return DOT.attention if point.attention else NO_ATTENTION


def _learned(ends: Mapping[str, Point]) -> list[str]:
    """The curves that end where their task is learned."""
    return [name for name, end in ends.items() if end.learned]


def _costs(options: argparse.Namespace) -> None:
    import torch

    from s2s.claims.costs import lstm_costs_more
    from s2s.config import CELLS
    from s2s.costs import LENGTHS, measure_costs

    torch.set_num_threads(1)  # as in the app
    lengths = options.lengths or LENGTHS
    found: list[dict[str, Any]] = []
    for cost in measure_costs(lengths):
        found.append(cost._asdict())
        if options.events:
            total = len(lengths) * len(CELLS)
            _tell(event="progress", done=len(found), total=total, so_far={"costs": found})
    if options.events:
        _tell(event="result", costs=found)
        return
    print("cell  tokens  parameters  recurrent  ms a token read  ms a token read and written")
    for one in found:
        print(
            f"{one['cell']:4}  {one['length']:>6}  {one['parameters']:>10,}  {one['recurrent']:>9,}  "
            f"{one['reading']:15.3f}  {one['writing']:27.3f}"
        )
    print(lstm_costs_more(found))


def _tell(**event: Any) -> None:
    """One line for the program that reads us, at once."""
    sys.stdout.write(json.dumps(event) + "\n")
    sys.stdout.flush()
