"""The page of applications: a row for each task, its sentence, its output and what is said of both."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from pages.kit.examples import pairs
from pages.kit.shapes import shape_findings
from pages.kit.tasks import task_name
from pages.kit.translators import answer, shelf
from s2s import catalog
from s2s.catalog import TASKS, Task
from s2s.evaluate.shape import shape_of
from tests.apps import SAY, open_app, panels, run, said, until

pytestmark = pytest.mark.usefixtures("all_loaded")
HERE = catalog.tasks()


@pytest.fixture(scope="module")
def all_loaded(loaded: None) -> None:
    """One of each task."""
    until(lambda: shelf().has([task.judge for task in HERE]))


def named(task: Task) -> str:
    return task.name


def fields(app: AppTest) -> dict[str, dict]:
    sent = [json.loads(component.proto.json) for component in app.get("bidi_component")]
    return {data["parameter"]: data for data in sent if "parameter" in data}


@pytest.mark.parametrize("language", SAY)
def test_there_is_a_row_for_each_task_with_its_first_example_and_what_its_model_makes_of_it(language: str):
    say = SAY[language]
    app = open_app("applications", lang=language)
    shown, typed = panels(app), fields(app)
    headers = [header.value for header in app.header]
    assert headers == [
        *(task_name(task, say) for task in HERE),
        say("applications.compared"),
        say("task.speech"),
    ]
    for task in HERE:
        first = next(iter(pairs(task.languages)))
        assert typed[f"of-{task.name}"]["text"] == first
        trace = answer(task.judge, first).trace
        written = [word["text"] for word in shown[f"use-{task.name}"]["words"]]
        assert "".join(written) == trace.target.replace(" ", "")
        for told in shape_findings(shape_of(trace.alignment()), task.languages, say):
            assert told in said(app)
    (table,) = app.table
    assert list(table.value.columns) == [task_name(task, say) for task in HERE]


@pytest.mark.parametrize("task", HERE, ids=named)
def test_a_row_is_about_what_a_link_says_and_leads_to_a_laboratory_with_it(task: Task):
    text = list(pairs(task.languages))[1]
    app = open_app("applications", lang="en", **{f"of-{task.name}": text})
    assert fields(app)[f"of-{task.name}"]["text"] == text
    assert answer(task.judge, text).trace.target in panels(app)[f"use-{task.name}"]["spoken"]
    app.button(key=f"door-{task.name}-forcing").click()
    run(app)
    assert app.session_state["text"] == text
    assert app.segmented_control(key="model").value in task.main
    assert fields(app)["text"]["text"] == text


def test_an_empty_field_asks_for_a_sentence_and_the_other_rows_go_on():
    first = TASKS[0]
    app = open_app("applications", lang="en", **{f"of-{first.name}": " "})
    assert SAY["en"]("applications.empty") in said(app)
    assert f"use-{first.name}" not in panels(app)
    assert panels(app).keys() >= {f"use-{task.name}" for task in HERE[1:]}


def test_what_is_typed_is_text_and_never_markup():
    app = open_app("applications", lang="en", **{f"of-{TASKS[0].name}": "<b>**x**</b>"})
    assert f"use-{TASKS[0].name}" in panels(app)
    assert not any("<b>" in part.value for part in app.markdown)


def test_what_all_networks_share_is_read_from_their_folders():
    configs = [catalog.read_config(catalog.locate(task.judge))[0] for task in HERE]
    built = {(one.cell, one.attention, one.direction, one.layers) for one in configs}
    app = open_app("applications", lang="en")
    assert ("What is the same in all rows" in said(app)) == (len(built) == 1)
