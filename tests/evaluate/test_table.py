import dataclasses

import pytest

from s2s.evaluate.evaluation import Evaluation
from s2s.evaluate.table import gap_table, position_table, table, typed_table
from tests.evaluate.evaluations import EVALUATION, TYPED, WITHOUT_ATTENTION
from tests.evaluate.gaps import GAP, GAP_WITHOUT_ATTENTION


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
        ("BLEU, source of 1-5 words and marks (1,200)", ["40.50", "40.50"]),
        ("BLEU, chains of 2 (16 words, 240 inputs)", ["50.5 (49.2-51.8)"] * 2),
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


def test_what_an_older_record_lacks_is_a_dash_in_its_column():
    older = dataclasses.replace(EVALUATION, chains=())
    name, score = "BLEU, chains of 1 (8 words, 480 inputs)", "51.5 (50.2-52.8)"
    assert rows(table([EVALUATION, older]))[name] == [score, "-"]
    assert rows(table([older, EVALUATION]))[name] == ["-", score]


def test_what_no_model_has_is_not_a_row():
    both, one = rows(table([EVALUATION, WITHOUT_ATTENTION])), rows(table([WITHOUT_ATTENTION]))
    assert "BLEU, source of 6+ words and marks (0)" not in both
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


def test_a_gap_has_a_row_for_each_quantity_under_both_regimes():
    found = rows(gap_table([("made-up-dot", GAP), ("made-up-none", GAP_WITHOUT_ATTENTION)]))
    assert found[""] == ["made-up-dot", "made-up-none"]
    assert found["runs that diverge, %"] == ["62.50", "62.50"]
    assert found["half of these by step"] == ["3", "3"]
    assert found["pieces as in the reference, %, forced / free"] == ["75.00 / 50.00"] * 2
    assert found["entropy of a piece's weights, nats, forced / free"] == ["1.50 / 1.62", "-"]
    assert found["exactly the reference, %, forced / free"] == ["37.50 / 37.50"] * 2
    assert found["BLEU, one reference, forced / free"] == ["58.50 / 51.25"] * 2


def test_positions_have_a_row_each_and_the_last_says_that_it_is_several():
    found = rows(position_table(GAP))
    assert list(found) == ["step", "------", "1", "2", "3", "4+"]
    assert found["4+"] == ["16", "68.75 / 25.00", "1.62 / 4.00", "1.50 / 1.75", "25.00"]


def test_what_is_typed_has_a_row_in_the_order_of_its_styles_with_chrf_bleu_and_what_is_kept():
    found = rows(
        typed_table([("one", TYPED), ("other", dataclasses.replace(TYPED, styles=TYPED.styles[:2]))])
    )
    assert list(found)[2:9] == [
        "as in the corpus",
        "no final mark",
        "lower case",
        "lower case, no mark",
        "no accents",
        "capitals",
        "no accents, lower case, no mark",
    ]
    assert found["as in the corpus"] == ["64.00 / 48.00 / 100.00"] * 2
    assert found["lower case"] == ["48.00 / 32.00 / 75.00", "-"]


def test_without_any_chrf_nothing_is_kept_of_it():
    nothing = dataclasses.replace(TYPED.styles[0], chrf=0.0, bleu=0.0)
    text = typed_table([("one", dataclasses.replace(TYPED, styles=(nothing,)))])
    assert rows(text)["as in the corpus"] == ["0.00 / 0.00 / -"]


def test_word_by_word_has_erasure_and_over_saying_beside_what_the_count_gets_wrong():
    found = rows(typed_table([("one", TYPED), ("other", dataclasses.replace(TYPED, word_by_word=None))]))
    assert found["normalised erasure"] == ["2.12", "-"]
    assert found["over-saying texts, before the last word, %"] == ["75.00", "-"]
    assert found["over-said words, before the last word, %"] == ["37.50", "-"]
    assert found["over-said words, whole sentences, %"] == ["12.50", "-"]
    assert found["over-said words, human translations, %"] == ["6.25", "-"]
    assert found["lexicon"] == ["learned.tsv 0123456789ab", "-"]


def test_below_the_styles_stands_what_is_left_out_of_the_comparison():
    text = typed_table([("one", dataclasses.replace(TYPED, word_by_word=None))])
    assert "Final marks and case are left out of the comparison in every row" in text
    assert "word by word" not in text
