"""The main job: type a French sentence, see dot, general and concat align it, side by side, while typing."""

from __future__ import annotations

import streamlit as st

from pages.kit.bank import linked
from pages.kit.failures import told
from pages.kit.family import languages_of
from pages.kit.frame import Frame, claim
from pages.kit.live import cut_notice, live_view
from pages.kit.state import read
from pages.kit.translators import Answer, answers, shelf
from pages.kit.while_typing import while_typing
from pages.labs.alignments import cards
from pages.labs.alignments.scores import scores
from pages.labs.alignments.view import View, switches
from s2s.text import normalise


def draw(frame: Frame) -> None:
    """What the page is and how to begin, the cards, what was measured of the models, the formulas."""
    say = frame.say
    claim(say.about(languages_of(read(View).models))("alignments.claim"))
    while_typing(
        lambda text, is_ready: _answer(text, is_ready, frame),
        say,
        languages=lambda: languages_of(read(View).models),
        has_bank=True,
    )
    with told(say):
        scores(say)
    with told(say):
        cards.formulas(say)
    shelf().load_in_background()


def _answer(text: str, is_ready: bool, frame: Frame) -> None:
    """The switches, the cards, and what they add up to."""
    view = read(View)
    languages = languages_of(view.models)
    frame = frame.about(languages)
    say = frame.say
    switches(view, say)
    found: cards.Found = {}
    if is_ready and not normalise(text).text:
        st.text(say("sentence.empty"))
    else:
        found = answers(view.models, text)
    if not is_ready:
        st.text(say("alignments.stored"))
    if not view.models:
        st.text(say("kinds.none_chosen"))
    if notice := cut_notice((one.trace for one in found.values() if isinstance(one, Answer)), say):
        st.text(notice)
    cards.reading_notice(found, say)
    pair = linked(text, say.languages[0]) if is_ready and "drawn" in view.also else None
    if is_ready and "drawn" in view.also and not pair:
        st.text(say("alignments.drawn_none"))
    words_of_view = cards.labels(view, say, has_links=pair is not None)
    live_view(
        cards.panels(found, view, words_of_view, pair, frame),
        labels=words_of_view,
        palette=frame.palette,
        legends=[cards.legend(view, frame)],
        key="alignments",
        is_loading=not is_ready,
    )
    if found:
        cards.numbers_key(say)
    cards.agreement(found, view, say)
