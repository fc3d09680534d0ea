"""What others measured of ways of training, beside what is measured here."""

from __future__ import annotations

from typing import Final

import pandas as pd
import streamlit as st

from pages.kit.strings import Strings
from pages.labs.regimes.quantities import DASH, banded
from pages.labs.regimes.record import name_of, on_text
from s2s.claims.regimes import TEXTS
from s2s.config import FREE, REGIMES, SCHEDULED, TEACHER
from s2s.evaluate.regimes import Regimes

# Each was read in its source: Bengio et al. (2015), table 1; the README of
# ljm565/neural-machine-translator-GRU.
_PUBLISHED: Final = (
    ("captions", {TEACHER: "28.8", SCHEDULED: "30.6", FREE: "11.2"}, "Bengio et al. 2015"),
    ("tatoeba", {TEACHER: "39.96", SCHEDULED: "38.34"}, "ljm565, GitHub"),
)


def published(found: Regimes | None, say: Strings) -> None:
    """BLEU by how models were trained: others', and that of the models here."""
    st.subheader(say("ways.published"), anchor=False)
    where, source = say("ways.published_where"), say("ways.published_source")
    rows = [_row(say(f"ways.{task}"), bleu, say) | {source: name} for task, bleu, name in _PUBLISHED]
    if found is not None:
        for text in TEXTS:
            ours = {one.regime: banded(on_text(one, text).bleu.free, 1) for one in found.trained}
            rows.append(_row(say("ways.ours", text=say(f"ways.text_{text}")), ours, say) | {source: DASH})
    st.table(pd.DataFrame(rows).rename(columns={"": where}).set_index(where))
    st.caption(say("ways.published_note"))


def _row(task: str, bleu: dict[str, str], say: Strings) -> dict[str, str]:
    return {"": task, **{name_of(regime, say): bleu.get(regime, DASH) for regime in REGIMES}}
