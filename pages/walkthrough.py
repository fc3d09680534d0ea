"""One decoder step, computed in front of the reader: six stages, each checked against the one before."""

import streamlit as st

from pages.ui import walkthrough
from pages.ui.frame import open_page
from pages.ui.sentence import sentence_bar
from pages.ui.translators import shelf
from s2s.text import normalise

frame = open_page("walkthrough")
say = frame.say
was_ready = shelf().ready


@st.fragment(run_every=None if was_ready else 0.5)
def laboratory() -> None:
    """What answers while one types and steps: the sentence, the scorer, and the six stages."""
    text = sentence_bar(say)
    # As on the main page: a run waits for its turn before anything is computed.
    with shelf().turn:
        scorer = walkthrough.scorer(say)
        if not shelf().ready:
            st.text(say("walkthrough.loading"))
        elif not normalise(text).text:
            st.text(say("walkthrough.empty"))
        else:
            walkthrough.story(scorer, text, frame)
    if shelf().ready and not was_ready:
        st.rerun()  # once: the fragment stops asking


st.write(say("walkthrough.claim"))
laboratory()
shelf().load_in_background()
