"""What each way of training gives and costs: the record beside the models, read and told."""

from __future__ import annotations

import streamlit as st

from pages.kit.curves import curve_labels
from pages.kit.frame import Frame
from pages.kit.live import Panel, live_view
from pages.kit.state import read
from pages.kit.strings import Strings
from pages.kit.tables import quantities
from pages.labs.regimes.pictures import length_panel, step_panels, training_panel
from pages.labs.regimes.published import published
from pages.labs.regimes.quantities import cost_column, model_column
from pages.labs.regimes.record import costed, measured, name_of, on_text
from pages.labs.regimes.verdicts import sentences
from pages.labs.regimes.view import View, quantity_switch, text_switch
from s2s.errors import S2SError
from s2s.evaluate.gap import RARE, labels
from s2s.evaluate.regimes import Regimes


def draw(frame: Frame) -> None:
    """What was measured of the models that differ in how they were trained, beside what was published."""
    say = frame.say
    st.header(say("ways.title"), anchor=False)
    found: Regimes | None = None
    try:
        found = measured()
    except S2SError as error:
        st.text(say.error(error))
    if found is not None:
        _measured(found, frame)
    published(found, say)


@st.fragment
def _measured(found: Regimes, frame: Frame) -> None:
    """The claims of the lecture, the models in numbers, and how they were trained."""
    say = frame.say
    st.write(say("ways.intro"))
    view = read(View)
    with st.container(horizontal=True, key="switches_ways"):
        text_switch(view, say)
    st.markdown(sentences(found, view.text, say))
    quantities({name_of(one.regime, say): model_column(one, view.text, say) for one in found.trained}, say)
    st.caption(say("ways.how", resamples=f"{found.resamples:,}"))
    _counted(found, view.text, say)
    _by_step(found, view, frame)
    _pictures([length_panel(found, view.text, frame)], "lengths", say("ways.words"), frame)
    _costs(found, frame)


def _counted(found: Regimes, text: str, say: Strings) -> None:
    """On what the models were trained and measured: names of files and machines are text, never markup."""
    its = found.everyday if text == "everyday" else found.general
    devices = ", ".join(dict.fromkeys(f"{one.device} ({one.precision})" for one in found.trained))
    st.text(say("ways.counted", name=its.name, pairs=f"{its.compared:,}", devices=devices))


def _by_step(found: Regimes, view: View, frame: Frame) -> None:
    say = frame.say
    st.subheader(say("ways.by_step"), anchor=False)
    with st.container(horizontal=True, key="switches_ways_steps"):
        quantity_switch(view, say)
    _pictures(step_panels(found, view.text, view.quantity, frame), "steps", say("ways.step"), frame)
    positions = on_text(found.trained[0], view.text).gap.positions
    st.caption(say("ways.pooled", label=labels(positions)[-1], rare=RARE))


def _costs(found: Regimes, frame: Frame) -> None:
    """What an update takes, how many it takes, and how training went with several seeds."""
    say = frame.say
    st.subheader(say("ways.costs"), anchor=False)
    quantities({name_of(regime, say): cost_column(found, regime, say) for regime in costed(found)}, say)
    machine = found.machine
    st.caption(say("ways.costs_how"))
    st.text(say("ways.machine", device=machine.device, precision=machine.precision, threads=machine.threads))
    if found.repetitions:
        _pictures([training_panel(found, frame)], "training", say("ways.after_updates"), frame)


def _pictures(panels: list[Panel], key: str, row: str, frame: Frame) -> None:
    say = frame.say
    live_view(
        panels,
        labels=curve_labels(say, row=row, pinned=say(f"ways.pinned_{key}")),
        palette=frame.palette,
        key=f"ways_{key}",
        beside=2,
    )
