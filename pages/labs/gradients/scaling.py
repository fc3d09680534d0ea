"""What a larger recurrent matrix and clipping do to the gradient, and to one update."""

from __future__ import annotations

from typing import Final

from pages.kit.curves import curve_numbers, number, written_series
from pages.kit.frame import Frame
from pages.kit.live import Fact, Panel
from pages.kit.strings import Strings
from pages.kit.translators import shelf
from pages.labs.gradients.distance import distance_figure, distances, written_factor
from pages.labs.gradients.notebook import of_flows
from pages.labs.gradients.starts import Start, variant_of
from s2s.claims import gradients as claims
from s2s.engine.questions import Descend
from s2s.figures.steps import Line
from s2s.paths import Flow, Update

_RATE: Final = 0.1  # of the one update


def one_update(start: Start, text: str, target: str, factor: float) -> Update:
    """What one update would do to the same model. Raises the S2SError that prevents it."""
    return shelf().ask(start.model, Descend(text, target, _RATE, variant_of(start, factor)))


def scaling_finding(after: Flow, update: Update, say: Strings) -> str:
    """Whether it vanishes or explodes, and what clipping made of the update."""
    slope = after.slope
    if slope is None:
        return say("distance.too_short")
    steps = len(after.whole) - 1
    grown = claims.explodes(after, slope)
    told = say(
        "scaling.explodes" if grown.holds else "scaling.vanishes",
        largest=f"{after.largest:.2f}",
        factor=f"{slope.factor:.2f}",
        steps=steps,
        times=number(grown.values["times"]),
    )
    values = {
        "norm": number(update.norm),
        "clip": f"{update.clip:g}",
        "loss": f"{update.loss:.2f}",
        "free": f"{update.loss_free:.2f}",
        "clipped": f"{update.loss_clipped:.2f}",
    }
    clipping = claims.clipping_helps(update)
    if clipping is None:
        return f"{told} {say('scaling.not_clipped', **values)}"
    verdict = say("scaling.held" if clipping.holds else "scaling.not_held")
    return f"{told} {say('scaling.clipped', **values)} {verdict}"


def scaling_panel(
    title: str, start: Start, factor: float, before: Flow, after: Flow, update: Update, frame: Frame
) -> Panel:
    """Norms by distance with the matrix as it is and scaled, and the one update in numbers."""
    say, palette = frame.say, frame.palette
    lines = (
        Line(say("scaling.before"), before.whole.tolist(), palette.curves[1], dash="dot", mark="diamond"),
        Line(say("scaling.after"), after.whole.tolist(), palette.text),
    )
    names = distances(len(after.whole))
    facts = [
        ("largest", f"{after.largest:.2f}", {"before": f"{before.largest:.2f}"}),
        ("step_factor", written_factor(after.slope), {"before": written_factor(before.slope)}),
        ("norm", number(update.norm), {}),
        ("norm_clipped", number(update.clipped), {"clip": f"{update.clip:g}"}),
        ("loss", f"{update.loss:.2f}", {}),
        ("loss_free", f"{update.loss_free:.2f}", {"rate": f"{update.rate:g}"}),
        ("loss_clipped", f"{update.loss_clipped:.2f}", {"rate": f"{update.rate:g}"}),
    ]
    return Panel(
        name="scaling",
        title=title,
        numbers=curve_numbers(
            tuple(str(k) for k in range(len(names))),
            [written_series(line.name, line.values, number) for line in lines],
        ),
        figure=distance_figure(names, lines, frame),
        facts=tuple(Fact(say(f"scaling.{n}"), v, say(f"scaling.{n}_help", **more)) for n, v, more in facts),
        spoken=scaling_finding(after, update, say),
        is_wide=True,
        origin=of_flows([(start, before, 1.0), (start, after, factor)]),
    )
