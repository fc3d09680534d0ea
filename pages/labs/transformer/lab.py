"""The same sentence through a recurrent model and a Transformer, and all heads of it."""

from __future__ import annotations

import streamlit as st

from pages.kit.family import languages_of, model
from pages.kit.frame import Frame, claim
from pages.kit.state import read
from pages.kit.translators import answers, shelf
from pages.kit.while_typing import while_typing
from pages.labs.transformer.maps import side_by_side
from pages.labs.transformer.view import View, switches
from s2s.catalog import ATTENDING, SUCCESSOR
from s2s.text import normalise


def draw(frame: Frame) -> None:
    """What the page is for, and the maps."""
    claim(frame.say("transformer.claim"))
    while_typing(
        lambda text, is_ready: _answer(text, is_ready, frame),
        frame.say,
        languages=lambda: languages_of([model(ATTENDING.name)]),
    )
    shelf().load_in_background()


def _answer(text: str, is_ready: bool, frame: Frame) -> None:
    """The map of each of the two."""
    view, both = read(View), (model(ATTENDING.name), model(SUCCESSOR.name))
    frame = frame.about(languages_of(both[:1]))
    say = frame.say
    switches(view, say)
    if not is_ready:
        st.text(say("transformer.loading"))
    elif not normalise(text).text:
        st.text(say("transformer.empty"))
    else:
        side_by_side(both, answers(both, text), view, frame)
