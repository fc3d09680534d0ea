"""Parallel against sequential: counted and followed on the reader's sentence, and measured in the background
(`pages.kit.jobs`)."""

from __future__ import annotations

import streamlit as st

from pages.kit.engine import give_way, wanted
from pages.kit.failures import told
from pages.kit.family import available, languages_of, model
from pages.kit.frame import Frame
from pages.kit.sentence import typed
from pages.kit.state import read, write_link
from pages.kit.tasks import chosen_task
from pages.kit.translators import shelf
from pages.labs.parallel.counted import counted_section
from pages.labs.parallel.growth import growth_section
from pages.labs.parallel.many import many_section
from pages.labs.parallel.order import order_section
from pages.labs.parallel.travels import travels_section
from pages.labs.parallel.view import View
from s2s.catalog import ATTENDING, SUCCESSOR
from s2s.text import normalise


def draw(frame: Frame) -> None:
    """Steps counted and reading measured; gradients followed; words shuffled. It answers to the sentence in
    the bar of the page, after what stands above it, and not where the reader has typed on since."""
    is_wanted = wanted()
    if is_wanted is not None and not is_wanted():
        give_way()
    view = read(View)
    write_link(view)
    frame = frame.about(languages_of([model(ATTENDING.name)]))
    say, text = frame.say, typed()
    is_there = all(available((kind.name,)) for kind in (ATTENDING, SUCCESSOR))
    is_loaded, is_empty = shelf().has(chosen_task().main), not normalise(text).text
    is_answered = is_there and is_loaded and not is_empty
    st.header(say("parallel.title"), anchor=False)
    st.write(say("parallel.claim"))
    if not is_there:
        st.text(say("kinds.none_usable"))
    elif is_empty:
        st.text(say("parallel.empty"))
    if is_answered:
        with told(say):
            counted_section(text, view, frame)
    with told(say):
        growth_section(frame)
    if is_answered:
        for section in (travels_section, order_section):
            with told(say):
                section(text, view, frame)
        with told(say):
            many_section(frame)
