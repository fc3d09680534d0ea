"""python -m s2s models: train, measure and document the shipped models, from the data alone.

Each run is a `train` of its own, in a folder of its own under --work, with its log beside it. What is
finished stays, what was interrupted goes on: the same command again takes up where it stopped.
"""

from __future__ import annotations

import argparse
import dataclasses
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Final

from s2s import catalog, recipes
from s2s.cli import jobs, speech_models, sweep, task_models
from s2s.cli.jobs import Job
from s2s.cli.outputs import check_folder
from s2s.cli.probe import INPUTS
from s2s.cli.settings import Limits, add_number
from s2s.config import ModelConfig
from s2s.engine.cluster import cluster_of
from s2s.errors import DataError
from s2s.evaluate.gold import GOLD, read_gold

if TYPE_CHECKING:
    from s2s.evaluate.evaluation import Evaluation, Speed
    from s2s.evaluate.report import Report

_CREDIT: Final = (
    "French-English pairs of the Tatoeba Project (tatoeba.org) as packaged by ManyThings "
    "(www.manythings.org/anki), released under CC BY 2.0 (France)"
)

_REPEATED: Final = "regimes"  # under --work: where the repetitions of these are


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `models`."""
    meaning = "train the shipped models and repetitions with other seeds, measure all, write the report"
    models = commands.add_parser("models", help=meaning, description=meaning)
    models.set_defaults(command=_models)
    models.add_argument("--data", type=Path, metavar="FOLDER",
                        help="train.tsv.gz, dev.tsv.gz, test.tsv.gz, as by `data fetch`; without it models "
                        "of other tasks alone are made")  # fmt: skip
    models.add_argument("--tasks", type=Path, metavar="FOLDER",
                        help="folders of pairs of other tasks, as by `data fetch`: their models are made as "
                        "`s2s.task_recipes` says, on this machine")  # fmt: skip
    models.add_argument("--task", nargs="+", choices=task_models.names(), metavar="TASK",
                        help="of these tasks alone")  # fmt: skip
    models.add_argument("--more", type=Path, metavar="FOLDER",
                        help="pairs of other kinds of text, the files of `s2s.data.mix`; without it models "
                        "learn from --data alone")  # fmt: skip
    models.add_argument("--credit", default=_CREDIT, metavar="TEXT",
                        help="where they come from and their licence, for the model cards")  # fmt: skip
    models.add_argument("--gold", type=Path, default=GOLD, metavar="FILE",
                        help="pairs with word alignments (default: those in the repository)")  # fmt: skip
    models.add_argument("--work", type=Path, default=Path("build/models"), metavar="FOLDER",
                        help="where the runs live (default: %(default)s)")  # fmt: skip
    models.add_argument("--out", type=Path, default=catalog.SHIPPED, metavar="FOLDER",
                        help="where models, report and table go (default: the shipped models)")  # fmt: skip
    add_number(models, "--pieces", Limits(8, 200_000), default=ModelConfig().source_vocab,
               meaning="pieces in each vocabulary")  # fmt: skip
    add_number(models, "--repetitions", Limits(0, 100), default=3, meaning="seeds for each way to score")
    add_number(models, "--repetition-updates", Limits(1, 10_000_000), default=800,
               meaning="updates of each of those")  # fmt: skip
    add_number(models, "--regime-pieces", Limits(8, 200_000), default=recipes.PIECES,
               meaning="the same of the models that show a training regime")  # fmt: skip
    add_number(models, "--regime-repetition-updates", Limits(1, 10_000_000),
               default=recipes.REPEATED_UPDATES, meaning="updates of the repetitions of those")  # fmt: skip
    models.add_argument("--general", type=Path, metavar="FILE",
                        help="pairs of another kind of text that no model learned from, which regimes are "
                        "measured on, too; without it their models are not measured")  # fmt: skip
    add_number(models, "--probe-inputs", INPUTS, default=60_000, meaning="inputs that probes learn from")
    models.add_argument("--only", nargs="+", choices=[kind.name for kind in catalog.FAMILY], metavar="KIND",
                        help="of the family these alone, put into the report that is there")  # fmt: skip
    add_number(models, "--jobs", Limits(1, 64), default=1,
               meaning="runs at the same time on this machine")  # fmt: skip
    models.add_argument("--cluster", metavar="HOST:PORT",
                        help="train on the Ray cluster that runs there, or auto for the one on this machine, "
                        "which is one of it: a core for each training, as many as -- --threads says, or a "
                        "GPU where there are some (needs s2s[cluster])")  # fmt: skip
    models.add_argument("settings", nargs="*", metavar="SETTING",
                        help="after --, settings of `train` for all, such as -- --threads 1")  # fmt: skip


def _models(options: argparse.Namespace) -> None:
    from s2s.train.folder import held

    _check(options)
    with held(options.work):
        if options.data:
            _make(options)
        if options.tasks:
            task_models.make(options)
            speech_models.make(options)


def _check(options: argparse.Namespace) -> None:
    """Raise DataError before days of training for what is read or written after them."""
    from s2s.data.corpora import read_pairs
    from s2s.evaluate.report import REPORT, read_report

    if not (options.data or options.tasks):
        raise DataError("nothing_to_make")
    check_folder(options.out)
    if options.tasks:
        task_models.check(options)
        speech_models.check(options)
    if not options.data:
        return
    read_gold(options.gold)
    for part in ("dev", "test"):
        read_pairs(options.data / f"{part}.tsv.gz")
    if options.general:
        read_pairs(options.general)
    if options.only:
        read_report(options.out / REPORT.name)
    if options.cluster:
        sweep.check(cluster_of(options.cluster), options.settings)


def _make(options: argparse.Namespace) -> None:
    from s2s.evaluate.page import write_page
    from s2s.evaluate.report import REPORT, Repetition, Report

    wanted = [kind for kind in catalog.FAMILY if not options.only or kind.name in options.only]
    published = [Job(options.work / kind.model(), kind, 1, None, kind.regime) for kind in wanted]
    shipped = [job for job in published if not job.regime]
    repeated = [] if options.only else _repeated(options)
    trained = [*published, *repeated, *([] if options.only else _repeated_regimes(options))]
    evaluated = [*shipped, *repeated]
    jobs.gather(options)
    for is_regime in sorted({bool(job.regime) for job in trained}):
        jobs.train_tokenizers(options, is_regime=is_regime)
    for is_guided in (False, True):  # by a model of the others
        _train([job for job in trained if jobs.is_guided(job) == is_guided], options)
    with ThreadPoolExecutor(options.jobs) as pool:
        found = list(pool.map(lambda job: jobs.evaluate(job, options), evaluated))
        evaluations = dict(zip(evaluated, found, strict=True))
        probed = [job for job in shipped if job.kind.name in catalog.PROBED]
        probes = tuple(pool.map(lambda job: jobs.probe(job, options), probed))
    report = Report(
        shipped=tuple(evaluations[job] for job in shipped),
        repetitions=tuple(
            Repetition(seed=job.seed, updates=options.repetition_updates, evaluation=evaluations[job])
            for job in repeated
        ),
        probes=probes,
    )
    if options.only:
        report = _into_what_is_there(report, options)
    for job in published:
        jobs.publish(job, options.out)
    report = _with_speeds(report, options)
    _keep_regimes(options)
    catalog.write_whole(options.out / REPORT.name, report.to_json().encode())
    write_page(options.out)


def _train(trained: Sequence[Job], options: argparse.Namespace) -> None:
    """On a cluster where there is one; all at once, as far as there is room."""
    if options.cluster:
        trainings = [jobs.training_of(job, options) for job in trained if not jobs.is_trained(job)]
        if trainings:
            sweep.run(trainings, cluster_of(options.cluster))
    with ThreadPoolExecutor(options.jobs) as pool:
        list(pool.map(lambda job: jobs.train(job, options), trained))


def _repeated(options: argparse.Namespace) -> list[Job]:
    """Repetitions of those that attend, in how they score."""
    return [
        Job(options.work / f"{kind.name}-{seed}", kind, seed, options.repetition_updates)
        for seed in range(1, options.repetitions + 1)
        for kind in catalog.SCORERS
        if kind.attends
    ]


def _repeated_regimes(options: argparse.Namespace) -> list[Job]:
    """Repetitions of every regime, in a folder of their own."""
    updates, kind = options.regime_repetition_updates, catalog.TRAINED[0]
    return [
        Job(options.work / _REPEATED / f"{regime}-{seed}", kind, seed, updates, regime)
        for seed in range(1, options.repetitions + 1)
        for regime in recipes.REGIMES
    ]


def _keep_regimes(options: argparse.Namespace) -> None:
    """Measure training regimes where there is a file for it, else leave the record that is there."""
    from s2s.evaluate.regimes import RECORD

    if not options.general:
        return
    models = [options.out / kind.model() for kind in catalog.TRAINED]
    there = [model for model in models if (model / catalog.CONFIG).exists()]
    found = jobs.regimes(there, options.work / _REPEATED, options)
    catalog.write_whole(options.out / RECORD.name, found.to_json().encode())


def _into_what_is_there(report: Report, options: argparse.Namespace) -> Report:
    """The report that is there, with these models in the places of older ones or added to it."""
    from s2s.evaluate.report import REPORT, read_report

    known = read_report(options.out / REPORT.name)
    shipped = {e.setup.model: e for e in (*known.shipped, *report.shipped)}
    probes = {score.model: score for score in (*known.probes, *report.probes)}
    return dataclasses.replace(
        known,
        shipped=tuple(shipped[name] for name in catalog.ordered(shipped)),
        probes=tuple(probes[name] for name in catalog.ordered(probes)),
    )


def _with_speeds(report: Report, options: argparse.Namespace) -> Report:
    """The report with speeds that compare: of all shipped models in turns, measured when one of them is new.
    Those of their own evaluations say more of the hour than of the model."""
    from s2s.evaluate.report import REPORT, read_report

    place = options.out / REPORT.name
    known = {e.setup.weights: e.speed for e in read_report(place).shipped} if place.exists() else {}
    if not all(e.setup.weights in known for e in report.shipped):
        known = _speeds(report.shipped, options)
    shipped = (dataclasses.replace(e, speed=known[e.setup.weights]) for e in report.shipped)
    return dataclasses.replace(report, shipped=tuple(shipped))


def _speeds(shipped: Sequence[Evaluation], options: argparse.Namespace) -> dict[str, Speed]:
    """By the models' weights."""
    import torch

    from s2s.cli.evaluate import THREADS
    from s2s.data.corpora import read_pairs
    from s2s.evaluate.measure import speeds
    from s2s.evaluate.translation import sentences
    from s2s.translator import Translator

    print("speeds", file=sys.stderr)
    torch.set_num_threads(THREADS)
    translators = [Translator.load(str(options.out / e.setup.model)) for e in shipped]
    found = speeds(translators, sentences(read_pairs(options.data / "test.tsv.gz")))
    return {e.setup.weights: speed for e, speed in zip(shipped, found, strict=True)}
