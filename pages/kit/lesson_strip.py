"""A lesson that is open: which step, its laboratory as the step wants it, and the strip that tells and asks.

The address says it: `lesson` is a name, or the lesson itself (`pages.kit.lesson`), `at` the step, from 1. A
page that a reader arrives at by a step has what the step's view says; what the reader then changes stays, and
wherever they go, the strip shows the step that they came from.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Final, Literal, NamedTuple, NoReturn

import streamlit as st

from pages.kit import lesson as lessons
from pages.kit.components import ignore, show
from pages.kit.lesson import Lesson, Step, said
from pages.kit.lesson_quiz import quiz
from pages.kit.quiz.asked import Quiz
from pages.kit.sentence import follow_task, put, reference_of
from pages.kit.state import forget, read, to_link
from pages.kit.strings import Strings
from pages.kit.tasks import chosen_task, offered_tasks, task_name
from s2s.catalog import TASKS, Task
from s2s.errors import DataError
from s2s.figures.palette import DARK, LIGHT, Palette
from s2s.languages import FIRST

OWN: Final = "own"  # the lesson that this reader made or loaded: the browser keeps it, and this session
_CODE: Final = "lesson.own"  # in the session: that lesson
_HERE: Final = "lesson.here"  # the step that the page was opened for
_SENT: Final = "lesson.sent"  # the step whose page was asked for
_PAGES: Final = "lesson.pages"  # scripts by the names of pages
_PAGE: Final = "lesson.page"  # the name of this one
_KEPT: Final = ("text", "lang", "size", "theme", "present")  # of an address that leads to a step
_FRAME: Final = "lesson.frame"  # the View of the reader's language and size
_GROUND: Final = "lesson.ground"  # light or dark, as a presenter wants it
_TRAVELLING: Final = ("lesson", "at", "present", "theme")

LABELS: Final = (
    "back",
    "next",
    "step",  # {at} of {count}
    "check",
    "reveal",
    "again",
    "right",
    "wrong",
    "seen",  # revealed without an answer
    "your_answer",  # names the field
    "point",  # says that one may point
    "notice",
    "score",  # {right} of {questions}
    "forget",
    "kept_here",  # where answers are kept
    "leave",
    "return",  # to the step, from elsewhere
    "present",
    "end_present",
    "ground",
    "black",
    "summary",
)
PRESENTING: Final = ("end_present", "ground", "black")  # without a lesson


class Tab(NamedTuple):
    """A neighbour that stands beside a step."""

    at: int
    title: str
    text: str


class Strip(NamedTuple):
    """The step that is open, as the browser shows it; without a lesson it can still present."""

    lesson: str  # its name; "" for none
    title: str
    at: int
    outline: tuple[str, ...]  # the titles of all steps
    questions: tuple[int, ...]  # the steps that ask something that can be right
    heading: str
    text: str
    notice: str
    picture: int
    is_here: bool  # whether this is the page of the step
    group: str
    tabs: tuple[Tab, ...]
    quiz: Quiz | None
    wanted: bool  # whether the browser is asked for the lesson that it keeps
    own: str  # that lesson, for the browser to keep
    labels: Mapping[str, str]
    colors: Mapping[str, str]
    ground: str
    language: str
    view: Literal["lesson"] = "lesson"


class Opened(NamedTuple):
    """A step of a lesson."""

    name: str
    lesson: Lesson
    at: int  # from 1

    @property
    def step(self) -> Step:
        """The step."""
        return self.lesson.steps[self.at - 1]


def open_lesson() -> dict[str, list[str]]:
    """What the address says of the lesson that is open."""
    return {name: codes for name in _TRAVELLING if (codes := st.query_params.get_all(name))}


def scripts() -> Mapping[str, str]:
    """The scripts of all pages, by name."""
    found: Mapping[str, str] = st.session_state[_PAGES]
    return found


def script_of(page: str) -> str:
    """The script of a page; of the first for one that is not there."""
    return scripts().get(page) or next(iter(scripts().values()))


def find(name: str) -> Lesson:
    """The lesson of a name. Raises DataError."""
    if name.startswith("."):
        return lessons.from_code(name)
    if name == OWN and _CODE in st.session_state:
        return lessons.from_code(st.session_state[_CODE])
    shipped = lessons.shipped()
    if name not in shipped:
        raise DataError("lesson_unknown", name=name[:40])
    return shipped[name]


def keep_own(code: str) -> None:
    """Take a lesson as this reader's own."""
    st.session_state[_CODE] = code


