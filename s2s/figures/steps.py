"""Curves on one axis of steps, one above the other: of two runs of a decoder, or over any other axis."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from s2s.figures.canvas import FONT_FAMILY, Drawn, Figure, canvas
from s2s.figures.labels import GAP, TURN, escape, shorten, turned_height, turned_overhang, width
from s2s.figures.palette import Palette, translucent

# Sizes in em.
_PLOT: Final = 5.5  # height of one plot
_BETWEEN: Final = 2.6  # from one to the next: room for the name of the lower one
_ABOVE: Final = 3.8  # room for the key of the lines and the name of the first plot
_SIDE: Final = 3.4  # left of the plots: room for numbers
_NARROWEST: Final = 1.6  # from one step to the next: turned labels do not touch
_WIDEST: Final = 9.0
_TALL: Final = 10.0  # height of a plot over an axis of its own
_FULL: Final = 80.0  # width that such a plot may take
_BELOW: Final = 3.6  # room for upright names and that of the axis
_UPRIGHT: Final = 90  # degrees: names lean to no side
_ROW: Final = 1.5  # of the key of the lines
_KEY: Final = 21.0  # width of such a row on a phone
_STROKE: Final = 3.5  # before the name of a line
_MOST_MARKS: Final = 40  # on a line; more would make it a chain of beads
_DECADES: Final = 24  # of a logarithmic axis; what is smaller is not drawn
_LEGEND: Final = {
    "orientation": "h",
    "x": 1,
    "xanchor": "right",
    "yref": "container",
    "y": 1,
    "yanchor": "top",
    "bgcolor": "rgba(0, 0, 0, 0)",
}


class Line(NamedTuple):
    """One curve: a number for each step, NaN where there is none."""

    name: str
    values: Sequence[float]
    color: str
    dash: str = "solid"  # told apart without colour, too
    mark: str = "circle"
    band: tuple[Sequence[float], Sequence[float]] | None = None  # lowest and highest, shaded behind the curve
    is_bar: bool = False  # a part of a stack of bars, in place of a line


class Plot(NamedTuple):
    """Curves that share an axis of numbers."""

    title: str
    lines: Sequence[Line]
    top: float | None = None  # of the axis; None fits the numbers. It begins at 0, or below where bars do
    is_log: bool = False  # powers of ten; numbers that are not above zero are not drawn
    height: float | None = None  # in em; None is as high as the others


def step_curves(
    steps: Sequence[str],
    plots: Sequence[Plot],
    *,
    palette: Palette,
    first: int | None = None,
    at: float | None = None,
    axis: str | None = None,
    color: str = "",
    narrowest: float = _NARROWEST,
    font_size: int = 14,
    font_family: str = FONT_FAMILY,
) -> Figure:
    """Plots one above the other over `steps`, the names of the steps; `first` marks one of them, `at` any
    point of their axis, also between two. Steps are target words, or what `axis` says: short names then,
    which stand upright, under taller plots. `color` is that of the names where they are words of another
    kind; `narrowest`, in em, the least distance between two of them.

    Sizes and `layout.meta` as for `heatmap`; its rows, the steps, stand side by side here.
    """
    names = [shorten(name) for name in steps]
    tall, room = (_PLOT, _WIDEST) if axis is None else (_TALL, max(_WIDEST, _FULL / max(len(names), 1)))
    between, side, slot, widest = (round(em * font_size) for em in (_BETWEEN, _SIDE, narrowest, room))
    heights = [round((one.height or tall) * font_size) for one in plots]
    is_of_target = axis is None and not color
    key = None if is_of_target else _key(plots, font_size)
    above = round(_ABOVE * font_size) + (0 if key is None else key["row"] * (key["rows"] - 1))
    inside = sum(heights) + (len(plots) - 1) * between
    margin = {
        "l": side,
        "r": max(GAP, turned_overhang(names, slot, font_size)) if axis is None else font_size,
        "t": above,
        "b": turned_height(names, font_size) if axis is None else round(_BELOW * font_size),
    }
    count = max(len(steps), 1)
    beside = margin["l"] + margin["r"]
    wide, high = beside + count * 2 * slot, margin["t"] + inside + margin["b"]
    layout = canvas(palette, font_family, font_size, width=wide, height=high, margin=margin) | {
        "showlegend": True,
        "legend": dict(_LEGEND),
        "xaxis": _steps_axis(names, axis, color, palette, font_size)
        | {"anchor": f"y{len(plots)}" if len(plots) > 1 else "y"},
        "annotations": [],
        "shapes": [],
        "meta": {
            "kind": "curves",
            "rows": len(names),
            "columns": 0,
            "turn": TURN if axis is None else _UPRIGHT,
            "min_width": beside + count * slot,
            "max_width": beside + count * widest,
        },
    }
    if any(line.is_bar for one in plots for line in one.lines):
        layout |= {"barmode": "relative", "bargap": 0.35}
    data: list[Drawn] = []
    for k, one in enumerate(plots):
        y = "y" if k == 0 else f"y{k + 1}"
        top = 1 - (sum(heights[:k]) + k * between) / inside
        domain = (max(0.0, top - heights[k] / inside), top)
        layout["yaxis" + y[1:]] = _numbers_axis(one, domain, palette, font_size)
        layout["shapes"] += _mark(None if first is None else first + 0.5, domain, palette, "dot")
        layout["shapes"] += _mark(at, domain, palette, "solid")
        layout["annotations"].append(_title(one.title, top, palette, font_size))
        # A single line is named by its plot, and the same lines in a second plot by the first.
        data += _drawn(one, y, font_size, is_named=len(one.lines) > 1 and (is_of_target or k == 0))
    if key is not None:
        layout["meta"]["key"] = key
    return Figure(data, layout)


def _steps_axis(
    names: Sequence[str], axis: str | None, color: str, palette: Palette, font_size: int
) -> Drawn:
    drawn: Drawn = {
        "type": "linear",
        "range": [-0.5, max(len(names), 1) - 0.5],
        "tickmode": "array",
        "tickvals": list(range(len(names))),
        "ticktext": [escape(name) for name in names],
        "tickangle": TURN if axis is None else 0,
        "tickfont": {"color": color or (palette.target if axis is None else palette.text)},
        "ticklabeloverflow": "allow",
        "showgrid": True,
        "gridcolor": palette.grid,
        "zeroline": False,
        "fixedrange": True,
        "automargin": False,
    }
    if axis is not None:
        font = {"size": font_size - 1, "color": palette.muted}
        drawn["title"] = {"text": escape(axis), "standoff": 4, "font": font}
    return drawn


def _drawn(plot: Plot, axis: str, font_size: int, *, is_named: bool) -> list[Drawn]:
    """The bands and the lines of a plot; `is_named` where the key has these."""
    return [_band(line, axis) for line in plot.lines if line.band is not None] + [
        {
            "x": list(range(len(line.values))),
            "y": [float(value) if _is_drawn(value, plot) else None for value in line.values],
            "yaxis": axis,
            "name": escape(line.name),
            "showlegend": is_named,
            **(_bar(line) if line.is_bar else _stroke(line, font_size)),
        }
        for line in plot.lines
    ]


def _stroke(line: Line, font_size: int) -> Mapping[str, Any]:
    marker: dict[str, Any] = {"color": line.color, "symbol": line.mark, "size": round(font_size / 2)}
    if len(line.values) > _MOST_MARKS:
        marker["maxdisplayed"] = _MOST_MARKS // 2
    stroke = {"color": line.color, "dash": line.dash, "width": 2}
    return {"type": "scatter", "mode": "lines+markers", "line": stroke, "marker": marker}


def _bar(line: Line) -> Mapping[str, Any]:
    return {"type": "bar", "marker": {"color": line.color, "line": {"width": 0}}}


def _is_drawn(value: float, plot: Plot) -> bool:
    return math.isfinite(value) and (value > 0 or not plot.is_log)


def _key(plots: Sequence[Plot], font_size: int) -> dict[str, Any] | None:
    """For the browser: the names in the key of the lines, how high a row of it is in pixels, and how many
    rows the picture keeps room for: those it may take where there is least. None without a key."""
    names = [line.name for line in plots[0].lines] if plots else []
    if len(names) < 2:
        return None
    widths = [width(name) + _STROKE for name in names]
    in_row = max(1, int(_KEY // max(widths)))  # Plotly sets them in columns where one row does not hold them
    rows = 1 if sum(widths) <= _KEY else math.ceil(len(names) / in_row)
    return {"names": names, "row": round(_ROW * font_size), "rows": rows}


def _numbers_axis(
    plot: Plot, domain: tuple[float, float], palette: Palette, font_size: int
) -> Mapping[str, Any]:
    ends = [end for line in plot.lines if line.band for end in line.band]
    drawn = [v for values in (*(line.values for line in plot.lines), *ends) for v in values]
    numbers = [v for v in drawn if _is_drawn(v, plot)]
    return {
        "domain": list(domain),
        **(_powers(numbers) if plot.is_log else _from_zero(numbers, plot.top)),
        "anchor": "x",
        "nticks": 4,
        "tickfont": {"color": palette.muted, "size": font_size - 2},
        "gridcolor": palette.grid,
        "zeroline": True,
        "zerolinecolor": palette.muted,
        "fixedrange": True,
        "automargin": False,
    }


def _from_zero(numbers: Sequence[float], top: float | None) -> Mapping[str, Any]:
    top = top or max(1.05 * max(numbers, default=0.0), 1e-3)
    return {"range": [min(-0.04 * top, 1.1 * min(numbers, default=0.0)), 1.06 * top]}


def _powers(numbers: Sequence[float]) -> Mapping[str, Any]:
    """A logarithmic axis: at powers of ten where there are some, else at 1, 2 and 5 times them."""
    high = math.log10(max(numbers, default=1.0))
    low = max(math.log10(min(numbers, default=0.1)), high - _DECADES)
    room = max(0.05 * (high - low), 0.15)
    low, high = low - room, high + room
    powers = range(math.floor(low), math.ceil(high) + 1)
    if high - low > 2.5:
        every = math.ceil((high - low) / 6)
        ticks = [(10.0**k, f"10<sup>{str(k).replace('-', '−')}</sup>") for k in powers if k % every == 0]
    else:
        ticks = [(digit * 10.0**k, f"{digit * 10.0**k:g}") for k in powers for digit in (1, 2, 5)]
    values, texts = zip(*ticks, strict=True)
    return {"type": "log", "range": [low, high], "tickmode": "array", "tickvals": values, "ticktext": texts}


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


def _mark(
    at: float | None, domain: tuple[float, float], palette: Palette, dash: str
) -> list[Mapping[str, Any]]:
    """A line down one plot, behind its curves: where the runs part, or where the reader's sentence stands."""
    if at is None:
        return []
    line = {"color": palette.pinned, "width": 2, "dash": dash}
    place = {"xref": "x", "x0": at, "x1": at, "yref": "paper", "y0": domain[0], "y1": domain[1]}
    return [{"type": "line", "line": line, "layer": "below"} | place]


def _band(line: Line, axis: str) -> dict[str, Any]:
    """The outline of a band: along its lowest values and back along its highest, past places without."""
    assert line.band is not None
    low, high = line.band
    forth = [place for place in range(len(low)) if math.isfinite(low[place]) and math.isfinite(high[place])]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [*forth, *reversed(forth)],
        "y": [*(float(low[place]) for place in forth), *(float(high[place]) for place in reversed(forth))],
        "yaxis": axis,
        "fill": "toself",
        "fillcolor": translucent(line.color, 0.14),
        "line": {"width": 0},
        "hoverinfo": "skip",
        "showlegend": False,
    }
