"""What was measured of the shipped models, as the pages show it: read from the report beside them."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from functools import cache

from pages.kit.family import successor
from s2s.catalog import TASKS, Task
from s2s.errors import DataError, S2SError
from s2s.evaluate.evaluation import Evaluation
from s2s.evaluate.heads import RECORD as HEADS
from s2s.evaluate.heads import Heads, read_heads
from s2s.evaluate.memorising import RECORD, Memorising, read_memorising
from s2s.evaluate.report import REPORT, TASKS_REPORT, Report, read_report
from s2s.evaluate.scores import TaskScore


@cache
def shipped_report(task: Task = TASKS[0]) -> Report:
    """What was measured of a task's models: of the first task's all in their report, of another's those that
    the report of the other tasks has, and nothing where there is no such file. Raises DataError."""
    if task is TASKS[0]:
        return read_report(REPORT)
    try:
        found = read_report(TASKS_REPORT)
    except DataError as error:
        if error.key != "file_missing":
            raise
        return Report(shipped=(), repetitions=())
    return replace(
        found,
        shipped=tuple(one for one in found.shipped if one.setup.model in task.models),
        repetitions=tuple(one for one in found.repetitions if one.evaluation.setup.model in task.models),
        probes=tuple(one for one in found.probes if one.model in task.models),
    )


@cache
def usual_surprisals() -> Mapping[str, float]:
    """What 99 of 100 held-out sentences of a model's kind stay below, in nats a character, by the model; none
    of one that was not measured."""
    found: dict[str, float] = {}
    for path in (REPORT, TASKS_REPORT):
        with suppress(S2SError):
            found |= {one.setup.model: one.usual_surprisal for one in read_report(path).shipped}
    return found


@cache
def task_scores() -> Mapping[str, TaskScore]:
    """What was measured of the other tasks' models beside copying, by the model; none where there is no
    record."""
    with suppress(S2SError):
        return {score.model: score for score in read_report(TASKS_REPORT).scores}
    return {}


@cache
def memorising() -> Memorising | None:
    """The record of a training that goes on until it knows its pairs by heart; None where there is none."""
    with suppress(S2SError):
        return read_memorising(RECORD)
    return None


@cache
def heads_record() -> Heads | None:
    """What was found of the heads of the Transformer that is shipped; None where there is no such file.
    Raises DataError for one that cannot be read."""
    try:
        return read_heads(HEADS)
    except DataError as error:
        if error.key != "file_missing":
            raise
        return None


def side_by_side(report: Report) -> list[Evaluation]:
    """What was measured of the models that differ in how they look back alone, and of the one without
    recurrence."""
    return [*report.scorers, *(one for one in report.shipped if one.setup.model in successor())]
