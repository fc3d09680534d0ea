"""Teacher forcing against free running: one sentence decoded both ways, aligned step by step."""

from __future__ import annotations

from html import escape

import streamlit as st

from pages.kit.failures import told
from pages.kit.family import languages_of
from pages.kit.frame import Frame, claim
from pages.kit.live import live_view
from pages.kit.sentence import reference_bar
from pages.kit.state import read
from pages.kit.translators import shelf
from pages.kit.while_typing import while_typing
from pages.labs.forcing import cards
from pages.labs.forcing.tracks import tracks
from pages.labs.forcing.view import Shown, View, feed, regime_switch, switches
from s2s.engine.questions import Compare
from s2s.languages import Languages
from s2s.text import normalise


def draw(frame: Frame) -> None:
    """What the page is for, and both runs."""
    say = frame.say
    model = read(View).model
    claim(say("forcing.claim"))
    while_typing(
        lambda text, is_ready: _answer(text, is_ready, model, frame.about(_languages())),
        say,
        languages=_languages,
    )
    shelf().load_in_background()


def _languages() -> tuple[Languages, ...]:
    """Those of the models that are shown."""
    return languages_of(one.model for one in read(View).shown)


def _answer(text: str, is_ready: bool, model: str, frame: Frame) -> None:
    """Reference and switches, and both runs of each model that was chosen."""
    say = frame.say
    view = read(View)
    with st.container(horizontal=True, vertical_alignment="center", gap="medium", key="beside"):
        with st.container(key="reference"):
            reference = reference_bar(text, say, color=frame.palette.teacher)
        regime_switch(view, say)
    switches(view, say)
    if view.model != model:
        st.rerun()  # the whole page: what stands below is about the model, too
    if not is_ready:
        st.text(say("forcing.loading"))
        return
    if not normalise(text).text:
        st.text(say("forcing.empty"))
        return
    question = Compare(text, reference, view.ratio, view.seed, view.injection)
    rooms = [st.container()] if len(view.shown) == 1 else st.columns(len(view.shown), gap="medium")
    for place, (room, one) in enumerate(zip(rooms, view.shown, strict=True)):
        with room, told(say):
            _column(one, place, question, frame)


def _column(shown: Shown, place: int, question: Compare, frame: Frame) -> None:
    """Both runs of one model, and what came of them; `place` counts from 0 where two stand side by side."""
    say = frame.say
    if shown.regime:
        st.html(f"<h2 class='s2s-beside'>{escape(say(f'trained_with.{shown.regime}'))}</h2>")
    both, notices = cards.ask(shown.model, question, say)
    for notice in notices:
        st.text(notice)
    if both is None:
        return
    suffix = f"_{place + 1}" if place else ""  # of keys
    tracks(both, finding=cards.finding(both, say), key=f"tracks{suffix}", say=say, palette=frame.palette)
    for line in cards.injection_finding(both, say):
        st.text(line)
    if key := cards.pieces_key(both, say):
        st.text(key)
    if both.injection is not None:  # a way back for those who do not open its form again
        st.button(say("tracks.inject_undo"), on_click=feed, args=(None,), key=f"undo_injection{suffix}")
    if both.forced.weights is None:
        st.text(say("live.no_attention"))
    labels = cards.labels(both, say)
    live_view(
        cards.panels(both, labels, frame),
        labels=labels,
        palette=frame.palette,
        legends=cards.legends(both, frame),
        key=f"regimes{suffix}",
        in_steps=True,
    )
