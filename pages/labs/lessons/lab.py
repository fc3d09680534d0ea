"""Lessons: which there are, one of a teacher's own, sheets to print."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Final

import streamlit as st

from pages.kit import lesson as lessons
from pages.kit.frame import Frame, claim
from pages.kit.lesson import Lesson, Step, said
from pages.kit.lesson_quiz import quiz
from pages.kit.lesson_strip import OWN, keep_own, script_of, scripts, step_link
from pages.kit.quiz.asked import Quiz
from pages.kit.sentence import reference_of
from pages.kit.strings import Strings
from pages.kit.translators import shelf
from pages.kit.while_typing import while_typing
from pages.labs.lessons.maker import made, maker
from pages.labs.lessons.sheet import sheet
from s2s.errors import DataError

_LOADED: Final = "lessons.loaded"  # in the session: what was read from a file
_FILE: Final = "lessons.file"  # and of which


def draw(frame: Frame) -> None:
    """The lessons that there are, and the one that is being made."""
    claim(frame.say("lessons.claim"))
    while_typing(lambda text, is_ready: _answer(text, is_ready, frame), frame.say)
    shelf().load_in_background()


def _answer(text: str, is_ready: bool, frame: Frame) -> None:
    say = frame.say
    for name, lesson in lessons.shipped().items():
        st.subheader(said(lesson.title, say.language), anchor=False)
        st.caption(say("lessons.about", steps=len(lesson.steps)))
        _offer(name, lesson, text, is_ready, say)
    st.caption(say("lesson.keys"))
    _make(text, is_ready, frame)


def _offer(name: str, lesson: Lesson, text: str, is_ready: bool, say: Strings) -> None:
    """Ways into a lesson, and its sheets, which are written when somebody asks for them."""
    label = OWN if name.startswith(".") else name
    mine = {key: codes for key in ("lang", "size") if (codes := st.query_params.get_all(key))}
    link = mine | step_link(name, lesson, 1)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"offer-{label}"):
        script = script_of(lesson.steps[0].page)
        st.page_link(script, label=say("lessons.start"), query_params=link)
        st.page_link(script, label=say("lessons.start_present"), query_params=link | {"present": ["1"]})
        for has_answers in (False, True):
            st.download_button(
                say("lessons.sheet_with" if has_answers else "lessons.sheet_without"),
                data=partial(_sheet, lesson, text, say, has_answers=has_answers),
                file_name=f"s2s-{label}-{say.language}{'-answers' if has_answers else ''}.html",
                mime="text/html",
                on_click="ignore",
                disabled=not is_ready,
                key=f"sheet-{label}-{has_answers}",
            )
        st.download_button(
            say("lessons.save"), data=lessons.to_toml(lesson), file_name=f"{label}.toml",
            mime="application/toml", on_click="ignore", key=f"save-{label}",
        )  # fmt: skip


def _sheet(lesson: Lesson, text: str, say: Strings, *, has_answers: bool) -> bytes:
    def ask(step: Step) -> Quiz | None:
        if step.question is None:
            return None
        about = step.sentence or text
        return quiz(step.question, about, reference_of(about, say.languages[0]), say)

    return sheet(lesson, text, ask, say, has_answers=has_answers).encode()


def _make(text: str, is_ready: bool, frame: Frame) -> None:
    """A lesson of one's own: from views that were kept, from a file, or both."""
    say, state = frame.say, st.session_state
    st.subheader(say("lessons.own"), anchor=False)
    st.write(say("lessons.own_how"))
    pages: Mapping[str, str] = {page: script for page, script in scripts().items() if page != "lessons"}
    given = st.file_uploader(say("lessons.load"), type=["toml"], key="lesson_file")
    if given is not None and state.get(_FILE) != given.file_id:
        state[_FILE] = given.file_id
        try:
            state[_LOADED] = lessons.from_toml(given.getvalue(), path=given.name, pages=pages)
            state["lessons.version"] = state.get("lessons.version", 0) + 1
            state["lessons.problem"] = ""
        except DataError as error:
            state["lessons.problem"] = say.error(error)
    if state.get("lessons.problem"):
        st.text(state["lessons.problem"])
    draft = state.get("lesson_maker", {}).get("draft")
    found = made(draft, pages, say) if isinstance(draft, str) else None
    lesson = found if isinstance(found, Lesson) else None
    maker(lesson, state.get(_LOADED), state.get("lessons.version", 0), pages, say, frame.palette)
    if isinstance(found, str):
        st.text(found)
    if lesson is None:
        return
    code = lessons.to_code(lesson)
    keep_own(code)
    name = code if len(code) <= lessons.MOST_IN_LINK else OWN
    _offer(name, lesson, text, is_ready, say)
