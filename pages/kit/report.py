"""What was measured of the shipped models, as the pages show it: read from the report beside them."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from functools import cache

from s2s.errors import S2SError
from s2s.evaluate.report import REPORT, TASKS_REPORT, Report, read_report


@cache
def shipped_report() -> Report:
    """The report of the shipped models. Raises DataError."""
    return read_report(REPORT)


@cache
def usual_surprisals() -> Mapping[str, float]:
    """What 99 of 100 held-out sentences of a model's kind stay below, in nats a character, by the model; none
    of one that was not measured."""
    found: dict[str, float] = {}
    for path in (REPORT, TASKS_REPORT):
        with suppress(S2SError):
            found |= {one.setup.model: one.usual_surprisal for one in read_report(path).shipped}
    return found
