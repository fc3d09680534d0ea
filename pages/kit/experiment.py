"""Long work on a page: what runs on this server, how far one's own is, a way to stop it, and its outcome.

    begin("gap", question, arguments, data=..., about=..., ticket=...)     in the callback of a button
    keep("gap", say, again)                 what is under way begins again after the server was started again
    show_line(say)                          what runs and what waits, for everybody
    follow("gap", say, result=show)         one's own

One work for each place of a page. What is under way goes on while its reader looks at other pages. A server
that was killed leaves nothing behind: what its pages waited for is known to these pages alone.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, Final, NamedTuple

import streamlit as st

from pages.kit.components import component, ignore
from pages.kit.jobs import (
    MINUTES,
    Done,
    Failed,
    Job,
    Place,
    Refused,
    Running,
    Stopped,
    Stopping,
    Waiting,
    jobs,
    this_reader,
)
from pages.kit.strings import Strings
from s2s.errors import S2SError
from s2s.records import parse_json

_LOOK: Final = 1.0  # seconds between two looks at one's own work
_LOOK_AT_LINE: Final = 5.0  # at everybody's

Known = Mapping[str, Any]
Show = Callable[["Request", Known], None]


class Request(NamedTuple):
    """What this window wants done in a place."""

    job: Job
    about: Any  # what the place knows of it
    is_left: bool = False  # the reader has stopped it; others may want it still
    kept: Known | None = None  # what was known when it was stopped
    ticket: str | int = ""  # by which the place begins the same work again

    @property
    def is_busy(self) -> bool:
        """Whether the reader waits for it: for its result or, stopped, for the end of its process."""
        return not self.job.is_over and (not self.is_left or isinstance(self.job.state, Stopping))


def requested(place: str) -> Request | None:
    """What was asked for last in a place, by this window."""
    request: Request | None = st.session_state.get(f"asked.{place}")
    return request


def is_busy(place: str) -> bool:
    """Whether this window waits for something there."""
    request = requested(place)
    return request is not None and request.is_busy


def begin(
    place: str,
    question: Hashable,
    arguments: Sequence[str],
    *,
    data: bytes | None = None,
    about: Any = None,
    ticket: str | int = "",
) -> None:
    """Ask for work in a place; see `Jobs.ask`. By its `ticket` the place can ask for the same again."""
    job = jobs().ask(question, arguments, by=this_reader(), data=data)
    st.session_state[f"asked.{place}"] = Request(job, about, ticket=ticket)


def keep(place: str, say: Strings, again: Callable[[object], bool]) -> None:
    """Let the reader's window keep what is under way in a place. Where it comes back with something that this
    server does not know, `again` begins it with its ticket, which is any JSON, and says whether it could."""
    request = requested(place)
    asked = None  # what the window keeps stays as it is
    if request is not None:
        is_worth_it = request.is_busy or isinstance(request.job.state, Done)
        asked = json.dumps([request.ticket, request.is_busy] if is_worth_it else [])
    drawn = component("asked")(key=f"{place}-asked", data={"asked": asked}, on_asked_change=ignore)
    try:
        kept = None if request is not None else drawn.get("asked")
        ticket, was_busy = parse_json(kept) if isinstance(kept, str) else (None, None)
    except (ValueError, TypeError, RecursionError):
        return
    if was_busy is not None and not (was_busy is True and again(ticket)):
        st.text(say("jobs.lost"))


def follow(
    place: str,
    say: Strings,
    *,
    result: Show,
    so_far: Show | None = None,
    title: Callable[[Request], str] | None = None,
) -> None:
    """How far the work of a place is, and a way to stop it; or what came of it. Nothing, if there is none.

    `result` draws the result, `so_far` what is known before; `title` says which work it is, in words that
    may come from anybody: they are never read as markup.
    """
    request = requested(place)
    if request is None:
        return
    if request.is_busy:
        st.fragment(_progress, run_every=_LOOK)(place, say, so_far, title)
    else:
        _outcome(request, say, result, so_far, title)


def show_line(say: Strings) -> None:
    """What runs on this server and how far it is, how many wait, and where a new one would stand."""
    st.fragment(_line, run_every=_LOOK_AT_LINE)(say)


def _line(say: Strings) -> None:
    st.caption(told_line(jobs().line(), jobs().at_once, say))


def told_line(line: Sequence[Place], at_once: int, say: Strings) -> str:
    """The line in words."""
    waiting = sum(isinstance(place.state, Waiting) for place in line)
    running = [
        say("jobs.one", kind=say(f"jobs.kind_{place.kind}"), percent=int(100 * place.state.share))
        if isinstance(place.state, Running)
        else say("jobs.one_ending", kind=say(f"jobs.kind_{place.kind}"))
        for place in line
        if not isinstance(place.state, Waiting)
    ]
    if not line:
        return say("jobs.line_empty", minutes=MINUTES)
    if len(line) < at_once:
        return say("jobs.line_room", running=", ".join(running), minutes=MINUTES)
    return say(
        "jobs.line_full", running=", ".join(running), waiting=waiting, place=waiting + 1, minutes=MINUTES
    )


def _progress(place: str, say: Strings, so_far: Show | None, title: Callable[[Request], str] | None) -> None:
    """Looked at once a second while it goes on."""
    request = requested(place)
    if request is None or not request.is_busy:
        st.rerun()  # once: it is over, and nobody looks any more
    state = request.job.state
    if title is not None:
        st.text(title(request))
    st.progress(state.share if isinstance(state, Running) else 0.0, text=_how_far(request, say))
    st.button(
        say("jobs.stop"), key=f"{place}-stop", disabled=isinstance(state, Stopping), on_click=_stop,
        args=(place,),
    )  # fmt: skip
    if so_far is not None and isinstance(state, Running) and state.so_far is not None:
        so_far(request, state.so_far)


def _how_far(request: Request, say: Strings) -> str:
    state = request.job.state
    if isinstance(state, Waiting):
        return say("jobs.waiting", ahead=state.ahead, running=jobs().at_once)
    if isinstance(state, Stopping):
        return say("jobs.stopping")
    if isinstance(state, Running) and state.total:
        return say("jobs.running", percent=int(100 * state.share))
    return say("jobs.starting")


def _stop(place: str) -> None:
    request = requested(place)
    if request is None:
        return
    state = request.job.state
    kept = state.so_far if isinstance(state, Running) else None
    jobs().leave(request.job, by=this_reader())
    st.session_state[f"asked.{place}"] = request._replace(is_left=not request.job.is_over, kept=kept)


def _outcome(
    request: Request,
    say: Strings,
    result: Show,
    so_far: Show | None,
    title: Callable[[Request], str] | None,
) -> None:
    state = request.job.state
    if title is not None:
        st.text(title(request))
    if isinstance(state, Stopped) or request.is_left:
        is_kept = so_far is not None and request.kept is not None
        st.text(_why_not(state, say, is_kept=is_kept))
        if so_far is not None and request.kept is not None:
            so_far(request, request.kept)
    elif isinstance(state, Refused):
        st.text(say("jobs.full", waiting=state.waiting))
    elif isinstance(state, Failed):
        st.text(_failure(state.error, state.reason, say))
    elif isinstance(state, Done):
        result(request, state.result)


def _why_not(state: object, say: Strings, *, is_kept: bool) -> str:
    if not isinstance(state, Stopped):
        return say("jobs.left")
    if state.is_late:
        return say("jobs.late", minutes=MINUTES)
    return say("jobs.stopped_so_far") if is_kept else say("jobs.stopped")


def _failure(error: S2SError | None, reason: str, say: Strings) -> str:
    return say("jobs.failed", reason=reason) if error is None else say.error(error)
