"""Why attention: how much of a sentence one vector holds, as the sentence grows."""

import streamlit as st

from pages.ui import bottleneck
from pages.ui.frame import open_page
from pages.ui.laboratory import laboratory
from pages.ui.live import live_view
from pages.ui.stoppable import Work, in_steps
from pages.ui.translators import shelf
from s2s import catalog
from s2s.errors import S2SError

frame = open_page("bottleneck")
say = frame.say


def answer(text: str, is_ready: bool) -> None:
    """The sentence made longer, curves over length, what the vector knows."""
    view = bottleneck.switches(say)
    whole = bottleneck.lengthened(text, view.sentences)
    if not is_ready:
        st.text(say("bottleneck.loading"))
    elif bottleneck.is_empty(text):
        st.text(say("bottleneck.empty"))
    elif not view.models:
        st.text(say("alignments.no_models"))
    else:
        sentence(text, whole, view)
    lengths(whole)
    if is_ready and not bottleneck.is_empty(text):
        vector(whole, view)
    bottleneck.link()


def sentence(text: str, whole: str, view: bottleneck.View) -> None:
    """The sentence through each model, what each lost of it, and what each had lost when it was shorter."""
    status = st.empty()  # what is being done, then what was found: in one place, so that nothing jumps
    found: dict[str, bottleneck.Tried | S2SError] = {}
    work = Work("sentence", (whole, view.models))
    for name in in_steps(view.models, work=work, room=status, told="bottleneck.judging", say=say):
        found[name] = bottleneck.tried(name, whole)
    status.text(bottleneck.lost_finding(found, say))
    if notice := bottleneck.cut_notice(found, say):
        st.text(notice)
    live_view(
        bottleneck.panels(found, frame),
        labels=bottleneck.labels(say, axis=say("live.target_word"), reading=say("bottleneck.how_to_read")),
        palette=frame.palette,
        key="sentence",
    )
    st.caption(bottleneck.judge_note(text, view, say))
    if view.sentences > 1:
        growth(text, view)


def growth(text: str, view: bottleneck.View) -> None:
    """The share of words lost for one sentence, two, and so on; each step of the slider adds one."""
    status = st.empty()
    shares: dict[str, list[float]] = {}
    tasks = [(count, name) for count in range(1, view.sentences + 1) for name in view.models]
    work = Work("growth", (text, view))
    for count, name in in_steps(tasks, work=work, room=status, told="bottleneck.growing", say=say):
        one = bottleneck.tried(name, bottleneck.lengthened(text, count))
        if isinstance(one, bottleneck.Tried):
            shares.setdefault(name, []).append(one.share)
    status.text(bottleneck.growth_finding(shares, say))
    if shares:
        live_view(
            [bottleneck.growth_panel(shares, view, frame)],
            labels=bottleneck.labels(say, axis=say("bottleneck.axis_sentences"), reading=""),
            palette=frame.palette,
            key="growth",
        )


def lengths(whole: str) -> None:
    """BLEU and chrF over the length of the input, for models that differ in one thing."""
    st.subheader(say("bottleneck.lengths_title"), anchor=False)
    compared = bottleneck.comparison(say)
    st.write(f"{say(f'bottleneck.claim_{compared}')} {say('bottleneck.lengths_how')}")
    try:
        found = bottleneck.measured(compared, say)
    except S2SError as error:
        st.text(say.error(error))
        return
    if not found:
        st.text(say("bottleneck.not_measured"))
        return
    st.text(bottleneck.length_finding(found, say))
    live_view(
        [bottleneck.length_panel(found, whole, frame)],
        labels=bottleneck.labels(say, axis=say("bottleneck.axis_words"), reading=say("bottleneck.bands")),
        palette=frame.palette,
        key="lengths",
    )


def vector(whole: str, view: bottleneck.View) -> None:
    """What can be read from the state that is handed over: of this sentence, and of many by position."""
    st.subheader(say("bottleneck.probe_title"), anchor=False)
    st.write(say("bottleneck.probe_claim"))
    names = bottleneck.probed()
    chains = bottleneck.probe_chains(names, view.sentences)
    if chains:
        st.text(bottleneck.probe_finding(chains, say))
    panels = bottleneck.probe_panels(names, whole, frame)
    if chains:
        panels.append(bottleneck.probe_curves(chains, frame))
    if not panels:
        st.text(say("bottleneck.not_measured"))
        return
    live_view(
        panels,
        labels=bottleneck.labels(
            say, axis=say("bottleneck.axis_part"), reading=say("bottleneck.how_to_read_probe")
        ),
        palette=frame.palette,
        key="probe",
    )
    st.caption(say("bottleneck.probe_how"))


st.write(say("bottleneck.claim"))
laboratory(answer, say, models=catalog.shipped())
shelf().load_in_background()
