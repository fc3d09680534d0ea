"""The frame of every page: title, language, size, menu. Each page begins with `open_page`.

Streamlit's own menu and `st.navigation` are not used: a visitor who opens a page's address first, on a
fresh server, would get it without frame or language. Here every page draws the whole frame itself, so it
is right whichever page comes first.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from html import escape
from string import Template
from typing import Final, NamedTuple

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before torch: many people share the cores, see config.toml

import streamlit as st

from pages.kit.export import offer
from pages.kit.lesson_strip import arrive, ground, open_lesson, script_of
from pages.kit.sentence import follow_task
from pages.kit.state import OneOf, Switch, choose, chosen, read, switch, to_link, write_link
from pages.kit.strings import LANGUAGES, Strings, load
from pages.kit.tasks import SPEECH, chosen_task, task_switch
from pages.kit.tasks import View as TaskView
from s2s.figures.palette import DARK, LIGHT, Palette
from s2s.languages import Languages


class Page(NamedTuple):
    """A page of the app: its script, and its name, which the menu calls by the string `<name>.menu`."""

    script: str
    name: str


_CSS: Final = Template("""
<style>
.stMainBlockContainer { padding: 16px 24px 2rem; max-width: 2000px; }
.stMainBlockContainer .stVerticalBlock { gap: .5rem; }
.stMainBlockContainer h2 { padding: .75rem 0 .25rem; font-size: 1.5rem; line-height: 1.3; }
.stMainBlockContainer .stHeading h3 { padding: .5rem 0 .75rem; font-size: 1.25rem; line-height: 1.3; }
.stAppHeader { height: 2.5rem; min-height: 2.5rem; background: transparent; pointer-events: none; }
.s2s-brand { font-weight: 700; font-size: 1.15rem; line-height: 1.2; white-space: nowrap; margin: 0; }
[class*="st-key-link-"], .st-key-outside { position: absolute; }
.s2s-hidden { position: absolute; width: 1px; height: 1px; margin: 0; overflow: hidden;
    clip-path: inset(50%); white-space: nowrap; }
.s2s-claim { margin: 0; }
.s2s-skip { position: fixed; z-index: 1000000; top: .5rem; left: .5rem; padding: .5rem 1rem;
    border-radius: .4rem; background: $text; color: $background;
    font: 600 1rem/1.4 "Source Sans", sans-serif; text-decoration: none; transform: translateY(-200%); }
.s2s-skip:focus { transform: none; outline: 3px solid $source; outline-offset: 2px; }
[data-testid="stPageLink-NavLink"]:focus-visible { outline: 3px solid $source; outline-offset: -1px;
    background: transparent; box-shadow: none; }
.stMain [data-testid="stCaptionContainer"], .stMain [data-testid="stCaptionContainer"] * { color: $muted;
    opacity: 1; }