def own_lesson() -> str:
    """That lesson; "" where there is none."""
    code: str = st.session_state.get(_CODE, "")
    return code


def opened() -> Opened | None:
    """What the address says; None for no lesson. Raises DataError for one that cannot be opened."""
    name = st.query_params.get("lesson", "")
    if not name:
        return None
    lesson = find(name)
    at = 1
    with suppress(ValueError):
        at = int(st.query_params.get("at", "1")[:6])
    return Opened(name, lesson, min(max(1, at), len(lesson.steps)))


def step_link(name: str, lesson: Lesson, at: int) -> dict[str, list[str]]:
    """What the address of a step says, language and size aside."""
    step = lesson.steps[at - 1]
    return {key: list(codes) for key, codes in step.view.items()} | {"lesson": [name], "at": [str(at)]}


def arrive(page: str, pages: Mapping[str, str], frame: type) -> None:
    """Let a page be what the step wants that it is opened for; another page gives way to that of the step.
    `pages` are scripts by name, `frame` the View that belongs to the reader."""
    state = st.session_state
    state[_PAGES], state[_PAGE], state[_FRAME] = pages, page, frame
    try:
        one = opened()
    except DataError:
        return  # the strip says why
    here = None if one is None else (one.name, one.at)
    if state.get(_HERE) == here:
        return
    if one is None:
        state[_HERE] = None
        return
    is_complete = not one.step.view or any(name in st.query_params for name in one.step.view)
    if (page != one.step.page or not is_complete) and state.get(_SENT) != here and one.step.page in pages:
        state[_SENT] = here
        kept = {name: codes for name in _KEPT if (codes := st.query_params.get_all(name))}
        st.switch_page(pages[one.step.page], query_params=kept | step_link(*one))
    state[_HERE], state[_SENT] = here, None
    forget(frame)
    follow_task(chosen_task())
    if one.step.sentence:
        put(one.step.sentence)


def ground() -> str:
    """Light or dark: as a presenter wants it, else as the system has it."""
    wanted = st.session_state.setdefault(_GROUND, st.query_params.get("theme", ""))
    return wanted if wanted in ("light", "dark") else st.context.theme.type or "light"


def strip(say: Strings, text: str, *, is_ready: bool) -> None:
    """Draw the strip of the lesson that is open, which asks about this sentence; where none is open, what
    presenter mode needs."""
    one: Opened | None = None
    try:
        one = opened()
    except DataError as error:
        if st.query_params.get("lesson") != OWN:
            st.text(say.error(error))
    palette = DARK if ground() == "dark" else LIGHT
    asked = _quiz(one.step, text, say, is_ready=is_ready) if one else None
    message = _message(one, asked, say, palette)
    found = show(message, key="lesson", on_go_change=ignore, on_ground_change=ignore, on_own_change=ignore)
    go, own = found.get("go"), found.get("own")
    wanted = found.get("ground")
    if wanted and wanted != st.session_state[_GROUND]:
        st.session_state[_GROUND] = wanted
        st.rerun()  # the colours are chosen where the page begins
    if one is not None and isinstance(go, int) and _is_away(one, go, message):
        _go(one, go, text)
    if message.wanted and isinstance(own, str) and own:
        with suppress(DataError):
            lessons.from_code(own)
            keep_own(own)
            st.rerun()
        st.text(say("lesson.lost"))


