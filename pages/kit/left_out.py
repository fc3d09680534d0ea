"""Below a page that follows recurrent states: which models it does not offer, and which page covers them."""

from __future__ import annotations

from typing import Final

import streamlit as st

from pages.kit.family import others_left_out, successor
from pages.kit.frame import travelling
from pages.kit.lesson_strip import script_of
from pages.kit.strings import Strings

_PAGE: Final = "transformer"


def tell_left_out(say: Strings) -> None:
    """A line that says it, with a link to the page of the shipped one, where there is one."""
    if not (left_out := others_left_out(say)):
        return
    st.caption(left_out)
    if successor():
        label = say("kinds.to_successor", page=say(f"{_PAGE}.menu"))
        st.page_link(script_of(_PAGE), label=label, query_params=travelling())
