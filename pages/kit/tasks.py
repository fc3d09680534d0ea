"""What the networks do on all pages: translate from one of two languages, or one of the other tasks there are
models for. A link says it, and nothing of the first."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from pages.kit.state import OneOf, choose, chosen, read
from pages.kit.strings import Strings
from s2s import catalog
from s2s.catalog import Task

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


def task_switch(say: Strings) -> None:
    """Draw the choice, where there is one."""
    names = {task.name: task_name(task, say) for task in offered_tasks()}
    if len(names) < 2:
        return
    with st.container(key="tasks", width="content"):
        choose(read(View), "task", say("task.label"), names)
