"""python -m s2s memory, costs: what recurrent cells remember and what they cost, found out in a minute."""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from s2s.claims.memory import Curve
    from s2s.train.memory import Point


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `memory` and `costs`."""
    meaning = "learn to recall the first token after n others, with each cell, without and with attention"
    memory = commands.add_parser("memory", help=meaning, description=meaning)
    memory.set_defaults(command=_memory)
    memory.add_argument("--fillers", type=_counts, metavar="N,N,...",
                        help="how many tokens stand between (default: 5,10,20,40)")  # fmt: skip
    memory.add_argument(
        "--updates", type=_count, metavar="N", help="updates of a run, at most (default: 500)"
    )
    memory.add_argument("--seed", type=int, metavar="N", help="of weights and sequences (default: 1)")
    meaning = "measure what each cell costs on this machine: parameters, milliseconds a token by length"
    costs = commands.add_parser("costs", help=meaning, description=meaning)
    costs.set_defaults(command=_costs)
    costs.add_argument("--lengths", type=_counts, metavar="N,N,...",
                       help="tokens to read and to write (default: 10,20,40,80)")  # fmt: skip
    for parser in (memory, costs):
        parser.add_argument("--events", action="store_true",
                            help="for programs: a JSON object a line on standard output, all that is known "
                            "so far in each, and the result in the last")  # fmt: skip


def _count(text: str) -> int:
    """A number above zero."""
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def _counts(text: str) -> tuple[int, ...]:
    """Numbers above zero with commas between them."""
    return tuple(_count(part) for part in text.split(","))


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
    learned: dict[str, Curve] = {}
    asked: dict[str, Curve] = {}
    for point in learn(**given):
        name = curve_name(point)
        asked[name] = (point.cell, point.attention, point.fillers)
        curves.setdefault(name, []).append([point.updates, round(point.right, 3)])
        if point.learned:
            learned[name] = asked[name]
        if options.events:
            so_far = {"curves": curves, "learned": list(learned)}
            _tell(event="progress", done=point.done, total=point.total, so_far=so_far)
    if options.events:
        _tell(event="result", curves=curves, learned=list(learned))
        return
    print("cell  attention  fillers  updates  right at the end  learned")
    for name, points in curves.items():
        cell, attention, fillers = name.split("/")
        updates, right = points[-1]
        told = "yes" if name in learned else "no"
        print(f"{cell:4}  {attention:9}  {fillers:>7}  {updates:>7}  {100 * right:15.1f}%  {told:>7}")
    print(attention_helps(asked.values(), learned.values()))


def curve_name(point: Point) -> str:
    """A run, as its curve is called: cell/attention/fillers."""
    return f"{point.cell}/{'dot' if point.attention else 'none'}/{point.fillers}"


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
