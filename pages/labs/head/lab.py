"""One head of a Transformer, computed in front of the reader, and the way there from the lecture."""

from __future__ import annotations

import streamlit as st

from pages.kit.failures import told
from pages.kit.family import languages_of, model
from pages.kit.frame import Frame
from pages.kit.live import cut_notice
from pages.kit.sentence import typed
from pages.kit.state import read
from pages.kit.tasks import chosen_task
from pages.kit.translators import head_workings, shelf
from pages.labs.head.lecture import lecture
from pages.labs.head.story import heading, story
from pages.labs.head.view import View, switches
from s2s.catalog import SUCCESSOR
from s2s.errors import S2SError
from s2s.text import normalise


def draw(frame: Frame) -> None:
    """Four pictures from the lecture to a head, then the stages of one. It answers to the sentence in the bar
    of the page, whose first laboratory says what there is to do before there is one."""
    name, text = model(SUCCESSOR.name), typed()
    if not shelf().has(chosen_task().main) or not normalise(text).text:
        return
    frame = frame.about(languages_of([name]))
    say, view = frame.say, read(View)
    try:
        workings = head_workings(name, text)
    except S2SError as error:
        st.text(say.error(error))
        return
    with told(say):
        lecture(workings, text, view, frame)
    heading(say)
    if notice := cut_notice([workings.trace], say):
        st.text(notice)
    with told(say):
        story(workings, switches(view, workings, say), view, frame)
