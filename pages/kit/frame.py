"""The frame of every page: title, language, size, menu. Each page begins with `open_page`.

Streamlit's own menu and `st.navigation` are not used: a visitor who opens a page's address first, on a
fresh server, would get it without frame or language. Here every page draws the whole frame itself, so it
is right whichever page comes first.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final, NamedTuple

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before torch: many people share the cores, see config.toml

import streamlit as st

from pages.kit.export import offer
from pages.kit.state import OneOf, Switch, choose, chosen, read, switch, to_link, write_link
from pages.kit.strings import LANGUAGES, Strings, load
from s2s.figures.palette import DARK, LIGHT, Palette
from s2s.languages import Languages


class Page(NamedTuple):
    """A page of the app: its script, and its name, which the menu calls by the string `<name>.menu`."""

    script: str
    name: str


_CSS: Final = """
<style>
.stMainBlockContainer { padding: 1rem 1.5rem 2rem; max-width: 1680px; }
.stMainBlockContainer .stVerticalBlock { gap: .5rem; }
.stAppHeader { height: 2.5rem; min-height: 2.5rem; background: transparent; pointer-events: none; }
.s2s-brand { font-weight: 700; font-size: 1.15rem; line-height: 1.2; white-space: nowrap; margin: 0; }
[class*="st-key-link-"], .st-key-outside { position: absolute; }
.s2s-finding { margin: 0; }
.s2s-differ { margin: 0 0 0 1.2rem; padding: 0; overflow-wrap: anywhere; }
@media (max-width: 640px) {
    .stMainBlockContainer { padding: .8rem .8rem 2rem; }
    .st-key-switches [data-testid="stButtonGroup"] button { min-height: 2.5rem; }
}
</style>
"""
_LARGE: Final = "<style>html { font-size: 20px; }</style>"  # body text for the back row


def _languages() -> list[str]:
    """Those of LANGUAGES, the browser's first."""
    locale = (st.context.locale or "").lower()
    return sorted(LANGUAGES, key=lambda code: not locale.startswith(code))


@dataclass(frozen=True)
class View:
    """What a reader chose for all pages; the menu's links carry it."""

    lang: str = chosen(OneOf(_languages, is_always_linked=True))
    size: bool = chosen(Switch(False))


class Frame(NamedTuple):
    """What every page goes on with: the reader's words and the colours of the reader's theme."""

    say: Strings
    palette: Palette
    large: bool

    def about(self, languages: Iterable[Languages]) -> Frame:
        """The same frame, its words said of models of these languages."""
        return self._replace(say=self.say.about(languages))

    @property
    def font_size(self) -> int:
        """Of words in pictures, in pixels."""
        return 18 if self.large else 14


def open_page(name: str, menu: Sequence[Page]) -> Frame:
    """Set up the page of this name, draw the frame with its `menu`, and say what the reader chose."""
    view = read(View)
    say = load(view.lang)
    st.set_page_config(
        page_title=f"{say(f'{name}.menu')} · s2s",
        page_icon="🔎",
        layout="wide",
        initial_sidebar_state="collapsed",
    )
    palette = DARK if st.context.theme.type == "dark" else LIGHT
    st.html(_CSS)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="frame"):
        brand = f"<span style='color: {palette.source}'>s2s</span> {escape(say('frame.brand'))}"
        st.html(f"<p class='s2s-brand'>{brand}</p>", width="content")
        for page in menu:
            st.page_link(page.script, label=say(f"{page.name}.menu"), query_params=to_link(view))
        st.space("stretch")
        switch(view, "size", say("frame.large"), help_text=say("frame.large_help"))
        choose(view, "lang", say("frame.language"), LANGUAGES)
        write_link(view)
    offer(say(f"{name}.menu"), say, palette)
    if view.size:
        st.html(_LARGE)
    return Frame(say, palette, view.size)


def page_language() -> str:
    """The language chosen on the page, else in the link, else the browser's."""
    return read(View).lang
