"""Why attention: the ways a gradient comes back by, and how far it comes, on the reader's sentence."""

from __future__ import annotations

import streamlit as st

from pages.kit.failures import told
from pages.kit.family import is_recurrent, languages_of
from pages.kit.frame import Frame, claim
from pages.kit.left_out import tell_left_out
from pages.kit.state import read, write_link
from pages.kit.translators import shelf
from pages.kit.while_typing import while_typing
from pages.labs.gradients import cards
from pages.labs.gradients.view import View
from s2s.text import normalise


def draw(frame: Frame) -> None:
    """What the page is for, and the sections about the sentence."""
    claim(frame.say("gradients.claim"))
    while_typing(
        lambda text, is_ready: _answer(text, is_ready, frame),
        frame.say,
        languages=lambda: languages_of([read(View).back]),
    )
    shelf().load_in_background()


def _answer(text: str, is_ready: bool, frame: Frame) -> None:
    """One word's paths, gradient against distance, and too much of it."""
    view = read(View)
    write_link(view)
    frame = frame.about(languages_of([view.back]))
    say = frame.say
    if not is_ready:
        st.text(say("gradients.loading"))
    elif not normalise(text).text:
        st.text(say("gradients.empty"))
    else:
        with told(say):
            cards.paths_section(text, view, frame)
        with told(say):
            cards.distance_section(text, view, frame)
    if is_recurrent(view.back):
        tell_left_out(say)
