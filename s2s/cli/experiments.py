"""python -m s2s memory, costs, exposure: what recurrent cells remember and what they cost, and what training
regimes leave to be learned, found out in a minute."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final

from s2s.catalog import DOT
from s2s.cli.settings import SEEDS, Limits, add_number, add_numbers
from s2s.cli.streams import say
from s2s.config import ATTENTIONS, NO_ATTENTION, REGIMES, SCHEDULED, TEACHER
from s2s.evaluate import regime_curves
from s2s.records import to_json

if TYPE_CHECKING:
    from s2s.train.memory import Point

# As `s2s.train.memory` and `s2s.costs` have them, which load torch.
FILLERS: Final = (5, 10, 20, 40)
UPDATES: Final = 500
LENGTHS: Final = (10, 20, 40, 80)
_LENGTH: Final = Limits(1, 1000)
_UPDATES: Final = Limits(1, 100_000)
_PAIR: Final = (TEACHER, SCHEDULED)


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `memory`, `costs` and `exposure`."""
    meaning = "learn to recall the first token after n others, with each cell, without and with attention"
    memory = commands.add_parser("memory", help=meaning, description=meaning)
    memory.set_defaults(command=_memory)
    add_numbers(memory, "--fillers", _LENGTH, default=FILLERS, meaning="how many tokens stand between")
    add_number(memory, "--updates", _UPDATES, default=UPDATES, meaning="updates of a run, at most")
    add_number(memory, "--seed", SEEDS, default=1, meaning="seed of weights and sequences")
    meaning = "measure what each cell costs on this machine: parameters, milliseconds a token by length"
    costs = commands.add_parser("costs", help=meaning, description=meaning)
    costs.set_defaults(command=_costs)
    add_numbers(costs, "--lengths", _LENGTH, default=LENGTHS, meaning="tokens to read and to write")
    for parser in (memory, costs, _add_exposure(commands)):
        parser.add_argument("--events", action="store_true",
                            help="for programs: a JSON object a line on standard output, all that is known "
                            "so far in each, and the result in the last")  # fmt: skip


def _add_exposure(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> argparse.ArgumentParser:
    meaning = "train a toy model to copy in several regimes, and compare what it gets right given the "
    meaning += "reference and given its own output"
    exposure = commands.add_parser("exposure", help=meaning, description=meaning)
    exposure.set_defaults(command=_exposure)
    exposure.add_argument("--regimes", type=_regimes, default=_PAIR, metavar="REGIME,REGIME",
                          help=f"each once, of {', '.join(REGIMES)} (default: {','.join(_PAIR)}); the last "
                          "needs attention")  # fmt: skip
    exposure.add_argument("--attention", choices=ATTENTIONS, default=NO_ATTENTION,
                          help="how the decoder scores encoder states (default: %(default)s)")  # fmt: skip
    add_number(exposure, "--length", Limits(2, 100), default=regime_curves.LENGTH,
               meaning="symbols in a sequence")  # fmt: skip
    add_number(exposure, "--updates", _UPDATES, default=regime_curves.UPDATES, meaning="updates of a run")
    add_number(exposure, "--seed", SEEDS, default=regime_curves.SEED, meaning="seed of weights and sequences")
    return exposure


def _regimes(text: str) -> tuple[str, ...]:
    """The regimes that a text names. Raises what argparse tells people."""
    named = tuple(text.split(","))
    if not set(named) <= set(REGIMES) or len(set(named)) < len(named):
        raise argparse.ArgumentTypeError(f"{text[:40]!r} does not name each regime once, of {REGIMES}")
    return named


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


def _exposure(options: argparse.Namespace) -> None:
    import torch

    from s2s.claims.exposure import better_alone, gap_open, wider_gap
    from s2s.train.exposure import learn

    torch.set_num_threads(1)  # a step is too small to share out
    learning = learn(
        regimes=options.regimes, attention=options.attention, length=options.length, updates=options.updates,
        seed=options.seed,
    )  # fmt: skip
    points: list[dict[str, Any]] = []
    ends: dict[str, regime_curves.Point] = {}
    for point in learning:
        if not points and not options.events:
            say("regime     updates  seconds  right given the reference  given its own  loss  gradient norm")
        ends[point.regime] = point
        points.append(point._asdict())
        if options.events:
            done, total = sum(end.updates for end in ends.values()), len(options.regimes) * options.updates
            _tell(event="progress", done=done, total=total, so_far={"points": points})
        else:
            say(_row(point))
    if options.events:
        _tell(event="result", points=points)
        return
    for end in ends.values():
        say(f"{end.regime}: {gap_open(end)}")
    for one, other in combinations(ends.values(), 2):
        for claim in (wider_gap, better_alone):
            say(f"{one.regime}, {other.regime}: {claim(one, other)}")


def _row(point: regime_curves.Point) -> str:
    learned = "" if point.loss is None else f"  {point.loss:4.2f}  {point.gradient_norm:13.2f}"
    return (
        f"{point.regime:9}  {point.updates:>7}  {point.seconds:7.1f}  {100 * point.forced:24.1f}%"
        f"  {100 * point.free:12.1f}%{learned}"
    )


def _tell(**event: Any) -> None:
    """One line for the program that reads us, at once."""
    say(to_json(event))
