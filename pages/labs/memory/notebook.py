"""The lines of Python that learn the memory task again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pages.kit.export import Origin

_LINES: Final = """\
from s2s.figures.palette import LIGHT
from s2s.figures.steps import Line, Plot, step_curves
from s2s.train.memory import learn

right = {{}}  # by cell, attention and fillers, then by update
for point in learn(fillers={fillers}, seed={seed}):
    right.setdefault(point.curve, {{}})[point.updates] = 100 * point.right
updates = sorted({{update for curve in right.values() for update in curve}})
plots = [
    Plot(
        f"n = {{n}}",
        [
            Line(
                f"{{cell}} + attention" if attention else cell,
                [curve.get(update, float("nan")) for update in updates],
                LIGHT.weights[7] if attention else LIGHT.text,
            )
            for (cell, attention, fillers), curve in right.items()
            if fillers == n
        ],
        top=100,
    )
    for n in {fillers}
]
names = [str(update) for update in updates]
figure = step_curves(names, plots, palette=LIGHT, axis="updates").plotly()"""


def origin(seed: int, fillers: Sequence[int]) -> Origin:
    """Where the learning curves come from: a minute of learning."""
    return Origin((), "", _LINES.format(fillers=tuple(fillers), seed=seed))
