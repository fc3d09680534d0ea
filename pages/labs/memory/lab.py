"""What takes its time: a memory task that is learned in front of the reader, and what cells cost on this
machine. Both run in the background (`pages.kit.jobs`)."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Final, NamedTuple
from uuid import uuid4

import streamlit as st

from pages.kit.curves import cell_stroke, curve_labels, curve_numbers, narrowest, number, written_series
from pages.kit.experiment import Request, begin, follow, is_busy, keep, requested, show_line
from pages.kit.frame import Frame
from pages.kit.live import Panel, Series, live_view
from pages.kit.state import count, fields_of, read, write_link
from pages.kit.strings import Strings
from pages.kit.tables import quantities
from pages.labs.memory.notebook import origin
from pages.labs.memory.view import View
from s2s.catalog import DOT
from s2s.claims.costs import lstm_costs_more
from s2s.claims.memory import Curve, attention_helps, longest_lags
from s2s.config import CELLS, NO_ATTENTION
from s2s.figures.steps import Line, Plot, step_curves

_CHANCE: Final = 0.125  # one of eight symbols
_LOOKS: Final = {NO_ATTENTION: False, DOT.attention: True}  # attention, as a curve is named

Curves = Mapping[Curve, Sequence[tuple[float, float]]]


class Experiment(NamedTuple):
    """A job with a place on the page."""

    name: str  # of its command, and of its words in the strings
    show: Callable[[Request, Mapping[str, Any], Frame, bool], None]  # what is known, and whether that is all


def draw(frame: Frame) -> None:
    """The memory task, and the costs."""
    _memory_section(frame)
    _costs_section(frame)


def _memory_section(frame: Frame) -> None:
    """Recall the first token after n fillers, learned by each cell without and with attention."""
    say = frame.say
    st.header(say("memory.title"), anchor=False)
    st.write(say("memory.claim"))
    _experiment(Experiment("memory", _show_memory), frame)


def _costs_section(frame: Frame) -> None:
    """Parameters, and milliseconds a token at several lengths, by cell."""
    say = frame.say
    st.header(say("costs.title"), anchor=False)
    st.write(say("costs.claim"))
    _experiment(Experiment("costs", _show_costs), frame)


@st.fragment
def _experiment(experiment: Experiment, frame: Frame) -> None:
    """A button that starts it, progress and a way to stop it while it runs, and what came of it."""
    say, name = frame.say, experiment.name
    keep(name, say, lambda ticket: _again(name, ticket))
    show_line(say)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        seed = _seed(say) if name == "memory" else 0
        st.button(
            say(f"{name}.start"), key=f"{name}-start", type="primary", disabled=is_busy(name),
            on_click=_start, args=(name, seed if name == "memory" else uuid4().hex),
        )  # fmt: skip
    if requested(name) is None:
        st.caption(say(f"{name}.before"))

    def so_far(request: Request, known: Mapping[str, Any]) -> None:
        experiment.show(request, known, frame, False)

    def result(request: Request, known: Mapping[str, Any]) -> None:
        experiment.show(request, known, frame, True)

    follow(name, say, result=result, so_far=so_far)


def _seed(say: Strings) -> int:
    view = read(View)
    with st.container(width=150):
        count(view, "seed", say("memory.seed"), help_text=say("memory.seed_help"))
    write_link(view)
    return view.seed


def _start(name: str, ticket: int | str) -> None:
    """The same seed learns the same; costs have a number of their own and are measured anew each time."""
    seed = ("--seed", str(ticket)) if name == "memory" else ()
    begin(name, (name, ticket), [name, "--events", *seed], about=ticket, ticket=ticket)


def _again(name: str, ticket: object) -> bool:
    """Start what this ticket was for, if it is one."""
    if name == "memory":
        is_one = type(ticket) is int and fields_of(View)["seed"].choice.checked(ticket) == ticket
    else:
        is_one = isinstance(ticket, str) and re.fullmatch(r"[0-9a-f]{32}", ticket) is not None
    if is_one:
        _start(name, ticket)  # type: ignore[arg-type]
    return is_one


# The memory task


def _show_memory(request: Request, known: Mapping[str, Any], frame: Frame, is_over: bool) -> None:
    say = frame.say
    curves = {_curve(name): points for name, points in known["curves"].items()}
    finding = memory_finding(curves, [_curve(name) for name in known["learned"]], say, is_over=is_over)
    st.markdown(f"**{finding}**")
    live_view(
        [memory_panel(curves, request.about, finding, frame)],
        labels=curve_labels(say, row=say("memory.updates"), pinned=say("memory.pinned")),
        palette=frame.palette,
        key="memory_curves",
    )


def _curve(name: str) -> Curve:
    """Which curve it is that the command calls so."""
    cell, attention, fillers = name.split("/")
    return cell, _LOOKS[attention], int(fillers)


def memory_finding(curves: Curves, learned: Collection[Curve], say: Strings, *, is_over: bool) -> str:
    """How long a lag each cell has learned, without and with attention, and at the end whether attention
    helped."""
    lags = longest_lags(curves, learned)

    def told(attention: bool) -> str:
        return ", ".join(f"{c.upper()} {lags[c, attention]}" for c in CELLS if (c, attention) in lags)

    sentence = say("memory.finding", without=told(False), attending=told(True))
    if not is_over:
        return sentence
    held = attention_helps(curves, learned).holds
    return f"{sentence} {say('memory.held' if held else 'memory.not_held')}"


def memory_panel(curves: Curves, seed: int, finding: str, frame: Frame) -> Panel:
    """Learning curves, a plot for each lag; `finding` says what they show."""
    say = frame.say
    updates = sorted({int(update) for points in curves.values() for update, _ in points})
    lags = sorted({fillers for _, _, fillers in curves})
    plots = []
    series: list[Series] = []
    for lag in lags:
        lines = []
        for (cell, attention, fillers), points in curves.items():
            if fillers == lag:
                right = {int(update): 100 * share for update, share in points}
                values = [right.get(update, float("nan")) for update in updates]
                name, stroke = cell_stroke(cell, attention, say, frame.palette)
                lines.append(Line(name, values, stroke.color, dash=stroke.dash, mark=stroke.mark))
                series.append(written_series(f"n = {lag}, {name}", values, "{:.0f}%".format))
        plots.append(
            Plot(say("memory.plot", fillers=lag, chance=f"{100 * _CHANCE:.1f}"), lines, top=100, height=5.5)
        )
    names = [str(update) if update % 50 == 0 else " " for update in updates]
    return Panel(
        name="memory",
        title=say("memory.curves"),
        numbers=curve_numbers(tuple(map(str, updates)), series),
        figure=step_curves(
            names, plots, palette=frame.palette, axis=say("memory.updates"), narrowest=narrowest(len(names)),
            font_size=frame.font_size,
        ),
        spoken=finding,
        is_wide=True,
        origin=origin(seed, lags),
    )  # fmt: skip


# Costs


def _show_costs(_: Request, known: Mapping[str, Any], frame: Frame, is_over: bool) -> None:
    say = frame.say
    found: list[Mapping[str, Any]] = known["costs"]
    if is_over:
        st.markdown(f"**{costs_finding(found, say)}**")
    quantities(_cost_columns(found, say), say)
    st.caption(say("costs.how"))


def _cost_columns(found: Sequence[Mapping[str, Any]], say: Strings) -> dict[str, dict[str, str]]:
    """By cell, by quantity."""
    columns: dict[str, dict[str, str]] = {}
    for one in found:
        column = columns.setdefault(one["cell"].upper(), {})
        column[say("costs.parameters")] = f"{one['parameters']:,}"
        column[say("costs.recurrent")] = f"{one['recurrent']:,}"
        column[say("costs.reading", length=one["length"])] = f"{one['reading']:.3f}"
        column[say("costs.writing", length=one["length"])] = f"{one['writing']:.3f}"
    return columns


def costs_finding(found: Sequence[Mapping[str, Any]], say: Strings) -> str:
    """How much more an LSTM has and takes than an RNN, at the greatest length."""
    claim = lstm_costs_more(found)
    length, *ratios = claim.values.items()
    return say(
        "costs.held" if claim.holds else "costs.not_held",
        length=f"{length[1]:g}",
        **{name: number(ratio) for name, ratio in ratios},
    )
