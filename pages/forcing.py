"""Teacher forcing against free running: one sentence decoded both ways, aligned step by step."""

import streamlit as st

from pages.ui import forcing
from pages.ui.frame import open_page
from pages.ui.gap import gap_section
from pages.ui.laboratory import laboratory
from pages.ui.live import live_view
from pages.ui.sentence import reference_bar
from pages.ui.tracks import tracks
from pages.ui.translators import shelf
from s2s.text import normalise

frame = open_page("forcing")
say = frame.say
model = forcing.chosen_model(say)


def answer(text: str, is_ready: bool) -> None:
    """Reference and switches, both runs, and what came of them."""
    reference = reference_bar(text, say, color=frame.palette.teacher)
    view = forcing.switches(say)
    if view.model != model:
        st.rerun()  # the whole page: what stands below is about the model, too
    if not is_ready:
        st.text(say("forcing.loading"))
        return
    if not normalise(text).text:
        st.text(say("forcing.empty"))
        return
    both, notices = forcing.ask(view, text, reference, say)
    for notice in notices:
        st.text(notice)
    if both is None:
        return
    tracks(both, finding=forcing.finding(both, say), say=say, palette=frame.palette)
    for line in forcing.injection_finding(both, say):
        st.text(line)
    forcing.undo_button(both, say)
    if both.forced.weights is None:
        st.text(say("alignments.no_attention"))
    live_view(
        forcing.panels(both, frame),
        labels=forcing.labels(both, say),
        palette=frame.palette,
        legends=forcing.legends(both, frame),
        key="regimes",
        in_steps=True,
    )


st.write(say("forcing.claim"))
laboratory(answer, say)
gap_section(model, frame)
shelf().load_in_background()
