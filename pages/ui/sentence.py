"""The sentence bar: the field that answers while typing, and examples to click. The same on every page.

`st.session_state.text` is the sentence, on every page and in the link.
"""

from __future__ import annotations

from typing import Final

import streamlit as st

from pages.ui.components import component
from pages.ui.examples import EXAMPLES
from pages.ui.strings import Strings

DEBOUNCE: Final = 80  # milliseconds; the pause in typing after which the sentence is sent
LIMIT: Final = 4000  # characters; what stands behind them is not read


def sentence_bar(say: Strings) -> str:
    """Draw the bar; the sentence as typed, at most LIMIT characters of it."""
    state = st.session_state
    if "text" not in state:
        state.text = st.query_params.get("text", EXAMPLES[0])
    component("typing")(
        key="typing",
        data={
            "text": state.text,  # looked at when the field appears, no more: it belongs to whoever types
            "pause": DEBOUNCE,
            "examples": EXAMPLES,
            "label": say("sentence.label"),
            "placeholder": say("sentence.placeholder"),
            "examplesLabel": say("sentence.examples"),
            "sourceLanguage": "fr",
        },
        on_text_change=_typed,
    )
    if len(state.text) > LIMIT:
        st.text(say("sentence.cut_characters", limit=f"{LIMIT:,}"))
    text: str = state.text[:LIMIT]
    return text


def _typed() -> None:
    typed = st.session_state.typing.get("text")
    if isinstance(typed, str):
        st.session_state.text = typed
