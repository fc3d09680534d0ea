"""Why attention: the ways a gradient comes back by, and how far it comes, on the reader's sentence."""

import streamlit as st

from pages.ui import gradients
from pages.ui.frame import open_page
from pages.ui.laboratory import laboratory
from pages.ui.learning import costs_section, memory_section
from pages.ui.translators import shelf
from s2s.text import normalise

frame = open_page("gradients")
say = frame.say


def answer(text: str, is_ready: bool) -> None:
    """One word's paths, gradient against distance, and too much of it."""
    if not is_ready:
        st.text(say("gradients.loading"))
    elif not normalise(text).text:
        st.text(say("gradients.empty"))
    else:
        gradients.paths_section(text, frame)
        gradients.distance_section(text, frame)


st.write(say("gradients.claim"))
laboratory(answer, say)
memory_section(frame)
costs_section(frame)
shelf().load_in_background()
