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


_STAGES: Final = """\
from s2s.evaluate.memorising import RECORD, read_memorising
from s2s.figures.palette import LIGHT
from s2s.figures.steps import Line, Plot, step_curves

found = read_memorising(RECORD)
stages = [str(one.updates) for one in found.stages]
"""
_SHARES: Final = """\
curves = {
    name: [100 * getattr(one, name) for one in found.stages]
    for name in ("by_heart", "distinct", "from_train")
}
curves["fitting"] = [
    100 * sum(one.fitting) / len(one.fitting) if one.fitting else float("nan") for one in found.stages
]
top = 100
"""
_LOSSES: Final = """\
curves = {
    name: [float("nan") if (loss := getattr(one, name)) is None else loss for one in found.stages]
    for name in ("train_loss", "dev_loss")
}
top = None
"""
_DRAWN: Final = """\
lines = [Line(name, values, LIGHT.text) for name, values in curves.items()]
figure = step_curves(stages, [Plot("", lines, top=top)], palette=LIGHT, axis="updates").plotly()"""


def of_shares(model: str) -> Origin:
    """Where the curves of what a model says at each stage come from."""
    return Origin((model,), "", _STAGES + _SHARES + _DRAWN)


def of_losses(model: str) -> Origin:
    """The same of its losses."""
    return Origin((model,), "", _STAGES + _LOSSES + _DRAWN)
