"""What training regimes cost and give, measured: a record that goes to JSON and comes back.

Models that differ only in what their decoder was fed in training are held against each other: how far each
leaves its reference when nobody leads it, how well it translates, what an update costs, how training goes
with several seeds, and how well a discriminator tells its forced runs from its free ones.

Bands are what 95 of 100 resamples of the same pairs stay within (Koehn 2004). All models are resampled alike,
so that a difference between two of them has a band of its own. Units are those of `s2s.evaluate.gap`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from s2s.catalog import read_part
from s2s.config import TEACHER
from s2s.errors import CheckpointError, DataError
from s2s.evaluate.evaluation import Band
from s2s.evaluate.gap import Gap
from s2s.places import ASSETS
from s2s.records import build, parse_json

FORMAT: Final = 1
RECORD: Final = ASSETS / "models" / "regimes.json"

Point = Mapping[str, float]  # of a history: `updates` and `dev_loss`, and what `s2s.train.tally.point` adds


@dataclass(frozen=True, kw_only=True)
class Both:
    """A quantity fed by the teacher and by the model itself, and the gap that teacher forcing hides: how much
    worse it is free, which is `forced - free` of what should be high and `free - forced` of what should be
    low."""

    forced: Band
    free: Band
    gap: Band


@dataclass(frozen=True, kw_only=True)
class Step:
    """The same quantities over the steps from `first` to `last` of all pairs."""

    first: int  # counted from 1
    last: int | None  # None: no limit
    steps: int
    accuracy: Both
    loss: Both


@dataclass(frozen=True, kw_only=True)
class Length:
    """BLEU of free runs over the pairs whose source has `shortest` to `longest` words and marks."""

    shortest: int
    longest: int | None  # None: no limit
    pairs: int
    bleu: Band | None  # None where there is no pair


@dataclass(frozen=True, kw_only=True)
class Beside:
    """What a model has more than the one trained by teacher forcing, in the same resamples."""

    accuracy_gap: Band
    accuracy_forced: Band  # a gap is smaller, too, where less is right with the teacher's words
    accuracy_free: Band
    loss_gap: Band
    bleu: Band  # of free runs


@dataclass(frozen=True, kw_only=True)
class OnText:
    """A model on one file of pairs."""

    gap: Gap
    accuracy: Both
    loss: Both
    bleu: Both  # each pair against its one reference
    steps: tuple[Step, ...]  # those of `gap.positions`
    by_length: tuple[Length, ...]
    beside: Beside | None  # None of teacher forcing itself


@dataclass(frozen=True, kw_only=True)
class Telling:
    """How well a new discriminator, trained on the forced and free runs of a model that no longer learns,
    tells them apart on pairs that it has not seen: 0.5 is chance."""

    accuracy: Band
    updates: int  # of the discriminator
    learned: int  # pairs it learned from
    held_out: int  # pairs it was asked about
    seeds: int  # discriminators, of which this is the mean


@dataclass(frozen=True, kw_only=True)
class Trained:
    """One model and all that was measured of it."""

    regime: str  # a row of `s2s.recipes.REGIMES`
    model: str
    weights: str  # SHA-256 of the file with the model's weights
    parameters: int
    updates: int
    seconds: float  # that they took where it was trained
    tokens: int  # target pieces it learned from
    device: str  # where it was trained
    precision: str
    settings: Mapping[str, Any]  # of its training: regime, schedule, sampling, seed and the like
    history: tuple[Point, ...]
    everyday: OnText
    general: OnText
    telling: Telling


@dataclass(frozen=True, kw_only=True)
class Led:
    """A quantity fed by the teacher and by the model itself, where no band was measured."""

    forced: float
    free: float


@dataclass(frozen=True, kw_only=True)
class Repetition:
    """A smaller training, one of several that differ in seed or regime alone, and its gap."""

    regime: str
    seed: int
    updates: int
    seconds: float
    device: str
    history: tuple[Point, ...]
    pairs: int
    accuracy: Led
    loss: Led
    bleu: Led


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What an update costs, measured in turns with all other regimes on the same batches."""

    regime: str
    milliseconds: tuple[float, ...]  # of the processor's time for an update, in each round
    times: Band  # those of teacher forcing in the same round: median, lowest, highest


