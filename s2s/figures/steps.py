"""Curves on one axis of steps, one above the other: of two runs of a decoder, or back along its gradients."""

from __future__ import annotations

import math
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
_KEY_ROW: Final = 1.5  # room for one more row of the key
_MOST_MARKS: Final = 40  # on a line; more would make it a chain of beads
_DECADES: Final = 24  # of a logarithmic axis; what is smaller is not drawn


class Line(NamedTuple):
    """One curve: a number for each step, NaN where there is none."""

    name: str
    values: Sequence[float]
    color: str
    dash: str = "solid"  # told apart without colour, too
    mark: str = "circle"
    is_bar: bool = False  # a part of a stack of bars, in place of a line


class Plot(NamedTuple):
    """Curves that share an axis of numbers."""

    title: str
    lines: Sequence[Line]
    top: float | None = None  # of the axis; None fits the numbers. It begins at 0, or below where bars do
    is_log: bool = False  # powers of ten; numbers that are not above zero are not drawn
    height: float = _PLOT  # in em


def step_curves(
    steps: Sequence[str],
    plots: Sequence[Plot],
    *,
    palette: Palette,
    first: int | None = None,
    color: str = "",
    axis_title: str = "",
    narrowest: float = _NARROWEST,
    key_rows: int = 1,
    font_size: int = 14,
    font_family: str = FONT_FAMILY,
) -> go.Figure:
    """Plots one above the other over `steps`, the names of the steps; `first` marks one of them.

    `color` is that of the names, by default of target words; `axis_title`, what they are, stands under short
    ones; `narrowest`, in em, is the least distance between two of them; `key_rows` the rows that the key of
    the lines needs where there is little room. Sizes and `layout.meta` as for `heatmap`; its rows, the steps,
    stand side by side here.
    """
    names = [shorten(name) for name in steps]
    between, side, slot, widest = (
        round(em * font_size) for em in (_BETWEEN, _SIDE, narrowest, max(narrowest, _WIDEST))
    )
    heights = [round(one.height * font_size) for one in plots]
    above = round((_ABOVE + (key_rows - 1) * _KEY_ROW) * font_size)
    inside = sum(heights) + (len(plots) - 1) * between
    margin = {
        "l": side,
        "r": max(GAP, turned_overhang(names, slot, font_size)),
        "t": above,
        "b": turned_height(names, font_size),
    }
    count = max(len(steps), 1)
    beside = margin["l"] + margin["r"]
    layout: dict[str, Any] = {
        "template": {},
        "width": beside + count * 2 * slot,
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
            "tickfont": {"color": color or palette.target},
            "ticklabeloverflow": "allow",
            "showgrid": True,
            "gridcolor": palette.grid,
            "zeroline": False,
            "fixedrange": True,
            "automargin": False,
            **_axis_title(axis_title, palette, font_size),
            "anchor": f"y{len(plots)}" if len(plots) > 1 else "y",
        },
        "annotations": [],
        "shapes": [],
        "meta": {
            "kind": "curves",
            "rows": len(names),
            "columns": 0,
            "turn": TURN,
            "min_width": beside + count * slot,
            "max_width": beside + count * widest,
        },
    }
    data: list[dict[str, Any]] = []
    if any(line.is_bar for one in plots for line in one.lines):
        layout |= {"barmode": "relative", "bargap": 0.35}
    for k, one in enumerate(plots):
        axis = "y" if k == 0 else f"y{k + 1}"
        top = 1 - (sum(heights[:k]) + k * between) / inside
        domain = (max(0.0, top - heights[k] / inside), top)
        layout["yaxis" + axis[1:]] = _numbers_axis(one, domain, palette, font_size)
        layout["shapes"] += _mark(first, domain, palette)
        layout["annotations"].append(_title(one.title, top, palette, font_size))
        known = {line.name for before in plots[:k] for line in before.lines}
        data += [
            {
                "x": list(range(len(line.values))),
                "y": [
                    float(value) if value == value and _is_drawn(value, one) else None
                    for value in line.values
                ],
                "yaxis": axis,
                "name": escape(line.name),
                # A single line is named by its plot, a second one of the same name by the first.
                "showlegend": len(one.lines) > 1 and line.name not in known,
                "hovertemplate": f"{escape(line.name)} %{{y:{_digits(one)}}}<extra></extra>",
                **(_bar(line) if line.is_bar else _stroke(line, font_size)),
            }
            for line in one.lines
        ]
    return go.Figure({"data": data, "layout": layout}, _validate=False)  # held to Plotly's own by a test


def _axis_title(text: str, palette: Palette, font_size: int) -> Mapping[str, Any]:
    if not text:
        return {}
    font = {"size": font_size - 1, "color": palette.muted}
    return {"title": {"text": escape(text), "standoff": font_size, "font": font}}


def _stroke(line: Line, font_size: int) -> Mapping[str, Any]:
    marker: dict[str, Any] = {"color": line.color, "symbol": line.mark, "size": round(font_size / 2)}
    if len(line.values) > _MOST_MARKS:
        marker["maxdisplayed"] = _MOST_MARKS // 2
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "line": {"color": line.color, "dash": line.dash, "width": 2},
        "marker": marker,
    }


def _bar(line: Line) -> Mapping[str, Any]:
    return {"type": "bar", "marker": {"color": line.color, "line": {"width": 0}}}


def _digits(plot: Plot) -> str:
    return ".2e" if plot.is_log else ".3f"


def _is_drawn(value: float, plot: Plot) -> bool:
    return value > 0 or not plot.is_log


def _numbers_axis(
    plot: Plot, domain: tuple[float, float], palette: Palette, font_size: int
) -> Mapping[str, Any]:
    numbers = [v for line in plot.lines for v in line.values if v == v and _is_drawn(v, plot)]
    highest, lowest = max(numbers, default=0.0), min(numbers, default=0.0)
    top = plot.top or max(1.05 * highest, 1e-3)
    limits: dict[str, Any] = {"range": [min(-0.04 * top, 1.1 * lowest), 1.06 * top]}
    if plot.is_log:
        high = math.log10(highest) if numbers else 0.0
        low = max(math.log10(lowest), high - _DECADES) if numbers else -1.0
        room = max(0.05 * (high - low), 0.15)
        limits = {"type": "log", "range": [low - room, high + room], **_log_ticks(low - room, high + room)}
    return {
        "domain": list(domain),
        **limits,
        "anchor": "x",
        "nticks": 4,
        "tickfont": {"color": palette.muted, "size": font_size - 2},
        "gridcolor": palette.grid,
        "zeroline": True,
        "zerolinecolor": palette.muted,
        "fixedrange": True,
        "automargin": False,
    }


def _log_ticks(low: float, high: float) -> Mapping[str, Any]:
    """Powers of ten where there are some, else 1, 2 and 5 times them."""
    if high - low > 2.5:
        every = math.ceil((high - low) / 6)
        powers = [power for power in range(math.ceil(low), math.floor(high) + 1) if power % every == 0]
        named = [(10.0**power, f"10<sup>{str(power).replace('-', '−')}</sup>") for power in powers]
    else:
        powers = list(range(math.floor(low), math.floor(high) + 1))
        named = [(digit * 10.0**power, f"{digit * 10.0**power:g}") for power in powers for digit in (1, 2, 5)]
    return {"tickmode": "array", "tickvals": [v for v, _ in named], "ticktext": [text for _, text in named]}


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
