"""Two runs of a decoder, step by step: curves on one axis of steps, one above the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import plotly.graph_objects as go

from s2s.figures.heatmap import FONT_FAMILY
from s2s.figures.labels import GAP, TURN, escape, shorten, turned_height, turned_overhang
from s2s.figures.palette import Palette

# Sizes in em.
_PLOT: Final = 5.5  # height of one plot
_BETWEEN: Final = 2.6  # from one to the next: room for the name of the lower one
_ABOVE: Final = 3.8  # room for the key of the lines and the name of the first plot
_SIDE: Final = 3.4  # left of the plots: room for numbers
_NARROWEST: Final = 1.6  # from one step to the next: turned labels do not touch
_WIDEST: Final = 9.0


class Line(NamedTuple):
    """One curve: a number for each step, NaN where there is none."""

    name: str
    values: Sequence[float]
    color: str
    dash: str = "solid"  # told apart without colour, too
    mark: str = "circle"


class Plot(NamedTuple):
    """Curves that share an axis of numbers."""

    title: str
    lines: Sequence[Line]
    top: float | None = None  # of the axis; None fits the numbers. It begins at 0


def step_curves(
    steps: Sequence[str],
    plots: Sequence[Plot],
    *,
    palette: Palette,
    first: int | None = None,
    font_size: int = 14,
    font_family: str = FONT_FAMILY,
) -> go.Figure:
    """Plots one above the other over `steps`, the names of the steps; `first` marks one of them.

    Sizes and `layout.meta` as for `heatmap`; its rows, the steps, stand side by side here.
    """
    names = [shorten(name) for name in steps]
    plot, between, side, narrowest, widest = (
        round(em * font_size) for em in (_PLOT, _BETWEEN, _SIDE, _NARROWEST, _WIDEST)
    )
    above = round(_ABOVE * font_size)
    inside = len(plots) * plot + (len(plots) - 1) * between
    margin = {
        "l": side,
        "r": max(GAP, turned_overhang(names, narrowest, font_size)),
        "t": above,
        "b": turned_height(names, font_size),
    }
    count = max(len(steps), 1)
    beside = margin["l"] + margin["r"]
    layout: dict[str, Any] = {
        "template": {},
        "width": beside + count * 2 * narrowest,
        "height": margin["t"] + inside + margin["b"],
        "margin": margin | {"pad": 0, "autoexpand": False},
        "paper_bgcolor": palette.background,
        "plot_bgcolor": palette.background,
        "font": {"family": font_family, "size": font_size, "color": palette.text},
        "dragmode": False,
        "hovermode": "x",
        "showlegend": True,
        "legend": {
            "orientation": "h",
            "x": 1,
            "xanchor": "right",
            "yref": "container",
            "y": 1,
            "yanchor": "top",
            "bgcolor": "rgba(0, 0, 0, 0)",
        },
        "xaxis": {
            "type": "linear",
            "range": [-0.5, count - 0.5],
            "tickmode": "array",
            "tickvals": list(range(len(names))),
            "ticktext": [escape(name) for name in names],
            "tickangle": TURN,
            "tickfont": {"color": palette.target},
            "ticklabeloverflow": "allow",
            "showgrid": True,
            "gridcolor": palette.grid,
            "zeroline": False,
            "fixedrange": True,
            "automargin": False,
            "anchor": f"y{len(plots)}" if len(plots) > 1 else "y",
        },
        "annotations": [],
        "shapes": [],
        "meta": {
            "kind": "curves",
            "rows": len(names),
            "columns": 0,
            "turn": TURN,
            "min_width": beside + count * narrowest,
            "max_width": beside + count * widest,
        },
    }
    data: list[dict[str, Any]] = []
    for k, one in enumerate(plots):
        axis = "y" if k == 0 else f"y{k + 1}"
        top = 1 - k * (plot + between) / inside
        domain = (max(0.0, top - plot / inside), top)
        layout["yaxis" + axis[1:]] = _numbers_axis(one, domain, palette, font_size)
        layout["shapes"] += _mark(first, domain, palette)
        layout["annotations"].append(_title(one.title, top, palette, font_size))
        data += [
            {
                "type": "scatter",
                "mode": "lines+markers",
                "x": list(range(len(line.values))),
                "y": [None if value != value else float(value) for value in line.values],
                "yaxis": axis,
                "name": escape(line.name),
                "showlegend": len(one.lines) > 1,  # a single line is named by its plot
                "line": {"color": line.color, "dash": line.dash, "width": 2},
                "marker": {"color": line.color, "symbol": line.mark, "size": round(font_size / 2)},
                "hovertemplate": f"{escape(line.name)} %{{y:.3f}}<extra></extra>",
            }
            for line in one.lines
        ]
    return go.Figure({"data": data, "layout": layout}, _validate=False)  # held to Plotly's own by a test


def _numbers_axis(
    plot: Plot, domain: tuple[float, float], palette: Palette, font_size: int
) -> Mapping[str, Any]:
    highest = max((v for line in plot.lines for v in line.values if v == v), default=0.0)
    top = plot.top or max(1.05 * highest, 1e-3)
    return {
        "domain": list(domain),
        "range": [-0.04 * top, 1.06 * top],
        "anchor": "x",
        "nticks": 4,
        "tickfont": {"color": palette.muted, "size": font_size - 2},
        "gridcolor": palette.grid,
        "zeroline": True,
        "zerolinecolor": palette.muted,
        "fixedrange": True,
        "automargin": False,
    }


def _title(text: str, top: float, palette: Palette, font_size: int) -> Mapping[str, Any]:
    return {
        "text": escape(text),
        "xref": "paper",
        "yref": "paper",
        "x": 0,
        "y": top,
        "yshift": round(0.9 * font_size),
        "xanchor": "left",
        "yanchor": "middle",
        "showarrow": False,
        "font": {"size": font_size - 1, "color": palette.muted},
    }


def _mark(first: int | None, domain: tuple[float, float], palette: Palette) -> list[Mapping[str, Any]]:
    """A line down one plot, behind the step at which the runs part."""
    if first is None:
        return []
    line = {"color": palette.pinned, "width": 2, "dash": "dot"}
    place = {
        "xref": "x",
        "x0": first + 0.5,
        "x1": first + 0.5,
        "yref": "paper",
        "y0": domain[0],
        "y1": domain[1],
    }
    return [{"type": "line", "line": line} | place]
