"""What a reader chose on the bottleneck page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import streamlit as st

from pages.kit.family import COMPARED, available, model, name_of, shipped, successor
from pages.kit.state import Number, OneOf, SomeOf, choose, choose_some, chosen, slide, write_link
from pages.kit.strings import Strings
from pages.labs.bottleneck.judge import judged_own
from s2s import catalog

MOST: Final = 6  # sentences; the judge's work grows with the square of the length


def offered() -> tuple[str, ...]:
    """The models that may be shown: those without attention first, as the story goes."""
    kinds = sorted(catalog.SHAPES, key=lambda kind: kind.attends)
    return available(tuple(kind.name for kind in kinds)) + successor() + judged_own(is_offered=True)


def shown_first() -> tuple[str, ...]:
    """Those that are shown where nobody has chosen."""
    return available((catalog.PLAIN.name, catalog.BACKWARD.name, catalog.ATTENDING.name))


def comparisons() -> tuple[str, ...]:
    """The comparisons of whose models two are here."""
    here = shipped()
    return tuple(name for name, kinds in COMPARED.items() if sum(model(kind) in here for kind in kinds) > 1)


@dataclass(frozen=True)
class View:
    """How long the sentence is, through which models, and which ones the curves compare."""

    sentences: int = chosen(Number(3, 1, MOST))
    models: tuple[str, ...] = chosen(SomeOf(offered, shown_first), link="columns")
    compare: str = chosen(OneOf(comparisons))


def switches(view: View, say: Strings) -> None:
    """Draw the switches above the cards."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium", key="switches"):
        with st.container(width=360):
            help_text = say("bottleneck.sentences_help")
            slide(view, "sentences", say("bottleneck.sentences"), words="%d", help_text=help_text)
        choose_some(
            view, "models", say("bottleneck.columns"), {name: name_of(name, say) for name in offered()}
        )
        write_link(view)


def switch_of_curves(view: View, say: Strings) -> None:
    """Draw the switch that stands with the curves, where there is a choice."""
    words = {name: say(f"bottleneck.compare_{name}") for name in comparisons()}
    if len(words) > 1:
        choose(view, "compare", say("bottleneck.compare"), words)
