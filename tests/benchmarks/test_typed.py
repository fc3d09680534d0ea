import dataclasses

from benchmarks.typed import told
from tests.evaluate.evaluations import TYPED


def test_each_row_has_every_model_and_styles_are_shares_of_the_score_of_the_corpus() -> None:
    found = {row.what: row.measured for row in told({"a": TYPED, "b": TYPED})}
    assert found["chrF, as in the corpus"] == "a 64.0, b 64.0"
    assert found["chrF kept, lower case"] == "a 75%, b 75%"
    assert found["normalised erasure, word by word"] == "a 2.12, b 2.12"
    assert found["words over-said before the last word / in whole sentences"] == "a 38% / 12%, b 38% / 12%"


def test_what_was_not_measured_is_a_dash() -> None:
    found = {row.what: row.measured for row in told({"a": dataclasses.replace(TYPED, word_by_word=None)})}
    assert found["normalised erasure, word by word"] == "a -"
