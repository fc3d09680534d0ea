"""A reader's own sound: recorded here, or from a WAV file. It is in no link, and no file is written."""

from __future__ import annotations

from typing import Final

import streamlit as st

from pages.kit.strings import Strings
from pages.labs.speech.view import MICROPHONE
from s2s.errors import DataError
from s2s.sound.waves import LONGEST, RATE, Samples, listenable

_ACCEPTED: Final = ["wav"]
_WIDTH: Final = 560  # pixels of a field, at most
# Streamlit says its limit, and that a file is above it, in English. Ours is said above the field.
_CSS: Final = """
<style>
.st-key-speech-file [data-testid="stFileUploaderDropzoneInstructions"] {{ display: none; }}
.st-key-speech-file:has([data-testid="stFileChipIconError"])::after {{ content: "{}"; }}
</style>
"""


def own_sound(source: str, say: Strings) -> Samples | None:
    """Let the reader record or choose one, at the level that the model reads; what keeps it from being heard
    is said, and there is none."""
    st.caption(say("speech.own_how", seconds=f"{LONGEST:.0f}"))
    if source == MICROPHONE:
        st.caption(say("speech.record_how"))
        given = st.audio_input(
            say("speech.record"), sample_rate=2 * RATE, key="speech-microphone", width=_WIDTH
        )
    else:
        limit = st.get_option("server.maxUploadSize")
        st.html(_CSS.format(say("speech.refused", limit=limit)))
        given = st.file_uploader(
            say("speech.upload", limit=limit), type=_ACCEPTED, key="speech-file", width=_WIDTH
        )
    if given is None:
        return None
    try:
        return listenable(given.getvalue())
    except DataError as error:
        st.text(say.error(error))
        return None
