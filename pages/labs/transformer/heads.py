"""All heads of one attention small, and one of them large.

`pages/kit/browser/mosaic.js` draws the small ones as one picture, in place, and says which is chosen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final, Literal, NamedTuple

import numpy as np
import streamlit as st

from pages.kit.components import show
from pages.kit.export import Origin, Sheet
from pages.kit.frame import Frame
from pages.kit.live import (
    Cells,
    Fact,
    Numbers,
    Panel,
    Series,
    focus_fact,
    live_labels,
    live_view,
    unit_keys,
)
from pages.kit.strings import Strings
from pages.labs.transformer.known import does, error_fact
from pages.labs.transformer.maps import weights_legend
from pages.labs.transformer.notebook import of_head, of_heads
from pages.labs.transformer.view import Picked, View, pick, picked
from s2s.evaluate.heads import Heads, Reading
from s2s.figures.canvas import Figure
from s2s.figures.heatmap import heatmap
from s2s.figures.labels import names, signed
from s2s.figures.mosaic import mosaic
from s2s.figures.palette import Palette
from s2s.looks import Attention, Looks, all_looks
from s2s.traces import END, Alignment, Trace

_COLORS: Final = ("background", "source", "target", "pinned", "grid", "muted")
_LABELS: Final = ("head", "layer", "does", "row", "column")


class Tile(NamedTuple):
    """A head: what it is called, and what it was found to do, "" for nothing."""

    name: str
    does: str


class Mosaic(NamedTuple):
    """All heads of one attention."""

    name: str
    figure: Figure
    rows: tuple[str, ...]  # who looks
    columns: tuple[str, ...]  # what is looked at
    tiles: tuple[Tile, ...]  # (layers * heads,)
    chosen: Picked
    picks_rows: bool  # a press chooses the row under it, too
    overview: Sheet  # the picture in rows, for those who cannot see it
    title: str
    spoken: str
    result: str
    labels: Mapping[str, str]
    colors: Mapping[str, str]
    origin: Origin
    view: Literal["mosaic"] = "mosaic"


class Section(NamedTuple):
    """An attention of a sentence, as it is drawn."""

    trace: Trace
    of: Attention
    looks: Looks
    chosen: Picked

    @property
    def key(self) -> str:
        """Of the component."""
        return "heads-cross" if self.of == "cross" else "heads-side"


def section(trace: Trace, of: Attention, view: View) -> Section:
    """All heads of an attention and the chosen one. Raises TraceError for a model without heads."""
    looks = all_looks(trace, of, view.split)
    return Section(trace, of, looks, picked(view, of, looks.layers, looks.heads, len(looks.rows)))


def small_and_large(
    part: Section, view: View, record: Heads | None, frame: Frame, below: Callable[[], None] | None = None
) -> None:
    """Draw all heads, and beside them the one that is chosen; `below` draws what stands under the first."""
    small, large = st.columns((3, 2), gap="small")
    with small:
        show(_message(part, view, record, frame), key=part.key, on_chosen_change=_CHOSEN[part.of])
        if below is not None:
            below()
    with large:
        live_view(
            [_panel(part, view, record, frame)],
            labels=card_labels(part.of, frame.say),
            palette=coloured(part.of, frame.palette),
            legends=[weights_legend(frame)],
            key=f"{part.key}-large",
        )


def _chosen_cross() -> None:
    pick("cross", st.session_state["heads-cross"].get("chosen"))


def _chosen_side() -> None:
    pick("encoder", st.session_state["heads-side"].get("chosen"))


_CHOSEN: Final = {"cross": _chosen_cross, "encoder": _chosen_side, "decoder": _chosen_side}


def head_name(layer: int, head: int, say: Strings) -> str:
    """What a head is called: layers and heads are counted from 1."""
    return say("heads.name", layer=layer + 1, head=head + 1)


def coloured(of: Attention, palette: Palette) -> Palette:
    """The colours of words: where a side looks at itself, all are of that side."""
    if of == "encoder":
        return replace(palette, target=palette.source)
    return replace(palette, source=palette.target) if of == "decoder" else palette


def card_labels(of: Attention, say: Strings) -> dict[str, str]:
    """The words of a card of one head."""
    side = {} if of == "cross" else {"target_word": say("heads.row"), "source_word": say("heads.column")}
    return live_labels(say, help_pin=say(f"heads.how_to_read_{of}", end=END), **side)


def plain_numbers(alignment: Alignment, labels: Mapping[str, str]) -> Numbers:
    """What hover, pin and table show of a map whose rows say nothing: weights, and how spread out they
    are."""
    entropy = alignment.entropy
    return Numbers(
        source=names(alignment.source_units, labels),
        target=names(alignment.target_units, labels),
        source_keys=unit_keys(alignment.source_units),
        target_keys=unit_keys(alignment.target_units),
        cells=(Cells(labels["weight"], alignment.weights, 3),),
        series=(Series(labels["entropy"], tuple(signed(float(one), 2) for one in entropy), entropy),),
    )


def _message(part: Section, view: View, record: Heads | None, frame: Frame) -> Mosaic:
    say, looks = frame.say, part.looks
    number = "{number}"
    labels = {
        "layer": say("heads.layer_number", number=number),
        "head": say("heads.head_number", number=number),
    }
    title = say(f"heads.title_{part.of}")
    return Mosaic(
        name=f"heads-{part.of}",
        figure=mosaic(looks, palette=frame.palette, labels=labels, font_size=frame.font_size),
        rows=names(looks.rows, {}),
        columns=names(looks.columns, {}),
        tiles=tuple(
            Tile(head_name(layer, head, say), does(record, part.of, layer, head, say))
            for layer in range(looks.layers)
            for head in range(looks.heads)
        ),
        chosen=part.chosen,
        picks_rows=part.of != "cross",
        overview=_overview(part, record, say),
        title=title,
        spoken=say(
            "heads.spoken", title=title, layers=looks.layers, heads=looks.heads, target=part.trace.target
        ),
        result=part.trace.target,
        labels={
            **{name: say(f"heads.{name}") for name in _LABELS},
            "weight": say("live.weight"),
            "table": say("live.table"),
            "failed": say("live.picture_failed"),
            "more": say("live.more", count="{count}"),
        },
        colors={name: getattr(frame.palette, name) for name in _COLORS},
        origin=of_heads(part.trace, part.of, view.split),
    )


def _overview(part: Section, record: Heads | None, say: Strings) -> Sheet:
    """A row for each head: where its look is strongest, how spread out it is, what it was found to do."""
    looks = part.looks
    rows = []
    for layer in range(looks.layers):
        for head in range(looks.heads):
            one = looks.head(layer, head)
            row, column = np.unravel_index(int(one.weights.argmax()), one.weights.shape)
            most = f"{looks.rows[row].text} → {looks.columns[column].text} {one.weights[row, column]:.2f}"
            spread = signed(float(one.entropy.mean()), 2)
            rows.append((head_name(layer, head, say), most, spread, does(record, part.of, layer, head, say)))
    head_row = (say("heads.head"), say("heads.strongest"), say("live.entropy"), say("heads.does"))
    return Sheet(head_row, tuple(rows))


def _panel(part: Section, view: View, record: Heads | None, frame: Frame) -> Panel:
    """The chosen head as a card."""
    say, trace, (layer, head, _) = frame.say, part.trace, part.chosen
    alignment = part.looks.head(layer, head)
    labels = card_labels(part.of, say)
    title = head_name(layer, head, say)
    return Panel(
        name=f"{part.key}-large",
        title=title,
        about=does(record, part.of, layer, head, say),
        numbers=plain_numbers(alignment, labels),
        figure=heatmap(
            alignment, palette=coloured(part.of, frame.palette), labels=labels, font_size=frame.font_size
        ),
        facts=tuple(_facts(part, alignment, record, say)),
        spoken=spoken_map(title, alignment, say),
        languages=trace.languages,
        origin=of_head(trace, part.of, view.split, layer, head),
    )


def _facts(part: Section, alignment: Alignment, record: Heads | None, say: Strings) -> list[Fact]:
    reading = Reading("head", part.chosen.layer, part.chosen.head, "predicts")
    errors = error_fact(part.trace, reading, record, say) if record and part.of == "cross" else ()
    return [focus_fact(alignment, say), *errors]


def spoken_map(title: str, alignment: Alignment, say: Strings) -> str:
    """The picture as one sentence: for each row, where most of the look went."""
    most: list[Any] = alignment.weights.argmax(axis=1).tolist()
    looks = [
        say(
            "live.spoken_look",
            target=unit.text,
            source=alignment.source_units[column].text,
            percent=f"{100 * alignment.weights[row, column]:.0f}",
        )
        for row, (unit, column) in enumerate(zip(alignment.target_units, most, strict=True))
    ]
    return say("heads.spoken_map", title=title, looks=" ".join(looks))
