"""A toy model learns to copy, in two training regimes side by side, and the gap between what it gets right
with a teacher and without one opens, or does not. It learns in the background (`pages.kit.jobs`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import streamlit as st

from pages.kit.experiment import Request, begin, follow, is_busy, keep, requested
from pages.kit.frame import Frame
from pages.kit.strings import Strings
from pages.labs.exposure.curves import show_curves
from pages.labs.exposure.finding import how_soon, so_far, verdict
from pages.labs.exposure.view import Question, question_of, switches
from s2s.evaluate.regime_curves import EVERY, HELD_OUT, MIXED, Point

_PLACE: Final = "exposure"


@st.fragment
def draw(frame: Frame) -> None:
    """Choose, train, see. What else runs on the server is said above, where the gap of files is measured."""
    say = frame.say
    st.header(say("exposure.title"), anchor=False)
    st.write(say("exposure.claim", every=EVERY))
    keep(_PLACE, say, _again)
    asked = switches(say)
    st.button(
        say("exposure.start"), key="exposure-start", type="primary", disabled=is_busy(_PLACE),
        on_click=_start, args=(asked,),
    )  # fmt: skip
    if requested(_PLACE) is None:
        st.caption(say("exposure.before"))

    def partly(request: Request, known: Mapping[str, Any]) -> None:
        _show(request, known, frame, is_over=False)

    def result(request: Request, known: Mapping[str, Any]) -> None:
        _show(request, known, frame, is_over=True)

    follow(_PLACE, say, result=result, so_far=partly, title=lambda request: _named(request.about, say))


def _start(asked: Question) -> None:
    """The same question learns the same, whoever asks."""
    begin(_PLACE, (_PLACE, *asked), asked.arguments, about=asked, ticket=asked.ticket)


def _again(ticket: object) -> bool:
    """Start what this ticket stands for, if it is one."""
    asked = question_of(ticket)
    if asked is None:
        return False
    _start(asked)
    return True


def _named(asked: Question, say: Strings) -> str:
    """What is trained, whatever is chosen by now."""
    return say(
        "exposure.asked",
        first=say(f"trained.{asked.first}"), second=say(f"trained.{asked.second}"),
        attention=say(f"scorer.{asked.attention}"), length=asked.length, seed=asked.seed,
    )  # fmt: skip


def _show(request: Request, known: Mapping[str, Any], frame: Frame, *, is_over: bool) -> None:
    """What is known, which of the regimes does better where that can be told, and how it was found out."""
    asked, say = request.about, frame.say
    points = [Point.from_dict(one) for one in known["points"]]
    curves = {regime: [p for p in points if p.regime == regime] for regime in (asked.first, asked.second)}
    if is_over:
        st.markdown(f"**{verdict(curves, say)}**")
        st.write(f"{so_far(curves, say)} {how_soon(curves, say)}")
    else:
        st.write(so_far(curves, say))
    show_curves(asked, curves, frame)
    st.caption(say("exposure.how", sequences=HELD_OUT, mixed=f"{100 * MIXED:.0f}"))
