"""The lines of Python that make the pictures of this page again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pages.kit.export import Origin, loaded, quoted
from pages.labs.gradients.starts import UNTRAINED_SEED, Start
from s2s.paths import Flow, Gradients

_PATHS = """\
from s2s.figures.palette import LIGHT
from s2s.figures.steps import Line, Plot, step_curves
from s2s.translator import Translator

found = {model}.gradients({text}, step={step})
colors = {{"attention": LIGHT.weights[7], "chain": LIGHT.scores[5], "earlier": LIGHT.text}}
plots = [
    Plot(
        of,
        [
            *(
                Line(way, found.parts(way, of=of).tolist(), color, is_bar=True)
                for way, color in colors.items()
            ),
            Line("whole", found.norms(of=of).tolist(), LIGHT.text),
        ],
    )
    for of in ("states", "embeddings")
]
names = [piece.text for piece in found.source_pieces]
figure = step_curves(names, plots, palette=LIGHT).plotly()"""

_FLOWS = """\
from s2s.figures.palette import LIGHT
from s2s.figures.steps import Line, Plot, step_curves
from s2s.translator import Translator

source = {text}
target = {target}
models = {{
{models}
}}
lines = [
    Line(name, model.flow(source, target).whole.tolist(), LIGHT.text) for name, model in models.items()
]
names = [str(distance) for distance in range(max(len(line.values) for line in lines))]
figure = step_curves(names, [Plot("norm", lines, is_log=True)], palette=LIGHT, axis="distance").plotly()"""


def of_paths(found: Gradients) -> Origin:
    """Where the picture of a word's paths comes from."""
    code = _PATHS.format(model=loaded(found.model), text=quoted(found.source), step=found.step)
    return Origin((found.model,), found.source, code)


def of_flows(flows: Sequence[tuple[Start, Flow, float]]) -> Origin:
    """Where a picture of gradients by distance comes from: what was measured, each with what its recurrent
    matrices were multiplied by."""
    _, first, _ = flows[0]
    entries = [
        (start.model if start.is_trained else f"{start.cell}, {start.attention}, untrained", start, factor)
        for start, _, factor in flows
    ]
    code = _FLOWS.format(
        text=quoted(first.source), target=quoted(first.target), models="\n".join(_entries(entries))
    )
    models = dict.fromkeys(start.model for start, _, _ in flows)
    return Origin(tuple(models), first.source, code)


def _entries(named: Iterable[tuple[str, Start, float]]) -> Iterable[str]:
    for name, start, factor in named:
        model, called = loaded(start.model), name
        if not start.is_trained:
            model += (
                f".untrained(cell={quoted(start.cell)}, attention={quoted(start.attention)}, "
                f"seed={UNTRAINED_SEED})"
            )
        if factor != 1:
            model += f".scaled({factor})"
            called += f", x {factor}"
        yield f"    {quoted(called)}: {model},"
