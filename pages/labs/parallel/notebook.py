"""The lines of Python that make the pictures of these sections again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from pages.kit.export import Origin, loaded, quoted
from s2s.paths import Travel

_TRAVELS: Final = """\
from s2s.figures.palette import LIGHT
from s2s.figures.steps import Line, Plot, step_curves
from s2s.translator import Translator
from s2s.travel import travel

source = {text}
target = {target}
found = [travel(Translator.load(name), source, target, step={step}) for name in {models}]
lines = [Line(one.model, one.{values}.tolist(), LIGHT.text) for one in found]
"""
_WORDS: Final = """\
names = [piece.text for piece in found[0].source_pieces]
figure = step_curves(names, [Plot("share", lines)], palette=LIGHT).plotly()"""
_DISTANCES: Final = """\
names = [str(distance) for distance in range(max(len(line.values) for line in lines))]
figure = step_curves(names, [Plot("share", lines, is_log=True)], palette=LIGHT, axis="words").plotly()"""
_ORDER: Final = """\
from s2s.figures.heatmap import heatmap
from s2s.translator import Translator
from s2s.travel import unplaced

trace = {model}.translate({text})
figure = heatmap(trace.alignment("words")).plotly()"""
_READING: Final = """\
from s2s.figures.palette import LIGHT
from s2s.figures.steps import Line, Plot, step_curves
from s2s.reading_costs import measure_reading

costs = [cost for cost in measure_reading({lengths}) if cost.equal == {equal}]  # measured anew
readers = dict.fromkeys(cost.reader for cost in costs)


def line(name, quantity):
    return Line(name, [getattr(cost, quantity) for cost in costs if cost.reader == name], LIGHT.text)


plots = [
{plots}
]
names = [str(length) for length in {lengths}]
figure = step_curves(names, plots, palette=LIGHT, axis="pieces").plotly()"""


def of_words(found: Mapping[str, Travel]) -> Origin:
    """Where the picture of a word's gradient comes from."""
    return _of_travels(found, "shares", _WORDS)


def of_distances(found: Mapping[str, Travel]) -> Origin:
    """Where that of gradients by distance comes from."""
    return _of_travels(found, "by_distance", _DISTANCES)


def _of_travels(found: Mapping[str, Travel], values: str, rest: str) -> Origin:
    first = next(iter(found.values()))
    code = _TRAVELS.format(
        text=quoted(first.source), target=quoted(first.target), step=first.step,
        models=f"[{', '.join(map(quoted, found))}]", values=values,
    )  # fmt: skip
    return Origin(tuple(found), first.source, code + rest)


def of_order(model: str, text: str, *, is_placed: bool) -> Origin:
    """Where the map of a translation of shuffled words comes from."""
    translator = loaded(model) if is_placed else f"unplaced({loaded(model)})"
    code = _ORDER.format(model=translator, text=quoted(text))
    return Origin(
        (model,), text, code.replace("from s2s.travel import unplaced\n", "") if is_placed else code
    )


def of_reading(equal: str, lengths: Sequence[int], plots: Iterable[str]) -> Origin:
    """Where a picture of measured costs comes from; measured again, times differ a little."""
    code = _READING.format(
        equal=quoted(equal), lengths=tuple(lengths), plots="\n".join(f"    {plot}," for plot in plots)
    )
    return Origin((), "", code)
