"""The lines of Python that make the pictures of training regimes again."""

from __future__ import annotations

from pages.kit.export import Origin, quoted
from s2s.evaluate.regimes import Regimes, Trained

_HEAD = """\
from s2s.evaluate.gap import labels
from s2s.evaluate.regimes import RECORD, read_regimes
from s2s.figures.palette import LIGHT
from s2s.figures.steps import Line, Plot, step_curves

found = read_regimes(RECORD)


def line(name, bands, color, factor=1):
    value, low, high = ([factor * getattr(band, end) for band in bands] for end in ("value", "low", "high"))
    return Line(name, value, color, band=(low, high))

"""

_GAPS = """
lines = [
    line(one.regime, [step.{quantity}.gap for step in one.{text}.steps[:{shared}]], LIGHT.text, {factor})
    for one in found.trained
]
steps = labels(found.trained[0].{text}.gap.positions[:{shared}])
figure = step_curves(steps, [Plot({title}, lines)], palette=LIGHT, axis="step").plotly()"""

_BOTH = """
model = found.of({regime}).{text}
lines = [
    line(name, [getattr(step.{quantity}, name) for step in model.steps], color, {factor})
    for name, color in (("forced", LIGHT.teacher), ("free", LIGHT.self_fed))
]
steps = labels(model.gap.positions)
figure = step_curves(steps, [Plot({title}, lines)], palette=LIGHT, axis="step").plotly()"""

_PARTED = """\
from s2s.evaluate.gap import labels
from s2s.evaluate.regimes import RECORD, read_regimes
from s2s.figures.palette import LIGHT
from s2s.figures.steps import Line, Plot, step_curves

found = read_regimes(RECORD)
gaps = {{one.regime: one.{text}.gap for one in found.trained}}
lines = [
    Line(name, [100 * first / gap.pairs for first in gap.firsts_by_position[:{shared}]], LIGHT.text)
    for name, gap in gaps.items()
]
steps = labels(found.trained[0].{text}.gap.positions[:{shared}])
plots = [Plot("first divergence, %", lines)]
figure = step_curves(steps, plots, palette=LIGHT, axis="step").plotly()"""

_LENGTHS = """\
from s2s.evaluate.regimes import RECORD, read_regimes
from s2s.figures.palette import LIGHT
from s2s.figures.steps import Line, Plot, step_curves

found, none = read_regimes(RECORD), float("nan")
lines = []
for one in found.trained:
    value, low, high = (
        [none if its.bleu is None else getattr(its.bleu, end) for its in one.{text}.by_length]
        for end in ("value", "low", "high")
    )
    lines.append(Line(one.regime, value, LIGHT.text, band=(low, high)))
steps = [f"{{its.shortest}}-{{its.longest}}" for its in found.trained[0].{text}.by_length]
figure = step_curves(steps, [Plot("BLEU", lines)], palette=LIGHT, axis="words").plotly()"""

_TRAINING = """\
from statistics import fmean

from s2s.evaluate.regimes import RECORD, read_regimes
from s2s.figures.palette import LIGHT
from s2s.figures.steps import Line, Plot, step_curves
from s2s.recipes import ordered

found = read_regimes(RECORD)
looks = sorted({point["updates"] for one in found.repetitions for point in one.history})


def line(regime, measure):
    seeds = [
        {point["updates"]: point[measure] for point in one.history}
        for one in found.repetitions
        if one.regime == regime
    ]
    values = [[seed[look] for seed in seeds if look in seed] for look in looks]
    value, low, high = ([end(its) if its else float("nan") for its in values] for end in (fmean, min, max))
    return Line(regime, value, LIGHT.text, band=(low, high))


regimes = ordered({one.regime for one in found.repetitions})
plots = [
    Plot(measure, [line(regime, measure) for regime in regimes]) for measure in ("dev_loss", "gradient_norm")
]
steps = [str(look) for look in looks]
figure = step_curves(steps, plots, palette=LIGHT, axis="updates").plotly()"""


def of_gaps(found: Regimes, text: str, quantity: str, factor: float, shared: int) -> Origin:
    """Where the gaps of all models by step come from, up to so many steps that they share."""
    names = {"text": text, "quantity": quantity, "title": quoted(f"gap, {quantity}"), "shared": shared}
    body = _GAPS.format(**names, factor=f"{factor:g}")
    return Origin(_models(found), "", _HEAD + body)


def of_both(model: Trained, text: str, quantity: str, factor: float) -> Origin:
    """Where a quantity of one model comes from, fed both ways."""
    names = {"regime": quoted(model.regime), "text": text, "quantity": quantity, "title": quoted(quantity)}
    body = _BOTH.format(**names, factor=f"{factor:g}")
    return Origin((model.model,), "", _HEAD + body)


def of_parted(found: Regimes, text: str, shared: int) -> Origin:
    """Where the share of pairs comes from whose runs part at a step, up to so many."""
    return Origin(_models(found), "", _PARTED.format(text=text, shared=shared))


def of_lengths(found: Regimes, text: str) -> Origin:
    """Where BLEU by length comes from."""
    return Origin(_models(found), "", _LENGTHS.format(text=text))


def of_training(found: Regimes) -> Origin:
    """Where the curves of training come from; the models that were repeated are smaller trainings."""
    return Origin(_models(found), "", _TRAINING)


def _models(found: Regimes) -> tuple[str, ...]:
    return tuple(one.model for one in found.trained)
