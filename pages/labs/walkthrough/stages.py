"""A computation told in numbered stages, a column for each model, drawn in place while one steps through it.

One component of Streamlit's second generation holds the whole story. Python says what stands in each stage as
a list of blocks; `browser/stages.js` puts them on the page, draws the figures with Plotly.react where they
come into sight, and answers hover, zoom and keys by itself. What a reader chooses belongs to the browser: it
is given once, when the story appears, and from then on only heard.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

import streamlit as st

from pages.kit.components import component, ignore
from pages.kit.wire import figure_text
from s2s.figures.canvas import Figure
from s2s.figures.palette import Palette

# What `labels` must hold.
LABELS: Final = (
    "back",
    "next",
    "play",
    "pause",
    "step",  # names the slider
    "stages",  # names the row of their numbers
    "source",  # names the row of source words
    "translation",  # names the row of target words
    "open",  # shows the pieces of a word, with {word}
    "close",
    "number",  # a place in a vector, with {number} and {width}
    "zoom",  # names the zoom and says what is in sight, with {first} and {last}
    "zoom_in",
    "zoom_out",
    "zoom_all",
    "help",  # what pointer and keys do
    "table",
    "save",
    "picture_failed",
)


class Text(NamedTuple):
    """A paragraph; `tone` is "" for running text, "finding" for what was computed."""

    text: str
    tone: str = ""


class Formula(NamedTuple):
    """Lines of mathematics: single letters in italics, `_x` and `_{x}` below, what stands in “” as it is."""

    lines: tuple[str, ...]


class Picture(NamedTuple):
    """A figure of s2s.figures, or its `figure_text`; its caption; one sentence that says what it shows."""

    figure: Figure | str
    caption: str
    spoken: str


class Table(NamedTuple):
    """Numbers in rows; the first cell of a row names it."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Fold(NamedTuple):
    """Blocks that open on demand; `name` is that of the view's field that holds whether they are open,
    where the page must know."""

    summary: str
    blocks: tuple[Any, ...]
    name: str = ""


class Panel(NamedTuple):
    """Blocks that belong together, under a title."""

    title: str
    blocks: tuple[Any, ...]


class Beside(NamedTuple):
    """Blocks side by side where there is room."""

    blocks: tuple[Any, ...]


class Go(NamedTuple):
    """A button that goes to another step."""

    text: str
    step: int


Block = Text | Formula | Picture | Table | Fold | Panel | Beside | Go


class Range(NamedTuple):
    """A slider that belongs to a stage; `name` is that of the view's field."""

    name: str
    label: str
    low: float
    high: float
    step: float
    help: str


class Switch(NamedTuple):
    """A switch that belongs to a stage; `name` is that of the view's field."""

    name: str
    label: str
    help: str


class Mark(NamedTuple):
    """Whether a stage holds, in words."""

    holds: bool
    text: str


class Stage(NamedTuple):
    """What one model shows of one stage."""

    blocks: tuple[Block, ...]
    mark: Mark | None = None  # None where there is nothing to check


class Head(NamedTuple):
    """What all columns of one stage share."""

    title: str
    text: str
    controls: tuple[Range | Switch, ...] = ()


class Word(NamedTuple):
    """A target word: its pieces, each with the step that says it."""

    pieces: tuple[tuple[str, int], ...]
    spaced: bool  # whether a space stands before it


class SourceWord(NamedTuple):
    """A source word, or a piece of one that is opened."""

    text: str
    key: int  # the piece that is chosen with it
    word: int  # its number among the words
    pieces: int  # how many the word has
    opened: bool
    chosen: bool


class Column(NamedTuple):
    """One model: what it wrote, what came of this step, its stages."""

    name: str
    title: str
    words: tuple[Word, ...]
    step: int  # that is shown
    number: int  # the place in the vectors that is followed, from 0
    place: int  # of the source piece whose row is outlined
    width: int  # of the vectors
    told: str  # the step in one sentence
    stages: tuple[Stage, ...]
    notice: str = ""


class Story(NamedTuple):
    """All that is on the page."""

    heads: tuple[Head, ...]
    columns: tuple[Column, ...]
    source: tuple[SourceWord, ...]
    steps: int
    told: str  # what the slider says


def stages_view(
    story: Story,
    *,
    view: Mapping[str, Any],
    link: Mapping[str, str],
    labels: Mapping[str, str],
    palette: Palette,
    key: str,
    on_change: Callable[[], None],
) -> None:
    """Draw the story, in place where it was drawn before. `labels` holds the words of LABELS.

    `view` is what the reader has chosen so far, `link` what the address says of it, nothing for a default.
    When the view changes, `on_change` is called and finds the new one in `st.session_state[key]["view"]`; the
    browser may lag, or lie, so it is to be checked.
    """
    data = {
        "heads": [
            head._asdict() | {"controls": [_named(control) for control in head.controls]}
            for head in story.heads
        ],
        "columns": [
            column._asdict()
            | {"words": [word._asdict() for word in column.words]}
            | {"stages": [_stage(stage) for stage in column.stages]}
            for column in story.columns
        ],
        "source": [word._asdict() for word in story.source],
        "steps": story.steps,
        "told": story.told,
        "view": dict(view),
        "link": dict(link),
        "labels": {name: labels[name] for name in LABELS},
        "colors": {name: getattr(palette, name) for name in _COLORS},
        "ramp": palette.differences,
    }
    state = component("stages")(key=key, data=data, on_view_change=on_change, on_theme_change=ignore)
    if state.get("theme"):
        st.rerun()  # of the whole page, as in `live_view`


_COLORS: Final = ("background", "source", "target", "pinned", "grid", "muted", "teacher")


def _stage(stage: Stage) -> dict[str, Any]:
    return {"mark": stage.mark and stage.mark._asdict(), "blocks": [_named(block) for block in stage.blocks]}


def _named(block: Block | Range | Switch) -> dict[str, Any]:
    """A block as a record that says what it is."""
    record = block._asdict() | {"kind": type(block).__name__.lower()}
    if isinstance(block, Fold | Panel | Beside):
        record["blocks"] = [_named(inner) for inner in block.blocks]
    if isinstance(block, Picture):
        figure = block.figure
        record["figure"] = figure if isinstance(figure, str) else figure_text(figure)
    return record
