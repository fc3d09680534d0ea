"""What each head of a Transformer does, measured on pairs whose words a person has linked.

How far each cross head is from those links, how far the mean of a layer and of all heads is, and which way to
read one map out of them is the best: chosen on some pairs, told on others. And what each head looks at
(`head_tests`). A record of that stands beside the shipped models.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol

from s2s.catalog import read_part
from s2s.errors import CheckpointError, DataError
from s2s.evaluate.alignment_error import Linked, alignment_score, word_links
from s2s.evaluate.gold import GoldPair
from s2s.evaluate.head_tests import TESTS, HeadLinks, Shares, Tally, head_links
from s2s.looks import ATTENTIONS, MEASURES, AtStep, Attention, Looks, Measure, all_looks
from s2s.pieces import Level
from s2s.places import ASSETS
from s2s.records import build, parse_json, to_json
from s2s.traces import Alignment, Trace

FORMAT: Final = 2
RECORD: Final = ASSETS / "models" / "heads.json"
STEPS: Final[tuple[AtStep, ...]] = ("predicts", "reads")


class Aligns(Protocol):
    """What can be measured; `s2s.translator.Translator` is one."""

    def align(self, source: str, target: str) -> Trace:
        """A given translation, with all that the model computed for it."""


class Reading(NamedTuple):
    """A way to read one map out of all cross heads: the map that the model's settings name ("read"), the
    mean of all heads or of a layer's, one head, or the vectors that it fetches; at the step that says a word
    or the one that reads it. Layers and heads are counted from 0."""

    way: str
    layer: int | None
    head: int | None
    row: str

    @property
    def step(self) -> AtStep:
        """The same `row`, as `all_looks` takes it."""
        return "reads" if self.row == "reads" else "predicts"

    @property
    def by(self) -> Measure:
        """What the looks are told by, as `all_looks` takes it."""
        return "vectors" if self.way == "vectors" else "weights"

    def map(self, trace: Trace, level: Level = "words", looks: Looks | None = None) -> Alignment:
        """The map of a translation; `looks` are all of it at this level and step, by this measure, where they
        are known. Raises TraceError for a model without heads."""
        looks = looks or all_looks(trace, level=level, row=self.step, by=self.by)
        if self.way == "read":
            found = trace.alignment(level, row=self.step)
            assert found is not None  # a model with heads attends
            return found
        if self.head is None or self.layer is None:
            return looks.mean(self.layer)
        return looks.head(self.layer, self.head)


@dataclass(frozen=True, kw_only=True)
class ReadingScore:
    """How far the words that a reading links are from a person's links: alignment error rates, 0 to 1."""

    reading: Reading
    chosen_on: float
    told_on: float


@dataclass(frozen=True, kw_only=True)
class Beside:
    """The alignment error rates, on the same pairs, of a recurrent model's weights."""

    model: str
    weights: str  # SHA-256 of the file with them
    chosen_on: float
    told_on: float


@dataclass(frozen=True, kw_only=True)
class HeadTest:
    """How often the strongest looks of each head pass one test, of the positions that were counted."""

    of: str  # an attention, see `s2s.looks`
    name: str  # see `head_tests.TESTS`
    positions: tuple[int, int]  # of the pairs that names are chosen on, of those they are told on
    chosen_on: Shares
    told_on: Shares


@dataclass(frozen=True, kw_only=True)
class Heads:
    """What was found of the heads of one model."""

    model: str
    weights: str  # SHA-256 of the file with the model's weights
    gold: str  # name of the file with linked pairs
    gold_fingerprint: str  # SHA-256 of that file
    dev: (
        str | None
    )  # name of the file that was chosen on; None: on the even lines of the other, told on the odd
    dev_fingerprint: str | None
    chosen_pairs: int
    told_pairs: int
    layers: int
    heads: int
    readings: tuple[ReadingScore, ...]
    tests: tuple[HeadTest, ...]
    beside: Beside | None  # what the first model is held against; None where there was none

    @property
    def best(self) -> ReadingScore:
        """The reading with the lowest error on the pairs that were there to choose; the first of equals."""
        return min(self.readings, key=lambda one: one.chosen_on)

    def score(self, reading: Reading) -> ReadingScore | None:
        """That of a reading."""
        return next((one for one in self.readings if one.reading == reading), None)

    def test(self, of: Attention, name: str) -> HeadTest:
        """One of the tests."""
        return next(one for one in self.tests if (one.of, one.name) == (of, name))

    def to_json(self) -> str:
        """The record as JSON text; `read_heads` gives it back."""
        return to_json({"format": FORMAT, **dataclasses.asdict(self)}, indent=1) + "\n"


class Parted(NamedTuple):
    """Linked pairs: those to choose on, and others to tell on."""

    chosen: Sequence[GoldPair]
    told: Sequence[GoldPair]


