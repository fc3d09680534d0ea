"""Parallel against sequential on the reader's sentence, and what takes its time (`pages.kit.jobs`)."""

from __future__ import annotations

import streamlit as st

from pages.kit.failures import told
from pages.kit.family import available, languages_of, model
from pages.kit.frame import Frame
from pages.kit.state import read, write_link
from pages.labs.parallel.counted import counted_section
from pages.labs.parallel.growth import growth_section
from pages.labs.parallel.many import many_section
from pages.labs.parallel.order import order_section
from pages.labs.parallel.travels import travels_section
from pages.labs.parallel.view import View
from s2s.catalog import ATTENDING, SUCCESSOR
from s2s.text import normalise


def draw(frame: Frame) -> None:
    """What is measured by a button."""
    for section in (many_section, growth_section):
        with told(frame.say):
            section(frame)


def answer(frame: Frame, text: str, is_ready: bool) -> None:
    """What answers while one types: steps counted, gradients followed, words shuffled."""
    view = read(View)
    write_link(view)
    frame = frame.about(languages_of([model(ATTENDING.name)]))
    say = frame.say
    st.header(say("parallel.title"), anchor=False)
    st.write(say("parallel.claim"))
    if not is_ready:
        st.text(say("parallel.loading"))
    elif not normalise(text).text:
        st.text(say("parallel.empty"))
    elif not all(available((kind.name,)) for kind in (ATTENDING, SUCCESSOR)):
        st.text(say("kinds.none_usable"))
    else:
        for section in (counted_section, travels_section, order_section):
            with told(say):
                section(text, view, frame)
