"""How well the network hears, as its card says."""

from __future__ import annotations

from typing import Final

import streamlit as st

from pages.kit.strings import Strings
from pages.kit.tables import quantities
from s2s.errors import CheckpointError
from s2s.sound.shelf import UNHEARD, SpeechCard, located, read_card

DEV: Final = "dev"
_COLUMNS: Final = (DEV, "test", UNHEARD)  # what it may have been measured on
_ROWS: Final = ("wer", "whole", "inside", "peak_inside", "monotone")


def _card() -> SpeechCard | None:
    folder = located()
    try:
        return None if folder is None else read_card(folder)[1]
    except CheckpointError:
        return None


def sureness_limit() -> float | None:
    """The mean probability that one in a hundred utterances of the known voices stays below; None where
    nobody measured it."""
    card = _card()
    return None if card is None else card.measured.get(DEV, {}).get("sure")


def measured(say: Strings) -> None:
    """A table of the card's figures, in per cent."""
    card = _card()
    if card is None or not card.measured:
        return
    columns = {
        say(f"speech.on_{where}"): {
            say(f"speech.measured_{name}"): f"{100 * card.measured[where][name]:.1f}%"
            for name in _ROWS
            if name in card.measured[where]
        }
        for where in _COLUMNS
        if where in card.measured
    }
    if columns:
        quantities(columns, say)
        counts = {say(f"speech.on_{where}"): card.measured[where]["utterances"] for where in _COLUMNS
                  if where in card.measured}  # fmt: skip
        told = ", ".join(f"{name}: {count:.0f}" for name, count in counts.items())
        st.caption(say("speech.measured_of", told=told))
