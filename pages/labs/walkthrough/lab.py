"""One decoder step, computed in front of the reader: six stages, each checked against the one before."""

from __future__ import annotations

import streamlit as st

from pages.kit.frame import Frame
from pages.kit.translators import shelf
from pages.kit.while_typing import while_typing
from pages.labs.walkthrough.story import chosen_scorer, languages, story
from s2s.text import normalise


def draw(frame: Frame) -> None:
    """What the page is for, and the six stages."""
    st.write(frame.say("walkthrough.claim"))
    while_typing(lambda text, is_ready: _answer(text, is_ready, frame), frame.say, languages=languages)
    shelf().load_in_background()


def _answer(text: str, is_ready: bool, frame: Frame) -> None:
    """The scorer, and the six stages."""
    scorer = chosen_scorer(frame.say)
    frame = frame.about(languages())
    say = frame.say
    if not is_ready:
        st.text(say("walkthrough.loading"))
    elif not normalise(text).text:
        st.text(say("walkthrough.empty"))
    else:
        story(scorer, text, frame)
