"""Vectors as strips: one narrow row of cells for each, every number in its place and none left out."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby, pairwise
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from s2s.figures.canvas import FONT_FAMILY, Figure, canvas, named_axis, pointed_row
from s2s.figures.labels import GAP
from s2s.figures.palette import Palette, colorscale

LABELS_WIDTH: Final = 10.0  # em; the same in all pictures, so that the numbers of one place stand in line

# Sizes in em.
_ROW: Final = 1.4
_PART: Final = 0.45  # least height of a row of several
_BETWEEN: Final = 0.25
_APART: Final = 0.9
_NARROWEST: Final = 9.0  # width of the numbers
_WIDEST: Final = 110.0


class Strip(NamedTuple):
    """A vector, or several that belong to one word, drawn in one row."""

    name: str  # as Plotly reads it: user text in it is escaped
    values: NDArray[Any]  # (width,) or (vectors, width)
    color: str  # of its name
    limit: float  # full colour from here on, on both sides of zero
    pieces: range | None = None  # the positions of the source pieces it stands for
    spoken: str = ""  # the name in plain text
    apart: bool = False  # what it is differs from the row above: a little more room


def strips(
    rows: Sequence[Strip],
    *,
    palette: Palette,
    font_size: int = 14,
    font_family: str = FONT_FAMILY,
    split: int | None = None,
    part: float = _PART,
    offset: int = 0,
    whole: int | None = None,
) -> Figure:
    """One row for each strip, its numbers side by side, zero in the colour of the page.

    `split` draws a line behind so many numbers; `part` is the least height, in em, of a vector in a row of
    several. The x axis counts numbers from 1, the y axis pixels from the top. `offset` is how many numbers
    stand before these in a vector of `whole` numbers, of which the strips are a part. `layout.meta` has what
    a pointer needs: for each row its name, its pieces, and where it begins and ends.
    """
    width = max((row.values.shape[-1] for row in rows), default=0)
    row_height, least, between, apart = (round(em * font_size) for em in (_ROW, part, _BETWEEN, _APART))
    places: list[tuple[float, float]] = []
    y = 0.0
    for i, row in enumerate(rows):
        if i:
            y += apart if row.apart else between
        vectors = 1 if row.values.ndim == 1 else len(row.values)
        places.append((y, y + max(row_height, max(1, least) * vectors)))
        y = places[-1][1]
    left = round(LABELS_WIDTH * font_size)
    margin = {"l": left, "r": GAP, "t": 2, "b": 2}
    widest, height = left + GAP + round(_WIDEST * font_size), round(y) + margin["t"] + margin["b"]
    middles = [(top + bottom) / 2 for top, bottom in places]
    across = (offset, offset + width)
    titles = [f'<span style="color:{row.color}">{row.name}</span>' for row in rows]
    layout = canvas(palette, font_family, font_size, width=widest, height=height, margin=margin) | {
        "xaxis": {"range": [offset + 0.5, offset + width + 0.5], "visible": False, "fixedrange": True},
        "yaxis": named_axis(middles, titles, span=(y, 0)),
        "shapes": [
            _boxes(_between(places), across, fillcolor=palette.background, line={"width": 0}),
            _boxes(places, across, line={"color": palette.grid, "width": 1}),
            *([_boxes([(0, y)], (0, split), line={"color": palette.muted, "width": 1})] if split else []),
        ],
        "meta": {
            "kind": "strips",
            "width": width,
            "offset": offset,
            "whole": whole or width,
            "rows": [
                pointed_row(row.spoken, row.pieces, top, bottom)
                for row, (top, bottom) in zip(rows, places, strict=True)
            ],
            "min_width": left + GAP + round(_NARROWEST * font_size),
            "max_width": widest,
        },
    }
    numbered = zip(rows, places, strict=True)
    by_limit = groupby(numbered, key=lambda pair: pair[0].limit)
    data = [_cells(list(group), palette, offset) for _, group in by_limit]
    return Figure(data, layout)


def _cells(
    rows: Sequence[tuple[Strip, tuple[float, float]]], palette: Palette, offset: int
) -> dict[str, Any]:
    """Strips below each other that have one scale. The room between two is given to the upper one, whose
    cells a shape covers there."""
    edges: list[float] = []
    for strip, (top, bottom) in rows:
        vectors = 1 if strip.values.ndim == 1 else len(strip.values)
        edges += [top + (bottom - top) * k / vectors for k in range(vectors)]
    limit = rows[0][0].limit
    return {
        "type": "heatmap",
        "x0": 1 + offset,
        "dx": 1,
        "y": [*edges, rows[-1][1][1]],
        "z": np.concatenate([np.atleast_2d(strip.values) for strip, _ in rows]).astype(np.float32),
        "colorscale": colorscale(palette.differences),
        "zmin": -limit,
        "zmax": limit,
        "showscale": False,
        "hoverinfo": "skip",
    }


def _between(places: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    return [(upper[1], lower[0]) for upper, lower in pairwise(places)]


def _boxes(places: Sequence[tuple[float, float]], across: tuple[int, int], **look: Any) -> dict[str, Any]:
    """Rectangles over the numbers behind the first of `across` up to the second, one for each (top, bottom),
    as a single shape."""
    x0, x1 = (edge + 0.5 for edge in across)
    path = "".join(f"M{x0},{top}L{x1},{top}L{x1},{bottom}L{x0},{bottom}Z" for top, bottom in places)
    return {"type": "path", "path": path or "M0,0Z", "layer": "above"} | look
