"""python -m s2s models: train, measure and document the shipped models, from the data alone.

Each run is a `train` of its own, in a folder of its own under --work, with its log beside it. What is
finished stays, what was interrupted goes on: the same command again takes up where it stopped.
"""

from __future__ import annotations

import argparse
import dataclasses
import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from s2s import catalog
from s2s.cli import sweep
from s2s.cli.outputs import check_folder, write_new
from s2s.cli.probe import INPUTS
from s2s.cli.settings import Limits, add_number
from s2s.config import ModelConfig, TrainConfig
from s2s.engine.cluster import cluster_of
from s2s.errors import DataError
from s2s.evaluate.gold import GOLD, read_gold

if TYPE_CHECKING:
    from s2s.evaluate.evaluation import Evaluation, Speed
    from s2s.evaluate.probe import ProbeScore
    from s2s.evaluate.report import Report

_PARTS: Final = (
    catalog.CONFIG,
    catalog.WEIGHTS,
    catalog.SOURCE_TOKENIZER,
    catalog.TARGET_TOKENIZER,
    catalog.CARD,
)


_CREDIT: Final = (
    "French-English pairs of the Tatoeba Project (tatoeba.org) as packaged by ManyThings "
    "(www.manythings.org/anki), released under CC BY 2.0 (France)"
)
# Of cells that lose at `train`'s own rate what they learned: simple ones end 0.3 to 0.6 nats a piece better.
_PEAK_RATES: Final = {"rnn": 1e-3}
_TRAIN: Final = "train.tsv.gz"  # under --work: what all models learn from
_FRAGMENTS: Final = "fragments.tsv.gz"


