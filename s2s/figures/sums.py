"""A sum built from its numbers, largest first: what each adds, and how far the sum has come."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from s2s.figures.canvas import FONT_FAMILY, Figure, canvas
from s2s.figures.labels import escape
from s2s.figures.palette import Palette

# Sizes in em.
_HEIGHT: Final = 13.0
_LEFT: Final = 3.4
_BELOW: Final = 3.0
_WIDTH: Final = 38.0


def sums(
    products: NDArray[Any],
    running: NDArray[Any],
    *,
    palette: Palette,
    x_title: str,
    font_size: int = 14,
    font_family: str = FONT_FAMILY,
) -> Figure:
    """Bars of `products`, (width,) in the order in which they are added, and a line of the sum so far.

    The last point of the line is the score; it is written there.
    """
    width = len(products)
    places = np.arange(1, width + 1)
    score = float(running[-1]) if width else 0.0
    edge = len(palette.differences) - 1
    colors = [
        palette.differences[round(edge * 0.8) if product > 0 else round(edge * 0.2)] for product in products
    ]
    left, below = round(_LEFT * font_size), round(_BELOW * font_size)
    low = min(0.0, float(running.min(initial=0)), float(products.min(initial=0)))
    high = max(0.0, float(running.max(initial=0)), float(products.max(initial=0)))
    room = 0.12 * ((high - low) or 1.0)
    axis = {"showgrid": False, "fixedrange": True, "tickfont": {"color": palette.muted}, "automargin": False}
    margin = {"l": left, "r": round(3.6 * font_size), "t": 8, "b": below}
    wide, tall = round(_WIDTH * font_size), round(_HEIGHT * font_size)
    layout = canvas(palette, font_family, font_size, width=wide, height=tall, margin=margin) | {
        "bargap": 0,
        "xaxis": axis
        | {
            "range": [0.5, width + 0.5],
            "title": {
                "text": escape(x_title),
                "standoff": 6,
                "font": {"color": palette.muted, "size": font_size},
            },
            "zeroline": False,
            "tickvals": sorted({1, *range(64, width + 1, 64), width}) if width > 8 else places.tolist(),
        },
        "yaxis": axis
        | {"range": [low - room, high + room], "zeroline": True, "zerolinecolor": palette.muted, "nticks": 5},
        "annotations": [
            {
                "x": width,
                "y": score,
                "text": f"<b>{score:.3f}</b>".replace("-", "−"),
                "xanchor": "left",
                "xshift": 6,
                "showarrow": False,
                "font": {"color": palette.text},
            }
        ],
        "meta": {"kind": "sums", "min_width": round(18 * font_size), "max_width": round(70 * font_size)},
    }
    added = {
        "type": "bar",
        "y": products.astype(np.float32),
        "marker": {"color": colors, "line": {"width": 0}},
    }
    so_far = {
        "type": "scatter",
        "y": running.astype(np.float32),
        "mode": "lines",
        "line": {"color": palette.text, "width": 2},
    }
    return Figure([one | {"x": places, "hoverinfo": "skip"} for one in (added, so_far)], layout)
