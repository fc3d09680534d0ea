"""The row that is not about a sentence: a sound in, digits out."""

from __future__ import annotations

from typing import Final

import streamlit as st

from pages.kit.frame import Frame
from pages.kit.lesson_strip import script_of
from pages.kit.listening import card_labels, code_of, hear, panel, play, utterance, voices
from pages.kit.live import live_view
from pages.kit.state import choose, read, write_link
from pages.kit.strings import Strings
from pages.labs.applications.view import SAID, View
from s2s.errors import S2SError
from s2s.sound.shelf import LICENCE

_KEY: Final = "use-speech"
_LEADS_TO: Final = "speech"  # the page


def sound_row(frame: Frame) -> None:
    """Who speaks and what is said of it on the left, the picture on the right."""
    say = frame.say
    left, right = st.columns([3, 2], gap="medium")
    with left:
        st.header(say("task.speech"), anchor=False)
        voice = _voice(say)
        said = utterance(voice, SAID)
        try:
            hearing = hear(said.samples)
        except S2SError as error:
            st.text(say.error(error))
            return
        play(said.samples, said.spoken, {_KEY: hearing}, frame, key=f"{_KEY}-sound")
        st.write(say("applications.about_speech"))
        st.caption(f"{say('applications.data_speech')} {say('applications.licence', licence=LICENCE)}")
        told = say("applications.speech_length", states=len(hearing.encoder_states),
                   seconds=f"{hearing.seconds:.1f}", digits=len(hearing.digits))  # fmt: skip
        st.text(told)
        if st.button(say(f"{_LEADS_TO}.menu"), key="door-speech"):
            st.switch_page(script_of(_LEADS_TO))
    with right:
        card = panel(hearing, said.spoken, frame, name=_KEY, code=code_of(voice, SAID))
        labels = card_labels(say) | {"help_pin": ""}
        live_view([card], labels=labels, palette=frame.palette, key=_KEY, beside=1)


def _voice(say: Strings) -> str:
    names = {name: name for name in voices()}
    view = read(View)
    voice = choose(view, "voice", say("applications.voice"), names)
    write_link(view)
    return voice
