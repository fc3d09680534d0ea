"""Both regimes by step: a card for each quantity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from pages.kit.curves import curve_labels, curve_numbers, narrowest, written_series
from pages.kit.export import Origin
from pages.kit.frame import Frame
from pages.kit.live import Panel, live_view
from pages.labs.gap.notebook import of_parted, of_quantity
from pages.labs.gap.quantities import QUANTITIES, Quantity, parted_shares, values_of
from s2s.evaluate.gap import RARE, Gap, labels
from s2s.figures.canvas import Figure
from s2s.figures.steps import Line, Plot, step_curves


def curves(gap: Gap, model: str, file: str, key: str, frame: Frame, *, tops: Mapping[str, float]) -> None:
    """Both regimes by step, and where they part; `file` is what the model was measured on, "" for the
    report's."""
    say, names = frame.say, labels(gap.positions)
    live_view(
        [
            *(
                _quantity(gap, quantity, names, of_quantity(model, file, quantity), frame, tops[quantity.key])
                for quantity in QUANTITIES
            ),
            _parted(gap, names, of_parted(model, file), frame, tops["parted"]),
        ],
        labels=curve_labels(say, row=say("gap.step"), pinned=say("gap.pinned")),
        palette=frame.palette,
        key=f"gap_{key}",
        beside=2,
    )
    st.caption(say("gap.pooled", label=names[-1], rare=RARE))


def _quantity(
    gap: Gap, quantity: Quantity, names: Sequence[str], origin: Origin, frame: Frame, top: float
) -> Panel:
    say, palette, title = frame.say, frame.palette, frame.say(f"gap.{quantity.key}")
    if values_of(gap.overall, quantity)[0] is None:
        return Panel(name=quantity.key, title=title, notice=say("gap.no_entropy"))
    forced, free = zip(*(values_of(at, quantity) for at in gap.positions), strict=True)
    lines = (
        Line(say("regimes.forced"), forced, palette.teacher, mark="square"),
        Line(say("regimes.free"), free, palette.self_fed, dash="dash"),
    )
    digits = f"{{:.{quantity.digits}f}}"
    ends = {
        f"{regime}_{end}": digits.format(values[place])
        for regime, values in (("forced", forced), ("free", free))
        for end, place in (("first", 0), ("last", -1))
    }
    steps = [at.steps for at in gap.positions]
    return Panel(
        name=quantity.key,
        title=title,
        numbers=curve_numbers(
            tuple(names),
            [
                *(written_series(line.name, line.values, digits.format) for line in lines),
                written_series(say("gap.steps"), steps, "{:,.0f}".format),
            ],
        ),
        figure=_figure(names, Plot("", lines, top=top), frame),
        spoken=say("gap.spoken_two", quantity=title, first=names[0], last=names[-1], **ends),
        origin=origin,
    )


def _parted(gap: Gap, names: Sequence[str], origin: Origin, frame: Frame, top: float) -> Panel:
    say, title, shares = frame.say, frame.say("gap.parted"), parted_shares(gap)
    most = max(range(len(shares)), key=shares.__getitem__)
    line = Line(title, shares, frame.palette.pinned, is_bar=True)
    return Panel(
        name="parted",
        title=title,
        numbers=curve_numbers(tuple(names), [written_series(title, shares, "{:.1f}".format)]),
        figure=_figure(names, Plot("", [line], top=top), frame),
        spoken=say("gap.spoken_parted", quantity=title, step=names[most], share=f"{shares[most]:.1f}"),
        origin=origin,
    )


def _figure(names: Sequence[str], plot: Plot, frame: Frame) -> Figure:
    return step_curves(
        names, [plot], palette=frame.palette, axis=frame.say("gap.step"), narrowest=narrowest(len(names)),
        font_size=frame.font_size,
    )  # fmt: skip
