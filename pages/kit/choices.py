"""Switches whose value is in the link and stays from page to page.

The link holds codes, the screen shows words in the reader's language; Streamlit's own binding would put the
translated words into the link, and its query parameters an entry into the history at every change. Streamlit
forgets a widget's value when its page is left, so what was chosen
is kept beside it, under a name of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import streamlit as st

from pages.kit.components import component

Value = TypeVar("Value", str, bool, float, int, list[str])


def choose(key: str, label: str, options: Mapping[str, str], *, start: str | None = None) -> str:
    """One of `options` (code to words), side by side. The first is the default and stays out of the link.

    With `start`, that is what it stands at where neither reader nor link has chosen; the link then always
    says it, since elsewhere it might start differently.
    """
    _forget_unknown(key, options)
    default = start or next(iter(options))
    before = _begin(key, default, lambda codes: codes[-1] if codes[-1] in options else default)
    chosen = st.segmented_control(
        label,
        list(options),
        key=key,
        default=before,
        required=True,
        format_func=lambda code: options.get(code, code),
        label_visibility="collapsed",
        width="content",
    )
    return _keep(key, before if chosen is None else chosen, None if start else default)


def choose_some(key: str, label: str, options: Mapping[str, str], default: Sequence[str]) -> list[str]:
    """Any of `options` (code to words), in their order."""
    _forget_unknown(key, options)
    before = _begin(key, list(default), lambda codes: [code for code in options if code in codes])
    chosen = st.pills(
        label,
        list(options),
        key=key,
        default=before,
        selection_mode="multi",
        format_func=lambda code: options.get(code, code),
        label_visibility="collapsed",
        width="content",
    )
    return _keep(key, [code for code in options if code in chosen], list(default))


def switch(key: str, label: str, *, default: bool, help_text: str) -> bool:
    """On or off; 1 or 0 in the link."""
    before = _begin(key, default, lambda codes: codes[-1] == "1")
    return _keep(key, st.toggle(label, value=before, key=key, help=help_text), default)


def slide(
    key: str, label: str, *, default: float, low: float, high: float, step: float, words: str, help_text: str
) -> float:
    """A number between `low` and `high`, on a slider; `words` says how it is written, as to `st.slider`."""
    before = _begin(key, default, lambda codes: _number(codes[-1], default, low, high))
    number: float = st.slider(
        label, low, high, value=before, step=step, key=key, format=words, help=help_text
    )
    return _keep(key, number, default)


def count(key: str, label: str, *, default: int, high: int, help_text: str, disabled: bool) -> int:
    """A whole number from 0 to `high`."""
    before = _begin(key, default, lambda codes: int(_number(codes[-1], default, 0, high)))
    number: int = st.number_input(
        label, 0, high, value=before, step=1, key=key, help=help_text, disabled=disabled
    )
    return _keep(key, number, default)


def forget(key: str) -> None:
    """Reset a switch whose stored choice is no longer offered; call it before the switch is drawn."""
    for name in (key, _kept(key)):
        st.session_state.pop(name, None)


def _forget_unknown(key: str, options: Mapping[str, str]) -> None:
    """Reset a switch if what it was set to is there no more, such as a model whose folder is gone."""
    if any(code not in options for code in chosen(key)):
        forget(key)


def remember(key: str, codes: Sequence[str]) -> None:
    """Let the link say `codes` for something that is no switch of this module."""
    st.session_state[f"linked.{key}"] = list(codes)


def chosen(key: str) -> list[str]:
    """The codes of what is chosen, before its switch is drawn: on the page, on an earlier one, or in the
    link; none where nobody has chosen."""
    state = st.session_state
    if key in state or _kept(key) in state:
        value = state.get(key)
        return _codes(state[_kept(key)] if value is None else value)
    return st.query_params.get_all(key)


def write_link(name: str, keys: Sequence[str]) -> None:
    """Let the address say what is chosen for these keys; `name` tells this part of the page from others."""
    component("link")(key=f"link-{name}", data={"codes": {key: _linked(key) for key in keys}})


def link_of(keys: Sequence[str]) -> dict[str, list[str]]:
    """What a link to another page must carry for these keys to stay as they are."""
    return {key: codes for key in keys if (codes := _linked(key))}


def _linked(key: str) -> list[str]:
    codes: list[str] | None = st.session_state.get(f"linked.{key}")
    return st.query_params.get_all(key) if codes is None else codes


def _kept(key: str) -> str:
    return f"chosen.{key}"


def _begin(key: str, default: Value, read: Callable[[Sequence[str]], Value]) -> Value:
    """Give the widget its first value on this page: what was chosen, else what the link says.

    The widget must be told it as its default, too: a value set here is sent once, and a slow browser that
    draws the widget only after the next run would miss it.
    """
    state = st.session_state
    if _kept(key) not in state:
        codes = st.query_params.get_all(key)
        state[_kept(key)] = read(codes) if codes else default
    value: Value = state[_kept(key)]
    if key not in state:
        state[key] = value
    return value


def _keep(key: str, value: Value, default: Value | None) -> Value:
    """Remember a choice, and what a link says of it: nothing where it is the default."""
    st.session_state[_kept(key)] = value
    st.session_state[f"linked.{key}"] = [] if value == default else _codes(value)
    return value


def _codes(value: str | bool | float | list[str]) -> list[str]:
    if isinstance(value, bool):
        return ["1" if value else "0"]
    return value if isinstance(value, list) else [value if isinstance(value, str) else f"{value:g}"]


def _number(code: str, default: float, low: float, high: float) -> float:
    """What a link says, if it is a number within the limits."""
    try:
        number = float(code)
    except ValueError:
        return default
    return number if low <= number <= high else default
