"""What a reader can do here: the laboratories, in the order of the menu, each a folder of its own.

A laboratory is `pages/labs/<name>/lab.py` with a function `draw(frame)`, a row of LABS, and its words in
`assets/strings/<language>/<name>.toml`. None imports another; what two need is in `pages/kit`. A page is a
script of three lines, because Streamlit wants a file: `run("<page>")`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib import import_module
from itertools import groupby
from typing import Final, NamedTuple

import streamlit as st

from pages.kit.failures import told
from pages.kit.family import own
from pages.kit.frame import Frame, Page, open_page
from pages.kit.tasks import chosen_task, task_name
from s2s.catalog import PLAIN, SUCCESSOR, TASKS, Task


class Lab(NamedTuple):
    """A laboratory: where it is, where it stands, and which tasks it takes. Of others it says why it does
    not, by the string `<name>.not_for`."""

    name: str  # of its folder
    page: str  # it stands on, called like the first laboratory there
    takes: Callable[[Task], bool] = lambda _: True
    is_behind: bool = False  # answers to the sentence in the bar of that first laboratory, below it


def _has_plain(task: Task) -> bool:
    """Whether there is a model without attention to hold against the others."""
    return PLAIN.name in task.kinds


def _has_successor(task: Task) -> bool:
    """Whether there is a model without recurrence."""
    return SUCCESSOR.name in task.kinds


def _is_first(task: Task) -> bool:
    return task is TASKS[0]


LABS: Final = (
    Lab("alignments", page="alignments"),
    Lab("machine", page="machine"),
    Lab("walkthrough", page="walkthrough"),
    Lab("forcing", page="forcing"),
    Lab("gap", page="forcing"),
    Lab("regimes", page="forcing", takes=_is_first),
    Lab("exposure", page="forcing"),
    Lab("bottleneck", page="bottleneck", takes=_has_plain),
    Lab("gradients", page="gradients"),
    Lab("memory", page="gradients"),
    Lab("transformer", page="transformer", takes=_has_successor),
    Lab("head", page="transformer", takes=_has_successor, is_behind=True),
    Lab("parallel", page="transformer", takes=_has_successor, is_behind=True),
    Lab("speech", page="speech"),
    Lab("applications", page="applications"),
    Lab("lessons", page="lessons", takes=_is_first),
    Lab("models", page="models"),
)


def pages() -> tuple[Page, ...]:
    """The pages of the menu, in its order."""
    names = [name for name, _ in groupby(lab.page for lab in LABS)]
    return tuple(Page("app.py" if name == names[0] else f"pages/{name}.py", name) for name in names)


def run(page: str) -> None:
    """Draw a page: its frame, and the laboratories that stand on it; where one fails, the others go on."""
    frame = open_page(page, pages())
    with told(frame.say):
        for error in own().errors:
            st.text(frame.say.error(error))
    task = chosen_task()
    here = [lab for lab in LABS if lab.page == page]
    behind = [partial(_draw, lab, frame) for lab in here if lab.is_behind and lab.takes(task)]
    frame = frame._replace(behind=tuple(behind))
    for lab in here:
        if lab.is_behind:
            continue
        if lab.takes(task):
            with told(frame.say):
                _draw(lab, frame)
        else:
            st.text(frame.say(f"{lab.name}.not_for", first=task_name(TASKS[0], frame.say)))


def _draw(lab: Lab, frame: Frame) -> None:
    import_module(f"{__name__}.{lab.name}.lab").draw(frame)
