import pytest

from s2s.evaluate.evaluation import Evaluation
from s2s.evaluate.table import table
from tests.evaluate.evaluations import EVALUATION, WITHOUT_ATTENTION


def rows(text: str) -> dict[str, list[str]]:
    """The cells of each row of a table by the row's name."""
    lines = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("|")]
    return {line[0].strip(): [cell.strip() for cell in line[1:]] for line in lines}


def test_each_model_has_a_column_of_equal_width():
    text = table([EVALUATION, WITHOUT_ATTENTION])
    bars = {tuple(i for i, c in enumerate(line) if c == "|") for line in text.splitlines() if line[:1] == "|"}
    assert len(bars) == 1
    assert rows(text)[""] == ["made-up-dot", "made-up-none"]


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("parameters, million", ["3.21", "3.21"]),
        ("BLEU", ["41.25", "41.25"]),
        ("BLEU, source of 1-5 words (1,200)", ["40.50", "40.50"]),
        ("exactly a reference, %", ["31.25", "31.25"]),
        ("AER, posteriors, %", ["0.00", "-"]),
        ("AER, row that predicts, %", ["25.00", "-"]),
        ("AER, row that reads, %", ["93.75", "-"]),
        ("links, row that predicts", ["1,100", "-"]),
        ("mean entropy of a word's weights, nats", ["0.88", "-"]),
    ],
)
def test_a_row_has_the_number_of_each_model_or_a_dash(name: str, cells: list[str]):
    assert rows(table([EVALUATION, WITHOUT_ATTENTION]))[name] == cells


def test_what_no_model_has_is_not_a_row():
    both, one = rows(table([EVALUATION, WITHOUT_ATTENTION])), rows(table([WITHOUT_ATTENTION]))
    assert "BLEU, source of 6+ words (0)" not in both
    assert {name.split(",")[0] for name in both.keys() - one.keys()} == {
        "AER", "precision", "recall", "links", "mean entropy of a word's weights"
    }  # fmt: skip


@pytest.mark.parametrize("evaluation", [EVALUATION, WITHOUT_ATTENTION])
def test_below_stands_what_it_takes_to_count_again(evaluation: Evaluation):
    notes = table([evaluation]).rpartition("|\n")[2]
    for wanted in (evaluation.bleu.signature, evaluation.chrf.signature, "pairs.tsv", "1,250", "torch 2.0"):
        assert wanted in notes
    assert ("gold.tsv: 100 pairs, 1,000 sure links" in notes) == (evaluation.gold is not None)


def test_the_gold_is_told_whichever_model_was_measured_on_it():
    assert "gold.tsv: 100 pairs" in table([WITHOUT_ATTENTION, EVALUATION])
