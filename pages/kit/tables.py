"""Tables of quantities: a row each, and a column for each thing that has them."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from pages.kit.strings import Strings


def quantities(columns: Mapping[str, Mapping[str, str]], say: Strings) -> None:
    """Draw them, by the name of the column and that of the row; the head of the rows is named, too."""
    st.table(pd.DataFrame(columns).rename_axis(say("frame.quantity")))
