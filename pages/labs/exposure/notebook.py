"""The lines of Python that train a regime again and draw its curves."""

from __future__ import annotations

from typing import Final

from pages.kit.export import Origin
from pages.labs.exposure.view import Question

_LINES: Final = """\
from s2s.figures.palette import LIGHT
from s2s.figures.steps import Line, Plot, step_curves
from s2s.train.exposure import learn

points = list(learn(regimes=("{regime}",), attention="{attention}", length={length}, seed={seed}))
lines = [
    Line("given the reference", [100 * point.forced for point in points], LIGHT.teacher),
    Line("given its own output", [100 * point.free for point in points], LIGHT.self_fed),
]
names = [str(point.updates) for point in points]
plots = [Plot("right symbols (%)", lines, top=100)]
figure = step_curves(names, plots, palette=LIGHT, axis="updates").plotly()"""


def origin(asked: Question, regime: str) -> Origin:
    """Where the curves of one regime come from: half a minute of learning, which the other does not touch."""
    lines = _LINES.format(regime=regime, attention=asked.attention, length=asked.length, seed=asked.seed)
    return Origin((), "", lines)
