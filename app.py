"""The main job: type a French sentence, see dot, general and concat align it, side by side, while typing."""

import streamlit as st

from pages.ui import alignments
from pages.ui.frame import open_page
from pages.ui.live import live_view
from pages.ui.report import scores
from pages.ui.sentence import sentence_bar
from pages.ui.translators import answers, shelf
from s2s.text import normalise

frame = open_page("alignments")
say = frame.say
was_ready = shelf().ready


@st.fragment(run_every=None if was_ready else 0.5)
def laboratory() -> None:
    """What answers while one types: the sentence, the switches, the cards, and what they add up to."""
    text = sentence_bar(say)
    # A run waits for its turn here, before anything is computed (see `Shelf`).
    with shelf().turn:
        view = alignments.switches(say)
        found: alignments.Found = {}
        if shelf().ready and not normalise(text).text:
            st.text(say("sentence.empty"))
        else:
            found = answers(view.models, text)
        if not shelf().ready:
            st.text(say("alignments.stored"))
        if not view.models:
            st.text(say("alignments.no_models"))
        alignments.cut_notice(found, say)
        live_view(
            alignments.panels(found, view, frame),
            labels=alignments.labels(view, say),
            palette=frame.palette,
            legends=[alignments.legend(view, frame)],
            key="alignments",
        )
        alignments.agreement(found, view, say)
        alignments.reading_notice(found, say)
    if shelf().ready and not was_ready:
        st.rerun()  # once: the fragment stops asking


laboratory()
scores(say)
alignments.formulas(say)
shelf().load_in_background()
