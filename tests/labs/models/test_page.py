"""The models on their page: how good those of a task are, and what one of them knows by heart."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from pages.kit import family, report
from pages.labs.models import memorising as section
from s2s import catalog
from s2s.catalog import TASKS
from s2s.evaluate.memorising import RECORD, Memorising, read_memorising
from s2s.evaluate.report import TASKS_REPORT, read_report
from tests.apps import SAY, open_app, panels

pytestmark = pytest.mark.usefixtures("loaded")
SCORES = {score.model: score for score in read_report(TASKS_REPORT).scores}
MEASURED = [task for task in catalog.tasks() if task.judge in SCORES]
FOUND = read_memorising(RECORD)


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    report.memorising.cache_clear()
    yield
    report.memorising.cache_clear()


def text(app: AppTest) -> str:
    said = (*app.markdown, *app.text, *app.caption, *app.header)
    return "\n".join([*(one.value for one in said), *(one.value.to_string() for one in app.table)])


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("task", MEASURED, ids=lambda task: task.name)
def test_each_figure_of_a_task_stands_beside_copying_the_input(task: catalog.Task, language: str):
    app, say = open_app("models", task=task.name, lang=language), SAY[language]
    (table,) = [one.value for one in app.table if say("models.copying") in one.value.columns]
    score = SCORES[task.judge]
    model = family.own_names(say).get(task.judge, task.judge)
    for column, quality in ((model, score.output), (say("models.copying"), score.copying)):
        assert table.loc["chrF", column] == f"{quality.chrf.value:.1f}"
        assert table.loc[say("models.exact"), column] == f"{100 * quality.exact:.1f}%"
    assert table.loc["chrF", say("models.people")] == "–"
    assert table.loc[say("models.copied"), say("models.people")] == f"{100 * score.people.copied:.1f}%"
    assert (say("models.register") in table.index) == (score.output.manner.register is not None)
    assert score.output.bleu[0].signature in text(app)


def test_the_first_task_has_its_scores_elsewhere():
    app = open_app("models", lang="en")
    assert SAY["en"]("models.scores") not in text(app)
    assert SAY["en"]("models.memorising") not in text(app)


def chat() -> catalog.Task:
    return next(task for task in TASKS if FOUND.model in task.models)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_what_is_known_by_heart_is_drawn_at_each_stage_and_answers_are_told(language: str):
    app, say = open_app("models", task=chat().name, lang=language), SAY[language]
    shown = panels(app)
    shares, losses = shown["memorising-shares"], shown["memorising-losses"]
    for name in ("by_heart", "distinct", "from_train", "fitting"):
        assert say(f"models.{name}") in str(shares)
    assert say("models.dev_loss") in str(losses)
    last = FOUND.stages[-1]
    assert f"{100 * last.by_heart:.0f}" in shares["spoken"]
    tables = [one.value for one in app.table if one.value.index.name == say("models.question")]
    assert [len(table) for table in tables] == [8, len(FOUND.questions)]
    told = tables[1]
    chosen = next(one for one in FOUND.stages if one.updates == FOUND.chosen)
    answers = told[say("models.after", updates=f"{FOUND.chosen:,}")]
    assert sum(answer.endswith("✓") for answer in answers) == sum(chosen.fitting)
    assert sum(say("models.in_train") in question for question in told.index) == sum(FOUND.seen)
    assert FOUND.stages[0].commonest in text(app)


def changed(**last: object) -> Memorising:
    """The record with another last stage, the one that is shipped."""
    *before, late = FOUND.stages
    stages = (*before, dataclasses.replace(late, **last))
    return dataclasses.replace(FOUND, chosen=late.updates, stages=stages)


@pytest.mark.parametrize(
    ("fits", "key"), [(True, "dev_loss_misleads"), (False, "dev_loss_leads"), (None, "dev_loss_undecided")]
)
def test_the_verdict_is_that_of_the_answers(fits: bool | None, key: str):
    count = len(FOUND.questions)
    record = changed(fitting=None if fits is None else (fits,) * count)
    lowest = min(range(len(record.stages) - 1), key=lambda at: record.stages[at].dev_loss)
    stages = list(record.stages)
    stages[lowest] = dataclasses.replace(stages[lowest], fitting=(not fits,) * count)
    say = SAY["en"]
    told = section._finding(dataclasses.replace(record, stages=tuple(stages)), say)
    assert told.endswith(say(f"models.{key}"))


def test_without_a_record_the_page_has_no_such_part(monkeypatch, tmp_path):
    monkeypatch.setattr(report, "RECORD", tmp_path / "none.json")
    app = open_app("models", task=chat().name, lang="en")
    assert SAY["en"]("models.memorising") not in text(app)
    assert SAY["en"]("models.scores") in text(app)
