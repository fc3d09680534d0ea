"""Numbers of words as bars: a row for each word, its number beside the bar."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from s2s.figures.canvas import FONT_FAMILY, Figure, canvas, named_axis, pointed_row
from s2s.figures.labels import GAP, escape, shorten, straight_width
from s2s.figures.palette import Palette

# Sizes in em.
_ROW: Final = 1.65
_NARROWEST: Final = 9.0  # width of the bars and their numbers
_WIDEST: Final = 34.0
_NUMBER: Final = 3.4  # room for a number beside its bar


class Bar(NamedTuple):
    """A row: a word and its number."""

    name: str
    value: float
    shown: str  # the number as text
    pieces: range | None = None  # the positions of the source pieces it stands for


def bars(
    rows: Sequence[Bar],
    *,
    limits: tuple[float, float],
    color: str,
    names_color: str,
    palette: Palette,
    outlined: bool = False,
    font_size: int = 14,
    font_family: str = FONT_FAMILY,
) -> Figure:
    """Bars from zero, which lies between the `limits` of the axis; `outlined` for what would be, not is.

    `layout.meta` has the rows as `strips` has them, so that a pointer finds a word in either picture.
    """
    row = round(_ROW * font_size)
    names = [shorten(bar.name) for bar in rows]
    left = straight_width(names, font_size)
    low, high = limits
    span = (high - low) or 1.0
    sides = 2 if low < 0 else 1
    room = span * _NUMBER / (_NARROWEST - sides * _NUMBER)  # what a number takes of the narrowest axis
    margin = {"l": left, "r": GAP, "t": 2, "b": 2}
    widest, height = left + GAP + round(_WIDEST * font_size), row * len(rows) + margin["t"] + margin["b"]
    places = [(i + 0.5) * row for i in range(len(rows))]
    layout = canvas(palette, font_family, font_size, width=widest, height=height, margin=margin) | {
        "xaxis": {
            "range": [low - room if low < 0 else low, high + room],
            "showgrid": False,
            "showticklabels": False,
            "zeroline": True,
            "zerolinecolor": palette.muted,
            "zerolinewidth": 1,
            "fixedrange": True,
        },
        "yaxis": named_axis(places, [escape(name) for name in names], span=(row * len(rows), 0))
        | {"tickfont": {"color": names_color}},
        "meta": {
            "kind": "bars",
            "rows": [pointed_row(bar.name, bar.pieces, i * row, (i + 1) * row) for i, bar in enumerate(rows)],
            "min_width": left + GAP + round(_NARROWEST * font_size),
            "max_width": widest,
        },
    }
    data = {
        "type": "bar",
        "orientation": "h",
        "x": np.array([bar.value for bar in rows], dtype=np.float32),
        "y": places,
        "width": 0.62 * row,
        "marker": {
            "color": "rgba(0, 0, 0, 0)" if outlined else color,
            "line": {"color": color, "width": 2 if outlined else 0},
        },
        "text": [escape(bar.shown) for bar in rows],
        "textposition": "outside",
        "textangle": 0,
        "textfont": {"color": palette.text},
        "cliponaxis": False,
        "constraintext": "none",
        "hoverinfo": "skip",
    }
    return Figure([data], layout)


def around(values: NDArray[Any]) -> tuple[float, float]:
    """Limits that hold all values and zero."""
    return float(values.min(initial=0)), float(values.max(initial=0))
