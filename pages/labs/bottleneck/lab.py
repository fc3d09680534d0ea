"""Why attention: how much of a sentence one vector holds, as the sentence grows."""

from __future__ import annotations

import streamlit as st

from pages.kit.frame import Frame
from pages.kit.live import live_view
from pages.kit.state import read
from pages.kit.stoppable import Work, in_steps
from pages.kit.translators import shelf
from pages.kit.while_typing import while_typing
from pages.labs.bottleneck import cards
from pages.labs.bottleneck.view import View, switch_of_curves, switches
from s2s import catalog
from s2s.errors import S2SError


def draw(frame: Frame) -> None:
    """What the page is for, the sentence made longer, and what was measured over many."""
    st.write(frame.say("bottleneck.claim"))
    while_typing(lambda text, is_ready: _answer(text, is_ready, frame), frame.say, models=catalog.shipped())
    shelf().load_in_background()


def _answer(text: str, is_ready: bool, frame: Frame) -> None:
    """The sentence made longer, curves over length, what the vector knows."""
    say = frame.say
    view = read(View)
    switches(view, say)
    if notice := cards.left_out(say):
        st.text(notice)
    whole = cards.lengthened(text, view.sentences)
    if not is_ready:
        st.text(say("bottleneck.loading"))
    elif cards.is_empty(text):
        st.text(say("bottleneck.empty"))
    elif not view.models:
        st.text(say("kinds.none_chosen"))
    else:
        _sentence(text, whole, view, frame)
    _lengths(whole, view, frame)
    if is_ready and not cards.is_empty(text):
        _vector(whole, view, frame)


def _sentence(text: str, whole: str, view: View, frame: Frame) -> None:
    """The sentence through each model, what each lost of it, and what each had lost when it was shorter."""
    say = frame.say
    status = st.empty()  # what is being done, then what was found: in one place, so that nothing jumps
    found: dict[str, cards.JudgedTranslation | S2SError] = {}
    work = Work("sentence", (whole, view.models))
    for name in in_steps(view.models, work=work, room=status, told="bottleneck.judging", say=say):
        found[name] = cards.tried(name, whole)
    status.text(cards.lost_finding(found, say))
    if notice := cards.cut_notice(found, say):
        st.text(notice)
    live_view(
        cards.panels(found, frame),
        labels=cards.labels(say, axis=say("live.target_word"), reading=say("bottleneck.how_to_read")),
        palette=frame.palette,
        key="sentence",
    )
    st.caption(cards.judge_note(text, view, say))
    if view.sentences > 1:
        _growth(text, view, frame)


def _growth(text: str, view: View, frame: Frame) -> None:
    """The share of words lost for one sentence, two, and so on; each step of the slider adds one."""
    say = frame.say
    status = st.empty()
    shares: dict[str, list[float]] = {}
    tasks = [(count, name) for count in range(1, view.sentences + 1) for name in view.models]
    work = Work("growth", (text, view.models, view.sentences))
    for count, name in in_steps(tasks, work=work, room=status, told="bottleneck.growing", say=say):
        one = cards.tried(name, cards.lengthened(text, count))
        if isinstance(one, cards.JudgedTranslation):
            shares.setdefault(name, []).append(one.share)
    status.text(cards.growth_finding(shares, say))
    if shares:
        live_view(
            [cards.growth_panel(shares, view, frame)],
            labels=cards.labels(say, axis=say("bottleneck.axis_sentences"), reading=""),
            palette=frame.palette,
            key="growth",
        )


def _lengths(whole: str, view: View, frame: Frame) -> None:
    """BLEU and chrF over the length of the input, for models that differ in one thing."""
    say = frame.say
    st.subheader(say("bottleneck.lengths_title"), anchor=False)
    switch_of_curves(view, say)
    st.write(f"{say(f'bottleneck.claim_{view.compare}')} {say('bottleneck.lengths_how')}")
    try:
        found = cards.measured(view.compare, say)
    except S2SError as error:
        st.text(say.error(error))
        return
    if not found:
        st.text(say("bottleneck.not_measured"))
        return
    st.text(cards.length_finding(found, say))
    live_view(
        [cards.length_panel(found, whole, frame)],
        labels=cards.labels(say, axis=say("bottleneck.axis_words"), reading=say("bottleneck.bands")),
        palette=frame.palette,
        key="lengths",
    )


def _vector(whole: str, view: View, frame: Frame) -> None:
    """What can be read from the state that is handed over: of this sentence, and of many by position."""
    say = frame.say
    st.subheader(say("bottleneck.probe_title"), anchor=False)
    st.write(say("bottleneck.probe_claim"))
    names = cards.probed()
    chains = cards.probe_chains(names, view.sentences)
    if chains:
        st.text(cards.probe_finding(chains, say))
    panels = cards.probe_panels(names, whole, frame)
    if chains:
        panels.append(cards.probe_curves(chains, frame))
    if not panels:
        st.text(say("bottleneck.not_measured"))
        return
    live_view(
        panels,
        labels=cards.labels(
            say, axis=say("bottleneck.axis_part"), reading=say("bottleneck.how_to_read_probe")
        ),
        palette=frame.palette,
        key="probe",
    )
    st.caption(say("bottleneck.probe_how"))
