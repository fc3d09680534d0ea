"""What was measured of the shipped models, as the pages show it: read from the report beside them."""

from __future__ import annotations

from functools import cache
from math import inf

from s2s.errors import S2SError
from s2s.evaluate.report import REPORT, Report, read_report


@cache
def shipped_report() -> Report:
    """The report of the shipped models. Raises DataError."""
    return read_report(REPORT)


def usual_surprisal() -> float:
    """What 99 of 100 held-out sentences stay below, in nats a character; no limit where none was measured."""
    try:
        shipped = shipped_report().shipped
    except S2SError:
        return inf
    return shipped[0].usual_surprisal if shipped else inf
