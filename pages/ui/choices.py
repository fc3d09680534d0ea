"""Switches whose value is in the link. The link holds codes, the screen shows words in the reader's
language; Streamlit's own binding would put the translated words into the link."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st


def choose(key: str, label: str, options: Mapping[str, str]) -> str:
    """One of `options` (code to words), side by side; the first is the default and stays out of the link."""
    default = next(iter(options))
    _start_from_link(key, default, lambda values: values[-1] if values[-1] in options else default)
    chosen = st.segmented_control(
        label,
        list(options),
        key=key,
        required=True,
        format_func=lambda code: options.get(code, code),
        label_visibility="collapsed",
        width="content",
        persist_state="session",
        on_change=_to_link,
        args=(key, default),
    )
    return chosen or default


def choose_some(key: str, label: str, options: Mapping[str, str], default: Sequence[str]) -> list[str]:
    """Any of `options` (code to words), in their order."""
    _start_from_link(key, list(default), lambda values: [code for code in options if code in values])
    chosen: list[str] = st.pills(
        label,
        list(options),
        key=key,
        selection_mode="multi",
        format_func=lambda code: options.get(code, code),
        label_visibility="collapsed",
        width="content",
        persist_state="session",
        on_change=_to_link,
        args=(key, list(default)),
    )
    return [code for code in options if code in chosen]


def switch(key: str, label: str, *, default: bool, help_text: str) -> bool:
    """On or off; 1 or 0 in the link."""
    _start_from_link(key, default, lambda values: values[-1] == "1")
    return st.toggle(
        label,
        key=key,
        help=help_text,
        persist_state="session",
        on_change=_to_link,
        args=(key, default),
    )


def _start_from_link(key: str, default: object, read: Any) -> None:
    if key not in st.session_state:
        values = st.query_params.get_all(key)
        st.session_state[key] = read(values) if values else default


def _to_link(key: str, default: object) -> None:
    value = st.session_state[key]
    if value == default:
        st.query_params.pop(key, None)
    else:
        st.query_params[key] = _in_link(value)


def _in_link(value: object) -> str | list[str]:
    if isinstance(value, bool):
        return "1" if value else "0"
    return [str(code) for code in value] if isinstance(value, list) else str(value)


def link_of(keys: Sequence[str]) -> dict[str, str | list[str]]:
    """What a link to another page must carry for these keys to stay as they are."""
    return {key: _in_link(st.session_state[key]) for key in keys if st.session_state.get(key)}
