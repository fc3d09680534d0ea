"""The whole machine, unrolled over the reader's sentence and built up part by part."""

from __future__ import annotations

import streamlit as st

from pages.kit.failures import told
from pages.kit.family import is_recurrent, languages_of
from pages.kit.frame import Frame, claim
from pages.kit.left_out import tell_left_out
from pages.kit.live import cut_notice
from pages.kit.state import read
from pages.kit.translators import shelf, workings
from pages.kit.while_typing import while_typing
from pages.labs.machine.picture import machine
from pages.labs.machine.view import View, switches
from s2s.text import normalise


def draw(frame: Frame) -> None:
    """What the page is for, and the picture."""
    claim(frame.say("machine.claim"))
    while_typing(
        lambda text, is_ready: _answer(text, is_ready, frame),
        frame.say,
        languages=lambda: languages_of([read(View).model]),
    )
    shelf().load_in_background()


def _answer(text: str, is_ready: bool, frame: Frame) -> None:
    """Whose machine it is, and the picture."""
    view = read(View)
    switches(view, frame.say)
    frame = frame.about(languages_of([view.model]))
    say = frame.say
    if not is_ready:
        st.text(say("machine.loading"))
    elif not normalise(text).text:
        st.text(say("machine.empty"))
    else:
        with told(say):
            found = workings(view.model, text)
            if notice := cut_notice([found.trace], say):
                st.text(notice)
            machine(found, view, frame)
    if is_recurrent(view.model):
        tell_left_out(say)
