"""Where a translator looked, as a heatmap: target units down, source units across the top."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, Literal

import numpy as np

from s2s.errors import TraceError
from s2s.figures.canvas import FONT_FAMILY, Figure, canvas, named_axis
from s2s.figures.labels import (
    GAP,
    TURN,
    escape,
    glossed,
    names,
    shorten,
    straight_width,
    turned_height,
    turned_overhang,
)
from s2s.figures.palette import LIGHT, Palette, colorscale
from s2s.traces import Alignment, Difference, Trace

Values = Literal["weights", "scores"]

# Sizes in em, so that a picture for the projector is the same picture, larger.
_ROW: Final = 1.8  # height of a row
_LOWEST: Final = 1.5  # of a row, where the window is low
_HIGHEST: Final = 3.6  # and where there is room, as on a projector
_NARROWEST: Final = 1.35  # narrowest column whose turned label does not touch the next
_WIDEST: Final = 5.0  # widest column: a short sentence is a small picture, not a stretched one
_SCALE_ROOM: Final = 3.6  # room under the picture for the scale of the scores

Link = tuple[range, range, bool]  # of source and target units, and whether it is a sure one
UNSURE: Final = "4px,3px"  # the dashes of a link that is none: several on each side of the smallest cell


def score_limits(alignments: Iterable[Alignment]) -> tuple[float, float]:
    """The lowest and highest score of several alignments: one scale for pictures that stand side by side."""
    finite = [a.scores[np.isfinite(a.scores)] for a in alignments]
    everything = np.concatenate([scores.ravel() for scores in finite]) if finite else np.zeros(0)
    if everything.size == 0:
        return 0.0, 1.0
    low, high = float(everything.min()), float(everything.max())
    return (low, high) if high > low else (low - 0.5, high + 0.5)


def words_of(given: Alignment | Trace) -> Alignment:
    """An alignment as it is, that of a trace on words. Raises TraceError for a model without attention."""
    alignment = given.alignment() if isinstance(given, Trace) else given
    if alignment is None:
        raise TraceError("model_without_attention", name=given.model if isinstance(given, Trace) else "")
    return alignment


def heatmap(
    alignment: Alignment | Trace,
    *,
    palette: Palette = LIGHT,
    labels: Mapping[str, str] = {},
    values: Values = "weights",
    score_limits: tuple[float, float] | None = None,
    pinned: tuple[int | None, int | None] | None = None,
    glosses: Sequence[str] = (),
    links: Sequence[Link] = (),
    font_size: int = 14,
    font_family: str = FONT_FAMILY,
) -> Figure:
    """One cell for each target unit (down) and source unit (across): how much the one looked at the other.

    `values="weights"` colours from 0 to 1, whatever the numbers are, so that pictures compare;
    `values="scores"` colours between `score_limits` (by default those of this alignment) and writes them
    on its scale. `pinned` outlines a (row, column), either of which may be None. `glosses` stand beside the
    source units, one for each or none at all. `links` that a person drew are outlined: the sure ones with a
    line, the possible ones with dashes.

    `labels["end"]` is the name of the end token, by default its own. A trace is drawn on words; one without
    attention raises TraceError. Both axes count units from 0, so a word that comes twice has
    two places.

    Size in pixels. `layout.width` is the natural width; `layout.meta` has "min_width" and "max_width" for
    whoever has less or more room, "row", "min_row" and "max_row", the height of a row as drawn here and as
    low and as high as it may be, "rows" and "columns"; margins are fixed by the labels.
    """
    alignment = words_of(alignment)
    cells: dict[str, Any] = {
        "z": alignment.weights if values == "weights" else alignment.scores,
    }
    if values == "weights":
        cells |= {"colorscale": colorscale(palette.weights), "zmin": 0, "zmax": 1}
    else:
        low, high = score_limits or _own_limits(alignment)
        cells |= {"colorscale": colorscale(palette.scores), "zmin": low, "zmax": high, "showscale": True}
        cells["colorbar"] = _scale(low, high, palette, font_size)
    rows, columns = alignment.weights.shape
    outlines = [*_drawn(links, palette), *_outlines(pinned, rows, columns, palette)]
    return _grid(alignment, cells, values, palette, labels, outlines, glosses, font_size, font_family)


def difference_heatmap(
    difference: Difference,
    *,
    palette: Palette = LIGHT,
    labels: Mapping[str, str] = {},
    font_size: int = 14,
    font_family: str = FONT_FAMILY,
) -> Figure:
    """One cell for each step (down) and source unit (across): how much more the first run looked there.

    Coloured from -1 to 1, whatever the numbers are, zero in the page's background. `labels` and sizes: as for
    `heatmap`.
    """
    cells = {
        "z": difference.weights,
        "colorscale": colorscale(palette.regimes),
        "zmin": -1,
        "zmax": 1,
    }
    return _grid(difference, cells, "difference", palette, labels, [], (), font_size, font_family)


def _grid(
    axes: Alignment | Difference,
    cells: Mapping[str, Any],
    values: str,
    palette: Palette,
    labels: Mapping[str, str],
    outlines: list[dict[str, Any]],
    glosses: Sequence[str],
    font_size: int,
    font_family: str,
) -> Figure:
    """Coloured cells between the two axes of words; `cells` says what they are filled with."""
    rows, columns = len(axes.target_units), len(axes.source_units)
    across, down = (
        [shorten(text) for text in names(units, labels)] for units in (axes.source_units, axes.target_units)
    )
    ticks, across = glossed(across, glosses, font_size, palette.muted)
    row, lowest, highest = (round(em * font_size) for em in (_ROW, _LOWEST, _HIGHEST))
    narrowest, widest = (round(em * font_size) for em in (_NARROWEST, _WIDEST))
    margin = {
        "l": straight_width(down, font_size),
        "r": max(GAP, turned_overhang(across, narrowest, font_size)),
        "t": turned_height(across, font_size),
        "b": round(_SCALE_ROOM * font_size) if values == "scores" else GAP,
    }
    beside = margin["l"] + margin["r"]
    trace: dict[str, Any] = {
        "type": "heatmap",
        "xgap": 1,
        "ygap": 1,
        "showscale": False,
        **cells,
    }
    width, height = beside + columns * round(_ROW * font_size), margin["t"] + margin["b"] + rows * row
    layout = canvas(palette, font_family, font_size, width=width, height=height, margin=margin) | {
        "plot_bgcolor": palette.grid,  # seen between the cells
        "xaxis": _axis(ticks, palette.source, (-0.5, columns - 0.5)) | {"side": "top", "tickangle": -TURN},
        "yaxis": _axis(list(map(escape, down)), palette.target, (rows - 0.5, -0.5)),
        "shapes": outlines,
        "meta": {
            "kind": "heatmap",
            "values": values,
            "rows": rows,
            "columns": columns,
            "row": row,
            "min_row": lowest,
            "max_row": highest,
            "turn": TURN,
            "min_width": beside + columns * narrowest,
            "max_width": beside + columns * widest,
        },
    }
    return Figure([trace], layout)


def _own_limits(alignment: Alignment) -> tuple[float, float]:
    return score_limits([alignment])


def _axis(ticks: list[str], color: str, span: tuple[float, float]) -> dict[str, Any]:
    axis = named_axis(range(len(ticks)), ticks, span=span)
    return axis | {"type": "linear", "tickfont": {"color": color}}


def _scale(low: float, high: float, palette: Palette, font_size: int) -> dict[str, Any]:
    """The scale of the scores, under the picture, with its limits written at its ends."""
    font = {"size": font_size - 1, "color": palette.muted}
    return {
        "orientation": "h",
        "len": 1,
        "thickness": round(font_size * 0.6),
        "thicknessmode": "pixels",
        "x": 0.5,
        "xpad": 0,
        "y": 0,
        "yref": "container",
        "yanchor": "bottom",
        "ypad": 2,
        "tickmode": "array",
        "tickvals": [low, high],
        "ticktext": [f"{limit:.1f}".replace("-", "−") for limit in (low, high)],
        "tickfont": font,
        "ticks": "",
        "outlinewidth": 1,
        "outlinecolor": palette.grid,
    }


def _drawn(links: Sequence[Link], palette: Palette) -> list[dict[str, Any]]:
    shape = {"type": "rect", "fillcolor": "rgba(0, 0, 0, 0)", "layer": "above"}
    lines: dict[bool, dict[str, Any]] = {True: {"width": 3}, False: {"width": 2, "dash": UNSURE}}
    return [
        shape
        | {"line": {"color": palette.teacher, **lines[is_sure]}}
        | {"x0": columns.start - 0.5, "x1": columns.stop - 0.5, "y0": rows.start - 0.5, "y1": rows.stop - 0.5}
        for columns, rows, is_sure in sorted(links, key=lambda link: link[2])  # the sure ones on top
    ]


def _outlines(
    pinned: tuple[int | None, int | None] | None, rows: int, columns: int, palette: Palette
) -> list[dict[str, Any]]:
    row, column = pinned or (None, None)
    line = {"color": palette.pinned, "width": 3}
    shape = {"type": "rect", "line": line, "fillcolor": "rgba(0, 0, 0, 0)", "layer": "above"}
    outlines = []
    if row is not None:
        outlines.append(shape | {"x0": -0.5, "x1": columns - 0.5, "y0": row - 0.5, "y1": row + 0.5})
    if column is not None:
        outlines.append(shape | {"x0": column - 0.5, "x1": column + 0.5, "y0": -0.5, "y1": rows - 0.5})
    return outlines
