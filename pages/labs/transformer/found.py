"""What was found of the heads over many sentences, told below their pictures."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.kit.frame import Frame
from pages.labs.transformer.heads import head_name
from pages.labs.transformer.known import Known, called_reading, does, rule
from s2s.evaluate.heads import Heads
from s2s.looks import ATTENTIONS


def what_heads_do(known: Known, frame: Frame) -> None:
    """The heads that deserve a name, the best way to read one map, and when a head gets a name."""
    say, record = frame.say, known.record
    st.header(say("heads.found_title"), anchor=False)
    if record is None:
        st.text(known.notice)
        return
    st.write(_best(record, frame))
    named = {
        f"{say(f'heads.of_{of}')}, {head_name(layer, head, say)}": what
        for of in ATTENTIONS
        for layer in range(record.layers)
        for head in range(record.heads)
        if (what := does(record, of, layer, head, say))
    }
    if named:
        st.table(pd.DataFrame({say("heads.does"): named}).rename_axis(say("heads.head")))
    else:
        st.text(say("heads.no_names"))
    st.caption(rule(record, say))


def _best(record: Heads, frame: Frame) -> str:
    say, best = frame.say, record.best
    read = next(one for one in record.readings if (one.reading.way, one.reading.row) == ("read", "predicts"))
    told = say(
        "heads.best",
        reading=called_reading(best.reading, record.model, say),
        best=f"{100 * best.told_on:.1f}",
        read=f"{100 * read.told_on:.1f}",
        pairs=record.told_pairs,
    )
    if record.beside is None:
        return told
    return f"{told} {say('heads.beside', error=f'{100 * record.beside.told_on:.1f}')}"
