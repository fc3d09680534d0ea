"""Why attention: the ways a gradient comes back by, and how far it comes, on the reader's sentence."""

import streamlit as st

from pages.ui import gradients
from pages.ui.frame import open_page
from pages.ui.learning import costs_section, memory_section
from pages.ui.sentence import sentence_bar
from pages.ui.translators import shelf
from s2s.text import normalise

frame = open_page("gradients")
say = frame.say
was_ready = shelf().ready


@st.fragment(run_every=None if was_ready else 0.5)
def laboratory() -> None:
    """What answers while one types: one word's paths, gradient against distance, and too much of it."""
    text = sentence_bar(say)
    # As on the main page: a run waits for its turn before anything is computed.
    with shelf().turn:
        if not shelf().ready:
            st.text(say("gradients.loading"))
            return
        if not normalise(text).text:
            st.text(say("gradients.empty"))
            return
        gradients.paths_section(text, frame)
        gradients.distance_section(text, frame)
    if not was_ready:
        st.rerun()  # once: the fragment stops asking


st.write(say("gradients.claim"))
laboratory()
memory_section(frame)
costs_section(frame)
shelf().load_in_background()