def parted(gold: Sequence[GoldPair], dev: Sequence[GoldPair] | None) -> Parted:
    """The pairs of `dev` to choose on, those of `gold` to tell on; without the first the even ones of the
    second, counted from 0, to choose on, and the odd ones to tell on. Raises DataError for less than two."""
    found = Parted(gold[::2], gold[1::2]) if dev is None else Parted(dev, gold)
    if not found.told:
        raise DataError("gold_not_parted")
    return found


class Measured(NamedTuple):
    """One half of what a record says."""

    layers: int
    heads: int
    readings: dict[Reading, float]  # alignment error rates
    tally: Tally


def measured(model: Aligns, pairs: Sequence[GoldPair]) -> Iterator[Measured | None]:
    """None after each pair that a model was made to say; at last, what was found over all of them, one at
    least. Raises TraceError for a model without heads, DataError for a pair that is too long."""
    tally = Tally()
    drawn: dict[Reading, list[Linked]] = {}
    layers = heads = 0
    for pair in pairs:
        trace = model.align(pair.source, pair.target)
        links: dict[AtStep, HeadLinks] = {}
        for row in STEPS:
            looks = {by: all_looks(trace, row=row, by=by) for by in MEASURES}
            layers, heads = looks["weights"].layers, looks["weights"].heads
            links[row] = head_links(trace, pair, row)
            for reading in readings(layers, heads, row):
                found = _links(reading, trace, looks[reading.by], pair, links[row])
                drawn.setdefault(reading, []).append(Linked(pair, found))
        tally.add(trace, pair, predicts=links["predicts"], reads=links["reads"])
        yield None
    yield Measured(
        layers, heads, {reading: alignment_score(found).aer for reading, found in drawn.items()}, tally
    )


def error_of(model: Aligns, pairs: Sequence[GoldPair]) -> float | None:
    """The alignment error rate of the one map that any model draws; None for one without attention."""
    drawn = []
    for pair in pairs:
        trace = model.align(pair.source, pair.target)
        if (found := trace.alignment()) is None:
            return None
        drawn.append(Linked(pair, word_links(found, pair.source, pair.target, languages=trace.languages)))
    return alignment_score(drawn).aer


def readings(layers: int, heads: int, row: AtStep) -> Iterator[Reading]:
    """All ways to read one map at a step."""
    yield Reading("read", None, None, row)
    yield Reading("all", None, None, row)
    for layer in range(layers):
        yield Reading("layer", layer, None, row)
    for layer in range(layers):
        for head in range(heads):
            yield Reading("head", layer, head, row)
    for layer in range(layers):
        for head in range(heads):
            yield Reading("vectors", layer, head, row)


def _links(
    reading: Reading, trace: Trace, looks: Looks, pair: GoldPair, links: HeadLinks
) -> frozenset[tuple[int, int]]:
    if reading.way == "head" and reading.layer is not None and reading.head is not None:
        return links[reading.layer][reading.head]
    found = reading.map(trace, looks=looks)
    return word_links(found, pair.source, pair.target, languages=trace.languages)


def all_tests(chosen: Tally, told: Tally) -> Iterator[HeadTest]:
    """All tests, over the pairs that names are chosen on and over the others."""
    for of in ATTENTIONS:
        for name in TESTS[of]:
            one, other = chosen.counted(of, name), told.counted(of, name)
            yield HeadTest(
                of=of,
                name=name,
                positions=(one.positions, other.positions),
                chosen_on=one.shares,
                told_on=other.shares,
            )


def scores(chosen: Measured, told: Measured) -> tuple[ReadingScore, ...]:
    """All readings, in the order in which they are named."""
    return tuple(
        ReadingScore(reading=reading, chosen_on=error, told_on=told.readings[reading])
        for reading, error in chosen.readings.items()
    )


def read_heads(path: Path) -> Heads:
    """The record in a file. Raises DataError."""
    try:
        record: dict[str, Any] = parse_json(read_part(path))
        if (found := record.pop("format", "unknown")) != FORMAT:
            raise DataError("format_foreign", path=path, found=found, expected=FORMAT)
        for one in record["readings"]:
            one["reading"] = Reading(*one["reading"])
        whole: Heads = build(record, Heads)
        _check(whole)
    except CheckpointError as error:
        if error.key == "part_missing":
            raise DataError("file_missing", path=path) from error
        raise DataError("file_unreadable", path=path, reason=error.values["reason"]) from error
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        raise DataError("evaluation_damaged", path=path, reason=f"{type(error).__name__}: {error}") from error
    return whole


def _check(found: Heads) -> None:
    """Raise ValueError for a record that says more or less than all of its heads."""
    expected = [one for row in STEPS for one in readings(found.layers, found.heads, row)]
    if [one.reading for one in found.readings] != expected:
        raise ValueError("its readings are not those of its layers and heads")
    if [(one.of, one.name) for one in found.tests] != [(of, name) for of in ATTENTIONS for name in TESTS[of]]:
        raise ValueError("its tests are not those that there are")
    for one in found.tests:
        for shares in (one.chosen_on, one.told_on):
            if [len(row) for row in shares] != [found.heads] * found.layers:
                raise ValueError(f"{one.of}.{one.name} is not of its layers and heads")
