"""One decoder step, computed in front of the reader: six stages, each checked against the one before."""

import streamlit as st

from pages.ui import walkthrough
from pages.ui.frame import open_page
from pages.ui.laboratory import laboratory
from pages.ui.translators import shelf
from s2s.text import normalise

frame = open_page("walkthrough")
say = frame.say


def answer(text: str, is_ready: bool) -> None:
    """The scorer, and the six stages."""
    scorer = walkthrough.scorer(say)
    if not is_ready:
        st.text(say("walkthrough.loading"))
    elif not normalise(text).text:
        st.text(say("walkthrough.empty"))
    else:
        walkthrough.story(scorer, text, frame)


st.write(say("walkthrough.claim"))
laboratory(answer, say)
shelf().load_in_background()
