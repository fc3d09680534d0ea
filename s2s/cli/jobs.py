"""The runs of `models`: each a command of ours in a process of its own, in a folder of its own, with its log
beside it. What is finished stays, what was interrupted goes on."""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from s2s import catalog, recipes
from s2s.cli import sweep
from s2s.cli.outputs import write_new
from s2s.config import TrainConfig
from s2s.errors import DataError

if TYPE_CHECKING:
    from s2s.evaluate.evaluation import Evaluation
    from s2s.evaluate.probe import ProbeScore
    from s2s.evaluate.regimes import Regimes

PARTS: Final = (
    catalog.CONFIG,
    catalog.WEIGHTS,
    catalog.SOURCE_TOKENIZER,
    catalog.TARGET_TOKENIZER,
    catalog.CARD,
)
# Of cells that lose at `train`'s own rate what they learned: simple ones end 0.3 to 0.6 nats a piece better.
_PEAK_RATES: Final = {"rnn": 1e-3}
_TRAIN: Final = "train.tsv.gz"  # under --work: what all models learn from
_FRAGMENTS: Final = "fragments.tsv.gz"


class Job(NamedTuple):
    """One model to train and measure."""

    folder: Path  # its name is the model's
    kind: catalog.Kind
    seed: int
    updates: int | None  # None leaves them at what `train` takes
    regime: str = ""  # a row of `recipes.REGIMES`; "" for models that differ in their shape

    @property
    def is_shipped(self) -> bool:
        """Whether it is published, and no repetition with another seed."""
        return self.folder.name == self.kind.model()

    @property
    def log(self) -> Path:
        """What its commands told."""
        return self.folder.with_suffix(".log")

    @property
    def evaluation(self) -> Path:
        """What `evaluate` found."""
        return self.folder.with_suffix(".json")

    @property
    def probe(self) -> Path:
        """What `probe` found."""
        return self.folder.with_suffix(".probe.json")


def gather(options: argparse.Namespace) -> None:
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
        run("data", ["fragments", train, "--out", fragments], log=options.work / "fragments.log")


def train_tokenizers(options: argparse.Namespace, *, is_regime: bool) -> None:
    """One pair for all models that differ in their shape, or in their regime, so that they see the same
    pieces. Those of the latter are smaller, for they are smaller models."""
    from s2s.data.corpora import read_pairs
    from s2s.data.examples import learn_tokenizers

    folder = _tokenizers(options, is_regime=is_regime)
    if (folder / catalog.TARGET_TOKENIZER).exists():
        return
    folder.mkdir(exist_ok=True)
    pieces = options.regime_pieces if is_regime else options.pieces
    source, target = learn_tokenizers(
        read_pairs(options.work / _TRAIN),
        typing=TrainConfig(),
        sizes=(pieces, pieces),
        seed=TrainConfig().seed,
        max_length=TrainConfig().max_length,
    )
    catalog.write_whole(folder / catalog.SOURCE_TOKENIZER, source.serialized)
    catalog.write_whole(folder / catalog.TARGET_TOKENIZER, target.serialized)


def _tokenizers(options: argparse.Namespace, *, is_regime: bool) -> Path:
    """Their folder; those of a model that is there already, where others are put beside it."""
    folder: Path = options.work / ("tokenizers-regimes" if is_regime else "tokenizers")
    if options.only:
        kinds = catalog.TRAINED if is_regime else catalog.SHAPES
        there = [options.out / kind.model() for kind in kinds]
        folder = next((model for model in there if (model / catalog.CONFIG).exists()), folder)
    return folder


def is_trained(job: Job) -> bool:
    """Whether its run has come to its end."""
    from s2s.train.state import is_finished, read_record

    record = read_record(job.folder)
    return record is not None and is_finished(record)


def train(job: Job, options: argparse.Namespace) -> None:
    """Here, unless it is done."""
    from s2s.train.state import read_record

    if is_trained(job):
        return
    training = training_of(job, options)
    files = [word for one in training.inputs.items() for word in one]
    more = ["--resume"] if read_record(job.folder) is not None else []
    run("train", [*training.arguments, *files, "--out", job.folder, *more], log=job.log)


