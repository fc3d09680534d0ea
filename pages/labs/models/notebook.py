"""The lines of Python that make the pictures of this page again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pages.kit.export import Origin, quoted

_LINES: Final = """\
from s2s import catalog
from s2s.figures.palette import LIGHT
from s2s.figures.steps import Line, Plot, step_curves

losses = {{}}
for name in [{models}]:
    _, card = catalog.read_config(catalog.locate(name))
    losses[name] = {{at["updates"]: at["dev_loss"] for at in card.history}}
updates = sorted({{update for curve in losses.values() for update in curve}})
lines = [
    Line(name, [curve.get(update, float("nan")) for update in updates], LIGHT.text)
    for name, curve in losses.items()
]
steps = [str(update) for update in updates]
figure = step_curves(steps, [Plot("dev loss", lines)], palette=LIGHT, axis="updates").plotly()"""


def origin(models: Sequence[str]) -> Origin:
    """Where the losses of these models come from."""
    return Origin(tuple(models), "", _LINES.format(models=", ".join(map(quoted, models))))
