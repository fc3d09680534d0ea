"""What teacher forcing hides, over whole files: the report's numbers, the literature's, and one's own.

The report is read; another file is measured in the background (`pages.kit.jobs`), a process of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any, Final, NamedTuple

import pandas as pd
import streamlit as st

from pages.kit.experiment import Request, begin, follow, is_busy, show_line
from pages.kit.family import chosen_model, languages_of, model_names
from pages.kit.frame import Frame
from pages.kit.report import shipped_report
from pages.kit.strings import Strings
from pages.labs.gap.upload import LINES, Material, choose_material, limit
from s2s.claims.gap import runs_part
from s2s.errors import S2SError
from s2s.evaluate.gap import RARE, Gap, Position, StepScores, labels
from s2s.figures.positions import bars, by_position
from s2s.figures.steps import Line

_DASH: Final = "–"

# Published with teacher forcing against free running, and with training for the latter. Each was read in
# its source: Bengio et al. (2015), tables 1 and 3; the README of ljm565/neural-machine-translator-GRU.
_BENGIO: Final = "Bengio et al. 2015"
_TATOEBA: Final = "ljm565, GitHub"


class Asked(NamedTuple):
    """What is measured on what."""

    model: str
    name: str  # of the file


class Measured(NamedTuple):
    """A gap, and the name of the file it was measured on."""

    gap: Gap
    data: str


class Quantity(NamedTuple):
    """What is drawn by step."""

    key: str  # of its name: gap.<key>
    of: Callable[[StepScores], float | None]
    factor: float
    top: float | None  # of its axis; None fits the numbers
    digits: int


_QUANTITIES: Final = (
    Quantity("accuracy", lambda scores: scores.accuracy, 100, 100, 1),
    Quantity("loss", lambda scores: scores.loss, 1, None, 2),
    Quantity("entropy", lambda scores: scores.entropy, 1, None, 2),
)


def draw(frame: Frame) -> None:
    """The gap of the main page's models, of the chosen one by step, beside what was published, and measured
    anew."""
    model = chosen_model(frame.say)
    frame = frame.about(languages_of([model]))
    say = frame.say
    st.subheader(say("gap.title"), anchor=False)
    st.write(say("gap.meaning"))
    found: dict[str, Measured] = {}
    try:
        found = {e.setup.model: Measured(e.gap, e.setup.data) for e in shipped_report().scorers if e.gap}
    except S2SError as error:
        st.text(say.error(error))
    gap = found[model].gap if model in found else None
    if gap is not None:
        st.markdown(f"**{_finding(model, gap, say)}**")
    if found:
        _table({model_names(say).get(name, name): one.gap for name, one in found.items()}, say)
        _how(next(iter(found.values())), say)
    if gap is not None:
        st.subheader(say("gap.curves", model=model_names(say)[model]), anchor=False)
        _curves(gap, "report", frame, tops=_tops([gap]))
    _published(model, gap, say)
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
    st.table(pd.DataFrame({name: _column(gap, say) for name, gap in found.items()}))


def _column(gap: Gap, say: Strings) -> dict[str, str]:
    forced, free = gap.forced, gap.free
    return {
        say("gap.diverged"): f"{100 * gap.diverged:.1f}",
        say("gap.median_first"): _DASH if gap.median_first is None else str(gap.median_first),
        **{say(f"gap.{quantity.key}"): _both(gap.overall, quantity, say) for quantity in _QUANTITIES},
        say("gap.exact"): say("gap.both", forced=f"{100 * forced.exact:.1f}", free=f"{100 * free.exact:.1f}"),
        say("gap.bleu"): say("gap.both", forced=f"{forced.bleu:.1f}", free=f"{free.bleu:.1f}"),
        say("gap.pairs"): f"{gap.pairs:,}",
    }


def _both(position: Position, quantity: Quantity, say: Strings) -> str:
    forced, free = _values(position, quantity)
    if forced is None or free is None:
        return _DASH
    digits = quantity.digits
    return say("gap.both", forced=f"{forced:.{digits}f}", free=f"{free:.{digits}f}")


def _values(position: Position, quantity: Quantity) -> tuple[float | None, float | None]:
    """A quantity under both regimes, as it is shown."""
    found = [quantity.of(scores) for scores in (position.forced, position.free)]
    forced, free = (None if value is None else quantity.factor * value for value in found)
    return forced, free


def _tops(gaps: Sequence[Gap]) -> dict[str, float]:
    """How high the axes reach, so that pictures of all these gaps compare."""
    tops = {"parted": 1.1 * max(max(_shares(gap), default=0.0) for gap in gaps) or 1.0}
    for quantity in _QUANTITIES:
        found = [value for gap in gaps for at in gap.positions for value in _values(at, quantity)]
        tops[quantity.key] = (
            quantity.top or 1.1 * max((v for v in found if v is not None), default=0.0) or 1.0
        )
    return tops


def _shares(gap: Gap) -> list[float]:
    """Of how many pairs the first divergence falls in each position, in percent."""
    return [100 * first / gap.pairs for first in gap.firsts_by_position]


def _curves(gap: Gap, key: str, frame: Frame, *, tops: Mapping[str, float]) -> None:
    """Both regimes by step, and where they part: pictures, a sentence for each, and the numbers."""
    say = frame.say
    st.html(_key(frame))
    names = labels(gap.positions)
    columns = [*st.columns(2), *st.columns(2)]
    if gap.overall.free.entropy is None:
        columns = [*columns[:2], columns[3], columns[2]]  # the bars in place of the picture that is not there
    for column, quantity in zip(columns, _QUANTITIES, strict=False):
        with column:
            if _values(gap.overall, quantity)[0] is None:
                st.text(say("gap.no_entropy"))
            else:
                _picture(gap, quantity, names, key, frame, top=tops[quantity.key])
    with columns[3]:
        shares = _shares(gap)
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
        st.table(pd.DataFrame(_rows(gap, say)).set_index(say("gap.step")))


def _picture(
    gap: Gap, quantity: Quantity, names: Sequence[str], key: str, frame: Frame, *, top: float
) -> None:
    say, palette, title = frame.say, frame.palette, frame.say(f"gap.{quantity.key}")
    forced, free = zip(*(_values(at, quantity) for at in gap.positions), strict=True)
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


def _rows(gap: Gap, say: Strings) -> list[dict[str, str]]:
    return [
        {
            say("gap.step"): name,
            say("gap.steps"): f"{at.steps:,}",
            **{say(f"gap.{quantity.key}"): _both(at, quantity, say) for quantity in _QUANTITIES},
            say("gap.parted"): f"{share:.1f}",
        }
        for name, at, share in zip(labels(gap.positions), gap.positions, _shares(gap), strict=True)
    ]


def _published(model: str, gap: Gap | None, say: Strings) -> None:
    """What others measured, beside what is measured here."""
    st.subheader(say("gap.published"), anchor=False)
    where, what, source = (say(f"gap.published_{key}") for key in ("where", "what", "source"))
    teacher, itself = say("gap.published_teacher"), say("gap.published_itself")
    rows = [
        {
            where: say("gap.timit"),
            what: say("gap.timit_what"),
            teacher: "15.0",
            itself: "46.0",
            source: _BENGIO,
        }
    ]
    if gap is not None:
        wrong = [f"{100 * (1 - scores.accuracy):.1f}" for scores in (gap.overall.forced, gap.overall.free)]
        here = say("gap.ours", model=model_names(say)[model])
        numbers = {teacher: wrong[0], itself: wrong[1], source: _DASH}
        rows.append({where: here, what: say("gap.ours_what"), **numbers})
    st.table(pd.DataFrame(rows).set_index(where))
    trained = say("gap.trained_where")
    ways = [say(f"gap.trained_{key}") for key in ("teacher", "sampling", "itself")]
    table = [
        [say("gap.captions"), "28.8", "30.6", "11.2", _BENGIO],
        [say("gap.tatoeba"), "39.96", "38.34", _DASH, _TATOEBA],
    ]
    st.table(pd.DataFrame(table, columns=[trained, *ways, source]).set_index(trained))
    st.caption(say("gap.published_note"))


@st.fragment
def _again(model: str, reported: Mapping[str, Measured], frame: Frame) -> None:
    """Choose a file, measure it in the background, see what comes of it."""
    say = frame.say
    st.subheader(say("gap.again"), anchor=False)
    st.write(say("gap.again_how", model=model_names(say)[model], limit=limit(), lines=f"{LINES:,}"))
    material = choose_material(say)
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
    begin("gap", question, arguments, data=material.data, about=Asked(model, material.name))


def _named(asked: Asked, say: Strings) -> str:
    return say("gap.measured", model=model_names(say).get(asked.model, asked.model), name=asked.name)


def _show(asked: Asked, gap: Gap, reported: Measured | None, frame: Frame) -> None:
    """A gap beside the report's of the same model."""
    say = frame.say
    st.subheader(say("gap.result"), anchor=False)
    st.markdown(f"**{_finding(asked.model, gap, say)}**")
    beside = {} if reported is None else {say("gap.column_report"): reported.gap}
    _table(beside | {say("gap.column_new"): gap}, say)
    _how(Measured(gap, asked.name), say)
    _curves(gap, "new", frame, tops=_tops([gap, *beside.values()]))
