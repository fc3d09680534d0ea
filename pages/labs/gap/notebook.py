"""The lines of Python that make the pictures of the gap again."""

from __future__ import annotations

from pages.kit.export import Origin, loaded, quoted
from pages.labs.gap.quantities import Quantity

_REPORTED = """\
from s2s.evaluate.gap import labels
from s2s.evaluate.report import REPORT, read_report
from s2s.figures.palette import LIGHT
from s2s.figures.steps import Line, Plot, step_curves

[gap] = [one.gap for one in read_report(REPORT).shipped if one.setup.model == {name}]"""

_MEASURED = """\
from pathlib import Path

from s2s.data.corpora import read_pairs
from s2s.evaluate.exposure import measure_gap
from s2s.evaluate.gap import labels
from s2s.figures.palette import LIGHT
from s2s.figures.steps import Line, Plot, step_curves
from s2s.translator import Translator

*_, gap = measure_gap({model}, read_pairs(Path({file})))"""

_QUANTITY = """
lines = [
    Line(name, [{factor}getattr(at, name).{key} for at in gap.positions], color)
    for name, color in (("forced", LIGHT.teacher), ("free", LIGHT.self_fed))
]
plots = [Plot({title}, lines)]
figure = step_curves(labels(gap.positions), plots, palette=LIGHT, axis="step").plotly()"""

_PARTED = """
shares = [100 * first / gap.pairs for first in gap.firsts_by_position]
plots = [Plot("first divergence, %", [Line("", shares, LIGHT.pinned, is_bar=True)])]
figure = step_curves(labels(gap.positions), plots, palette=LIGHT, axis="step").plotly()"""


def of_quantity(model: str, file: str, quantity: Quantity) -> Origin:
    """Where a quantity of both regimes comes from; `file` is "" for the report's."""
    factor = "" if quantity.factor == 1 else f"{quantity.factor:g} * "
    return _origin(model, file, _QUANTITY.format(factor=factor, key=quantity.key, title=quoted(quantity.key)))


def of_parted(model: str, file: str) -> Origin:
    """Where the share of pairs comes from whose runs part at a step."""
    return _origin(model, file, _PARTED)


def _origin(model: str, file: str, body: str) -> Origin:
    head = (
        _MEASURED.format(model=loaded(model), file=quoted(file))
        if file
        else _REPORTED.format(name=quoted(model))
    )
    return Origin((model,), "", head + body)
