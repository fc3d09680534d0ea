"""Why attention: how much of a sentence one vector holds, as the sentence grows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from pages.kit.failures import told
from pages.kit.family import languages_of, shipped
from pages.kit.frame import Frame, claim
from pages.kit.live import cut_notice, live_labels, live_view
from pages.kit.state import read
from pages.kit.stoppable import Work, in_steps
from pages.kit.translators import shelf
from pages.kit.while_typing import while_typing
from pages.labs.bottleneck import judge, lengths, sentence, vector
from pages.labs.bottleneck.view import View, switch_of_curves, switches
from s2s.errors import S2SError
from s2s.evaluate.probe import ProbedChain
from s2s.text import normalise


def draw(frame: Frame) -> None:
    """What the page is for, the sentence made longer, and what was measured over many."""
    claim(frame.say("bottleneck.claim"))
    while_typing(
        lambda text, is_ready: _answer(text, is_ready, frame),
        frame.say,
        models=shipped(),
        languages=lambda: languages_of(read(View).models),
    )
    shelf().load_in_background()


def _answer(text: str, is_ready: bool, frame: Frame) -> None:
    """The sentence made longer, curves over length, what the vector knows."""
    view = read(View)
    switches(view, frame.say)
    frame = frame.about(languages_of(view.models))
    say = frame.say
    if notice := judge.left_out(say):
        st.text(notice)
    most = 1 + len(sentence.further(say.languages[0]))
    if view.sentences > most:
        st.text(say("bottleneck.none_further"))
    sentences = min(view.sentences, most)
    whole = sentence.lengthened(text, sentences, say.languages[0])
    if not is_ready:
        st.text(say("bottleneck.loading"))
    elif not normalise(text).text:
        st.text(say("bottleneck.empty"))
    elif not view.models:
        st.text(say("kinds.none_chosen"))
    else:
        with told(say):
            _sentence(text, view.models, sentences, frame)
    with told(say):
        _lengths(whole, view, frame)
    if is_ready and normalise(text).text:
        with told(say):
            _vector(whole, sentences, frame)


def _sentence(text: str, models: Sequence[str], sentences: int, frame: Frame) -> None:
    """The sentence through each model, what each lost of it, and what each had lost when it was shorter."""
    say = frame.say
    whole = sentence.lengthened(text, sentences, say.languages[0])
    status = st.empty()  # what is being done, then what was found: in one place, so that nothing jumps
    found: dict[str, sentence.JudgedTranslation | S2SError] = {}
    work = Work("sentence", (whole, models))
    for name in in_steps(models, work=work, room=status, told="bottleneck.judging", say=say):
        found[name] = sentence.tried(name, whole)
    status.text(sentence.lost_finding(found, say))
    answered = [one.answer.trace for one in found.values() if isinstance(one, sentence.JudgedTranslation)]
    if notice := cut_notice(answered, say):
        st.text(notice)
    live_view(
        sentence.panels(found, frame),
        labels=live_labels(say, help_pin=say("bottleneck.how_to_read")),
        palette=frame.palette,
        key="sentence",
    )
    if note := sentence.judge_note(text, sentences, found, say):
        st.caption(note)
    if sentences > 1:
        _growth(text, models, sentences, frame)


def _growth(text: str, models: Sequence[str], sentences: int, frame: Frame) -> None:
    """The share of words lost for one sentence, two, and so on; each step of the slider adds one."""
    say = frame.say
    status = st.empty()
    shares: dict[str, list[float]] = {}
    tasks = [(count, name) for count in range(1, sentences + 1) for name in models]
    work = Work("growth", (text, models, sentences))
    for count, name in in_steps(tasks, work=work, room=status, told="bottleneck.growing", say=say):
        one = sentence.tried(name, sentence.lengthened(text, count, say.languages[0]))
        if isinstance(one, sentence.JudgedTranslation):
            shares.setdefault(name, []).append(one.share)
    status.text(sentence.growth_finding(shares, say))
    if shares:
        live_view(
            [sentence.growth_panel(text, shares, sentences, frame)],
            labels=live_labels(say, target_word=say("bottleneck.axis_sentences"), help_pin=""),
            palette=frame.palette,
            key="growth",
        )


def _lengths(whole: str, view: View, frame: Frame) -> None:
    """BLEU and chrF over the length of the input, for models that differ in one thing."""
    say = frame.say
    st.header(say("bottleneck.lengths_title"), anchor=False)
    if not view.compare:
        st.text(say("bottleneck.not_measured" if shipped() else "kinds.none_usable"))
        return
    switch_of_curves(view, say)
    st.write(f"{say(f'bottleneck.claim_{view.compare}')} {say('bottleneck.lengths_how')}")
    try:
        found = lengths.measured(view.compare, say)
    except S2SError as error:
        st.text(say.error(error))
        return
    if not found:
        st.text(say("bottleneck.not_measured"))
        return
    st.text(lengths.length_finding(found, say))
    live_view(
        [lengths.length_panel(found, whole, frame)],
        labels=live_labels(say, target_word=say("bottleneck.axis_words"), help_pin=say("bottleneck.bands")),
        palette=frame.palette,
        key="lengths",
    )


def _vector(whole: str, sentences: int, frame: Frame) -> None:
    """What can be read from the state that is handed over: of this sentence, and of many by position."""
    say = frame.say
    st.header(say("bottleneck.probe_title"), anchor=False)
    st.write(say("bottleneck.probe_claim"))
    names = vector.probed(say.languages)
    chains: Mapping[str, ProbedChain] = {}
    try:
        chains = vector.probe_chains(names, sentences)
    except S2SError as error:
        st.text(say.error(error))
    if chains:
        st.text(vector.probe_finding(chains, say))
    panels = vector.probe_panels(names, whole, frame)
    if chains:
        panels.append(vector.probe_curves(chains, frame))
    if not panels:
        st.text(say("bottleneck.none_probed"))
        return
    live_view(
        panels,
        labels=live_labels(
            say, target_word=say("bottleneck.axis_part"), help_pin=say("bottleneck.how_to_read_probe")
        ),
        palette=frame.palette,
        key="probe",
    )
    st.caption(say("bottleneck.probe_how"))
