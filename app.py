"""The main job: type a French sentence, see dot, general and concat align it, side by side, while typing."""

import streamlit as st

from pages.ui import alignments
from pages.ui.frame import open_page
from pages.ui.laboratory import laboratory
from pages.ui.live import live_view
from pages.ui.report import scores
from pages.ui.translators import answers, shelf
from s2s.text import normalise

frame = open_page("alignments")
say = frame.say


def answer(text: str, is_ready: bool) -> None:
    """The switches, the cards, and what they add up to."""
    view = alignments.switches(say)
    found: alignments.Found = {}
    if is_ready and not normalise(text).text:
        st.text(say("sentence.empty"))
    else:
        found = answers(view.models, text)
    if not is_ready:
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


laboratory(answer, say)
scores(say)
alignments.formulas(say)
shelf().load_in_background()
