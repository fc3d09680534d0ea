"""What the cards of this page share: words with marks, and curves of shares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from pages.kit.curves import curve_numbers, written_series
from pages.kit.export import Origin
from pages.kit.frame import Frame
from pages.kit.live import Mark, Marked, Panel
from s2s.figures.steps import Plot, step_curves
from s2s.traces import Unit


def marked(units: Sequence[Unit], marks: Mapping[Unit, Mark]) -> tuple[Marked, ...]:
    """The words of a sentence, each with its mark; what has none is no word."""
    ends = [0, *(unit.end for unit in units)]
    return tuple(
        Marked(unit.text, unit.start > ends[place], marks.get(unit, "sign"))
        for place, unit in enumerate(units)
        if not unit.is_end
    )


def shares_panel(
    name: str,
    title: str,
    finding: str,
    steps: Sequence[str],
    plot: Plot,
    axis: str,
    origin: Origin,
    frame: Frame,
) -> Panel:
    """A card with lines of percentages over `steps`, which `axis` names."""
    return Panel(
        name=name,
        title=title,
        numbers=curve_numbers(
            tuple(steps),
            [
                written_series(line.name, line.values, "{:.0f}".format)._replace(
                    band=None if line.band is None else np.array(line.band)
                )
                for line in plot.lines
            ],
        ),
        figure=step_curves(steps, (plot,), palette=frame.palette, axis=axis, font_size=frame.font_size),
        spoken=f"{title}: {finding}",
        is_wide=True,
        origin=origin,
    )
