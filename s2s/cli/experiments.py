"""python -m s2s memory, costs: what recurrent cells remember and what they cost, found out in a minute."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from s2s.catalog import DOT
from s2s.cli.settings import SEEDS, Limits, add_number, add_numbers
from s2s.cli.streams import say
from s2s.config import NO_ATTENTION
from s2s.records import to_json

if TYPE_CHECKING:
    from s2s.train.memory import Point

# As `s2s.train.memory` and `s2s.costs` have them, which load torch.
FILLERS: Final = (5, 10, 20, 40)
UPDATES: Final = 500
LENGTHS: Final = (10, 20, 40, 80)
_LENGTH: Final = Limits(1, 1000)


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `memory` and `costs`."""
    meaning = "learn to recall the first token after n others, with each cell, without and with attention"
    memory = commands.add_parser("memory", help=meaning, description=meaning)
    memory.set_defaults(command=_memory)
    add_numbers(memory, "--fillers", _LENGTH, default=FILLERS, meaning="how many tokens stand between")
    add_number(memory, "--updates", Limits(1, 100_000), default=UPDATES, meaning="updates of a run, at most")
    add_number(memory, "--seed", SEEDS, default=1, meaning="seed of weights and sequences")
    meaning = "measure what each cell costs on this machine: parameters, milliseconds a token by length"
    costs = commands.add_parser("costs", help=meaning, description=meaning)
    costs.set_defaults(command=_costs)
    add_numbers(costs, "--lengths", _LENGTH, default=LENGTHS, meaning="tokens to read and to write")
    for parser in (memory, costs):
        parser.add_argument("--events", action="store_true",
                            help="for programs: a JSON object a line on standard output, all that is known "
                            "so far in each, and the result in the last")  # fmt: skip


def _memory(options: argparse.Namespace) -> None:
    import torch

    from s2s.claims.memory import attention_helps
    from s2s.train.memory import learn

    torch.set_num_threads(1)  # a step is too small to share out
    curves: dict[str, list[list[float]]] = {}
    ends: dict[str, Point] = {}  # of each curve
    for point in learn(fillers=options.fillers, updates=options.updates, seed=options.seed):
        name = curve_name(point)
        curves.setdefault(name, []).append([point.updates, round(point.right, 3)])
        ends[name] = point
        if options.events:
            so_far = {"curves": curves, "learned": _learned(ends)}
            _tell(event="progress", done=point.done, total=point.total, so_far=so_far)
    if options.events:
        _tell(event="result", curves=curves, learned=_learned(ends))
        return
    say("cell  attention  fillers  updates  right at the end  learned")
    for end in ends.values():
        told = "yes" if end.learned else "no"
        say(
            f"{end.cell:4}  {_attention(end):9}  {end.fillers:>7}  {end.updates:>7}  {100 * end.right:15.1f}%"
            f"  {told:>7}"
        )
    learned = [end.curve for end in ends.values() if end.learned]
    say(str(attention_helps([end.curve for end in ends.values()], learned)))


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
    from s2s.costs import measure_costs

    torch.set_num_threads(1)  # as in the app
    found: list[dict[str, Any]] = []
    for cost in measure_costs(options.lengths):
        found.append(cost._asdict())
        if options.events:
            total = len(options.lengths) * len(CELLS)
            _tell(event="progress", done=len(found), total=total, so_far={"costs": found})
    if options.events:
        _tell(event="result", costs=found)
        return
    say("cell  tokens  parameters  recurrent  ms a token read  ms a token read and written")
    for one in found:
        say(
            f"{one['cell']:4}  {one['length']:>6}  {one['parameters']:>10,}  {one['recurrent']:>9,}  "
            f"{one['reading']:15.3f}  {one['writing']:27.3f}"
        )
    say(str(lstm_costs_more(found)))


def _tell(**event: Any) -> None:
    """One line for the program that reads us, at once."""
    say(to_json(event))