html:lang(ko) .stApp :not(code) { word-break: keep-all; }
html:lang(ko) .stApp { overflow-wrap: break-word; }
.s2s-finding { margin: 0; }
.st-key-beside > :has(> .st-key-reference) { flex: 1 1 20rem; min-width: min(20rem, 100%); }
.st-key-beside > :has(> .st-key-switches_trained) { min-width: 0; }
.stMainBlockContainer h2.s2s-beside { margin: 0; padding: 0; font-size: 1.25rem; }
.s2s-differ { margin: 0 0 0 1.2rem; padding: 0; overflow-wrap: anywhere; }
@media print { .s2s-skip { display: none; } }
@media (max-height: 820px) {
    .stMainBlockContainer { padding-top: 4px; }
    .stMainBlockContainer .stVerticalBlock { gap: .25rem; }
    .stMainBlockContainer .st-key-frame { row-gap: .125rem; }
}
@media (min-width: 900px) {
    .st-key-switches button[data-variant="segmented_control"] { padding-inline: .8rem; }
    .st-key-switches .stSlider { display: flex; align-items: center; gap: 1rem; }
    .st-key-switches .stSlider label { min-height: 0; white-space: nowrap; }
    .st-key-switches .stSlider > :last-child { flex: 1; }
    .st-key-switches .stNumberInput { display: flex; align-items: center; gap: .5rem; }
    .st-key-switches .stNumberInput label { white-space: nowrap; }
}
@media (max-width: 640px) {
    /* What is chosen stands first, and the others in a line that scrolls. */
    .st-key-tasks { overflow-x: auto; scrollbar-width: none; max-width: 100%;
        mask-image: linear-gradient(to right, #000 calc(100% - 3rem), transparent); }
    .st-key-tasks [data-testid="stButtonGroup"] * { flex-shrink: 0; }
    .st-key-tasks [role="radiogroup"] { flex-wrap: nowrap; padding-right: 3rem; }
    .st-key-tasks [aria-checked="true"] { order: -1; }
    .stMainBlockContainer { padding: .8rem .8rem 2rem; }
    .st-key-switches [data-testid="stButtonGroup"] button { min-height: 2.5rem; }
    .stMainBlockContainer .st-key-switches { row-gap: .25rem; }
}
/* In a low window, as on a laptop at 150 %, what one chooses with takes a line: the picture is to be seen. */
@media (max-height: 560px) and (min-width: 641px) {
    .stMainBlockContainer { padding-top: 0; }
    .s2s-brand { display: none; }
    .st-key-frame > :has(.s2s-brand) { position: absolute; width: 1px; }
    .stMainBlockContainer :is(.st-key-frame, [class*="st-key-switches"]) { flex-wrap: nowrap;
        overflow-x: auto; scrollbar-width: thin; gap: .5rem; }
    .stMainBlockContainer :is(.st-key-frame, [class*="st-key-switches"]) > * { flex-shrink: 0; }
    .stMainBlockContainer .st-key-frame { gap: .125rem; }
    [class*="st-key-switches"] [data-testid="stButtonGroup"] > div { flex-wrap: nowrap; }
    .stMainBlockContainer .st-key-beside { flex-wrap: nowrap; }
    .s2s-claim:not(:hover, :focus) { display: -webkit-box; overflow: hidden; -webkit-box-orient: vertical;
        -webkit-line-clamp: 1; }
}
</style>
""")
# Body text for the back row; what one chooses with is for whoever stands in front.
_LARGE: Final = """
<style>
html { font-size: 20px; }
.stMainBlockContainer :is(.st-key-frame, [class*="st-key-switches"]), .s2s-below { zoom: .8; }
</style>
"""


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
    behind: tuple[Callable[[], None], ...] = ()  # what answers below the first laboratory, as it does

    def about(self, languages: Iterable[Languages]) -> Frame:
        """The same frame, its words said of models of these languages."""
        return self._replace(say=self.say.about(languages))

    @property
    def font_size(self) -> int:
        """Of words in pictures, in pixels."""
        return 18 if self.large else 14


def travelling() -> dict[str, list[str]]:
    """What a link to another page says: what is chosen for all of them, and the lesson that is open."""
    return to_link(read(View)) | to_link(read(TaskView)) | open_lesson()


def open_page(name: str, menu: Sequence[Page]) -> Frame:
    """Set up the page of this name, draw the frame with its `menu`, and say what the reader chose."""
    arrive(name, {page.name: page.script for page in menu}, View)
    view, task = read(View), chosen_task()
    follow_task(task)
    say = load(view.lang).about([task.languages])
    st.set_page_config(
        page_title=f"{say(f'{name}.menu')} · s2s",
        page_icon="🔎",
        layout="wide",
        initial_sidebar_state="collapsed",
    )
    palette = DARK if ground() == "dark" else LIGHT
    st.html(_CSS.substitute(asdict(palette)))
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="frame"):
        title = say(f"{name}.menu")
        brand = f"<span style='color: {palette.source}'>s2s</span> {escape(say('frame.brand'))}"
        heading = f"<h1 class='s2s-hidden'>{escape(title)}</h1>"
        st.html(f"<p class='s2s-brand'>{brand}</p>{heading}", width="content")
        link = travelling()
        for page in menu:
            st.page_link(page.script, label=say(f"{page.name}.menu"), query_params=link)
        leads_on = task_switch(name, say)
        st.space("stretch")
        switch(view, "size", say("frame.large"), help_text=say("frame.large_help"))
        choose(view, "lang", say("frame.language"), LANGUAGES)
        write_link(view)
        write_link(read(TaskView))
    if leads_on:
        st.switch_page(script_of(SPEECH if name != SPEECH else ""), query_params=link)
    offer(title, say, palette)
    if view.size:
        st.html(_LARGE)
    return Frame(say, palette, view.size)


def claim(text: str) -> None:
    """What a page is for, in a sentence or two above all else; in a low window the first line of it, and the
    rest for whoever points at it or comes to it with the keyboard. A lesson says it in its own words:
    `lesson.css` knows it by its class."""
    st.html(f"<p class='s2s-claim' tabindex='0'>{escape(text)}</p>")


def page_language() -> str:
    """The language chosen on the page, else in the link, else the browser's."""
    return read(View).lang
