"""Pictures that change while one types: cards side by side, drawn in place, linked by hover and pin.

One component of Streamlit's second generation holds all cards of a page. Python sends figures and numbers;
`browser/cards.js` draws them with Plotly.react, without a blank frame, and answers the pointer by itself.

    live_view(panels, labels=..., palette=..., key="alignments")
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pages.kit.components import show
from pages.kit.export import Origin
from pages.kit.family import name_of
from pages.kit.glosses import Gloss
from pages.kit.strings import Strings
from s2s.figures.canvas import Figure
from s2s.figures.labels import names, signed
from s2s.figures.palette import Palette
from s2s.languages import FIRST, Languages
from s2s.text import is_word
from s2s.traces import END, Alignment, Trace, Unit

Mark = Literal["kept", "lost", "unclear", "common", "sign"]  # crossed out, with a wave, with dots, grey

# What `labels` must hold. Those of the figures are among them, so one mapping serves both.
LABELS: Final = (
    "source_word",
    "target_word",
    "meaning",  # of a source word
    "weight",
    "score",
    "probability",
    "log_prob",
    "entropy",
    "end",  # the name of the end token
    "table",  # opens the numbers as a table
    "translation",  # says what the line of words is
    "pinned_row",  # heads the numbers of a pinned target word, with {word}
    "pinned_column",  # and of a pinned source word
    "absent",  # instead of numbers, where a card lacks the pinned word
    "unpin",
    "picture_failed",
    "help_pin",  # what clicks and keys do
    "fit",  # makes a long sentence fit
    "more",  # says what is out of sight, with {count}
    "unpinned",  # said when the pin is let go
)


def live_labels(say: Strings, **own: str) -> dict[str, str]:
    """The words of LABELS: a page's own where it has some, else those that say it on every page."""
    fixed = {"end": END, **own}
    return {name: fixed[name] if name in fixed else say(f"live.{name}") for name in LABELS}


class Word(NamedTuple):
    """A word of a translation as its card shows it."""

    text: str
    probability: float  # 0 to 1
    spaced: bool  # whether a space stands before it
    row: int | None  # of the picture; None without one


class Marked(NamedTuple):
    """A word of the source as its card shows it."""

    text: str
    spaced: bool  # whether a space stands before it
    mark: Mark


class Fact(NamedTuple):
    """A number under a picture: what it is, its value with unit, and an explanation on demand."""

    label: str
    value: str
    explanation: str


class Legend(NamedTuple):
    """The one scale that all pictures share: its name, its ends, and its colours from low to high."""

    title: str
    low: str
    high: str
    colors: tuple[str, ...]


class Cells(NamedTuple):
    """A number for each pair of a target and a source unit, and how it is written."""

    name: str
    values: NDArray[np.float32] | None  # (target_units, source_units); None: as the figure has them
    digits: int


class Series(NamedTuple):
    """Something said of each target unit."""

    name: str
    values: tuple[str, ...]  # (target_units,) as they are written
    exact: NDArray[np.floating[Any]] | None = None  # (target_units,) NaN where there is none
    band: NDArray[np.floating[Any]] | None = None  # (2, target_units) between which each may lie


class Numbers(NamedTuple):
    """What hover, pin and table show of a picture. A key names the same unit in every card."""

    source: tuple[str, ...]
    target: tuple[str, ...]
    source_keys: tuple[str, ...]
    target_keys: tuple[str, ...]
    cells: tuple[Cells, ...] = ()  # weights first, or what the picture draws
    series: tuple[Series, ...] = ()
    meanings: tuple[str, ...] = ()  # what is said of each source unit, "" for nothing; or none at all


class Panel(NamedTuple):
    """One card. Without numbers it has words and facts, and no picture."""

    name: str  # of what it shows; the same in every run
    title: str
    about: str = ""  # what that is, in a line
    numbers: Numbers | None = None
    figure: Figure | None = None  # of those numbers, by s2s.figures
    source: tuple[Marked, ...] = ()
    marked: str = ""  # says which words of the source are marked, for those who hear the page
    words: tuple[Word, ...] = ()
    facts: tuple[Fact, ...] = ()
    notice: str = ""
    spoken: str = ""  # one sentence that says what the picture shows
    is_wide: bool = False  # takes a row of its own
    languages: Languages = FIRST  # of its words
    origin: Origin = Origin()


class Cards(NamedTuple):
    """All cards of a component."""

    panels: tuple[Panel, ...]
    labels: Mapping[str, str]
    colors: Mapping[str, str]
    legends: tuple[Legend, ...]
    in_steps: bool
    pin: str  # what the address calls what is pinned in them
    beside: int  # how many stand side by side where there is room
    is_loading: bool
    view: Literal["cards"] = "cards"


def words(units: Sequence[Unit], log_probs: Iterable[float], *, drawn: bool = True) -> tuple[Word, ...]:
    """The words of a translation, the end token left out; `drawn` when there is a picture with these rows.

    `log_probs` in nats, one for each unit.
    """
    ends = [0, *(unit.end for unit in units)]
    return tuple(
        Word(unit.text, float(np.exp(log_prob)), unit.start > ends[row] or row == 0, row if drawn else None)
        for row, (unit, log_prob) in enumerate(zip(units, log_probs, strict=True))
        if not unit.is_end
    )


