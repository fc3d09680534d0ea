"""Curves over training: the loss of several models on one pair of axes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from itertools import cycle
from typing import Final

import plotly.graph_objects as go

from s2s.figures.canvas import FONT_FAMILY
from s2s.figures.palette import Palette

# Told apart by dash and mark, not by colour: the colours of this app mean other things.
_STROKES: Final = (("solid", "circle"), ("dash", "square"), ("dot", "diamond"), ("dashdot", "cross"))


def curves(
    series: Mapping[str, Sequence[tuple[float, float]]],
    *,
    palette: Palette,
    x_title: str,
    y_title: str,
    font_size: int = 14,
) -> go.Figure:
    """A line of (x, y) points per name, each with its own dash and mark."""
    figure = go.Figure()
    for (name, points), (dash, mark) in zip(series.items(), cycle(_STROKES), strict=False):
        figure.add_scatter(
            x=[x for x, _ in points],
            y=[y for _, y in points],
            name=escape(name, quote=False),
            mode="lines+markers",
            line={"color": palette.text, "dash": dash, "width": 1.5},
            marker={"size": 7, "symbol": mark, "color": palette.text},
        )
    axis = {"gridcolor": palette.grid, "zeroline": False, "fixedrange": True}
    figure.update_layout(
        template="none",
        height=320,
        margin={"l": 64, "r": 16, "t": 16, "b": 56},
        paper_bgcolor=palette.background,
        plot_bgcolor=palette.background,
        font={"family": FONT_FAMILY, "size": font_size, "color": palette.text},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        xaxis={**axis, "title": {"text": escape(x_title, quote=False)}},
        yaxis={**axis, "title": {"text": escape(y_title, quote=False)}},
        dragmode=False,
    )
    return figure
