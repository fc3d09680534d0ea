"""python -m s2s memorising: what a training knows by heart, and what fits, after more and more updates."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from s2s import catalog
from s2s.cli.settings import Limits, add_number
from s2s.cli.streams import say
from s2s.data.fingerprint import weights_of
from s2s.errors import DataError

if TYPE_CHECKING:
    from s2s.evaluate.memorising import Material, Memorising, Stage


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `memorising`."""
    meaning = "measure models of one training, stopped after more and more updates: what they know by heart"
    parser = commands.add_parser("memorising", help=meaning, description=f"{meaning}.")
    parser.set_defaults(command=_memorising)
    parser.add_argument("--models", nargs="+", required=True, metavar="FOLDER",
                        help="the model after so many updates, as by `train --keep`")  # fmt: skip
    parser.add_argument("--train", type=Path, required=True, metavar="FILE",
                        help="pairs that they learned from")  # fmt: skip
    parser.add_argument("--dev", type=Path, required=True, metavar="FILE",
                        help="pairs that they did not learn from")  # fmt: skip
    parser.add_argument("--judged", type=Path, required=True, metavar="FILE",
                        help="questions, and which answers to them fit, by hand: question TAB answer TAB 1 "
                        "or 0 a line. Answers that it lacks are printed with a ? to judge")  # fmt: skip
    add_number(parser, "--inputs", Limits(1, 100_000), default=2000,
               meaning="sentences that they learned from and are asked")  # fmt: skip
    parser.add_argument("--write", metavar="NAME",
                        help="the shipped model that is one of them: put what was measured beside the "
                        "shipped models, and into their page")  # fmt: skip
    parser.add_argument("--out", type=Path, default=catalog.SHIPPED, metavar="FOLDER",
                        help="where these are (default: the shipped models)")  # fmt: skip


def _memorising(options: argparse.Namespace) -> None:
    import torch
    from tqdm import tqdm

    from s2s.data.corpora import read_pairs
    from s2s.data.fingerprint import fingerprint
    from s2s.evaluate.memorising import Material, Memorising, read_judged, unjudged

    torch.set_num_threads(1)
    train, dev, judged = read_pairs(options.train), read_pairs(options.dev), read_judged(options.judged)
    material = Material.of(train, dev, judged, inputs=options.inputs)
    found = [_stage(model, material) for model in tqdm(options.models, unit="model", dynamic_ncols=True)]
    stages = sorted(found, key=lambda one: one.updates)
    for one in stages:
        say(_line(one))
    for pair in unjudged(stages, judged):
        say(f"{pair.source}\t{pair.target}\t?")
    if options.write:
        keep(
            Memorising(
                model=Path(options.write).name,
                chosen=_chosen(options.write, stages),
                train=options.train.name,
                train_fingerprint=fingerprint(train),
                train_inputs=len(material.learned),
                dev=options.dev.name,
                dev_fingerprint=fingerprint(dev),
                dev_inputs=len(material.dev),
                questions=judged.questions,
                seen=material.seen,
                stages=tuple(stages),
            ),
            options.out,
        )


def keep(found: Memorising, out: Path) -> None:
    """Write a record into a folder of models, and the page there again with it. Raises DataError."""
    from s2s.evaluate.memorising import RECORD
    from s2s.evaluate.page import write_page

    catalog.write_whole(out / RECORD.name, found.to_json().encode())
    write_page(out)


def _chosen(model: str, stages: Sequence[Stage]) -> int:
    """The updates of the stage with the weights of a model. Raises DataError where there is none."""
    weights = weights_of(catalog.locate(model))
    found = [one.updates for one in stages if one.weights == weights]
    if not found:
        raise DataError("no_such_stage", model=model)
    return found[0]


def _stage(model: str, material: Material) -> Stage:
    from s2s.evaluate.memorising import stage
    from s2s.translator import Translator

    folder = catalog.locate(model)
    _, card = catalog.read_config(folder)
    return stage(Translator.load(model), card, weights_of(folder), material)


def _line(one: Stage) -> str:
    loss = "-" if one.dev_loss is None else f"{one.dev_loss:.3f}"
    fitting = "not judged" if one.fitting is None else f"{sum(one.fitting)} of {len(one.fitting)}"
    return (
        f"{one.updates:,} updates: dev loss {loss}, by heart {100 * one.by_heart:.1f} %, distinct "
        f"{100 * one.distinct:.1f} %, from train {100 * one.from_train:.1f} %, fitting {fitting}; most often "
        f"({100 * one.commonest_share:.1f} %): {one.commonest}"
    )
