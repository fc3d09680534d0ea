"""What the networks do on all pages: translate from one of two languages, or one of the other tasks there are
models for. A link says it, and nothing of the first."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from pages.kit.state import OneOf, chosen, keep, read
from pages.kit.strings import Strings
from s2s import catalog
from s2s.catalog import Task

SPEECH: Final = "speech"  # a page, which stands in the choice beside the tasks
_KEY: Final = "task"  # of the widget
_ASKED: Final = "task.asked"  # what was just chosen there
_BY_NAME = {task.name: task for task in catalog.TASKS}


def offered_tasks() -> tuple[Task, ...]:
    """Those there were models for when somebody first asked: each letter asks many times."""
    return _found(catalog.SHIPPED)


@cache
def _found(folder: Path) -> tuple[Task, ...]:
    """Those of the catalogue, whose folder this is."""
    return catalog.tasks()


@dataclass(frozen=True)
class View:
    """What the reader chose."""

    task: str = chosen(OneOf(lambda: [task.name for task in offered_tasks()]))


def chosen_task() -> Task:
    """What the page is about; the first task where nobody has chosen, as outside of pages."""
    if get_script_run_ctx(suppress_warning=True) is None:
        return catalog.TASKS[0]
    return _BY_NAME[read(View).task]


def task_name(task: Task, say: Strings) -> str:
    """What a task is called on screen."""
    if task.languages.purpose:
        return say(f"tasks.{task.languages.purpose}.name")
    source, target = (say(f"languages.{code}.name") for code in task.languages.codes)
    return say("task.translation", source=source, target=target)


def task_switch(page: str, say: Strings) -> bool:
    """Draw the choice, where there is one, on a page; whether what was chosen stands elsewhere: what listens
    has a page of its own, and from there every task leads to another."""
    names = {task.name: task_name(task, say) for task in offered_tasks()}
    if len(names) < 2:
        return False
    names[SPEECH] = say("task.speech")
    state, here = st.session_state, SPEECH if page == SPEECH else chosen_task().name
    asked: str = state.pop(_ASKED, here)
    if state.get(_KEY) != here:
        state[_KEY] = here
    with st.container(key="tasks", width="content"):
        st.segmented_control(
            say("task.label"), list(names), default=here, required=True, format_func=lambda code: names[code],
            label_visibility="collapsed", width="content", key=_KEY, on_change=_choose,
        )  # fmt: skip
    return (asked == SPEECH) != (here == SPEECH)


def _choose() -> None:
    asked = st.session_state[_ASKED] = st.session_state[_KEY]
    if asked != SPEECH:
        keep(View, task=asked)
