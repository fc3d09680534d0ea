"""What was heard: the sound as a spectrogram, and below it, on the same axis of time, where the decoder
looked for each digit that it wrote."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from s2s.figures.canvas import FONT_FAMILY, Drawn, Figure, canvas, named_axis
from s2s.figures.heatmap import UNSURE
from s2s.figures.labels import escape, shorten, straight_width
from s2s.figures.palette import LIGHT, Palette, colorscale
from s2s.sound.features import BANDS, bands_at
from s2s.sound.hearing import Hearing
from s2s.sound.utterances import Spoken

# Sizes in em.
_ROW: Final = 1.8
_SOUND: Final = 8.0  # height of the spectrogram
_BETWEEN: Final = 0.6  # from it to the rows
_ABOVE: Final = 1.8  # room for the digits that are spoken
_BELOW: Final = 2.0  # room for the seconds
_WIDEST: Final = 90.0
_NARROWEST: Final = 12.0
_LOUD: Final = 2.5  # deviations of a band at which the colour is full
_HERTZ: Final = (250, 500, 1000, 2000, 3500)
_JOINED: Final = 2  # frames that are drawn as one: 20 ms, finer than a pixel of most pictures
_MOST_TICKS: Final = 10


def listening(
    hearing: Hearing,
    *,
    spoken: Sequence[Spoken] = (),
    rows: Sequence[tuple[int, int]] = (),
    names: Sequence[str] = (),
    palette: Palette = LIGHT,
    font_size: int = 14,
    font_family: str = FONT_FAMILY,
) -> Figure:
    """A spectrogram above a heatmap: encoder states across, each of the same width, and a row for each of the
    decoder's steps, called by `names`, by default by what was said.

    Weights are coloured from 0 to 1. `spoken` is where digits really are: lines through the spectrogram with
    the digit above; `rows` are pairs of a step and a spoken digit that belong together: what should be looked
    at is framed. `layout.meta` has sizes as for `heatmap`, and "sound" and "between", the heights of the
    spectrogram and of the gap below it, in pixels.
    """
    steps, states = hearing.weights.shape
    called = [shorten(name) for name in names or [_digit(digit) for digit in hearing.said]]
    row, sound, between = (round(em * font_size) for em in (_ROW, _SOUND, _BETWEEN))
    hertz = [f"{one} Hz" for one in _HERTZ]
    margin = {
        "l": straight_width([*called, *hertz], font_size),
        "r": font_size,
        "t": round(_ABOVE * font_size),
        "b": round(_BELOW * font_size),
    }
    inside, beside = sound + between + steps * row, margin["l"] + margin["r"]
    share = steps * row / inside
    low, high = float(hearing.edges[0]), float(hearing.edges[-1])
    widest = beside + round(_WIDEST * font_size)
    tall = inside + margin["t"] + margin["b"]
    layout = canvas(palette, font_family, font_size, width=widest, height=tall, margin=margin) | {
        "xaxis": _seconds_axis(low, high, palette),
        "yaxis": named_axis(range(steps), [escape(name) for name in called], span=(steps - 0.5, -0.5))
        | {"domain": [0, share], "tickfont": {"color": palette.target}},
        "yaxis2": named_axis([float(one) for one in bands_at(_HERTZ)], hertz, span=(-0.5, BANDS - 0.5))
        | {"domain": [1 - sound / inside, 1], "anchor": "x",
           "tickfont": {"color": palette.muted, "size": font_size - 2}},
        "shapes": [_ground(palette), *_bounds(spoken, palette), *_frames(spoken, rows, palette)],
        "annotations": [_above(one, font_size, palette) for one in spoken],
        "meta": {
            "kind": "listening", "values": "weights", "rows": steps, "columns": states, "row": row,
            "sound": sound, "between": between,
            "min_width": beside + round(_NARROWEST * font_size), "max_width": widest,
        },
    }  # fmt: skip
    return Figure([_weights(hearing, palette), _spectrogram(hearing, palette)], layout)


def _digit(digit: int | None) -> str:
    return "</s>" if digit is None else str(digit)


def _weights(hearing: Hearing, palette: Palette) -> Drawn:
    return {
        "type": "heatmap",
        "z": hearing.weights,
        "x": hearing.edges,
        "ygap": 1,
        "showscale": False,
        "colorscale": colorscale(palette.weights),
        "zmin": 0,
        "zmax": 1,
    }


def _spectrogram(hearing: Hearing, palette: Palette) -> Drawn:
    """The frames as they were read, each band around its mean; what was repeated to fill up is left out."""
    frames = hearing.frames[: max(_JOINED, round(hearing.seconds * 100) // _JOINED * _JOINED)]
    joined = frames[: len(frames) // _JOINED * _JOINED].reshape(-1, _JOINED, frames.shape[1]).mean(axis=1)
    start = float(hearing.edges[0])
    return {
        "type": "heatmap",
        "z": np.ascontiguousarray(joined.T, dtype=np.float32),
        "x0": start + _JOINED / 200,
        "dx": _JOINED / 100,
        "yaxis": "y2",
        "showscale": False,
        "colorscale": colorscale(palette.scores),
        "zmin": -1.0,
        "zmax": _LOUD,
        "hoverinfo": "skip",
    }


def _seconds_axis(low: float, high: float, palette: Palette) -> Drawn:
    step = next(step for step in (0.5, 1, 2, 5, 10) if (high - low) / step <= _MOST_TICKS)
    places = np.arange(np.ceil(low / step) * step, high, step)
    axis = named_axis(
        [float(place) for place in places], [f"{place:g} s" for place in places], span=(low, high)
    )
    return axis | {"anchor": "y", "side": "bottom", "tickfont": {"color": palette.source}}


def _ground(palette: Palette) -> Drawn:
    """Behind the rows: seen between them."""
    return {
        "type": "rect", "xref": "x domain", "yref": "y domain", "x0": 0, "x1": 1, "y0": 0, "y1": 1,
        "fillcolor": palette.grid, "line": {"width": 0}, "layer": "below",
    }  # fmt: skip


def _bounds(spoken: Sequence[Spoken], palette: Palette) -> list[Drawn]:
    """Where each digit begins and ends, over the spectrogram."""
    line = {"color": palette.teacher, "width": 2}
    return [
        {"type": "line", "xref": "x", "yref": "y2 domain", "y0": 0, "y1": 1, "x0": place, "x1": place,
         "line": line | ({} if place == one.seconds[0] else {"dash": UNSURE}), "layer": "above"}
        for one in spoken
        for place in one.seconds
    ]  # fmt: skip


def _frames(spoken: Sequence[Spoken], rows: Sequence[tuple[int, int]], palette: Palette) -> list[Drawn]:
    """Around the part of a row in which its digit is spoken."""
    shape: dict[str, Any] = {
        "type": "rect", "xref": "x", "yref": "y", "fillcolor": "rgba(0, 0, 0, 0)", "layer": "above",
        "line": {"color": palette.teacher, "width": 2},
    }  # fmt: skip
    found = []
    for step, number in rows:
        start, end = spoken[number].seconds
        found.append(shape | {"x0": start, "x1": end, "y0": step - 0.5, "y1": step + 0.5})
    return found


def _above(one: Spoken, font_size: int, palette: Palette) -> Drawn:
    """The digit that is spoken, over where it is."""
    return {
        "text": str(one.digit), "x": sum(one.seconds) / 2, "xref": "x", "y": 1, "yref": "paper",
        "yanchor": "bottom", "showarrow": False, "font": {"color": palette.teacher, "size": font_size},
    }  # fmt: skip
