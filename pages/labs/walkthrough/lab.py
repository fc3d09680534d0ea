"""One decoder step, computed in front of the reader: six stages, each checked against the one before."""

from __future__ import annotations

import streamlit as st

from pages.kit.family import is_recurrent, languages_of
from pages.kit.frame import Frame, claim
from pages.kit.left_out import tell_left_out
from pages.kit.state import read
from pages.kit.translators import shelf
from pages.kit.while_typing import while_typing
from pages.labs.walkthrough.story import story
from pages.labs.walkthrough.view import View, models_of, switches
from s2s.text import normalise


def draw(frame: Frame) -> None:
    """What the page is for, and the six stages."""
    claim(frame.say("walkthrough.claim"))
    while_typing(
        lambda text, is_ready: _answer(text, is_ready, frame),
        frame.say,
        languages=lambda: languages_of(models_of(read(View).scorer)),
    )
    shelf().load_in_background()


def _answer(text: str, is_ready: bool, frame: Frame) -> None:
    """The scorer, and the six stages."""
    view = read(View)
    switches(view, frame.say)
    frame = frame.about(languages_of(models_of(view.scorer)))
    say = frame.say
    if not is_ready:
        st.text(say("walkthrough.loading"))
    elif not normalise(text).text:
        st.text(say("walkthrough.empty"))
    else:
        story(view, text, frame)
    if is_recurrent(view.scorer):
        tell_left_out(say)
