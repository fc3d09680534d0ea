"""What was measured of a family of models: those that are shipped, and repetitions with other seeds."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any, Final, NamedTuple

from s2s.catalog import read_part
from s2s.config import NO_ATTENTION
from s2s.errors import CheckpointError, DataError
from s2s.evaluate.evaluation import Evaluation
from s2s.evaluate.gold import GOLD
from s2s.evaluate.memorising import Memorising
from s2s.evaluate.probe import PARTS, PositionScore, ProbeScore
from s2s.evaluate.regime_table import regimes_section
from s2s.evaluate.regimes import Regimes
from s2s.evaluate.scores import TaskScore
from s2s.evaluate.table import gap_table, table, typed_table
from s2s.evaluate.task_table import memorising_section, scores_section
from s2s.places import ASSETS
from s2s.records import build, check, parse_json

FORMAT: Final = 1
REPORT: Final = ASSETS / "models" / "report.json"
TASKS_REPORT: Final = ASSETS / "models" / "tasks.json"  # of all tasks but the first: other test sets

_GAP: Final = (
    "Each pair decoded twice, fed the pieces of its reference and fed its own, and held against that one "
    "reference step by step, over the steps that both runs have. A run that puts one piece more or less is a "
    "step off from there on, so the lower numbers of free runs say how far they are from the reference, not "
    "how bad they are; BLEU says more of that. By position: `python -m s2s gap`."
)

_TYPED: Final = (
    "People leave out final marks, capitals and accents, or write in capitals alone, and they read the "
    "answer while they type. Measured with `--typed --lexicon train.tsv.gz`."
)

_REGIMES: Final = (
    "Smaller models that differ only in what their decoder was fed in training (`s2s/recipes.py`). Measured "
    "with `python -m s2s regimes --data test.tsv.gz --general FILE --repetitions FOLDER`, which also prints "
    "the gap by step and what follows from the bands."
)

Measure = Callable[[Evaluation], float | None]


@dataclass(frozen=True, kw_only=True)
class Repetition:
    """A smaller training, one of several that differ in the seed alone, and what came of it."""

    seed: int
    updates: int
    evaluation: Evaluation


class Spread(NamedTuple):
    """What repetitions that differ in the seed alone gave."""

    mean: float
    low: float
    high: float

    @property
    def width(self) -> float:
        """From the lowest to the highest."""
        return self.high - self.low


class Comparison(NamedTuple):
    """Whether how a model scores makes more of a difference than chance does."""

    between: float  # largest difference between the means of two scorers over seeds
    within: float  # largest difference between two seeds of one scorer
    shipped: float  # largest difference between two shipped models with attention, one seed each

    @property
    def is_told_apart(self) -> bool:
        """Whether some scorers differ by more than seeds do."""
        return self.between > self.within

    @property
    def is_shipped_told_apart(self) -> bool:
        """Whether some shipped models differ by more than seeds do."""
        return self.shipped > self.within


@dataclass(frozen=True, kw_only=True)
class Report:
    """All evaluations of a family of models, on the same data."""

    shipped: tuple[Evaluation, ...]
    repetitions: tuple[Repetition, ...]
    probes: tuple[ProbeScore, ...] = ()  # none in older records
    scores: tuple[TaskScore, ...] = ()  # beside copying the input, of other tasks than the first

    @property
    def scorers(self) -> tuple[Evaluation, ...]:
        """The shipped models that differ in how they look back alone."""
        return tuple(e for e in self.shipped if (e.setup.cell, e.setup.direction) == ("lstm", "both"))

    def spread(self, measure: Measure) -> dict[str, Spread]:
        """What `measure` is over the seeds, by how the models score; those without a value are left out."""
        values: dict[str, list[float]] = {}
        for repetition in self.repetitions:
            if (value := measure(repetition.evaluation)) is not None:
                values.setdefault(repetition.evaluation.setup.attention, []).append(value)
        return {name: Spread(fmean(found), min(found), max(found)) for name, found in values.items()}

    def compare(self, measure: Measure) -> Comparison | None:
        """How much scorers differ in `measure`, and how much seeds do; None with less than two of either."""
        spreads = {name: spread for name, spread in self.spread(measure).items() if name != NO_ATTENTION}
        if len(spreads) < 2 or len({repetition.seed for repetition in self.repetitions}) < 2:
            return None
        means = [spread.mean for spread in spreads.values()]
        measured = [
            measure(evaluation) for evaluation in self.scorers if evaluation.setup.attention != NO_ATTENTION
        ]
        shipped = [value for value in measured if value is not None]
        return Comparison(
            between=max(means) - min(means),
            within=max(spread.width for spread in spreads.values()),
            shipped=max(shipped) - min(shipped) if shipped else 0.0,
        )

    def to_json(self) -> str:
        """The whole report as JSON text; `read_report` gives it back."""
        record = {
            "format": FORMAT,
            "shipped": [evaluation.to_dict() for evaluation in self.shipped],
            "repetitions": [
                {"seed": r.seed, "updates": r.updates, "evaluation": r.evaluation.to_dict()}
                for r in self.repetitions
            ],
            "probes": [score.to_dict() for score in self.probes],
            **({"scores": [dataclasses.asdict(score) for score in self.scores]} if self.scores else {}),
        }
        return json.dumps(record, indent=1) + "\n"


def bleu(evaluation: Evaluation) -> float:
    """BLEU of greedy translations."""
    return evaluation.bleu.value


def aer(evaluation: Evaluation) -> float | None:
    """Alignment error rate of the default read-out, a share; None without posteriors or gold."""
    gold = evaluation.gold
    return gold.explains.aer if gold and gold.explains else None


def weights_aer(evaluation: Evaluation) -> float | None:
    """The same by the weights alone, those of the row that predicts."""
    return evaluation.gold.predicts.aer if evaluation.gold else None


def read_report(path: Path) -> Report:
    """The report in a file. Raises DataError."""
    try:
        record: Mapping[str, Any] = parse_json(read_part(path))
        if record["format"] != FORMAT:
            raise DataError("format_foreign", path=path, found=record["format"], expected=FORMAT)
        report = Report(
            shipped=tuple(Evaluation.from_dict(values, path=str(path)) for values in record["shipped"]),
            repetitions=tuple(
                Repetition(
                    seed=values["seed"],
                    updates=values["updates"],
                    evaluation=Evaluation.from_dict(values["evaluation"], path=str(path)),
                )
                for values in record["repetitions"]
            ),
            probes=tuple(ProbeScore.from_dict(values) for values in record.get("probes", ())),
            scores=tuple(build(values, TaskScore) for values in record.get("scores", ())),
        )
        check(report, Report)
        _check_is_whole(report)
    except CheckpointError as error:
        if error.key == "part_missing":
            raise DataError("file_missing", path=path) from error
        raise DataError("file_unreadable", path=path, reason=error.values["reason"]) from error
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        reason = f"{type(error).__name__}: {error}"
        raise DataError("evaluation_damaged", path=path, reason=reason) from error
    return report


def _check_is_whole(report: Report) -> None:
    """Raises ValueError for an empty list where one is never empty, and for curves that do not compare."""
    lengths = {tuple(chain.sentences for chain in e.chains) for e in report.shipped if e.chains}
    repeated = tuple(repetition.evaluation for repetition in report.repetitions)
    evaluations = (*report.shipped, *repeated)
    gaps = [evaluation.gap for evaluation in evaluations if evaluation.gap is not None]
    for is_whole, what in (
        (all(evaluation.by_length for evaluation in evaluations), "no score by length"),
        (len(lengths) <= 1 and all(found[0] == 1 for found in lengths), f"chains of {sorted(lengths)}"),
        (all(gap.positions and gap.pairs > 0 for gap in gaps), "a gap without positions"),
        (all(e.typed is None or e.typed.styles for e in evaluations), "no style that was typed"),
        (all(score.chains for score in report.probes), "a probe without chains"),
        (all(len(c.parts) == PARTS for s in report.probes for c in s.chains), "other parts of inputs"),
    ):
        if not is_whole:
            raise ValueError(f"it has {what}")


def markdown(
    report: Report,
    regimes: Regimes | None = None,
    tasks: Report | None = None,
    memorising: Memorising | None = None,
) -> str:
    """The report as a page: the table of `evaluate`, the spread over seeds, and how to get both again; with
    it the records of training regimes, of other tasks, and of one that was learned by heart, where there are
    such."""
    models = " ".join(f"--model {evaluation.setup.model}" for evaluation in report.shipped)
    parts = [
        "# The shipped models",
        f"Measured by\n\n    python -m s2s evaluate {models} \\\n"
        f"        test.tsv.gz --gold assets/gold/{GOLD.name}",
        table(report.shipped),
        "Speeds are those of the machine that made this page; the models took turns at each sentence. All of "
        "it, models and page, is made again from the data by\n\n    make models DATA=FOLDER",
    ]
    if gaps := [(e.setup.model, e.gap) for e in report.shipped if e.gap is not None]:
        parts += ["## Teacher forcing against free running", _GAP, gap_table(gaps)]
    if typed := [(e.setup.model, e.typed) for e in report.shipped if e.typed is not None]:
        parts += ["## As people type", _TYPED, typed_table(typed)]
    if report.probes:
        parts += ["## What the handed-over state still knows", *_probes(report)]
    if report.repetitions:
        parts += ["## Other seeds", *_seeds(report)]
    if regimes is not None:
        parts += ["## Training regimes", _REGIMES, *regimes_section(regimes)]
    if tasks is not None and tasks.scores:
        parts += ["## Other tasks", *scores_section(tasks.scores)]
    if memorising is not None:
        parts += ["## Memorising against generalising", *memorising_section(memorising)]
    return "\n\n".join(parts) + "\n"


def _probes(report: Report) -> list[str]:
    """How many words a linear probe reads from the states, by position, as paragraphs."""
    names = " | ".join(f"{part} of {PARTS}" for part in range(1, PARTS + 1))
    rows = [
        f"| {score.model} | {chain.sentences} | {' | '.join(map(_read, (chain.whole, *chain.parts)))} |"
        for score in report.probes
        for chain in score.chains
    ]
    return [
        "Words of a source that a linear probe reads from the state the decoder starts from, %, by where "
        "they stand in the input, and in brackets by a baseline that knows how frequent pieces are and "
        "nothing else. Repeated words are left out. Chains of sentences that no model saw.",
        "\n".join(
            [
                f"| | sentences | all | {names} |",
                f"|---|--:|--:|{'--:|' * PARTS}",
                *rows,
            ]
        ),
        "    "
        + " ".join(["python -m s2s probe", *(f"--model {score.model}" for score in report.probes)])
        + " \\\n        --train train.tsv.gz --test test.tsv.gz",
    ]


def _read(score: PositionScore) -> str:
    return f"{100 * score.read.value:.0f} ({100 * score.common:.0f})"


def _seeds(report: Report) -> list[str]:
    """The spread over seeds as paragraphs."""
    seeds = len({repetition.seed for repetition in report.repetitions})
    updates = ", ".join(f"{n:,}" for n in sorted({repetition.updates for repetition in report.repetitions}))
    bleus, aers = report.spread(bleu), report.spread(aer)
    rows = [
        f"| {name} | {_range(spread, 1)} | {_range(aers[name], 100) if name in aers else '-'} |"
        for name, spread in bleus.items()
    ]
    told = [
        _told(what, found, factor)
        for what, measure, factor in (("BLEU", bleu, 1), ("AER", aer, 100))
        if (found := report.compare(measure)) is not None
    ]
    return [
        f"Trained alike but for the seed, {seeds} seeds of each, {updates} updates.",
        "\n".join(["| | BLEU, mean (lowest to highest) | AER, % |", "|---|---|---|", *rows]),
        *told,
    ]


def _told(what: str, found: Comparison, factor: float) -> str:
    """Whether scorers differ by more than seeds do, in a sentence for each stage of training."""
    early = "larger" if found.is_told_apart else "not larger"
    late = "more than seeds do" if found.is_shipped_told_apart else "no more than seeds do"
    return (
        f"{what}: the means of two scorers differ by at most {factor * found.between:.2f}, two seeds of one "
        f"scorer by up to {factor * found.within:.2f}, so the difference between scorers is {early} than the "
        f"spread. Fully trained, one seed each, they differ by at most {factor * found.shipped:.2f}: {late}."
    )


def _range(spread: Spread, factor: float) -> str:
    return f"{factor * spread.mean:.2f} ({factor * spread.low:.2f} to {factor * spread.high:.2f})"
