"""What was measured of the shipped models, as the pages read it."""

import dataclasses
from collections.abc import Iterator

import pytest

from pages.kit import report
from pages.kit.report import memorising, shipped_report, task_scores, usual_surprisals
from s2s.catalog import TASKS, shipped
from s2s.errors import DataError
from s2s.evaluate.memorising import RECORD, read_memorising
from s2s.evaluate.report import REPORT, TASKS_REPORT, read_report


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    shipped_report.cache_clear()
    usual_surprisals.cache_clear()
    yield
    shipped_report.cache_clear()
    usual_surprisals.cache_clear()


def test_it_is_the_file_beside_the_models_read_once():
    assert shipped_report() == read_report(REPORT)
    assert shipped_report() is shipped_report()


def test_of_another_task_it_is_what_was_measured_of_its_models(monkeypatch, tmp_path):
    whole = read_report(TASKS_REPORT)
    for task in TASKS[1:]:
        measured = tuple(one for one in whole.shipped if one.setup.model in task.models)
        assert shipped_report(task).shipped == measured
    assert sum(len(shipped_report(task).shipped) for task in TASKS[1:]) == len(whole.shipped)
    shipped_report.cache_clear()
    monkeypatch.setattr(report, "TASKS_REPORT", tmp_path / "none.json")
    assert shipped_report(TASKS[1]).shipped == ()
    shipped_report.cache_clear()
    (tmp_path / "none.json").write_text("{", encoding="utf-8")
    with pytest.raises(DataError, match=r"none\.json"):
        shipped_report(TASKS[1])


def test_the_usual_surprisal_is_what_was_measured_of_the_model_on_sentences_of_its_kind():
    measured = [*read_report(REPORT).shipped, *read_report(TASKS_REPORT).shipped]
    assert usual_surprisals() == {one.setup.model: one.usual_surprisal for one in measured}
    assert usual_surprisals().keys() <= {*shipped()}
    assert min(usual_surprisals().values()) > 0


def test_where_no_model_was_measured_nothing_is_unusual(monkeypatch, tmp_path):
    empty = dataclasses.replace(read_report(REPORT), shipped=())
    (tmp_path / "report.json").write_text(empty.to_json(), encoding="utf-8")
    monkeypatch.setattr(report, "REPORT", tmp_path / "report.json")
    monkeypatch.setattr(report, "TASKS_REPORT", tmp_path / "none.json")
    assert usual_surprisals() == {}


def test_without_a_report_nothing_is_unusual_and_who_needs_it_is_told(monkeypatch, tmp_path):
    monkeypatch.setattr(report, "REPORT", tmp_path / "report.json")
    assert usual_surprisals().keys() == {one.setup.model for one in read_report(TASKS_REPORT).shipped}
    with pytest.raises(DataError, match=r"report\.json"):
        shipped_report()


def test_scores_of_tasks_and_what_is_known_by_heart_are_the_records_beside_the_models(monkeypatch, tmp_path):
    task_scores.cache_clear()
    memorising.cache_clear()
    assert list(task_scores().values()) == list(read_report(TASKS_REPORT).scores)
    assert memorising() == read_memorising(RECORD)
    task_scores.cache_clear()
    memorising.cache_clear()
    monkeypatch.setattr(report, "TASKS_REPORT", tmp_path / "none.json")
    monkeypatch.setattr(report, "RECORD", tmp_path / "none.json")
    assert task_scores() == {}
    assert memorising() is None
    task_scores.cache_clear()
    memorising.cache_clear()