@dataclass(frozen=True, kw_only=True)
class Machine:
    """Where and how costs were measured."""

    device: str
    precision: str
    threads: int
    batches: int  # in a round
    pieces: int  # target pieces in these


@dataclass(frozen=True, kw_only=True)
class Reached:
    """When a repetition first had a dev loss, by a straight line between two looks."""

    regime: str
    seed: int
    updates: float | None  # None where it never had
    seconds: float | None  # the same at the milliseconds of `Cost`; None where those were not measured


@dataclass(frozen=True, kw_only=True)
class Level:
    """A dev loss, fed by the teacher, that repetitions are asked for."""

    rule: str  # how it was chosen: a key of `s2s.evaluate.curves.RULES`
    dev_loss: float
    reached: tuple[Reached, ...]


@dataclass(frozen=True, kw_only=True)
class Text:
    """A file of pairs that models were measured on."""

    name: str
    fingerprint: str  # of its pairs: `s2s.data.fingerprint`
    pairs: int  # in the file
    measured: int  # of these, drawn with a seed where it is fewer
    compared: int  # of these, by every model: those left out have a reference longer than a translation


@dataclass(frozen=True, kw_only=True)
class Regimes:
    """All of it."""

    everyday: Text
    general: Text
    trained: tuple[Trained, ...]  # teacher forcing first
    repetitions: tuple[Repetition, ...]  # none where none were given
    machine: Machine
    costs: tuple[Cost, ...]
    levels: tuple[Level, ...]  # none without repetitions
    resamples: int
    seed: int
    versions: Mapping[str, str]

    @property
    def teacher(self) -> Trained:
        """The model trained by teacher forcing."""
        return self.of(TEACHER)

    def of(self, regime: str) -> Trained:
        """The model of a regime. Raises KeyError."""
        return {one.regime: one for one in self.trained}[regime]

    def to_json(self) -> str:
        """The whole record as JSON text; `read_regimes` gives it back."""
        return json.dumps({"format": FORMAT, **asdict(self)}, allow_nan=False, indent=1) + "\n"


def read_regimes(path: Path) -> Regimes:
    """The record in a file. Raises DataError."""
    try:
        record: Mapping[str, Any] = parse_json(read_part(path))
        values = {name: value for name, value in record.items() if name != "format"}
        if record["format"] != FORMAT:
            raise DataError("format_foreign", path=path, found=record["format"], expected=FORMAT)
        regimes: Regimes = build(values, Regimes)
        _check_is_whole(regimes)
    except CheckpointError as error:
        raise DataError("file_unreadable", path=path, reason=str(error)) from error
    except (AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        raise DataError("regimes_damaged", path=path, reason=f"{type(error).__name__}: {error}") from error
    return regimes


def _check_is_whole(regimes: Regimes) -> None:
    """Raises ValueError for an empty list where one is never empty, and for parts that do not compare."""
    names = [one.regime for one in regimes.trained]
    texts = [text for one in regimes.trained for text in (one.everyday, one.general)]
    for is_whole, what in (
        (names[:1] == [TEACHER], "no teacher forcing in front"),
        (len(set(names)) == len(names), "a regime twice"),
        (all(text.steps for text in texts), "no steps"),
        (all(len(text.steps) == len(text.gap.positions) for text in texts), "steps without bands"),
        (
            all((one.everyday.beside is None) == (one.regime == TEACHER) for one in regimes.trained),
            "a model that stands beside nothing",
        ),
        (all(one.history for one in regimes.repetitions), "a repetition without a history"),
        (all(cost.milliseconds for cost in regimes.costs), "costs without a round"),
    ):
        if not is_whole:
            raise ValueError(f"it has {what}")
