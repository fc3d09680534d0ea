"""What a reader can do here: the laboratories, in the order of the menu, each a folder of its own.

A laboratory is `pages/labs/<name>/lab.py` with a function `draw(frame)`, a row of LABS, and its words in
`assets/strings/<language>/<name>.toml`. None imports another; what two need is in `pages/kit`. A page is a
script of three lines, because Streamlit wants a file: `run("<page>")`.
"""

from __future__ import annotations

from importlib import import_module
from itertools import groupby
from typing import Final, NamedTuple

import streamlit as st

from pages.kit.failures import told
from pages.kit.family import own
from pages.kit.frame import Page, open_page


class Lab(NamedTuple):
    """A laboratory: where it is, and where it stands."""

    name: str  # of its folder
    page: str  # it stands on, called like the first laboratory there


LABS: Final = (
    Lab("alignments", page="alignments"),
    Lab("machine", page="machine"),
    Lab("walkthrough", page="walkthrough"),
    Lab("forcing", page="forcing"),
    Lab("gap", page="forcing"),
    Lab("regimes", page="forcing"),
    Lab("exposure", page="forcing"),
    Lab("bottleneck", page="bottleneck"),
    Lab("gradients", page="gradients"),
    Lab("memory", page="gradients"),
    Lab("lessons", page="lessons"),
    Lab("models", page="models"),
)


def pages() -> tuple[Page, ...]:
    """The pages of the menu, in its order."""
    names = [name for name, _ in groupby(lab.page for lab in LABS)]
    return tuple(Page("app.py" if name == names[0] else f"pages/{name}.py", name) for name in names)


def run(page: str) -> None:
    """Draw a page: its frame, and the laboratories that stand on it; where one fails, the others go on."""
    frame = open_page(page, pages())
    with told(frame.say):
        for error in own().errors:
            st.text(frame.say.error(error))
    for lab in LABS:
        if lab.page == page:
            with told(frame.say):
                import_module(f"{__name__}.{lab.name}.lab").draw(frame)
