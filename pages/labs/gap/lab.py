"""What teacher forcing hides, over whole files: the report's numbers, the literature's, and one's own.

The report is read; another file is measured in the background (`pages.kit.jobs`), a process of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import streamlit as st

from pages.kit.experiment import Request, begin, follow, is_busy, keep, show_line
from pages.kit.family import OneModel, languages_of, model_names, offered
from pages.kit.frame import Frame
from pages.kit.report import shipped_report, side_by_side
from pages.kit.state import read
from pages.kit.strings import Strings
from pages.kit.tables import quantities
from pages.kit.tasks import chosen_task
from pages.labs.gap.curves import curves
from pages.labs.gap.published import published
from pages.labs.gap.quantities import axis_tops, column
from pages.labs.gap.upload import LINES, Material, choose_material, limit
from s2s.claims.gap import runs_part
from s2s.errors import S2SError
from s2s.evaluate.gap import Gap


class Asked(NamedTuple):
    """What is measured on what."""

    model: str
    name: str  # of the file


class Measured(NamedTuple):
    """A gap, and the name of the file it was measured on."""

    gap: Gap
    data: str


def draw(frame: Frame) -> None:
    """The gap of the main page's models, of the chosen one by step, beside what was published, and measured
    anew."""
    model = read(OneModel).model
    frame = frame.about(languages_of([model]))
    say = frame.say
    st.header(say("gap.title"), anchor=False)
    st.write(say("gap.meaning"))
    found: dict[str, Measured] = {}
    try:
        found = {
            e.setup.model: Measured(e.gap, e.setup.data)
            for e in side_by_side(shipped_report(chosen_task()))
            if e.gap
        }
    except S2SError as error:
        st.text(say.error(error))
    gap = found[model].gap if model in found else None
    if gap is not None:
        st.markdown(f"**{_finding(model, gap, say)}**")
    if found:
        _table({model_names(say).get(name, name): one.gap for name, one in found.items()}, say)
        _how(next(iter(found.values())), say)
    if gap is not None:
        st.header(say("gap.curves", model=model_names(say)[model]), anchor=False)
        curves(gap, model, "", "report", frame, tops=axis_tops([gap]))
    published(model, gap, say)
    _again(model, found, frame)


def _finding(model: str, gap: Gap, say: Strings) -> str:
    """What the numbers say, in a sentence or two."""
    values = {"model": model_names(say).get(model, model), "pairs": f"{gap.pairs:,}"}
    claim = runs_part(gap)
    if not claim.holds:
        return say("gap.finding_never", **values)
    shares = {name: f"{100 * claim.values[name]:.1f}" for name in ("forced", "free", "diverged")}
    first = say("gap.finding", **values, **shares, median=claim.values["median"])
    bleus = {"forced": f"{gap.forced.bleu:.1f}", "free": f"{gap.free.bleu:.1f}"}
    return f"{first} {say('gap.finding_bleu', **bleus)}"


def _how(measured: Measured, say: Strings) -> None:
    """How it was measured, and on what: the name of a file is text, never markup."""
    gap = measured.gap
    st.caption(say("gap.how"))
    st.text(say("gap.counted", pairs=f"{gap.pairs:,}", data=measured.data, skipped=f"{gap.skipped:,}"))


def _table(found: Mapping[str, Gap], say: Strings) -> None:
    """Gaps side by side: a column each."""
    quantities({name: column(gap, say) for name, gap in found.items()}, say)


@st.fragment
def _again(model: str, reported: Mapping[str, Measured], frame: Frame) -> None:
    """Choose a file, measure it in the background, see what comes of it."""
    say = frame.say
    st.header(say("gap.again"), anchor=False)
    st.write(say("gap.again_how", model=model_names(say)[model], limit=limit(), lines=f"{LINES:,}"))
    material = choose_material(say)
    keep("gap", say, lambda ticket: _begun_again(ticket, material))
    show_line(say)
    st.button(
        say("gap.start"), key="gap-start", type="primary", disabled=material is None or is_busy("gap"),
        on_click=_start, args=(model, material),
    )  # fmt: skip

    def result(request: Request, known: Mapping[str, Any]) -> None:
        _show(request.about, Gap.from_dict(known["gap"]), reported.get(request.about.model), frame)

    follow("gap", say, result=result, title=lambda request: _named(request.about, say))


def _start(model: str, material: Material) -> None:
    """The same pairs are the same question, whatever their file is called."""
    question = ("gap", model, material.digest)
    arguments = ["gap", "--model", model, "-", "--events"]
    about = Asked(model, material.name)
    begin("gap", question, arguments, data=material.data, about=about, ticket=_ticket(model, material))


def _ticket(model: str, material: Material) -> str:
    return f"{model} {material.digest}"


def _begun_again(ticket: object, material: Material | None) -> bool:
    """Start what this ticket was for, if the file is there; one that a reader gave went with the server."""
    model = None if material is None else next((m for m in offered() if ticket == _ticket(m, material)), None)
    if material is None or model is None:
        return False
    _start(model, material)
    return True


def _named(asked: Asked, say: Strings) -> str:
    return say("gap.measured", model=model_names(say).get(asked.model, asked.model), name=asked.name)


def _show(asked: Asked, gap: Gap, reported: Measured | None, frame: Frame) -> None:
    """A gap beside the report's of the same model."""
    say = frame.say
    st.header(say("gap.result"), anchor=False)
    st.markdown(f"**{_finding(asked.model, gap, say)}**")
    beside = {} if reported is None else {say("gap.column_report"): reported.gap}
    _table(beside | {say("gap.column_new"): gap}, say)
    _how(Measured(gap, asked.name), say)
    curves(gap, asked.model, asked.name, "new", frame, tops=axis_tops([gap, *beside.values()]))
