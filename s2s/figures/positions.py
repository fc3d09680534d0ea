"""Many sentences by position in the translation: curves of both regimes, and bars. For pictures that stay."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import plotly.graph_objects as go

from s2s.figures.canvas import FONT_FAMILY
from s2s.figures.labels import escape
from s2s.figures.palette import Palette
from s2s.figures.steps import Line

_HEIGHT: Final = 18.0  # em; the width is that of the page's column
_BELOW: Final = -0.04  # of the height: marks at zero are whole


def by_position(
    positions: Sequence[str],
    lines: Sequence[Line],
    *,
    palette: Palette,
    x_title: str,
    y_title: str,
    top: float,
    hover: str = "%{y:.2f}",
    font_size: int = 14,
) -> go.Figure:
    """A curve for each line, from 0 to `top`, so that pictures with the same `top` compare.

    `positions` are the names of the values on the axis; `hover` is how Plotly writes a value.
    """
    data = [
        {
            "type": "scatter",
            "mode": "lines+markers",
            "x": list(range(len(line.values))),
            "y": [None if value != value else float(value) for value in line.values],
            "name": escape(line.name),
            "line": {"color": line.color, "dash": line.dash, "width": 2},
            "marker": {"color": line.color, "symbol": line.mark, "size": 7},
            "hovertemplate": f"{escape(line.name)} {hover}<extra></extra>",
        }
        for line in lines
    ]
    return _figure(data, positions, palette, x_title, y_title, top, font_size)


def bars(
    positions: Sequence[str],
    values: Sequence[float],
    *,
    palette: Palette,
    x_title: str,
    y_title: str,
    top: float,
    hover: str = "%{y:.2f}",
    font_size: int = 14,
) -> go.Figure:
    """A bar for each position, as `by_position` draws curves."""
    data = [
        {
            "type": "bar",
            "x": list(range(len(values))),
            "y": [float(value) for value in values],
            "marker": {"color": palette.pinned},
            "hovertemplate": f"{hover}<extra></extra>",
            "showlegend": False,
        }
    ]
    return _figure(data, positions, palette, x_title, y_title, top, font_size)


def _figure(
    data: list[dict[str, Any]],
    positions: Sequence[str],
    palette: Palette,
    x_title: str,
    y_title: str,
    top: float,
    font_size: int,
) -> go.Figure:
    axis = {"gridcolor": palette.grid, "zeroline": False, "fixedrange": True}
    layout = {
        "template": {},
        "height": round(_HEIGHT * font_size),
        "margin": {"l": 3.4 * font_size, "r": 8, "t": 2.6 * font_size, "b": 3.4 * font_size},
        "paper_bgcolor": palette.background,
        "plot_bgcolor": palette.background,
        "font": {"family": FONT_FAMILY, "size": font_size, "color": palette.text},
        "title": {
            "text": escape(y_title),
            "font": {"size": font_size},
            "x": 0,
            "xref": "paper",
            "y": 1,
            "yref": "paper",
            "yanchor": "bottom",
            "pad": {"b": round(0.8 * font_size)},
        },
        "hovermode": "x",
        "hoverlabel": {
            "bgcolor": palette.surface,
            "bordercolor": palette.muted,
            "font": {"family": FONT_FAMILY, "size": font_size, "color": palette.text},
        },
        "dragmode": False,
        "showlegend": False,  # the key of the colours stands above the pictures, once
        "bargap": 0.25,
        "xaxis": {
            **axis,
            "type": "linear",
            "range": [-0.5, max(len(positions), 1) - 0.5],
            "tickmode": "array",
            "tickvals": list(range(len(positions))),
            "ticktext": [escape(name) for name in positions],
            "tickangle": 0,
            "showgrid": False,
            "title": {"text": escape(x_title), "standoff": 6, "font": {"size": font_size}},
        },
        "yaxis": {**axis, "range": [_BELOW * top, top], "nticks": 6},
    }
    return go.Figure({"data": data, "layout": layout})