def training_of(job: Job, options: argparse.Namespace) -> sweep.Training:
    """The `train` that makes a model; --settings go before what the recipe says, but for a repetition's
    updates."""
    inputs = {"--train": options.work / _TRAIN, "--fragments": options.work / _FRAGMENTS}
    if options.more:
        inputs["--in-domain"] = options.data / "train.tsv.gz"
    inputs |= {
        "--dev": options.data / "dev.tsv.gz",
        "--tokenizers": _tokenizers(options, is_regime=bool(job.regime)),
    }
    if is_guided(job):
        inputs["--guide"] = _guide(options)
    arguments = ["--data", _credit(options)]
    arguments += as_options(job.kind.settings)
    if is_guided(job):
        arguments += as_options(recipes.SUCCESSOR)
    if job.regime:
        rest = recipes.WHOLE if job.updates is None else recipes.REPEATED
        updates = job.updates or recipes.UPDATES
        arguments += as_options({**recipes.SIZES, **recipes.settings(job.regime, updates), **rest})
    if job.kind.cell in _PEAK_RATES:
        arguments += ["--peak-rate", str(_PEAK_RATES[job.kind.cell])]
    arguments += ["--seed", str(job.seed), *options.settings]
    if job.updates is not None:
        arguments += ["--updates", str(job.updates)]
    return sweep.Training(job.folder, tuple(arguments), inputs, job.log)


def _guide(options: argparse.Namespace) -> Path:
    """The model that teaches where to look: the one trained with the others, else the one that is there."""
    name = catalog.ATTENDING.model()
    made: Path = options.work / name
    return made if (made / catalog.CONFIG).exists() or not options.only else options.out / name


def is_guided(job: Job) -> bool:
    """Whether its training needs another model, trained before."""
    return job.kind == catalog.SUCCESSOR


def as_options(settings: Mapping[str, object]) -> list[str]:
    """Settings as options of `train`."""
    options = ((f"--{name.replace('_', '-')}", str(value)) for name, value in settings.items())
    return [word for option in options for word in option]


def evaluate(job: Job, options: argparse.Namespace) -> Evaluation:
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
    run("evaluate", [*arguments, "--json", job.evaluation], log=job.log)
    return evaluate(job, options)


def probe(job: Job, options: argparse.Namespace) -> ProbeScore:
    """What `probe` finds, from its file if it is of the probe that is there."""
    from s2s.evaluate.probe import ProbeScore

    if job.probe.exists() and (job.folder / catalog.PROBE).exists():
        (record,) = json.loads(job.probe.read_text(encoding="utf-8"))
        if record["probe"] == hashlib.sha256(catalog.read_part(job.folder / catalog.PROBE)).hexdigest():
            return ProbeScore.from_dict(record)
    arguments = ["--model", job.folder, "--train", options.work / _TRAIN]
    arguments += ["--test", options.data / "test.tsv.gz", "--inputs", options.probe_inputs]
    run("probe", [*arguments, "--json", job.probe], log=job.log)
    return probe(job, options)


def regimes(models: Sequence[Path], repetitions: Path, options: argparse.Namespace) -> Regimes:
    """What `regimes` finds, from its file if it is of these weights and as many repetitions."""
    from s2s.evaluate.regimes import RECORD, read_regimes

    stored = options.work / RECORD.name
    weights = {hashlib.sha256(catalog.read_part(model / catalog.WEIGHTS)).hexdigest() for model in models}
    count = len(list(repetitions.glob(f"*/{catalog.CONFIG}")))
    if stored.exists():
        record = read_regimes(stored)
        if {one.weights for one in record.trained} == weights and len(record.repetitions) == count:
            return record
    arguments = ["--data", options.data / "test.tsv.gz", "--general", options.general, "--models", *models]
    if count:
        arguments += ["--repetitions", repetitions]
    run("regimes", [*arguments, "--json", stored], log=stored.with_suffix(".log"))
    return regimes(models, repetitions, options)


def _credit(options: argparse.Namespace) -> str:
    from s2s.data.mix import LICENCE, credit

    if not options.more:
        return str(options.credit)
    return (
        f"{options.credit}; {credit()}; sentences written for this project. The weights are under {LICENCE}"
    )


def run(command: str, arguments: Sequence[object], *, log: Path) -> None:
    """Run one of our own commands in a process of its own; what it tells goes to the log."""
    print(f"{command}: {log.stem}", file=sys.stderr)
    words = [sys.executable, "-m", "s2s", command, *map(str, arguments)]
    with log.open("ab") as file:
        done = subprocess.run(words, stdout=file, stderr=file, check=False)
    if done.returncode:
        raise DataError("command_failed", command=f"{command} {log.stem}", path=log)


def publish(job: Job, out: Path) -> None:
    """A shipped model, where the app reads it."""
    (out / job.folder.name).mkdir(parents=True, exist_ok=True)
    for part in (*PARTS, *((catalog.PROBE,) if job.kind.name in catalog.PROBED else ())):
        shutil.copyfile(job.folder / part, out / job.folder.name / part)
