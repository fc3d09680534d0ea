"""What cards with curves share: their numbers and words, a stroke for each cell, how numbers are written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from math import isfinite
from typing import Final, NamedTuple

import numpy as np

from pages.kit.live import Numbers, Series, live_labels
from pages.kit.strings import Strings
from s2s.config import CELLS
from s2s.evaluate.evaluation import Band
from s2s.figures.labels import signed
from s2s.figures.palette import Palette
from s2s.figures.steps import Line

_STROKES: Final = (("solid", "circle"), ("dash", "square"), ("dot", "diamond"), ("dashdot", "cross"))


class Stroke(NamedTuple):
    """What tells a line apart from others."""

    color: str
    dash: str
    mark: str


def curve_numbers(names: tuple[str, ...], series: Iterable[Series], keys: tuple[str, ...] = ()) -> Numbers:
    """Numbers of a picture whose rows stand side by side. A row is the same in every card where it is as far
    along, or has the same of the `keys`."""
    return Numbers(
        source=(),
        target=names,
        source_keys=(),
        target_keys=keys or tuple(f"{name} {k}" for k, name in enumerate(names)),
        series=tuple(series),
    )


def band_line(name: str, bands: Sequence[Band], stroke: Stroke, *, factor: float = 1) -> Line:
    """A line with what lies between the ends of its bands."""
    values = [factor * band.value for band in bands]
    ends = [factor * band.low for band in bands], [factor * band.high for band in bands]
    return Line(name, values, stroke.color, dash=stroke.dash, mark=stroke.mark, band=ends)


def written_series(
    name: str, values: Iterable[float], write: Callable[[float], str], length: int = 0
) -> Series:
    """A number for each row, up to `length` of them; a dash where there is none."""
    exact = np.array([*values], dtype=np.float64)
    exact = np.concatenate([exact, np.full(max(0, length - len(exact)), np.nan)])
    return Series(name, tuple("–" if value != value else write(value) for value in exact.tolist()), exact)


def curve_labels(say: Strings, *, row: str, pinned: str, reading: str = "") -> dict[str, str]:
    """The words of cards with curves; `row` is what stands along the axis of the pictures."""
    help_pin = f"{reading} {say('live.help_pin')}".strip()
    return live_labels(say, target_word=row, pinned_row=pinned, help_pin=help_pin)


def narrowest(places: int) -> float:
    """How near two places of a picture may come, in em, so that any number of them goes into a phone."""
    return max(0.2, min(1.6, 17 / max(places, 1)))


def strokes(count: int, palette: Palette) -> list[Stroke]:
    """Those of as many lines: four are told apart, each by colour, by dash and by mark."""
    found = [Stroke(color, *look) for color, look in zip(palette.curves, _STROKES, strict=True)]
    return [found[place % len(found)] for place in range(count)]


def cell_stroke(cell: str, attention: bool, say: Strings, palette: Palette) -> tuple[str, Stroke]:
    """Name and stroke of a cell's line: colour and mark are the cell's, attention draws it solid."""
    stroke = strokes(len(CELLS), palette)[CELLS.index(cell)]
    if attention:
        return say("kinds.with_attention", cell=cell.upper()), stroke._replace(dash="solid")
    return cell.upper(), stroke._replace(dash="dash")


def number(value: float) -> str:
    """Two or three digits, with a power of ten where the number is far from one; "inf" and "nan" for what has
    left the numbers, as a gradient does that explodes."""
    if not isfinite(value):
        return str(float(value))
    if value == 0 or 0.01 <= abs(value) < 1000:
        return signed(
            float(value), 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2 if abs(value) >= 1 else 3
        )
    digits, power = f"{value:.1e}".split("e")
    return f"{signed(float(digits), 1)}·10{str(int(power)).translate(_RAISED)}"


_RAISED: Final = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
