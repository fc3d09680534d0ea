"""Spoken digits: choose or record some, hear them, and see where in the sound the network looked."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final, NamedTuple

import streamlit as st

from pages.kit.failures import told
from pages.kit.frame import Frame, claim
from pages.kit.lesson_strip import strip
from pages.kit.listening import (
    card_labels,
    code_of,
    code_of_file,
    hear,
    judged,
    panel,
    play,
    utterance,
    voices,
)
from pages.kit.live import Legend, live_view
from pages.kit.state import choose, choose_from_list, read, type_text, write_link
from pages.kit.strings import Strings
from pages.kit.translators import shelf
from pages.labs.speech.measured import measured, sureness_limit
from pages.labs.speech.own import own_sound
from pages.labs.speech.view import EXAMPLES, SOUNDS, View, shuffle
from s2s.claims.hearing import digit_by_hand, right, unlike_known_voices
from s2s.sound.hearing import Hearing
from s2s.sound.utterances import LONGEST, Spoken
from s2s.sound.waves import Samples

_KEY: Final = "speech"
_FED: Final = "speech-fed"


class Chosen(NamedTuple):
    """A sound that is listened to."""

    samples: Samples
    spoken: Sequence[Spoken]  # empty where nobody knows
    code: str


def draw(frame: Frame) -> None:
    """What the page is for, the sound and what was heard, and how well the network hears at all."""
    claim(frame.say("speech.claim"))
    _listening(frame)
    _about(frame)
    shelf().load_in_background()


@st.fragment
def _listening(frame: Frame) -> None:
    say = frame.say
    with told(say):
        strip(say, "", is_ready=True)
    with told(say):
        view = read(View)
        sound = _choose(view, say)
        write_link(view)
        if sound is None:
            return
        with st.spinner(say("speech.loading"), show_time=False):
            hearing = hear(sound.samples)
        _heard(hearing, sound, view, frame)


def _choose(view: View, say: Strings) -> Chosen | None:
    """The sound, None as long as there is none."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="switches"):
        source = choose(
            view, "sound", say("speech.sound"), {name: say(f"speech.from_{name}") for name in SOUNDS}
        )
        if source == EXAMPLES:
            with st.container(width=230):
                names = {name: say(f"speech.voice_{name}") for name in voices()}
                choose_from_list(view, "voice", say("speech.voice"), names)
            with st.container(width=170):
                help_text = say("speech.digits_help", most=LONGEST)
                type_text(view, "digits", say("speech.digits"), help_text=help_text, most=2 * LONGEST)
            st.button(say("speech.shuffle"), key="speech-shuffle", on_click=shuffle)
    if source == EXAMPLES:
        said = utterance(view.voice, view.digits)
        return Chosen(said.samples, said.spoken, code_of(view.voice, view.digits))
    own = own_sound(source, say)
    return None if own is None else Chosen(own, (), code_of_file())


def _heard(hearing: Hearing, sound: Chosen, view: View, frame: Frame) -> None:
    """The sound to play, the finding, and the cards."""
    say = frame.say
    st.html(f"<h2 class='s2s-hidden'>{escape(say('speech.picture'))}</h2>")
    player = st.container()  # it plays what is chosen below, too
    st.markdown(f"**{_finding(hearing, sound.spoken, say)}**")
    if notice := _unlike(hearing, say):
        st.text(notice)
    live_view(
        [panel(hearing, sound.spoken, frame, code=sound.code, notice=_cut(hearing, say))],
        labels=card_labels(say),
        palette=frame.palette,
        key=_KEY,
        legends=[Legend(say("live.weight"), "0", "1", frame.palette.weights)],
    )
    fed = _by_hand(hearing, sound, view, frame)
    heard = {_KEY: hearing} | ({} if fed is None else {_FED: fed})
    with player:
        play(sound.samples, sound.spoken, heard, frame, key="speech-sound")


def _finding(hearing: Hearing, spoken: Sequence[Spoken], say: Strings) -> str:
    """What was heard, whether it was said, and where it was looked for."""
    heard = " ".join(map(str, hearing.digits)) or say("listening.nothing")
    if not spoken:
        return say("speech.finding_own", heard=heard)
    found, truth = judged(hearing, spoken), [one.digit for one in spoken]
    held = right(hearing.digits, truth).holds
    first = say("speech.finding_right" if held else "speech.finding_wrong", heard=heard,
                truth=" ".join(map(str, truth)), wrong=found.errors.total, count=len(truth))  # fmt: skip
    looked = found.looks
    return f"{first} " + say(
        "speech.finding_looked", peaks=looked.peaks, steps=looked.steps, percent=f"{100 * looked.inside:.0f}"
    )


def _unlike(hearing: Hearing, say: Strings) -> str:
    """That the voice is unlike those that were learned from; "" where it is not."""
    limit = sureness_limit()
    if limit is None:
        return ""
    found = unlike_known_voices(hearing, limit)
    values = {name: f"{value:.2f}" for name, value in found.values.items()}
    return say("speech.unlike", **values) if found.holds else ""


def _cut(hearing: Hearing, say: Strings) -> str:
    return say("speech.cut", count=len(hearing.said)) if hearing.cut else ""


def _by_hand(hearing: Hearing, sound: Chosen, view: View, frame: Frame) -> Hearing | None:
    """What teacher forcing hides: one digit that is fed by hand, and what comes of it."""
    say = frame.say
    st.header(say("speech.by_hand"), anchor=False)
    st.write(say("speech.by_hand_claim"))
    step, digit = _fed(hearing, view, say)
    if not step:
        return None
    was = hearing.digits[step - 1]
    if digit == was:
        st.text(say("speech.by_hand_own", digit=digit))
        return None
    fed = hear(sound.samples, by_hand=((step, digit),))
    found = digit_by_hand(hearing, fed, step)
    numbers = {name: f"{value:.0f}" for name, value in found.values.items()}
    outcome = "changed" if found.holds else "same"
    st.markdown(f"**{say(f'speech.by_hand_{outcome}', digit=digit, was=was, **numbers)}**")
    title = say("speech.by_hand_title", digit=digit, place=step)
    live_view(
        [panel(fed, sound.spoken, frame, name=_FED, title=title, notice=_cut(fed, say))],
        labels=card_labels(say) | {"help_pin": ""},
        palette=frame.palette,
        key=_FED,
    )
    return fed


def _fed(hearing: Hearing, view: View, say: Strings) -> tuple[int, int]:
    """Let the reader choose a step, 0 for none, and the digit that it is fed."""
    steps = {0: say("speech.by_hand_none")}
    steps |= {
        step: say("speech.by_hand_step", place=step, digit=digit)
        for step, digit in enumerate(hearing.digits, 1)
        if step < len(hearing.said)
    }
    digits = {digit: str(digit) for digit in range(10)}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        with st.container(width=320):
            step = choose_from_list(view, "fed_step", say("speech.by_hand_where"), steps)
        with st.container(width=120):
            digit = choose_from_list(view, "fed_digit", say("speech.by_hand_digit"), digits)
    return step, digit


def _about(frame: Frame) -> None:
    """What is the same as in the translators and what is not, and how well it hears."""
    say = frame.say
    st.header(say("speech.about_title"), anchor=False)
    st.markdown(say("speech.about"))
    measured(say)
    st.caption(say("speech.source"))
