"""What others measured with teacher forcing against free running, beside what is measured here."""

from __future__ import annotations

from typing import Final

import pandas as pd
import streamlit as st

from pages.kit.family import model_names
from pages.kit.strings import Strings
from pages.labs.gap.quantities import DASH
from s2s.evaluate.gap import Gap

_BENGIO: Final = "Bengio et al. 2015"  # table 3, read in the source


def published(model: str, gap: Gap | None, say: Strings) -> None:
    """What others measured, beside what is measured here."""
    st.header(say("gap.published"), anchor=False)
    where, what, source = (say(f"gap.published_{key}") for key in ("where", "what", "source"))
    teacher, itself = say("gap.published_teacher"), say("gap.published_itself")
    rows = [
        {
            where: say("gap.timit"),
            what: say("gap.timit_what"),
            teacher: "15.0",
            itself: "46.0",
            source: _BENGIO,
        }
    ]
    if gap is not None:
        wrong = [f"{100 * (1 - scores.accuracy):.1f}" for scores in (gap.overall.forced, gap.overall.free)]
        here = say("gap.ours", model=model_names(say)[model])
        numbers = {teacher: wrong[0], itself: wrong[1], source: DASH}
        rows.append({where: here, what: say("gap.ours_what"), **numbers})
    st.table(pd.DataFrame(rows).set_index(where))
    st.caption(say("gap.published_note"))
