"""A computation told in numbered stages, a column for each model, drawn in place while one steps through it.

One component of Streamlit's second generation holds the whole story. Python says what stands in each stage as
a list of blocks; `pages/kit/browser/stages.js` puts them on the page, draws the figures with Plotly.react
where they come into sight, and answers hover, zoom and keys by itself. What a reader chooses belongs to the
browser: it is given once, when the story appears, and from then on only heard.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, Literal, NamedTuple

from pages.kit.components import show
from pages.kit.export import Origin
from s2s.figures.canvas import Figure
from s2s.figures.palette import Palette
from s2s.languages import FIRST, Languages

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
    "form",  # names the choice between the two
    "short",
    "long",
    "help",  # what pointer and keys do
    "table",
    "picture_failed",
)


class Text(NamedTuple):
    """A paragraph; `tone` is "" for running text, "finding" for what was computed."""

    text: str
    tone: str = ""
    kind: Literal["text"] = "text"


class Formula(NamedTuple):
    """Lines of mathematics: single letters in italics, `_x` and `_{x}` below, what stands in “” as it is."""

    lines: tuple[str, ...]
    kind: Literal["formula"] = "formula"


class Picture(NamedTuple):
    """A figure of s2s.figures, or its `figure_text`; its caption; one sentence that says what it shows."""

    figure: Figure | str
    caption: str
    spoken: str
    code: str = ""  # that makes the figure, behind the lines of its column
    kind: Literal["picture"] = "picture"


class Table(NamedTuple):
    """Numbers in rows; the first cell of a row names it."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    kind: Literal["table"] = "table"


class Fold(NamedTuple):
    """Blocks that open on demand; `name` is that of the view's field that holds whether they are open,
    where the page must know."""

    summary: str
    blocks: tuple[Block, ...]
    name: str = ""
    kind: Literal["fold"] = "fold"


class Group(NamedTuple):
    """Blocks that belong together, under a title."""

    title: str
    blocks: tuple[Block, ...]
    kind: Literal["group"] = "group"


class Beside(NamedTuple):
    """Blocks side by side where there is room."""

    blocks: tuple[Block, ...]
    kind: Literal["beside"] = "beside"


class Go(NamedTuple):
    """A button that goes to another step."""

    text: str
    step: int
    kind: Literal["go"] = "go"


Block = Text | Formula | Picture | Table | Fold | Group | Beside | Go


class Range(NamedTuple):
    """A slider that belongs to a stage; `name` is that of the view's field."""

    name: str
    label: str
    low: float
    high: float
    step: float
    help: str
    kind: Literal["range"] = "range"


class Switch(NamedTuple):
    """A switch that belongs to a stage; `name` is that of the view's field."""

    name: str
    label: str
    help: str
    kind: Literal["switch"] = "switch"


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


class TargetWord(NamedTuple):
    """A target word: its pieces, each with the step that says it."""

    pieces: tuple[tuple[str, int], ...]
    spaced: bool  # whether a space stands before it


class SourceWord(NamedTuple):
    """A source word, or a piece of one that is opened."""

    text: str
    meaning: str  # of the word, "" where nothing is said of it
    key: int  # the piece that is chosen with it
    word: int  # its number among the words
    pieces: int  # how many the word has
    opened: bool
    chosen: bool


class Column(NamedTuple):
    """One model: what it wrote, what came of this step, its stages."""

    name: str
    title: str
    words: tuple[TargetWord, ...]
    step: int  # that is shown
    number: int  # the place in the vectors that is followed, from 0
    place: int  # of the source piece whose row is outlined
    width: int  # of the vectors
    told: str  # the step in one sentence
    stages: tuple[Stage, ...]
    origin: Origin
    notice: str = ""


class Chosen(NamedTuple):
    """What the reader chose of a step; places are counted from 0."""

    step: int
    word: int | None  # position of a source piece; None is the one looked at most
    number: int | None  # a place in the vectors; None is the one that adds most to the score
    temperature: float
    scaled: bool  # divided by sqrt(d)
    context: bool  # False drops it
    tanh: bool  # False removes it from concat
    matrix: bool  # shown whole
    opened: tuple[int, ...]  # source words, by number
    form: str  # short or long


class Story(NamedTuple):
    """What is told of a step."""

    heads: tuple[Head, ...]
    columns: tuple[Column, ...]
    source: tuple[SourceWord, ...]
    steps: int
    told: str  # what the slider says
    languages: Languages = FIRST  # of the columns


class Stages(NamedTuple):
    """All that is on the page."""

    heads: tuple[Head, ...]
    columns: tuple[Column, ...]
    source: tuple[SourceWord, ...]
    steps: int
    told: str
    languages: Languages
    chosen: Chosen
    labels: Mapping[str, str]
    colors: Mapping[str, str]
    ramp: tuple[str, ...]  # of all vectors, from their lowest numbers to their highest
    view: Literal["stages"] = "stages"


def stages_view(
    story: Story,
    *,
    chosen: Chosen,
    labels: Mapping[str, str],
    palette: Palette,
    key: str,
    on_change: Callable[[], None],
) -> None:
    """Draw the story, in place where it was drawn before. `labels` holds the words of LABELS.

    `chosen` is what the reader has chosen so far. When that changes, `on_change` is called and finds it in
    `st.session_state[key]["chosen"]`; the browser may lag, or lie, so it is to be checked.
    """
    message = Stages(
        *story,
        chosen=chosen,
        labels={name: labels[name] for name in LABELS},
        colors={name: getattr(palette, name) for name in _COLORS},
        ramp=tuple(palette.differences),
    )
    show(message, key=key, on_chosen_change=on_change)


_COLORS: Final = ("background", "source", "target", "pinned", "grid", "muted", "teacher")
