"""Switches whose value is in the link and stays from page to page.

The link holds codes, the screen shows words in the reader's language; Streamlit's own binding would put the
translated words into the link. Streamlit forgets a widget's value when its page is left, so what was chosen
is kept beside it, under a name of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import streamlit as st

Value = TypeVar("Value", str, bool, list[str])


def choose(key: str, label: str, options: Mapping[str, str], *, start: str = "") -> str:
    """One of `options` (code to words), side by side; the first is the default and stays out of the link.
    `start` is what it stands at where neither reader nor link has chosen."""
    default = next(iter(options))
    before = _begin(key, start or default, lambda codes: codes[-1] if codes[-1] in options else default)
    chosen = st.segmented_control(
        label,
        list(options),
        key=key,
        required=True,
        format_func=lambda code: options.get(code, code),
        label_visibility="collapsed",
        width="content",
    )
    return _keep(key, before if chosen is None else chosen, default)


def choose_some(key: str, label: str, options: Mapping[str, str], default: Sequence[str]) -> list[str]:
    """Any of `options` (code to words), in their order."""
    _begin(key, list(default), lambda codes: [code for code in options if code in codes])
    chosen = st.pills(
        label,
        list(options),
        key=key,
        selection_mode="multi",
        format_func=lambda code: options.get(code, code),
        label_visibility="collapsed",
        width="content",
    )
    return _keep(key, [code for code in options if code in chosen], list(default))


def switch(key: str, label: str, *, default: bool, help_text: str) -> bool:
    """On or off; 1 or 0 in the link."""
    _begin(key, default, lambda codes: codes[-1] == "1")
    return _keep(key, st.toggle(label, key=key, help=help_text), default)


def chosen(key: str) -> str | None:
    """What is chosen, before its switch is drawn: on an earlier run, or in the link."""
    codes = st.query_params.get_all(key)
    value: str | None = st.session_state.get(_kept(key), codes[-1] if codes else None)
    return st.session_state.get(key) or value


def link_of(keys: Sequence[str]) -> dict[str, list[str]]:
    """What a link to another page must carry for these keys to stay as they are."""
    kept = {key: st.session_state.get(_kept(key)) for key in keys}
    return {key: _codes(value) for key, value in kept.items() if value}


def _kept(key: str) -> str:
    return f"chosen.{key}"


def _begin(key: str, default: Value, read: Callable[[Sequence[str]], Value]) -> Value:
    """Give the widget its first value on this page: what was chosen, else what the link says."""
    state = st.session_state
    if _kept(key) not in state:
        codes = st.query_params.get_all(key)
        state[_kept(key)] = read(codes) if codes else default
    value: Value = state[_kept(key)]
    if key not in state:
        state[key] = value
    return value


def _keep(key: str, value: Value, default: Value) -> Value:
    """Remember a choice, and let the link say it, also on a page that was reached without it."""
    st.session_state[_kept(key)] = value
    wanted = [] if value == default else _codes(value)
    if st.query_params.get_all(key) != wanted:
        if wanted:
            st.query_params[key] = wanted
        else:
            del st.query_params[key]
    return value


def _codes(value: str | bool | list[str]) -> list[str]:
    if isinstance(value, bool):
        return ["1" if value else "0"]
    return value if isinstance(value, list) else [value]