class _Job(NamedTuple):
    """One model to train and measure."""

    folder: Path  # its name is the model's
    kind: catalog.Kind
    seed: int
    updates: int | None  # None leaves them at what `train` takes

    @property
    def is_shipped(self) -> bool:
        """Whether it is published, and no repetition with another seed."""
        return self.updates is None

    @property
    def log(self) -> Path:
        return self.folder.with_suffix(".log")

    @property
    def evaluation(self) -> Path:
        return self.folder.with_suffix(".json")

    @property
    def probe(self) -> Path:
        return self.folder.with_suffix(".probe.json")


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `models`."""
    meaning = "train the shipped models and repetitions with other seeds, measure all, write the report"
    models = commands.add_parser("models", help=meaning, description=meaning)
    models.set_defaults(command=_models)
    models.add_argument("--data", type=Path, required=True, metavar="FOLDER",
                        help="train.tsv.gz, dev.tsv.gz, test.tsv.gz, as by `data fetch`")  # fmt: skip
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
        _make(options)


def _check(options: argparse.Namespace) -> None:
    """Raise DataError before days of training for what is read or written after them."""
    from s2s.data.corpora import read_pairs
    from s2s.evaluate.report import REPORT, read_report

    check_folder(options.out)
    read_gold(options.gold)
    for part in ("dev", "test"):
        read_pairs(options.data / f"{part}.tsv.gz")
    if options.only:
        read_report(options.out / REPORT.name)
    if options.cluster:
        sweep.check(cluster_of(options.cluster), options.settings)


def _make(options: argparse.Namespace) -> None:
    from s2s.evaluate.report import REPORT, Repetition, Report, markdown

    wanted = [kind for kind in catalog.FAMILY if not options.only or kind.name in options.only]
    shipped = [_Job(options.work / kind.model(), kind, 1, None) for kind in wanted]
    repeated = [
        _Job(options.work / f"{kind.name}-{seed}", kind, seed, options.repetition_updates)
        for seed in range(1, options.repetitions + 1)
        for kind in catalog.SCORERS
        if kind.attends and not options.only
    ]
    probed = [job for job in shipped if job.kind.name in catalog.PROBED]
    jobs = [*shipped, *repeated]
    _gather(options)
    _train_tokenizers(options)
    if options.cluster:
        trainings = [_training(job, options) for job in jobs if not _is_trained(job)]
        sweep.run(trainings, cluster_of(options.cluster))
    with ThreadPoolExecutor(options.jobs) as pool:
        list(pool.map(lambda job: _train(job, options), jobs))
        evaluations = dict(zip(jobs, pool.map(lambda job: _evaluate(job, options), jobs), strict=True))
        probes = tuple(pool.map(lambda job: _probe(job, options), probed))
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
    for job in shipped:
        _publish(job, options.out)
    report = _with_speeds(report, options)
    catalog.write_whole(options.out / REPORT.name, report.to_json().encode())
    catalog.write_whole(options.out / catalog.CARD, markdown(report).encode())


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


def _gather(options: argparse.Namespace) -> None:
    """One file of pairs and one of fragments for all models, so that they see the same."""
    from s2s.data.corpora import pairs_as_tsv, read_pairs
    from s2s.data.mix import mix
    from s2s.data.splits import unique

    train, fragments = options.work / _TRAIN, options.work / _FRAGMENTS
    read = read_pairs(options.data / "train.tsv.gz")
    if options.more:
        held_out = [p for part in ("dev", "test") for p in read_pairs(options.data / f"{part}.tsv.gz")]
        pairs, counts = mix(read, options.more, held_out=held_out)
        for name, count in counts.items():
            print(f"{name}: {count:,} pairs", file=sys.stderr)
    else:
        pairs = unique(read)
    write_new({train: pairs_as_tsv(pairs)})  # not over other pairs: runs that are there learned from them
    if not fragments.exists():
        _run("data", ["fragments", train, "--out", fragments], log=options.work / "fragments.log")


def _train_tokenizers(options: argparse.Namespace) -> None:
    """One pair for all models, so that they see the same pieces."""
    from s2s.data.corpora import read_pairs
    from s2s.data.examples import learn_tokenizers

    folder = _tokenizers(options)
    if (folder / catalog.TARGET_TOKENIZER).exists():
        return
    folder.mkdir(exist_ok=True)
    source, target = learn_tokenizers(
        read_pairs(options.work / _TRAIN),
        typing=TrainConfig(),
        sizes=(options.pieces, options.pieces),
        seed=TrainConfig().seed,
        max_length=TrainConfig().max_length,
    )
    catalog.write_whole(folder / catalog.SOURCE_TOKENIZER, source.serialized)
    catalog.write_whole(folder / catalog.TARGET_TOKENIZER, target.serialized)


def _tokenizers(options: argparse.Namespace) -> Path:
    """Their folder; those of a model that is there already, where others are put beside it."""
    folder: Path = options.work / "tokenizers"
    if options.only:
        folder = next((found.parent for found in sorted(options.out.glob(f"*/{catalog.CONFIG}"))), folder)
    return folder


def _is_trained(job: _Job) -> bool:
    from s2s.train.state import is_finished, read_record

    record = read_record(job.folder)
    return record is not None and is_finished(record)


def _train(job: _Job, options: argparse.Namespace) -> None:
    """Here, unless it is done."""
    from s2s.train.state import read_record

    if _is_trained(job):
        return
    training = _training(job, options)
    files = [word for one in training.inputs.items() for word in one]
    more = ["--resume"] if read_record(job.folder) is not None else []
    _run("train", [*training.arguments, *files, "--out", job.folder, *more], log=job.log)


def _training(job: _Job, options: argparse.Namespace) -> sweep.Training:
    inputs = {"--train": options.work / _TRAIN, "--fragments": options.work / _FRAGMENTS}
    if options.more:
        inputs["--in-domain"] = options.data / "train.tsv.gz"
    inputs |= {"--dev": options.data / "dev.tsv.gz", "--tokenizers": _tokenizers(options)}
    arguments = ["--data", _credit(options)]
    arguments += [word for name, value in job.kind.settings.items() for word in (f"--{name}", value)]
    if job.kind.cell in _PEAK_RATES:
        arguments += ["--peak-rate", str(_PEAK_RATES[job.kind.cell])]
    arguments += ["--seed", str(job.seed), *options.settings]
    if job.updates is not None:
        arguments += ["--updates", str(job.updates)]
    return sweep.Training(job.folder, tuple(arguments), inputs, job.log)


def _evaluate(job: _Job, options: argparse.Namespace) -> Evaluation:
    """What `evaluate` finds, from its file if it is of these weights. Shipped models are typed to as well."""
    from s2s.evaluate.evaluation import Evaluation

    weights = hashlib.sha256(catalog.read_part(job.folder / catalog.WEIGHTS)).hexdigest()
    if job.evaluation.exists():
        (record,) = json.loads(job.evaluation.read_text(encoding="utf-8"))
        if record["setup"]["weights"] == weights and (record.get("typed") or not job.is_shipped):
            return Evaluation.from_dict(record, path=str(job.evaluation))
    arguments = ["--model", job.folder, options.data / "test.tsv.gz", "--gold", options.gold]
    if job.is_shipped:
        arguments += ["--typed", "--lexicon", options.data / "train.tsv.gz"]
    else:
        arguments += ["--no-gap"]
    _run("evaluate", [*arguments, "--json", job.evaluation], log=job.log)
    return _evaluate(job, options)


def _probe(job: _Job, options: argparse.Namespace) -> ProbeScore:
    """What `probe` finds, from its file if it is of the probe that is there."""
    from s2s.evaluate.probe import ProbeScore

    if job.probe.exists() and (job.folder / catalog.PROBE).exists():
        (record,) = json.loads(job.probe.read_text(encoding="utf-8"))
        if record["probe"] == hashlib.sha256(catalog.read_part(job.folder / catalog.PROBE)).hexdigest():
            return ProbeScore.from_dict(record)
    arguments = ["--model", job.folder, "--train", options.work / _TRAIN]
    arguments += ["--test", options.data / "test.tsv.gz", "--inputs", options.probe_inputs]
    _run("probe", [*arguments, "--json", job.probe], log=job.log)
    return _probe(job, options)


def _credit(options: argparse.Namespace) -> str:
    from s2s.data.mix import LICENCE, credit

    if not options.more:
        return str(options.credit)
    return (
        f"{options.credit}; {credit()}; sentences written for this project. The weights are under {LICENCE}"
    )


def _run(command: str, arguments: Sequence[object], *, log: Path) -> None:
    """Run one of our own commands in a process of its own; what it tells goes to the log."""
    print(f"{command}: {log.stem}", file=sys.stderr)
    words = [sys.executable, "-m", "s2s", command, *map(str, arguments)]
    with log.open("ab") as file:
        done = subprocess.run(words, stdout=file, stderr=file, check=False)
    if done.returncode:
        raise DataError("command_failed", command=f"{command} {log.stem}", path=log)


def _publish(job: _Job, out: Path) -> None:
    """A shipped model, where the app reads it."""
    (out / job.folder.name).mkdir(parents=True, exist_ok=True)
    for part in (*_PARTS, *((catalog.PROBE,) if job.kind.name in catalog.PROBED else ())):
        shutil.copyfile(job.folder / part, out / job.folder.name / part)
