"""python -m s2s reading, reorder: what it costs to read a sentence by its length, and what becomes of
translations when words change places."""

from __future__ import annotations

import argparse
import dataclasses
import os
from typing import Any, Final

from s2s.catalog import ATTENDING, SUCCESSOR
from s2s.cli.settings import SEEDS, Limits, add_number, add_numbers
from s2s.cli.streams import say
from s2s.counts import EQUAL, LENGTHS
from s2s.errors import S2SError
from s2s.records import to_json

_LENGTH: Final = Limits(1, 2000)
PLACED, BARE, RECURRENT = READERS = ("placed", "bare", "recurrent")


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `reading` and `reorder`."""
    meaning = "measure how time and memory to read a sentence grow with its length: RNN, LSTM, Transformer"
    reading = commands.add_parser("reading", help=meaning, description=meaning)
    reading.set_defaults(command=_reading)
    add_numbers(reading, "--lengths", _LENGTH, default=LENGTHS, meaning="pieces of a sentence")
    meaning = "shuffle the words of sentences and compare a Transformer's translations, with positions and "
    meaning += "without, and a recurrent model's"
    reorder = commands.add_parser("reorder", help=meaning, description=meaning)
    reorder.set_defaults(command=_reorder)
    for name, kind in (("--transformer", SUCCESSOR), ("--recurrent", ATTENDING)):
        meaning = "a shipped model or the path of a model folder (default: %(default)s)"
        reorder.add_argument(name, default=kind.model(), metavar="MODEL", help=meaning)
    add_number(reorder, "--seed", SEEDS, default=1, meaning="seed of the orders")
    for parser in (reading, reorder):
        parser.add_argument("--events", action="store_true",
                            help="for programs: a JSON object a line on standard output, all that is known "
                            "so far in each, and the result in the last")  # fmt: skip


def _reading(options: argparse.Namespace) -> None:
    os.environ.setdefault("KINETO_LOG_LEVEL", "6")  # before torch: its profiler says when it begins and ends
    import torch

    from s2s.claims.parallel import faster_at, time_grows_slower
    from s2s.reading_costs import CELLS, measure_reading

    torch.set_num_threads(1)  # as in the app
    found: list[dict[str, Any]] = []
    total = len(options.lengths) * len(EQUAL) * (len(CELLS) + 1)
    for cost in measure_reading(options.lengths):
        found.append(cost._asdict())
        if options.events:
            _tell(event="progress", done=len(found), total=total, so_far={"costs": found})
    if options.events:
        _tell(event="result", costs=found)
        return
    say(
        "equal       encoder      width  parameters  pieces  steps in a row         ms  scores, B     peak, B"
    )
    for one in found:
        say(
            f"{one['equal']:10}  {one['reader']:11}  {one['width']:>5}  {one['parameters']:>10,}  "
            f"{one['length']:>6}  {one['steps']:>14}  {one['milliseconds']:9.3f}  {one['scores']:>10,}  "
            f"{one['peak']:>10,}"
        )
    for equal in EQUAL:
        costs = [one for one in found if one["equal"] == equal]
        say(f"equal {equal}: {time_grows_slower(costs)}")
        for length in options.lengths:
            say(f"equal {equal}: {faster_at(costs, length)}")


def _reorder(options: argparse.Namespace) -> None:
    try:
        found = _reordered(options)
    except S2SError as error:
        if options.events:
            _tell(event="error", key=error.key, values={k: str(v) for k, v in error.values.items()})
        raise
    if options.events:
        return
    from s2s.claims.parallel import blind_without_positions, order_matters_more, positions_tell_order
    from s2s.evaluate.reordered import Reordered

    say("reader     sentences  same  chrF to its own translation in order")
    for one in found.values():
        assert isinstance(one, Reordered)
        chrf = f"{one.chrf.value:.1f} [{one.chrf.low:.1f}, {one.chrf.high:.1f}]"
        say(f"{one.reader:9}  {one.sentences:>9}  {one.same:>4}  {chrf}")
    say(str(blind_without_positions(found[BARE])))
    say(str(positions_tell_order(found[PLACED])))
    say(str(order_matters_more(found[PLACED], found[RECURRENT])))


def _reordered(options: argparse.Namespace) -> dict[str, Any]:
    """What each reader made of the sentences of the models' languages."""
    import torch

    from s2s.evaluate.reordered import compared, sentences, translated
    from s2s.translator import Translator
    from s2s.travel import unplaced

    torch.set_num_threads(1)
    successor, recurrent = Translator.load(options.transformer), Translator.load(options.recurrent)
    readers = dict(zip(READERS, (successor, unplaced(successor), recurrent), strict=True))
    sources = sentences(successor.languages)
    found: dict[str, Any] = {}
    done, total = 0, len(readers) * len(sources)
    for name, translator in readers.items():
        both = []
        for some in translated(sources, translator.translations, seed=options.seed):
            both += some
            done += len(some)
            if options.events:
                so_far = {"scores": list(map(_plain, found.values()))}
                _tell(event="progress", done=done, total=total, so_far=so_far)
        found[name] = compared(name, both)
    if options.events:
        _tell(event="result", scores=list(map(_plain, found.values())))
    return found


def _plain(one: Any) -> dict[str, Any]:
    return {**one._asdict(), "chrf": dataclasses.asdict(one.chrf)}


def _tell(**event: Any) -> None:
    """One line for the program that reads us, at once."""
    say(to_json(event))
