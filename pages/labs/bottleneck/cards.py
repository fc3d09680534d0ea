"""What the reader chooses on the bottleneck page."""

from __future__ import annotations

from typing import Final, NamedTuple

import streamlit as st

from pages.kit.choices import choose, choose_some, chosen, slide, write_link
from pages.kit.family import COMPARED, available, name_of
from pages.kit.strings import Strings
from pages.labs.bottleneck.judge import judged_own
from s2s import catalog

MOST: Final = 6  # sentences; the judge's work grows with the square of the length


class View(NamedTuple):
    """What the reader wants to see."""

    models: tuple[str, ...]
    sentences: int


def switches(say: Strings) -> View:
    """Draw the switches above the cards; what they are set to. That of the curves stands with the curves."""
    # Those without attention first, as the story goes.
    kinds = sorted(catalog.FAMILY, key=lambda kind: kind.attends)
    offered = available(tuple(kind.name for kind in kinds)) + judged_own(is_offered=True)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium", key="switches"):
        with st.container(width=360):
            count = slide(
                "sentences", say("bottleneck.sentences"), default=3.0, low=1.0, high=float(MOST), step=1.0,
                words="%d", help_text=say("bottleneck.sentences_help"),
            )  # fmt: skip
        models = choose_some(
            "columns", say("bottleneck.columns"), {name: name_of(name, say) for name in offered}, _first()
        )
    return View(tuple(models), int(count))


def chosen_models() -> tuple[str, ...]:
    """The models that the switch is or will be set to."""
    return tuple(chosen("columns")) or _first()


def _first() -> tuple[str, ...]:
    return available((catalog.PLAIN.name, catalog.BACKWARD.name, catalog.ATTENDING.name))


def left_out(say: Strings) -> str:
    """Why some of the reader's own models are not offered; nothing where all are."""
    names = judged_own(is_offered=False)
    return say("bottleneck.left_out", models=", ".join(name_of(name, say) for name in names)) if names else ""


def comparison(say: Strings) -> str:
    """Draw the switch of the curves; which models they compare. Those that are not here are not offered."""
    offered = {
        name: say(f"bottleneck.compare_{name}")
        for name, kinds in COMPARED.items()
        if len(available(kinds)) > 1
    }
    if len(offered) == 1:
        return next(iter(offered))
    return choose("compare", say("bottleneck.compare"), offered)


def link() -> None:
    """Let the address say what is chosen on the page."""
    write_link("page", ("sentences", "columns", "compare"))
