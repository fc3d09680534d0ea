"""Where a translator looked, as ribbons: source units above, target units below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from s2s.figures.canvas import FONT_FAMILY, Figure, canvas, named_axis
from s2s.figures.heatmap import UNSURE, Link, words_of
from s2s.figures.labels import GAP, TURN, escape, glossed, names, shorten, turned_height, turned_overhang
from s2s.figures.palette import LIGHT, Palette, translucent
from s2s.traces import Alignment, Trace

# Sizes in em.
_ROOM: Final = 23.0  # width that a sentence of middling length takes
_NARROWEST: Final = 1.6  # from one word to the next, on the axis with more words: turned labels do not touch
_WIDEST: Final = 3.4
_BETWEEN: Final = 11.0  # from the upper words to the lower
_AROUND: Final = 2  # pixels between a full ribbon and the outline of a link
_FULL: Final = 0.8  # thickness of a ribbon of weight 1


def lines(
    alignment: Alignment | Trace,
    *,
    palette: Palette = LIGHT,
    labels: Mapping[str, str] = {},
    glosses: Sequence[str] = (),
    links: Sequence[Link] = (),
    font_size: int = 14,
    font_family: str = FONT_FAMILY,
) -> Figure:
    """A ribbon from each source unit to each target unit, as thick as its weight.

    Every weight above zero is drawn. Thickness is measured across the ribbon and is proportional to the
    weight with the same factor in every picture of one font size: `layout.meta["full"]` pixels for a weight
    of 1. For that the picture has a fixed width; both axes count pixels of the plot area. The strongest
    ribbon of each target unit is drawn darker, on top: it is the default read-out (`Alignment.links`).
    `layout.meta["ribbons"]` says which cells the ribbons of each trace are of, counted row by row.

    `labels`, `glosses`, and what a trace is drawn as: see `heatmap`. `links` that a person drew are
    outlined, as wide as a weight of 1.
    """
    alignment = words_of(alignment)
    targets, sources = alignment.weights.shape
    above, below = (
        [shorten(text) for text in names(units, labels)]
        for units in (alignment.source_units, alignment.target_units)
    )
    most = max(targets, sources, 1)
    ticks, above = glossed(above, glosses, font_size, palette.muted)
    slot, height, full = (round(em * font_size) for em in (_slot(most), _BETWEEN, _FULL))
    width = slot * most
    upper, lower = _places(sources, width), _places(targets, width)
    margin = {
        "l": max(GAP, turned_overhang(below[::-1], _pitch(lower, width), font_size)),
        "r": max(GAP, turned_overhang(above, _pitch(upper, width), font_size)),
        "t": turned_height(above, font_size),
        "b": turned_height(below, font_size),
    }
    total = margin["l"] + width + margin["r"]
    strongest = _strongest(alignment)
    ink = palette.weights[7]
    weaker, stronger = (np.where(chosen, alignment.weights, 0.0) for chosen in (~strongest, strongest))
    data = [
        _ribbons(weaker, upper, lower, height, full) | {"fillcolor": translucent(ink, 0.45)},
        # On the upper axis, which counts as the lower does and would not be drawn without a trace.
        _ribbons(stronger, upper, lower, height, full) | {"fillcolor": ink, "xaxis": "x2"},
    ]
    tall = margin["t"] + height + margin["b"]
    layout = canvas(palette, font_family, font_size, width=total, height=tall, margin=margin) | {
        "xaxis": _axis(lower, list(map(escape, below)), width, palette.target) | {"side": "bottom"},
        "xaxis2": _axis(upper, ticks, width, palette.source) | {"side": "top", "overlaying": "x"},
        "shapes": _drawn(links, upper, lower, height, full, palette),
        "yaxis": {"range": [0, height], "visible": False, "fixedrange": True},
        "meta": {
            "kind": "lines",
            "rows": targets,
            "columns": sources,
            "turn": TURN,
            "full": full,
            "ribbons": [_pairs(one) for one in (weaker, stronger)],
            "min_width": total,
            "max_width": total,
        },
    }
    return Figure(data, layout)


def _slot(count: int) -> float:
    """The distance between neighbouring words, in em, where `count` of them stand side by side."""
    return min(_WIDEST, max(_NARROWEST, _ROOM / count))


def _drawn(
    links: Sequence[Link],
    upper: NDArray[np.float64],
    lower: NDArray[np.float64],
    height: int,
    full: int,
    palette: Palette,
) -> list[dict[str, Any]]:
    """Around each link that a person drew, where a ribbon of weight 1 would be."""
    lines: dict[bool, dict[str, Any]] = {True: {"width": 2}, False: {"width": 2, "dash": UNSURE}}
    found = []
    for columns, rows, is_sure in links:
        for top, bottom in product(upper[columns.start : columns.stop], lower[rows.start : rows.stop]):
            half = (0.5 * full + _AROUND) * np.hypot(top - bottom, height) / height
            corners = ((top - half, height), (top + half, height), (bottom + half, 0), (bottom - half, 0))
            path = "L".join(f"{x:.1f},{y}" for x, y in corners)
            line = {"color": palette.teacher, **lines[is_sure]}
            found.append({"type": "path", "path": f"M{path}Z", "line": line, "layer": "above"})
    return found


def _places(count: int, width: int) -> NDArray[np.float64]:
    """The middles of `count` equal parts of the width, in pixels."""
    return (np.arange(count) + 0.5) * width / max(count, 1)


def _pitch(places: NDArray[np.float64], width: int) -> float:
    return width / max(len(places), 1)


def _strongest(alignment: Alignment) -> NDArray[np.bool_]:
    """Which source unit had most weight, for each target unit: one True a row."""
    chosen = np.zeros(alignment.weights.shape, dtype=np.bool_)
    if chosen.size:
        chosen[np.arange(len(chosen)), alignment.weights.argmax(axis=1)] = True
    return chosen


def _pairs(weights: NDArray[Any]) -> list[int]:
    found: list[int] = np.flatnonzero(weights > 0).tolist()
    return found


def _ribbons(
    weights: NDArray[Any],
    upper: NDArray[np.float64],
    lower: NDArray[np.float64],
    height: int,
    full: int,
) -> dict[str, Any]:
    """One trace of closed outlines, five corners and a gap each.

    A slanted ribbon is cut wider by the horizontal than it is thick, by 1 / cos of its slant.
    """
    rows, columns = np.nonzero(weights > 0)
    top, bottom = upper[columns], lower[rows]
    half = 0.5 * full * weights[rows, columns] * np.hypot(top - bottom, height) / height
    gap = np.full(len(half), np.nan)
    x = np.stack([top - half, top + half, bottom + half, bottom - half, top - half, gap], axis=1)
    y = np.array([height, height, 0, 0, height, np.nan])
    return {
        "type": "scatter",
        "x": x.astype(np.float32).ravel(),
        "y": np.tile(y, len(half)).astype(np.float32),
        "mode": "lines",
        "line": {"width": 0, "simplify": False},  # thin ribbons are ribbons too
        "fill": "toself",
        "hoverinfo": "skip",
        "cliponaxis": False,
    }


def _axis(places: NDArray[np.float64], ticks: list[str], width: int, color: str) -> dict[str, Any]:
    return named_axis(places.tolist(), ticks, span=(0, width)) | {
        "type": "linear",
        "tickangle": -TURN,
        "tickfont": {"color": color},
        "ticklen": 6,  # seen: the ribbons begin at them
        "tickwidth": 3,
        "tickcolor": color,
        "ticklabelstandoff": 2,
    }
