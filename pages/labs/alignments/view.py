"""What a reader chose on the main page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import streamlit as st

from pages.kit.bank import has_links
from pages.kit.family import model_names, offered
from pages.kit.glosses import GLOSSES, table
from pages.kit.state import OneOf, SomeOf, Switch, choose, choose_some, chosen, switch, write_link
from pages.kit.strings import Strings
from pages.kit.tasks import chosen_task
from s2s.languages import parts_stems
from s2s.traces import END, LEVELS, Level


@dataclass(frozen=True)
class View:
    """What the reader wants to see."""

    models: tuple[str, ...] = chosen(SomeOf(offered, lambda: chosen_task().shown_first))
    picture: str = chosen(OneOf(("heatmap", "lines")))
    level: Level = chosen(OneOf(LEVELS))
    values: str = chosen(OneOf(("weights", "scores")))
    end: bool = chosen(Switch(True))
    also: tuple[str, ...] = chosen(SomeOf(("meanings", "drawn"), ()))


def _levels(say: Strings) -> Iterator[Level]:
    """What the axes may hold: stems only where a language has them."""
    has_stems = any(parts_stems(code) for languages in say.languages for code in languages.codes)
    return (level for level in LEVELS if level != "stems" or has_stems)


def _also(say: Strings) -> Iterator[str]:
    """What there is to show beside the weights: what the words mean, and links that a person drew."""
    languages = say.languages[0]
    if table(languages, GLOSSES).get(say.language):
        yield "meanings"
    if has_links(languages):
        yield "drawn"


def switches(view: View, say: Strings) -> None:
    """Draw the switches of the page."""

    def words(*codes: str) -> dict[str, str]:
        return {code: say(f"alignments.{code}") for code in codes}

    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="switches"):
        choose_some(view, "models", say("alignments.models"), model_names(say))
        picture = choose(view, "picture", say("alignments.picture"), words("heatmap", "lines"))
        choose(view, "level", say("alignments.level"), words(*_levels(say)))
        if picture == "heatmap":  # a line is as thick as its weight: of scores there is none to draw
            choose(view, "values", say("alignments.values"), words("weights", "scores"))
        switch(view, "end", say("alignments.end"), help_text=say("alignments.end_help", end=END))
        if also := words(*_also(say)):
            choose_some(view, "also", say("alignments.also"), also)
        write_link(view)
