"""The page beside the models: all records that are in a folder of models, as Markdown."""

from __future__ import annotations

from pathlib import Path

from s2s.catalog import CARD, write_whole
from s2s.evaluate import memorising, regimes
from s2s.evaluate.report import REPORT, TASKS_REPORT, markdown, read_report


def page_of(folder: Path) -> str:
    """The page of a folder of models that has a report. Raises DataError."""
    records = [folder / path.name for path in (regimes.RECORD, TASKS_REPORT, memorising.RECORD)]
    of_regimes, of_tasks, of_memory = (path if path.exists() else None for path in records)
    return markdown(
        read_report(folder / REPORT.name),
        regimes.read_regimes(of_regimes) if of_regimes else None,
        read_report(of_tasks) if of_tasks else None,
        memorising.read_memorising(of_memory) if of_memory else None,
    )


def write_page(folder: Path) -> None:
    """Write it again, where there is a report. Raises DataError."""
    if (folder / REPORT.name).exists():
        write_whole(folder / CARD, page_of(folder).encode())
