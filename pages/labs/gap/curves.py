"""Both regimes by step: pictures, a sentence for each, and the numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import pandas as pd
import streamlit as st

from pages.kit.frame import Frame
from pages.labs.gap.quantities import QUANTITIES, Quantity, parted_shares, table_rows, values_of
from s2s.evaluate.gap import RARE, Gap, labels
from s2s.figures.positions import bars, by_position
from s2s.figures.steps import Line


def curves(gap: Gap, key: str, frame: Frame, *, tops: Mapping[str, float]) -> None:
    """Both regimes by step, and where they part: pictures, a sentence for each, and the numbers."""
    say = frame.say
    st.html(_key(frame))
    names = labels(gap.positions)
    columns = [*st.columns(2), *st.columns(2)]
    if gap.overall.free.entropy is None:
        columns = [*columns[:2], columns[3], columns[2]]  # the bars in place of the picture that is not there
    for column, quantity in zip(columns, QUANTITIES, strict=False):
        with column:
            if values_of(gap.overall, quantity)[0] is None:
                st.text(say("gap.no_entropy"))
            else:
                _picture(gap, quantity, names, key, frame, top=tops[quantity.key])
    with columns[3]:
        shares = parted_shares(gap)
        figure = bars(
            names, shares, palette=frame.palette, x_title=say("gap.step"), y_title=say("gap.parted"),
            top=tops["parted"], hover="%{y:.1f}%", font_size=frame.font_size,
        )  # fmt: skip
        _draw(figure, f"gap-{key}-parted")
        most = max(range(len(shares)), key=shares.__getitem__)
        values = {"step": names[most], "share": f"{shares[most]:.1f}"}
        st.caption(say("gap.spoken_parted", quantity=say("gap.parted"), **values))
    st.caption(say("gap.pooled", label=names[-1], rare=RARE))
    with st.expander(say("gap.numbers")):
        st.table(pd.DataFrame(table_rows(gap, say)).set_index(say("gap.step")))


def _picture(
    gap: Gap, quantity: Quantity, names: Sequence[str], key: str, frame: Frame, *, top: float
) -> None:
    say, palette, title = frame.say, frame.palette, frame.say(f"gap.{quantity.key}")
    forced, free = zip(*(values_of(at, quantity) for at in gap.positions), strict=True)
    lines = (
        Line(say("regimes.forced"), forced, palette.teacher, mark="square"),
        Line(say("regimes.free"), free, palette.self_fed, dash="dash"),
    )
    figure = by_position(
        names, lines, palette=palette, x_title=say("gap.step"), y_title=title, top=top,
        hover=f"%{{y:.{quantity.digits}f}}", font_size=frame.font_size,
    )  # fmt: skip
    _draw(figure, f"gap-{key}-{quantity.key}")
    ends = {
        f"{regime}_{end}": f"{values[place]:.{quantity.digits}f}"
        for regime, values in (("forced", forced), ("free", free))
        for end, place in (("first", 0), ("last", -1))
    }
    st.caption(say("gap.spoken_two", quantity=title, first=names[0], last=names[-1], **ends))


def _draw(figure: object, key: str) -> None:
    st.plotly_chart(figure, theme=None, config={"displayModeBar": False}, key=key)


def _key(frame: Frame) -> str:
    """Which line is which: colour, dash and mark of each regime, before its name."""
    say, palette = frame.say, frame.palette
    drawn = (
        (say("regimes.forced"), palette.teacher, "solid", "■"),
        (say("regimes.free"), palette.self_fed, "dashed", "●"),
    )
    stroke = "display: inline-block; width: .9rem; vertical-align: middle; border-top: 2px"
    parts = []
    for name, color, dash, mark in drawn:
        line = f"<span style='{stroke} {dash}'></span>"
        drawing = f"<span aria-hidden='true' style='color: {color}'>{line}{mark}{line}</span>"
        parts.append(
            f"<span style='white-space: nowrap; margin-right: 1.5rem'>{drawing} {escape(name)}</span>"
        )
    return f"<div>{''.join(parts)}</div>"
