"""What is counted of the reader's sentence: steps in a row, steps between words, bytes of scores."""

from __future__ import annotations

import streamlit as st

from pages.kit.family import available, config_of, name_of
from pages.kit.frame import Frame
from pages.kit.strings import Strings
from pages.kit.tables import quantities
from pages.kit.translators import answer
from pages.labs.parallel.view import View
from s2s.catalog import ATTENDING, PLAIN, SUCCESSOR
from s2s.config import AnyModelConfig
from s2s.counts import score_bytes, steps_between, steps_to_read, steps_to_write

_UNITS = ("B", "kB", "MB", "GB")


def counted_section(text: str, view: View, frame: Frame) -> None:
    """A table of what follows from the shapes of the models, for this sentence and its translation."""
    say = frame.say
    models = available((PLAIN.name, ATTENDING.name, SUCCESSOR.name))
    trace = answer(available((ATTENDING.name,))[0], text).trace
    read, written = len(trace.source_pieces), len(trace.target_pieces)
    quantities({name_of(name, say): counts(config_of(name), read, written, say) for name in models}, say)
    st.caption(say("parallel.counted_how"))


def counts(config: AnyModelConfig, read: int, written: int, say: Strings) -> dict[str, str]:
    """A column: the quantities of a model, for so many pieces that are read and written."""
    scores = score_bytes(config, read, written)
    return {
        say("parallel.to_read", pieces=read): f"{steps_to_read(config, read):,}",
        say("parallel.to_write", pieces=written): f"{steps_to_write(config, written):,}",
        say("parallel.between"): f"{steps_between(config, read - 1):,}",
        say("parallel.scores_source"): written_bytes(scores.source),
        say("parallel.scores_across"): written_bytes(scores.across),
    }


def written_bytes(count: float) -> str:
    """With a unit, in steps of a thousand."""
    for unit in _UNITS[:-1]:
        if count < 1000:
            return f"{count:.0f} {unit}" if unit == _UNITS[0] or count >= 100 else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.1f} {_UNITS[-1]}"
