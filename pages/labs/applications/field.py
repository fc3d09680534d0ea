"""The sentence of a row: a field that answers while typing, with examples. Each task has its own."""

from __future__ import annotations

from functools import partial
from typing import Final

import streamlit as st

from pages.kit.bank import meaning
from pages.kit.components import component
from pages.kit.examples import pairs
from pages.kit.sentence import DEBOUNCE, LIMIT
from pages.kit.strings import Strings
from s2s.catalog import Task
from s2s.text import well_formed

_CHIPS: Final = 3  # examples that are offered


def sentence_of(task: Task, say: Strings) -> str:
    """Draw the field, and say what stands in it; `say` is about the task."""
    languages, kept, parameter = task.languages, f"pages.applications.{task.name}", f"of-{task.name}"
    examples = tuple(pairs(languages))
    first = next(iter(examples), "")
    text = well_formed(st.session_state.setdefault(kept, st.query_params.get(parameter, first)))[:LIMIT]
    key = f"field-{task.name}"
    component("typing")(
        key=key,
        data={
            "text": text,
            "version": 0,
            "pause": DEBOUNCE,
            "limit": LIMIT,
            "parameter": parameter,
            "unlinked": first,
            "notInLink": say("sentence.not_in_link"),
            "examples": tuple((one, meaning(one, languages, say.language)) for one in examples[:_CHIPS]),
            "label": say("sentence.label"),
            "placeholder": say("sentence.placeholder"),
            "examplesLabel": say("sentence.examples"),
            "meaning": meaning(text, languages, say.language),
            "language": languages.source,
        },
        on_text_change=partial(_typed, key, kept),
    )
    return text


def _typed(key: str, kept: str) -> None:
    typed = st.session_state[key].get("text")
    if isinstance(typed, str):
        st.session_state[kept] = typed
