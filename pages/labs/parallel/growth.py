"""How the time and the memory to read a sentence grow with its length: measured in the background."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

import streamlit as st

from pages.kit.curves import curve_labels, curve_numbers, number, strokes, written_series
from pages.kit.experiment import begin, follow, is_busy, keep, requested, show_line
from pages.kit.frame import Frame
from pages.kit.live import Fact, Panel, live_view
from pages.kit.state import OneOf, choose, chosen, read, write_link
from pages.kit.strings import Strings
from pages.labs.parallel.counted import written_bytes
from pages.labs.parallel.notebook import of_reading
from s2s.claims.parallel import ends, faster_at, time_grows_slower
from s2s.config import TRANSFORMER, TransformerConfig
from s2s.counts import EQUAL, LENGTHS, REPEATS
from s2s.figures.steps import Line, Plot, step_curves

PLACE: Final = "reading"  # the command, and the place on the page

Costs = Sequence[Mapping[str, Any]]  # `ReadingCost`s of one comparison, as dictionaries


@dataclass(frozen=True)
class Measured:
    """What a reader chose of it, in a part of the page that runs by itself."""

    equal: str = chosen(OneOf(EQUAL))


@st.fragment
def growth_section(frame: Frame) -> None:
    """A button that starts it, how far it is, and what came of it."""
    say = frame.say
    st.subheader(say("growth.title"), anchor=False)
    st.write(say("growth.claim"))
    keep(PLACE, say, _again)
    show_line(say)
    view = read(Measured)
    with st.container(horizontal=True, vertical_alignment="center", gap="medium", key="switches-equal"):
        st.button(
            say("growth.start"), key=f"{PLACE}-start", type="primary", disabled=is_busy(PLACE),
            on_click=_start, args=(uuid4().hex,),
        )  # fmt: skip
        choose(view, "equal", say("growth.equal"), {equal: say(f"growth.equal_{equal}") for equal in EQUAL})
        write_link(view)
    if requested(PLACE) is None:
        st.caption(say("growth.before", shortest=min(LENGTHS), longest=max(LENGTHS)))

    def show(is_over: bool, known: Mapping[str, Any]) -> None:
        costs = [cost for cost in known["costs"] if cost["equal"] == read(Measured).equal]
        if costs:
            _show(costs, frame, is_over=is_over)

    follow(PLACE, say, result=lambda _, known: show(True, known), so_far=lambda _, known: show(False, known))


def _start(ticket: str) -> None:
    """Measured anew each time."""
    begin(PLACE, (PLACE, ticket), [PLACE, "--events"], about=ticket, ticket=ticket)


def _again(ticket: object) -> bool:
    """Start what this ticket was for, if it is one."""
    if not isinstance(ticket, str) or re.fullmatch(r"[0-9a-f]{32}", ticket) is None:
        return False
    _start(ticket)
    return True


def _show(costs: Costs, frame: Frame, *, is_over: bool) -> None:
    say = frame.say
    finding = growth_finding(costs, say) if is_over else ""
    if finding:
        st.markdown(f"**{finding}**")
    live_view(
        [time_panel(costs, finding, frame), memory_panel(costs, frame)],
        labels=curve_labels(say, row=say("growth.axis"), pinned=say("growth.pinned")),
        palette=frame.palette,
        key="growth",
    )
    shape = TransformerConfig()
    st.caption(say("growth.how", repeats=REPEATS, layers=shape.layers, heads=shape.heads))


def reader_name(reader: str, say: Strings) -> str:
    """A cell by its name, the Transformer as it is called."""
    return say("growth.transformer") if reader == TRANSFORMER else reader.upper()


def growth_finding(costs: Costs, say: Strings) -> str:
    """Whose time grows slower, and at which lengths the Transformer is the fastest."""
    claim = time_grows_slower(costs)
    shortest, longest, *growth = claim.values.items()
    verdict = {True: "held", False: "not_held", None: "undecided"}[claim.holds]
    told = say(
        f"growth.{verdict}", shortest=f"{shortest[1]:g}", longest=f"{longest[1]:g}",
        **{reader: number(value) for reader, value in growth},
    )  # fmt: skip
    lengths = sorted({cost["length"] for cost in costs})
    fastest = [str(length) for length in lengths if faster_at(costs, length).holds]
    times = {reader: number(value) for reader, value in faster_at(costs, ends(costs)[1]).values.items()}
    return " ".join([
        told,
        say("growth.fastest", lengths=", ".join(fastest)) if fastest else say("growth.never_fastest"),
        say("growth.at_longest", **times | {"length": f"{ends(costs)[1]}"}),
    ])  # fmt: skip


def _lines(costs: Costs, quantity: str, frame: Frame, factor: float = 1.0) -> list[Line]:
    """One for each encoder, with a gap where it has not read yet."""
    readers = list(dict.fromkeys(cost["reader"] for cost in costs))
    lengths = _lengths(costs)
    known = {(cost["reader"], cost["length"]): factor * cost[quantity] for cost in costs}
    return [
        Line(
            reader_name(reader, frame.say), [known.get((reader, length), float("nan")) for length in lengths],
            look.color, dash=look.dash, mark=look.mark,
        )
        for reader, look in zip(readers, strokes(len(readers), frame.palette), strict=True)
    ]  # fmt: skip


def _lengths(costs: Costs) -> list[int]:
    return sorted({cost["length"] for cost in costs})


def time_panel(costs: Costs, finding: str, frame: Frame) -> Panel:
    """Milliseconds, and steps that must follow each other, by length; both axes in powers."""
    say = frame.say
    times, steps = _lines(costs, "milliseconds", frame), _lines(costs, "steps", frame)
    title = say("growth.title_time")
    first = {cost["reader"]: cost for cost in reversed(costs)}
    return Panel(
        name="growth_time",
        title=title,
        numbers=curve_numbers(_names(costs), [
            *(written_series(say("growth.of_time", name=line.name), line.values, number) for line in times),
            *(written_series(say("growth.of_steps", name=line.name), line.values, _whole) for line in steps),
        ]),
        figure=_figure(
            costs,
            [
                Plot(say("growth.plot_time"), times, is_log=True),
                Plot(say("growth.plot_steps"), steps, is_log=True),
            ],
            frame,
        ),
        facts=tuple(
            Fact(
                reader_name(reader, say), say("growth.parameters", parameters=f"{one['parameters']:,}"),
                say("growth.parameters_help", width=one["width"]),
            )
            for reader, one in reversed(first.items())
        ),
        spoken=f"{title}. {finding or say('growth.under_way')}",
        origin=of_reading(costs[0]["equal"], _lengths(costs), [
            f'Plot("{name}", [line(name, "{name}") for name in readers], is_log=True)'
            for name in ("milliseconds", "steps")
        ]),
    )  # fmt: skip


def memory_panel(costs: Costs, frame: Frame) -> Panel:
    """Bytes that were held at once, and those of all scores of the Transformer, by length."""
    say, palette = frame.say, frame.palette
    lengths, own = _lengths(costs), {c["length"]: c for c in costs if c["reader"] == TRANSFORMER}
    scores = [own[length]["scores"] if length in own else float("nan") for length in lengths]
    look = strokes(4, palette)[3]
    lines = [
        *_lines(costs, "peak", frame),
        Line(say("growth.scores"), scores, palette.muted, dash=look.dash, mark=look.mark),
    ]
    counted = f'line("{TRANSFORMER}", "scores")'
    title = say("growth.title_memory")
    last = own[max(own)] if own else costs[-1]
    spoken = say(
        "growth.spoken_memory", length=last["length"], scores=written_bytes(last["scores"]),
        peak=written_bytes(last["peak"]),
    )  # fmt: skip
    return Panel(
        name="growth_memory",
        title=title,
        numbers=curve_numbers(
            _names(costs),
            [written_series(line.name, line.values, written_bytes) for line in lines],
        ),
        figure=_figure(costs, [Plot(say("growth.plot_memory"), lines, is_log=True, height=12)], frame),
        facts=(
            *(
                Fact(
                    reader_name(one["reader"], say), written_bytes(one["peak"]),
                    say("growth.peak_help", length=one["length"]),
                )
                for one in costs if one["length"] == last["length"]
            ),
            Fact(
                say("growth.scores"), written_bytes(last["scores"]),
                say("growth.scores_help", length=last["length"]),
            ),
        ),
        spoken=f"{title}. {spoken}",
        origin=of_reading(costs[0]["equal"], _lengths(costs), [
            f'Plot("bytes", [*(line(name, "peak") for name in readers), {counted}], is_log=True)'
        ]),
    )  # fmt: skip


def _whole(value: float) -> str:
    return f"{value:.0f}"


def _names(costs: Costs) -> tuple[str, ...]:
    return tuple(map(str, _lengths(costs)))


def _figure(costs: Costs, plots: Sequence[Plot], frame: Frame) -> Any:
    return step_curves(
        list(_names(costs)), plots, palette=frame.palette, axis=frame.say("growth.axis"),
        font_size=frame.font_size,
    )  # fmt: skip