def spoken(title: str, target: str, alignment: Alignment | None, say: Strings) -> str:
    """The picture as one sentence: for each unit written, where most of the look went."""
    if alignment is None or not alignment.weights.size:
        return say("live.spoken_none", model=title, target=target)
    most, shares = alignment.weights.argmax(axis=1).tolist(), alignment.weights.max(axis=1).tolist()
    looks = [
        say(
            "live.spoken_look",
            target=unit.text,
            source=alignment.source_units[column].text,
            percent=f"{100 * share:.0f}",
        )
        for unit, column, share in zip(alignment.target_units, most, shares, strict=True)
        if not unit.is_end
    ]
    return say("live.spoken", model=title, target=target, looks=" ".join(looks))


def cut_notice(traces: Iterable[Trace], say: Strings) -> str:
    """How far a sentence was read that was too long, by each model where some read further than others; ""
    where all read it whole."""
    reach = {trace.model: _reach(trace) for trace in traces}
    cut = {name: values for name, values in reach.items() if values is not None}
    if not cut:
        return ""
    if all(values == reach[next(iter(reach))] for values in reach.values()):
        return say("sentence.cut_pieces", **next(iter(cut.values())))
    told = (say("sentence.cut_pieces_of", model=name_of(name, say), **values) for name, values in cut.items())
    return " ".join(told)


def _reach(trace: Trace) -> dict[str, Any] | None:
    """How far a sentence was read, for the strings; None where whole."""
    if not trace.source_cut:
        return None
    read = [unit.text for unit in trace.read() if not unit.is_end and is_word(unit.text)]
    return {"words": len(read), "last": read[-1] if read else "", "limit": len(trace.source_pieces)}


def focus_fact(alignment: Alignment, say: Strings) -> Fact:
    """How spread out the look at the source was."""
    value = say("facts.nats", value=f"{float(alignment.entropy.mean()):.2f}")
    most = f"{np.log(len(alignment.source_units)):.2f}"
    return Fact(say("facts.focus"), value, say("facts.focus_help", most=most))


def live_view(
    panels: Sequence[Panel],
    *,
    labels: Mapping[str, str],
    palette: Palette,
    key: str,
    legends: Sequence[Legend] = (),
    in_steps: bool = False,
    is_loading: bool = False,
    beside: int = 4,
) -> None:
    """Draw the cards, in place where they were drawn before.

    `labels` holds the words of LABELS in the reader's language. The same `key` keeps the cards, and what is
    pinned in them, from run to run: a pin belongs to browser and address, and asks nothing of Python. With
    `in_steps` the target units are steps, which other components of the page may point at. While models load
    (`is_loading`) the cards may be about something else. At most `beside` cards stand side by side.
    """
    message = Cards(
        panels=tuple(map(_once, panels)),
        labels={name: labels[name] for name in LABELS},
        colors={name: getattr(palette, name) for name in _COLORS},
        legends=tuple(legends),
        in_steps=in_steps,
        pin=f"pin-{key}",
        beside=beside,
        is_loading=is_loading,
    )
    show(message, key=key)


def _once(panel: Panel) -> Panel:
    """The card without the numbers that its figure has already."""
    if panel.figure is None or panel.numbers is None:
        return panel
    drawn = [trace.get("z") for trace in panel.figure.data]
    cells = tuple(
        cells._replace(values=None) if any(cells.values is z for z in drawn) else cells
        for cells in panel.numbers.cells
    )
    return panel._replace(numbers=panel.numbers._replace(cells=cells))


_COLORS: Final = ("background", "source", "target", "pinned", "grid", "muted")


def alignment_numbers(
    alignment: Alignment, labels: Mapping[str, str], glosses: Sequence[Gloss] = ()
) -> Numbers:
    """The numbers of a heatmap or of lines, with the glosses of its source units. Across cards a word is the
    same where it says the same and comes up as often before: the second "la" is the second "la"."""
    series = {
        "probability": np.exp(alignment.log_probs),
        "log_prob": alignment.log_probs,
        "entropy": alignment.entropy,
    }
    return Numbers(
        source=names(alignment.source_units, labels),
        target=names(alignment.target_units, labels),
        source_keys=unit_keys(alignment.source_units),
        target_keys=unit_keys(alignment.target_units),
        cells=(
            Cells(labels["weight"], alignment.weights, 3),
            Cells(labels["score"], alignment.scores, 2),
        ),
        series=tuple(
            Series(labels[name], tuple(signed(float(value), 2) for value in values), values)
            for name, values in series.items()
        ),
        meanings=tuple(gloss.told for gloss in glosses),
    )


def unit_keys(units: Sequence[Unit]) -> tuple[str, ...]:
    """Each unit's word and which occurrence of it this is: "the 1", "the 2"."""
    seen: Counter[str] = Counter()
    keys = []
    for unit in units:
        word = unit.text.casefold()
        seen[word] += 1
        keys.append(f"{word} {seen[word]}")
    return tuple(keys)
