"""Teacher forcing against free running: one sentence decoded both ways, aligned step by step."""

from __future__ import annotations

import streamlit as st

from pages.kit.family import languages_of
from pages.kit.frame import Frame, claim
from pages.kit.live import live_view
from pages.kit.sentence import reference_bar
from pages.kit.state import read
from pages.kit.translators import shelf
from pages.kit.while_typing import while_typing
from pages.labs.forcing import cards
from pages.labs.forcing.tracks import tracks
from pages.labs.forcing.view import View, feed, switches
from s2s.text import normalise


def draw(frame: Frame) -> None:
    """What the page is for, and both runs."""
    say = frame.say
    model = read(View).model
    claim(say("forcing.claim"))
    while_typing(
        lambda text, is_ready: _answer(text, is_ready, model, frame.about(languages_of([model]))),
        say,
        languages=lambda: languages_of([model]),
    )
    shelf().load_in_background()


def _answer(text: str, is_ready: bool, model: str, frame: Frame) -> None:
    """Reference and switches, both runs, and what came of them."""
    say = frame.say
    reference = reference_bar(text, say, color=frame.palette.teacher)
    view = read(View)
    switches(view, say)
    if view.model != model:
        st.rerun()  # the whole page: what stands below is about the model, too
    if not is_ready:
        st.text(say("forcing.loading"))
        return
    if not normalise(text).text:
        st.text(say("forcing.empty"))
        return
    both, notices = cards.ask(view, text, reference, say)
    for notice in notices:
        st.text(notice)
    if both is None:
        return
    tracks(both, finding=cards.finding(both, say), say=say, palette=frame.palette)
    for line in cards.injection_finding(both, say):
        st.text(line)
    if key := cards.pieces_key(both, say):
        st.text(key)
    if both.injection is not None:  # a way back for those who do not open its form again
        st.button(say("tracks.inject_undo"), on_click=feed, args=(None,), key="undo_injection")
    if both.forced.weights is None:
        st.text(say("live.no_attention"))
    labels = cards.labels(both, say)
    live_view(
        cards.panels(both, labels, frame),
        labels=labels,
        palette=frame.palette,
        legends=cards.legends(both, frame),
        key="regimes",
        in_steps=True,
    )
