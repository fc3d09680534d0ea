"""What was measured of the shipped models, as the pages read it."""

import dataclasses
import math
from collections.abc import Iterator

import pytest

from pages.kit import report
from pages.kit.report import shipped_report, usual_surprisal
from s2s.errors import DataError
from s2s.evaluate.report import REPORT, read_report


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    shipped_report.cache_clear()
    yield
    shipped_report.cache_clear()


def test_it_is_the_file_beside_the_models_read_once():
    assert shipped_report() == read_report(REPORT)
    assert shipped_report() is shipped_report()


def test_the_usual_surprisal_is_the_reports():
    assert usual_surprisal() == read_report(REPORT).shipped[0].usual_surprisal > 0


def test_where_no_model_was_measured_nothing_is_unusual(monkeypatch, tmp_path):
    empty = dataclasses.replace(read_report(REPORT), shipped=())
    (tmp_path / "report.json").write_text(empty.to_json(), encoding="utf-8")
    monkeypatch.setattr(report, "REPORT", tmp_path / "report.json")
    assert usual_surprisal() == math.inf


def test_without_a_report_nothing_is_unusual_and_who_needs_it_is_told(monkeypatch, tmp_path):
    monkeypatch.setattr(report, "REPORT", tmp_path / "report.json")
    assert usual_surprisal() == math.inf
    with pytest.raises(DataError, match=r"report\.json"):
        shipped_report()
