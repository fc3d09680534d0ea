"""The same sentence through a recurrent model and a Transformer, and all heads of it."""

from __future__ import annotations

import streamlit as st

from pages.kit.failures import told
from pages.kit.family import languages_of, model
from pages.kit.frame import Frame, claim
from pages.kit.state import read
from pages.kit.translators import Answer, answers, shelf
from pages.kit.while_typing import while_typing
from pages.labs.transformer.found import what_heads_do
from pages.labs.transformer.heads import section, small_and_large
from pages.labs.transformer.known import known
from pages.labs.transformer.maps import side_by_side
from pages.labs.transformer.side import self_attention
from pages.labs.transformer.view import View, switches
from s2s.catalog import ATTENDING, SUCCESSOR
from s2s.text import normalise
from s2s.traces import Trace


def draw(frame: Frame) -> None:
    """What the page is for, and the pictures."""
    claim(frame.say("transformer.claim"))
    while_typing(
        lambda text, is_ready: _answer(text, is_ready, frame),
        frame.say,
        languages=lambda: languages_of([model(ATTENDING.name)]),
        behind=frame.behind,
    )
    shelf().load_in_background()


def _answer(text: str, is_ready: bool, frame: Frame) -> None:
    """The one map of each of the two, then the heads of the second."""
    view, both = read(View), (model(ATTENDING.name), model(SUCCESSOR.name))
    frame = frame.about(languages_of(both[:1]))
    say = frame.say
    if not is_ready:
        switches(view, 0, None, say)
        st.text(say("transformer.loading"))
        return
    if not normalise(text).text:
        switches(view, 0, None, say)
        st.text(say("transformer.empty"))
        return
    found = answers(both, text)
    answer = found[both[1]]
    trace = answer.trace if isinstance(answer, Answer) else None
    about = known(both[1], say)
    layers = 0 if trace is None or trace.cross_looks is None else len(trace.cross_looks)
    switches(view, layers, about.record, say)
    side_by_side(found, view, about.record, frame)
    if trace is None or not layers:
        return
    with told(say):
        _heads(trace, view, frame)
    with told(say):
        self_attention(trace, view, about.record, frame)
    with told(say):
        what_heads_do(about, frame)


def _heads(trace: Trace, view: View, frame: Frame) -> None:
    """Every cross head."""
    say = frame.say
    st.header(say("heads.cross_title"), anchor=False)
    st.write(say("heads.cross_claim"))
    small_and_large(section(trace, "cross", view), view, known(trace.model, say).record, frame)
