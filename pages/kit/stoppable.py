"""Work of a page in steps: it says how far it is, gives way to the next keystroke, and can be stopped.

    for name in in_steps(names, work=Work("sentence", text), room=room, told="bottleneck.judging", say=say):
        found[name] = ...

A click or a letter does not interrupt a run of the fragment it belongs to: Streamlit starts the next run when
this one is over. So a run that takes long ends itself and asks for another, which has what was typed in
the meantime, and which finds its first steps in the cache. A step is a function with a cache.
"""

from __future__ import annotations

import time
from collections.abc import Hashable, Iterator, Sequence
from typing import Final, NamedTuple, NoReturn, TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.errors import StreamlitAPIException

from pages.kit.strings import Strings

_TURN: Final = 0.3  # seconds of steps after which a run asks whether the reader wants something else
_PATIENCE: Final = 0.5  # seconds before there is a bar, and a way to stop

Task = TypeVar("Task")


class Work(NamedTuple):
    """What is worked on."""

    name: str  # of its place on the page
    question: Hashable  # another question in the same place starts anew


class _Reached(NamedTuple):
    """How far a work is that is not at its end."""

    work: Work
    began: float
    done: int = 0


def in_steps(
    tasks: Sequence[Task], *, work: Work, room: DeltaGenerator, told: str, say: Strings
) -> Iterator[Task]:
    """Each task in turn, until all are done or the reader stops it.

    How far it is stands in `room`, an `st.empty()` that is the caller's again afterwards: the string `told`
    with {done} and {count}, as a bar with a button beside it where it takes longer than half a second. What
    was stopped has the steps that were done, and leaves a button to go on where the next one is asked for.
    """
    stopped = st.empty()  # where nothing stands as soon as the reader goes on, however long that takes
    key, count, started = f"reached.{work.name}", len(tasks), time.perf_counter()
    reached: _Reached | None = st.session_state.get(key)
    if reached is None or reached.work != work:
        reached = _Reached(work, started)
    before, halted = reached.done, _halted(work)
    bar: DeltaGenerator | None = None
    for done, task in enumerate(tasks):
        if halted is not None and done >= halted:
            room.empty()
            with stopped:
                _stopped(work, done, count, say)
            return
        now = time.perf_counter()
        reached = reached._replace(done=max(before, done))
        st.session_state[key] = reached
        if halted is None and done > before and now - started > _TURN:  # not twice at the same step
            _give_way()
        if bar is None and halted is None and now - reached.began > _PATIENCE:
            with room.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
                bar = st.empty()
                st.button(say("steps.stop"), key=f"{work.name}-stop", on_click=_stop, args=(work,))
        text = say(told, done=reached.done, count=count)
        if bar is None:
            room.text(text)
        else:
            bar.progress(reached.done / count, text=text)
        yield task
    st.session_state.pop(key, None)
    room.empty()


def _give_way() -> NoReturn:
    """End this run for the next, which has what was typed and clicked since."""
    try:
        st.rerun(scope="fragment")
    except StreamlitAPIException:  # a run of the whole page
        st.rerun()


def _stopped(work: Work, done: int, count: int, say: Strings) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.text(say("steps.stopped", done=done, count=count))
        st.button(say("steps.go_on"), key=f"{work.name}-go-on", on_click=_go_on, args=(work,))


def _halted(work: Work) -> int | None:
    """How many steps were done when the reader stopped this very work, None where nobody did."""
    halted: _Reached | None = st.session_state.get(f"halted.{work.name}")
    return halted.done if halted is not None and halted.work == work else None


def _stop(work: Work) -> None:
    reached: _Reached | None = st.session_state.get(f"reached.{work.name}")
    if reached is not None and reached.work == work:
        st.session_state[f"halted.{work.name}"] = reached


def _go_on(work: Work) -> None:
    if _halted(work) is not None:
        del st.session_state[f"halted.{work.name}"]
