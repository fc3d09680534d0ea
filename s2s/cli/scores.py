"""python -m s2s scores: how good the models of a task are, beside what copying the input gets."""

from __future__ import annotations

import argparse
import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from s2s import catalog
from s2s.cli.evaluate import THREADS, setup_of
from s2s.cli.streams import say

if TYPE_CHECKING:
    from s2s.evaluate.evaluation import Evaluation
    from s2s.evaluate.scores import TaskScore
    from s2s.languages import Languages


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `scores`."""
    meaning = "measure models of one task beside copying their input: a table on standard output"
    parser = commands.add_parser("scores", help=meaning, description=f"{meaning}.")
    parser.set_defaults(command=_scores)
    parser.add_argument("--model", dest="models", action="append", required=True, metavar="NAME",
                        help="a shipped model or the path of a model folder; may be repeated")  # fmt: skip
    parser.add_argument("data", type=Path, metavar="DATA",
                        help="pairs no model learned from: source TAB target a line, plain or .gz; "
                        "lines with the same source are several references")  # fmt: skip
    parser.add_argument("--exchanged", action="store_true", help="read the file target first")
    parser.add_argument("--gold", type=Path, metavar="FILE",
                        help="pairs with word alignments; for --write")  # fmt: skip
    parser.add_argument("--write", action="store_true",
                        help="evaluate the models, too, and put all of it into the record of tasks beside "
                        "the shipped models, and into their page")  # fmt: skip
    parser.add_argument("--out", type=Path, default=catalog.SHIPPED, metavar="FOLDER",
                        help="where these are (default: the shipped models)")  # fmt: skip


def _scores(options: argparse.Namespace) -> None:
    from s2s.evaluate.task_table import scores_section

    evaluations, scores = measure(
        options.models, options.data, exchanged=options.exchanged, gold=options.gold, whole=options.write
    )
    say("\n\n".join(scores_section(scores)))
    if options.write:
        keep(evaluations, scores, options.out)


def measure(
    models: Sequence[str], data: Path, *, exchanged: bool, gold: Path | None, whole: bool
) -> tuple[list[Evaluation], list[TaskScore]]:
    """The scores of models of one task; `whole`: what `evaluate` finds, too. Raises DataError."""
    import torch
    from tqdm import tqdm

    from s2s.data.corpora import Pair, read_pairs
    from s2s.evaluate.gold import read_gold
    from s2s.evaluate.measure import Material, evaluate
    from s2s.evaluate.scores import task_score
    from s2s.translator import Translator

    torch.set_num_threads(THREADS)
    pairs = read_pairs(data)
    if exchanged:
        pairs = [Pair(pair.target, pair.source) for pair in pairs]
    languages = _languages(models[0])
    links = read_gold(gold, languages) if gold and whole else ()
    material = Material.of(pairs, links, has_gap=False, languages=languages)
    scores, evaluations = [], []
    with tqdm(total=len(models) * material.steps * whole, unit="sentence", dynamic_ncols=True) as bar:
        for name in models:
            translator, setup = (
                Translator.load(name),
                setup_of(name, data, pairs, gold=gold if links else None),
            )
            setup = dataclasses.replace(
                setup, data=f"{data.name}, sides exchanged" if exchanged else data.name
            )
            scores.append(task_score(translator, setup, pairs, languages))
            for evaluation in evaluate(translator, material, setup) if whole else ():
                bar.update(evaluation is None)
                evaluations += [evaluation] if evaluation is not None else []
    return evaluations, scores


def _languages(model: str) -> Languages:
    """What a model reads, writes and is for; a name that is not in the catalogue tells no purpose."""
    folder = catalog.locate(model)
    task = catalog.task_of(folder.name)
    return task.languages if task else catalog.read_config(folder)[0].languages


def keep(evaluations: Sequence[Evaluation], scores: Sequence[TaskScore], out: Path) -> None:
    """Put them into the record of tasks in a folder of models, in the places of older ones or added to it,
    and write the page there again. Raises DataError."""
    from s2s.evaluate.page import write_page
    from s2s.evaluate.report import TASKS_REPORT, Report, read_report

    place = out / TASKS_REPORT.name
    known = read_report(place) if place.exists() else Report(shipped=(), repetitions=())
    shipped = {one.setup.model: one for one in (*known.shipped, *evaluations)}
    scored = {one.model: one for one in (*known.scores, *scores)}
    record = dataclasses.replace(
        known,
        shipped=tuple(shipped[name] for name in catalog.ordered(shipped)),
        scores=tuple(scored[name] for name in catalog.ordered(scored)),
    )
    catalog.write_whole(place, record.to_json().encode())
    write_page(out)
