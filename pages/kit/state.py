"""What a reader chose on a page: one frozen View, from which widgets and the address are made.

    @dataclass(frozen=True)
    class View:
        picture: str = chosen(OneOf(("heatmap", "lines")))
        end: bool = chosen(Switch(True))

    view = read(View)
    switch(view, "end", say("alignments.end"), help_text=say("alignments.end_help"))
    write_link(view)

A link holds codes, the screen words in the reader's language; Streamlit's own binding would put the
translated words into the link, and its query parameters an entry into the history at every change. Streamlit
forgets a widget's value when its page is left. So the session keeps each field under one name of its own:
what a widget, the browser or the link says of it, which is checked whenever it is read.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, fields
from functools import cache
from inspect import get_annotations
from typing import Any, NamedTuple, TypeVar

import streamlit as st

from pages.kit.components import component

View = TypeVar("View")
Code = TypeVar("Code", str, int)
Codes = Sequence[str]
Offered = Iterable[str] | Callable[[], Iterable[str]]  # called where it may change


class Choice(ABC):
    """What may be chosen for a field, and how a link says it."""

    is_always_linked = False  # at its default, too, for elsewhere that may be another one

    @abstractmethod
    def checked(self, value: Any) -> Any:
        """The value if it may be chosen, else the default, as of None."""

    def parsed(self, codes: Codes) -> Any:
        """What a link says with these codes, one at least; still to be checked."""
        return codes[-1]

    def written(self, value: Any) -> Codes:
        """What a link says of a value."""
        return [value]


@dataclass(frozen=True)
class OneOf(Choice):
    """One of some codes, of which the first is the default."""

    offered: Offered
    is_always_linked: bool = False

    def checked(self, value: Any) -> str:
        """One of the codes; "" where there are none."""
        codes = _codes(self.offered)
        return value if value in codes else next(iter(codes), "")


@dataclass(frozen=True)
class SomeOf(Choice):
    """Any of some codes, or none, in their order."""

    offered: Offered
    default: Offered

    def checked(self, value: Any) -> tuple[str, ...]:
        """Those of the value that there are; the default where there are none of them."""
        codes = _codes(self.offered)
        if isinstance(value, list | tuple):
            found = tuple(code for code in codes if code in value)
            if found or not any(value):
                return found
        default = _codes(self.default)
        return tuple(code for code in codes if code in default)

    def parsed(self, codes: Codes) -> Any:
        """All of them."""
        return codes

    def written(self, value: Any) -> Codes:
        """All of them; a blank for none."""
        return value or [""]


@dataclass(frozen=True)
class Switch(Choice):
    """On or off."""

    default: bool

    def checked(self, value: Any) -> bool:
        """The value if it is a bool."""
        return value if isinstance(value, bool) else self.default

    def parsed(self, codes: Codes) -> Any:
        """1 is on, 0 is off."""
        return {"1": True, "0": False}.get(codes[-1])

    def written(self, value: Any) -> Codes:
        """1 or 0."""
        return [str(int(value))]


@dataclass(frozen=True)
class Number(Choice):
    """A number within limits; a whole one where these are."""

    default: float | None  # None: the page finds one
    low: float
    high: float
    step: float = 1  # of a slider
    shift: int = 0  # what a link adds: 1 where it counts from 1 and the field from 0

    def checked(self, value: Any) -> float | None:
        """The value if it is such a number."""
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not self.low <= value <= self.high:
            return self.default
        number = type(self.low)(value)
        return number if number == value else self.default

    def parsed(self, codes: Codes) -> Any:
        """The number in the last code."""
        with suppress(ValueError):
            return float(codes[-1]) - self.shift
        return None

    def written(self, value: Any) -> Codes:
        """As short as it can be."""
        return [repr(value + self.shift).removesuffix(".0")]


class _Field(NamedTuple):
    choice: Any  # a Choice
    link: str  # its parameter in the address, and the key of its widget
    kept: str  # its key in the session


def chosen(choice: Choice, *, link: str = "") -> Any:
    """A field of a View. In the address it is called `link`, by default as in the View."""
    return field(default_factory=lambda: choice.checked(None), metadata={"choice": choice, "link": link})


def fields_of(view: type) -> Mapping[str, _Field]:
    """The fields of a View by name. One that is inherited is the same for all who inherit it."""
    return _fields_of(view)


@cache  # several views are read at every letter
def _fields_of(view: Hashable) -> Mapping[str, _Field]:
    assert isinstance(view, type)
    found = {}
    for one in fields(view):
        owner = next(base for base in reversed(view.__mro__) if one.name in get_annotations(base))
        choice, link = one.metadata["choice"], one.metadata["link"] or one.name
        found[one.name] = _Field(choice, link, f"{owner.__module__}.{owner.__name__}.{one.name}")
    return found


def from_link(view: type[View], query: Mapping[str, Codes]) -> View:
    """The View that a link describes, at its default where the link says nothing, or nonsense."""
    fields_ = fields_of(view).items()
    return view(**{name: one.choice.checked(_parsed(one, query.get(one.link))) for name, one in fields_})


def to_link(view: object) -> dict[str, list[str]]:
    """What a link says of a View, by parameter; nothing of what stands at its default."""
    said = {}
    for name, (choice, link, _) in fields_of(type(view)).items():
        value = getattr(view, name)
        is_said = choice.is_always_linked or value != choice.checked(None)
        said[link] = list(choice.written(value)) if is_said else []
    return said


def read(view: type[View]) -> View:
    """What is chosen: on the page, on an earlier visit, or in the link."""
    state = st.session_state
    for one in fields_of(view).values():
        if one.kept not in state:
            state[one.kept] = _parsed(one, st.query_params.get_all(one.link))
    return view(**{name: one.choice.checked(state[one.kept]) for name, one in fields_of(view).items()})


def keep(view: type, **values: object) -> None:
    """Choose values for some fields. Whoever says them may lag, or lie: they are checked when read."""
    for name, value in values.items():
        st.session_state[fields_of(view)[name].kept] = value


def forget(*spared: type) -> None:
    """Forget what was chosen, but in these Views: the link says it anew."""
    kept = {one.kept for view in spared for one in fields_of(view).values()}
    for key in [str(key) for key in st.session_state]:
        if key.startswith("pages.") and key not in kept:
            del st.session_state[key]


def write_link(view: object) -> None:
    """Let the address say what is chosen."""
    component("link")(key=f"link-{type(view).__module__}", data={"codes": to_link(view)})


# Widgets. Each stands at what a View says of a field, and keeps what is chosen with it.


def choose(
    view: object, name: str, label: str, words: Mapping[Code, str], *, start: Code | None = None
) -> Code:
    """One of `words`, side by side; which one. Where what is chosen is not among them, it is `start`, by
    default the first."""
    value: Code = getattr(view, name)
    if value not in words:
        value = next(iter(words)) if start is None else start
    st.segmented_control(
        label, list(words), default=value, required=True, format_func=lambda code: words.get(code, str(code)),
        label_visibility="collapsed", width="content", **_standing(view, name, value),
    )  # fmt: skip
    return value


def choose_from_list(view: object, name: str, label: str, words: Mapping[Code, str]) -> Code:
    """One of `words`, in a list that opens; which one. Where what is chosen is not among them, it is the
    first."""
    value: Code = getattr(view, name)
    if value not in words:
        value = next(iter(words))
    st.selectbox(
        label, list(words), list(words).index(value), format_func=lambda code: words.get(code, str(code)),
        **_standing(view, name, value),
    )  # fmt: skip
    return value


def choose_some(view: object, name: str, label: str, words: Mapping[str, str]) -> None:
    """Any of `words`."""
    value = [code for code in getattr(view, name) if code in words]
    st.pills(
        label, list(words), default=value, selection_mode="multi", format_func=lambda code: words[code],
        label_visibility="collapsed", width="content", **_standing(view, name, value),
    )  # fmt: skip


def switch(view: object, name: str, label: str, *, help_text: str) -> None:
    """On or off."""
    value = getattr(view, name)
    st.toggle(label, value, help=help_text, **_standing(view, name, value))


def slide(view: object, name: str, label: str, *, words: str, help_text: str) -> None:
    """A Number on a slider; `words` says how it is written, as to `st.slider`."""
    limits, value = fields_of(type(view))[name].choice, getattr(view, name)
    st.slider(
        label, limits.low, limits.high, value, limits.step, words, help=help_text,
        **_standing(view, name, value),
    )  # fmt: skip


def count(view: object, name: str, label: str, *, help_text: str, disabled: bool = False) -> None:
    """A whole Number, to type."""
    limits, value = fields_of(type(view))[name].choice, getattr(view, name)
    st.number_input(
        label, limits.low, limits.high, value, 1, help=help_text, disabled=disabled,
        **_standing(view, name, value),
    )  # fmt: skip


def type_text(view: object, name: str, label: str, *, help_text: str, most: int) -> None:
    """A short text, of so many characters at most."""
    value = getattr(view, name)
    st.text_input(label, value, max_chars=most, help=help_text, **_standing(view, name, value))


def _standing(view: object, name: str, value: object) -> dict[str, Any]:
    """Key and callback of a widget that stands at `value`, which is to be its default, too: what is set here
    is sent once, and a slow browser that draws the widget only after the next run would miss it."""
    one, state = fields_of(type(view))[name], st.session_state
    if one.link not in state or state[one.link] != value:
        state[one.link] = value
    return {"key": one.link, "on_change": _keep, "args": (one,)}


def _keep(one: _Field) -> None:
    st.session_state[one.kept] = st.session_state[one.link]


def _parsed(one: _Field, codes: Codes | None) -> Any:
    return one.choice.parsed(codes) if codes else None


def _codes(offered: Offered) -> tuple[str, ...]:
    return tuple(offered() if callable(offered) else offered)
