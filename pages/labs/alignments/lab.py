"""The main job: type a French sentence, see dot, general and concat align it, side by side, while typing."""

from __future__ import annotations

import streamlit as st

from pages.kit.bank import linked
from pages.kit.failures import told
from pages.kit.family import languages_of
from pages.kit.frame import Frame, claim
from pages.kit.live import live_view
from pages.kit.state import read
from pages.kit.translators import answers, shelf
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
    # All in one place, which is there without them, too: the cards under it would be hidden while they move.
    place = st.empty()
    is_empty = is_ready and not normalise(text).text
    found = {} if is_empty else answers(view.models, text)
    pair = linked(text, say.languages[0]) if is_ready and "drawn" in view.also else None
    has_no_links = is_ready and "drawn" in view.also and not pair
    notices = [
        *([say("sentence.empty")] if is_empty else []),
        *([] if is_ready else [say("alignments.stored")]),
        *([] if view.models else [say("kinds.none_chosen")]),
        *cards.reading_notices(found, say),
        *([say("alignments.drawn_none")] if has_no_links else []),
    ]
    if notices:
        with place.container():
            for notice in notices:
                st.text(notice)
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
    cards.shape(found, say)
