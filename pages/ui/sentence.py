"""The sentence bar: the field that answers while typing, and examples to click. The same on every page."""

from __future__ import annotations

from typing import Final

import streamlit as st

from pages.ui.examples import EXAMPLES
from pages.ui.strings import Strings

DEBOUNCE: Final = "80ms"  # the pause in typing after which the sentence is sent
LIMIT: Final = 4000  # characters; what stands behind them is not read


def sentence_bar(say: Strings) -> str:
    """Draw the bar; the sentence as typed, at most LIMIT characters of it."""
    text: str = st.text_input(
        say("sentence.label"),
        EXAMPLES[0],
        key="text",
        placeholder=say("sentence.placeholder"),
        label_visibility="collapsed",
        live=DEBOUNCE,
        bind="query-params",
        persist_state="session",
        autocomplete="off",
    )
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="examples"):
        st.html(f"<p class='s2s-note'>{say('sentence.examples')}</p>", width="content")
        for number, example in enumerate(EXAMPLES):
            st.button(example, key=f"example-{number}", type="tertiary", on_click=_take, args=(example,))
    if len(text) > LIMIT:
        st.text(say("sentence.cut_characters", limit=f"{LIMIT:,}"))
    return text[:LIMIT]


def _take(example: str) -> None:
    st.session_state.text = example
