"""Tables of quantities: what stands in them, and that the head of the rows is named for those who hear it."""

import pandas as pd
import pytest

from pages.kit.tables import quantities
from tests.apps import SAY


@pytest.mark.parametrize("language", SAY)
def test_a_quantity_is_a_row_and_what_has_it_a_column(monkeypatch: pytest.MonkeyPatch, language: str):
    drawn: list[pd.DataFrame] = []
    monkeypatch.setattr("streamlit.table", drawn.append)
    columns = {"dot": {"BLEU": "56.7", "AER": "6.7"}, "none": {"BLEU": "45.8", "AER": "–"}}
    quantities(columns, SAY[language])
    [table] = drawn
    assert table.to_dict() == columns
    assert table.index.name == SAY[language]("frame.quantity")
