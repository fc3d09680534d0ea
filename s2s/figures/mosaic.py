"""Every head of one attention as a small map: layers down, heads across, one scale for all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from s2s.figures.canvas import FONT_FAMILY, Figure, canvas, named_axis
from s2s.figures.labels import GAP, escape, straight_width
from s2s.figures.palette import LIGHT, Palette, colorscale
from s2s.looks import Looks

BETWEEN: Final = 1  # cells between two maps
_LEAST: Final = 4.2  # em; the narrowest map
_CELL: Final = (2, 22)  # pixels; the narrowest cell and the widest
_USUAL: Final = 0.6  # em; of a cell where nobody says how much room there is
_TOP: Final = 1.8  # em above the maps, for the numbers of the heads


def mosaic(
    looks: Looks,
    *,
    palette: Palette = LIGHT,
    labels: Mapping[str, str] = {},
    font_size: int = 14,
    font_family: str = FONT_FAMILY,
) -> Figure:
    """One small heatmap for each head, coloured from 0 to 1: who looks down, what is looked at across.

    All are one picture with nothing (NaN) between them, so that they are drawn at once. `labels["layer"]` and
    `labels["head"]`, with {number}, name rows and columns of maps, by default "layer 1" and "head 1".

    `layout.meta` has "layers", "heads", "rows" and "columns" of a map, "between", the cells between two maps,
    and "min_width" and "max_width" in pixels; cells are square.
    """
    rows, columns = len(looks.rows), len(looks.columns)
    deep, wide = rows + BETWEEN, columns + BETWEEN
    down = [_named(labels.get("layer", "layer {number}"), layer) for layer in range(looks.layers)]
    across = [_named(labels.get("head", "head {number}"), head) for head in range(looks.heads)]
    margin = {"l": straight_width(down, font_size), "r": GAP, "t": round(_TOP * font_size), "b": GAP}
    beside = margin["l"] + margin["r"]
    narrow, broad = _CELL
    least = looks.heads * max(round(_LEAST * font_size), wide * narrow)
    across_cells, down_cells = looks.heads * wide - BETWEEN, looks.layers * deep - BETWEEN
    width = beside + max(least, looks.heads * wide * round(_USUAL * font_size))
    cell = (width - beside) / across_cells
    layout = canvas(
        palette,
        font_family,
        font_size,
        width=width,
        height=round(margin["t"] + margin["b"] + cell * down_cells),
        margin=margin,
    ) | {
        "xaxis": _axis(across, wide, columns, across_cells, palette) | {"side": "top"},
        "yaxis": _axis(down, deep, rows, down_cells, palette, is_down=True),
        "shapes": _frames(looks, palette),
        "meta": {
            "kind": "mosaic",
            "layers": looks.layers,
            "heads": looks.heads,
            "rows": rows,
            "columns": columns,
            "between": BETWEEN,
            "min_width": beside + least,
            "max_width": beside + max(least, looks.heads * wide * broad),
        },
    }
    trace = {
        "type": "heatmap",
        "z": _together(looks),
        "colorscale": colorscale(palette.weights),
        "zmin": 0,
        "zmax": 1,
        "showscale": False,
    }
    return Figure([trace], layout)


def _together(looks: Looks) -> NDArray[np.float32]:
    """All maps in one array, (cells down, cells across), with NaN between them."""
    layers, heads, rows, columns = looks.weights.shape
    apart = np.full((layers, rows + BETWEEN, heads, columns + BETWEEN), np.nan, dtype=np.float32)
    apart[:, :rows, :, :columns] = looks.weights.transpose(0, 2, 1, 3)
    return apart.reshape(layers * (rows + BETWEEN), heads * (columns + BETWEEN))[:-BETWEEN, :-BETWEEN]


def _named(label: str, number: int) -> str:
    return label.replace("{number}", str(number + 1))


def _axis(
    names: list[str], apart: int, cells: int, whole: int, palette: Palette, *, is_down: bool = False
) -> dict[str, Any]:
    """A name at the middle of each map."""
    places = [number * apart + (cells - 1) / 2 for number in range(len(names))]
    span = (whole - 0.5, -0.5) if is_down else (-0.5, whole - 0.5)
    axis = named_axis(places, list(map(escape, names)), span=span)
    return axis | {"type": "linear", "tickfont": {"color": palette.muted}}


def _frames(looks: Looks, palette: Palette) -> list[dict[str, Any]]:
    """A line around each map: where it ends is not seen where nothing is looked at."""
    _, _, rows, columns = looks.weights.shape
    return [
        {
            "type": "rect",
            "line": {"color": palette.grid, "width": 1},
            "fillcolor": "rgba(0, 0, 0, 0)",
            "layer": "above",
            "x0": head * (columns + BETWEEN) - 0.5,
            "x1": head * (columns + BETWEEN) + columns - 0.5,
            "y0": layer * (rows + BETWEEN) - 0.5,
            "y1": layer * (rows + BETWEEN) + rows - 0.5,
        }
        for layer in range(looks.layers)
        for head in range(looks.heads)
    ]