def _is_away(one: Opened, at: int, shown: Strip) -> bool:
    """Whether a step, or the way out, is elsewhere than what is shown."""
    return 0 <= at <= len(one.lesson.steps) and (at != one.at or not shown.is_here)


def _go(one: Opened, at: int, text: str) -> NoReturn:
    """Open a step, or leave the lesson with 0. Streamlit sends again and again the address that it knows
    of: so it has to hear of another one."""
    step = step_link(one.name, one.lesson, at) if at else {}
    said_ = {"text": [text], **_readers(), **step}
    page = one.lesson.steps[at - 1].page if at else st.session_state[_PAGE]
    if page != st.session_state[_PAGE]:
        st.switch_page(script_of(page), query_params=said_)
    st.query_params.from_dict(said_)
    st.rerun()


def _readers() -> dict[str, list[str]]:
    """What of an address is the reader's, wherever they go."""
    return {name: codes for name, codes in to_link(read(st.session_state[_FRAME])).items() if codes}


def _message(one: Opened | None, asked: Quiz | None, say: Strings, palette: Palette) -> Strip:
    language = say.language
    labels = {name: say(f"lesson.{name}") for name in (PRESENTING if one is None else LABELS)}
    colors = {name: getattr(palette, name) for name in _COLORS}
    name = st.query_params.get("lesson", "")
    if one is None:
        return Strip(
            lesson="", title="", at=0, outline=(), questions=(), heading="", text="", notice="", picture=1,
            is_here=True, group="", tabs=(), quiz=None, wanted=name == OWN, own="", labels=labels,
            colors=colors, ground=ground(), language=language,
        )  # fmt: skip
    step, steps = one.step, one.lesson.steps
    tabs = _tabs(one, language)
    text, notice = said(step.text, language), said(step.notice, language)
    task = _task_of(step)
    if chosen_task() != task:  # what stands there is not of what the page shows
        text, notice = say("lesson.other_task", task=task_name(task, say)), ""
    return Strip(
        lesson=one.name,
        title=said(one.lesson.title, language),
        at=one.at,
        outline=tuple(said(other.title, language) for other in steps),
        questions=tuple(
            at for at, other in enumerate(steps, 1) if other.question and other.question.kind != "open"
        ),
        heading=said(step.title, language),
        text=text,
        notice=notice,
        picture=step.picture,
        is_here=st.session_state[_PAGE] == step.page,
        group=said(step.group, language),
        tabs=tabs,
        quiz=asked,
        wanted=False,
        own=own_lesson() if one.name == OWN else "",
        labels=labels,
        colors=colors,
        ground=ground(),
        language=language,
    )


def _task_of(step: Step) -> Task:
    """What a step is about: the task that its view names, the first where it names none, or none that is
    here."""
    named = step.view.get("task", ())
    return next((task for task in offered_tasks() if task.name in named), TASKS[0])


_COLORS: Final = ("background", "surface", "text", "grid", "muted", "source", "pinned", "teacher")


def _tabs(one: Opened, language: str) -> tuple[Tab, ...]:
    """The steps around that are of the same group; none for a step that stands alone."""
    group, steps = one.step.group, one.lesson.steps
    if not group:
        return ()
    first = last = one.at - 1
    while first > 0 and steps[first - 1].group == group:
        first -= 1
    while last + 1 < len(steps) and steps[last + 1].group == group:
        last += 1
    return tuple(
        Tab(at + 1, said(steps[at].title, language), said(steps[at].text, language))
        for at in range(first, last + 1)
    )


def _quiz(step: Step, text: str, say: Strings, *, is_ready: bool) -> Quiz | None:
    if step.question is None:
        return None
    if not is_ready:
        return Quiz(reason=say("quiz.loading"))
    task = chosen_task()
    if task.languages != FIRST:
        reason = say("quiz.other_task", first=task_name(TASKS[0], say))
        return Quiz(task.name, reason=reason)  # without a key it would be loading still
    return quiz(step.question, text, reference_of(text, say.languages[0]), say)
