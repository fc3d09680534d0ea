import re
from dataclasses import replace

from s2s.evaluate.regime_table import regimes_section, step_table
from s2s.evaluate.report import Report, markdown
from tests.evaluate.evaluations import EVALUATION
from tests.evaluate.regime_records import PROFESSOR, REGIMES, TEACHER


def rows(text: str) -> dict[str, list[str]]:
    """The cells of tables by the name of their row; one that comes twice keeps the first."""
    found: dict[str, list[str]] = {}
    for line in text.splitlines():
        if line.startswith("| "):
            name, *cells = (cell.strip() for cell in line.strip("|").split("|"))
            found.setdefault(name, cells)
    return found


def test_the_section_tells_both_texts_costs_seeds_and_who_can_be_told():
    text = "\n\n".join(regimes_section(REGIMES))
    found = rows(text)
    assert found["gap in accuracy, points"] == ["25.0 (23.0 to 27.0)", "20.0 (18.0 to 22.0)"]
    assert found["more gap in accuracy, points"] == ["-", "-5.0 (-6.0 to -4.0)"]
    assert found["more BLEU"] == ["-", "-0.25 (-0.26 to -0.24)"]
    assert found["BLEU, source of 1-5 words and marks (8)"][0] == "51.25 (49.25 to 53.25)"
    assert not any(name.startswith("BLEU, source of 6+") for name in found), "no pair is so long"
    assert found["teacher"] == ["105", "1.00 (1.00 to 1.00)"]
    assert found["professor"] == ["310", "2.95 (2.90 to 3.00)"]
    assert re.search(r"\| professor \| 188 \(175 to 200\) \| +58 \(54 to 62\) \| +2 of 2 \|", text)
    assert found["norm of the gradient"] == ["1.12 (1.00 to 1.25)", "2.12 (2.00 to 2.25)"]
    assert found["told right by a new discriminator, %"][1] == "70.0 (68.0 to 72.0)"
    assert found["in training, first look / last, %"] == ["-", "75.0 / 75.0"]
    assert "**test.tsv**: 8 pairs of 9 drawn from 10; " in text
    assert "**general.tsv**: 8 pairs; " in text


def test_without_repetitions_nothing_is_said_of_seeds():
    text = "\n\n".join(regimes_section(replace(REGIMES, repetitions=(), levels=())))
    assert "seeds that reach it" not in text
    assert "Repetitions" not in text
    assert "milliseconds an update" in text


def test_a_model_has_a_row_for_each_step():
    table = step_table(TEACHER.everyday)
    assert re.findall(r"(?m)^\| (\d\S*)", table) == ["1", "2", "3", "4+"]
    assert step_table(PROFESSOR.general) == table, "made up of the same steps"


def test_the_page_of_the_report_has_the_section_where_there_is_a_record():
    report = Report(shipped=(EVALUATION,), repetitions=())
    without, with_it = markdown(report), markdown(report, REGIMES)
    assert with_it.startswith(without.rstrip("\n"))
    assert "## Training regimes" not in without
    assert all(part in with_it for part in regimes_section(REGIMES))
