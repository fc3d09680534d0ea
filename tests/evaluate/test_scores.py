"""Scores of a task beside copying its input."""

import dataclasses
import json
from pathlib import Path

import pytest

from s2s.cli import main, scores
from s2s.data.corpora import Pair, pairs_as_tsv
from s2s.errors import DataError
from s2s.evaluate import scores as measured
from s2s.evaluate.page import page_of
from s2s.evaluate.report import TASKS_REPORT, read_report
from s2s.evaluate.scores import is_loop, manner, task_score
from s2s.evaluate.task_table import scores_section, tokenizer_of
from s2s.languages import FIRST, Languages, tokenizers_of
from s2s.registers import is_casual, is_polite
from tests.evaluate.evaluations import EVALUATION
from tests.evaluate.test_report import report
from tests.sentences import PAIRS

CASUAL = Languages("ko", "ko", "casual")
POLITE_PAIRS = [
    Pair("내일 몇 시에 오나요", "내일 몇 시에 오니"),
    Pair("내일 몇 시에 오나요", "내일 몇 시에 와"),
    Pair("창문 좀 닫아 주세요", "창문 좀 닫아 줘"),
]
SETUP = dataclasses.replace(EVALUATION.setup, model="casual-ko-general", data="test.tsv.gz")


class Says:
    """A model that gives its answers from a table, and copies what is not there."""

    def __init__(self, answers: dict[str, str]) -> None:
        self.answers = answers

    def translations(self, sources: list[str]) -> list[str]:
        return [self.answers.get(source, source) for source in sources]


@pytest.fixture(autouse=True)
def _cut_by_characters(monkeypatch) -> None:
    """What cuts Korean words as a dictionary has them need not be installed."""
    monkeypatch.setattr(measured, "tokenizers_of", lambda code: ("char",))


def test_a_model_that_copies_has_the_figures_of_copying():
    score = task_score(Says({}), SETUP, POLITE_PAIRS, CASUAL)
    assert score.output == score.copying
    assert (score.inputs, score.references) == (2, 3)
    assert score.copying.manner.copied == 1
    assert score.copying.exact == 0
    assert score.copying.manner.register == 0


def test_a_model_that_says_what_people_wrote_is_right_in_everything():
    answers = {pair.source: pair.target for pair in POLITE_PAIRS}
    score = task_score(Says(answers), SETUP, POLITE_PAIRS, CASUAL)
    output = score.output
    assert (output.exact, output.manner.register, output.manner.loops) == (1, 1, 0)
    assert output.chrf.value == pytest.approx(100)
    assert [bleu.value for bleu in output.bleu] == pytest.approx([100])
    assert output.chrf.value > score.copying.chrf.value
    assert score.people.copied == pytest.approx((3 + 3 + 3) / 12)
    assert score.people.distinct is None, "two of them are for one input"


def test_what_is_said_is_counted_by_words_marks_and_capitals_aside():
    found = manner(["The cat, the cat.", "a dog"], ["the CAT sleeps", "no"], FIRST)
    assert found.copied == pytest.approx(4 / 6)
    assert found.distinct == 1
    assert found.register is None, "any will do"
    assert manner(["yes", "yes"], ["a", "b"], FIRST).distinct == 0.5
    assert manner([""], ["a"], FIRST).copied == 0


@pytest.mark.parametrize(
    ("said", "is_so"),
    [
        ("a a a", True), ("a a b a", False), ("a b a b a b", True), ("a b a b a", False),
        ("x a b c a b c a b c y", True), ("", False), ("a a", False), ("a b c d e f g " * 3, False),
    ],
)  # fmt: skip
def test_a_loop_says_one_to_six_words_three_times_in_a_row(said: str, is_so: bool):
    assert is_loop(said.split()) is is_so


@pytest.mark.parametrize(
    "text", ["몇 시에 오나요?", "고맙습니다.", "그렇지요", "앉으십시오!", "맞죠", "어디입니까"]
)
def test_polite_endings_are_known_whatever_mark_follows(text: str):
    assert is_polite(text)
    assert not is_casual(text)


@pytest.mark.parametrize("text", ["몇 시에 와", "고마워!", "요즘 어때?", "앉아", "문 닫아라."])
def test_other_endings_are_casual(text: str):
    assert is_casual(text)
    assert not is_polite(text)


def test_nothing_has_no_register():
    assert not is_polite("?!")
    assert not is_casual("?!")


def test_words_that_nothing_here_can_cut_are_told_with_what_to_install(monkeypatch):
    def missing(tokenize: str) -> None:
        raise RuntimeError("not installed")

    monkeypatch.setattr(measured, "BLEU", missing)
    with pytest.raises(DataError, match="s2s\\[korean\\]"):
        task_score(Says({}), SETUP, POLITE_PAIRS, CASUAL)


def test_korean_words_are_cut_as_a_dictionary_has_them_and_by_character():
    assert tokenizers_of("ko") == ("ko-mecab", "char")
    assert tokenizers_of("en") == ("13a",)
    assert tokenizers_of("tlh") == ("13a",), "a language without a row"


def test_a_table_has_a_column_for_each_model_for_copying_and_for_people():
    one = task_score(Says({}), SETUP, POLITE_PAIRS, CASUAL)
    other = dataclasses.replace(one, model="another", data="other.tsv.gz")
    text = "\n\n".join(scores_section([one, other]))
    assert text.count("copying the input |") == 2, "a table for each file"
    assert "BLEU (char)" in text
    assert "| in the register, %     |" in text
    assert one.copying.bleu[0].signature in text
    assert tokenizer_of(one.copying.chrf) == ""


def test_the_command_puts_scores_and_evaluation_into_the_record_and_the_page(
    tmp_path: Path, trained_folder: Path, monkeypatch, capsys
):
    out = tmp_path / "models"
    out.mkdir()
    (out / "report.json").write_text(report().to_json(), encoding="utf-8")
    (tmp_path / "test.tsv.gz").write_bytes(pairs_as_tsv(PAIRS[:6]))
    monkeypatch.setattr(scores.catalog, "SHIPPED", out)
    command = ["scores", "--model", str(trained_folder), str(tmp_path / "test.tsv.gz")]
    assert main(command) == 0
    assert trained_folder.name in capsys.readouterr().out
    assert not (out / TASKS_REPORT.name).exists()
    for more in ([], ["--exchanged"]):
        assert main([*command, *more, "--write"]) == 0
    record = read_report(out / TASKS_REPORT.name)
    (evaluation,), (score,) = record.shipped, record.scores
    assert score.data == evaluation.setup.data == "test.tsv.gz, sides exchanged"
    assert (score.weights, score.inputs) == (evaluation.setup.weights, evaluation.sentences)
    page = (out / "README.md").read_text(encoding="utf-8")
    assert page == page_of(out)
    assert "## Other tasks" in page
    assert "copying the input" in page


def test_a_record_with_damaged_scores_is_refused(tmp_path: Path):
    place = tmp_path / "tasks.json"
    score = task_score(Says({}), SETUP, POLITE_PAIRS, CASUAL)
    whole = dataclasses.replace(report(), scores=(score,))
    place.write_text(whole.to_json(), encoding="utf-8")
    assert read_report(place) == whole
    record = json.loads(whole.to_json())
    record["scores"][0]["output"]["exact"] = "all"
    place.write_text(json.dumps(record), encoding="utf-8")
    with pytest.raises(DataError, match=r"tasks\.json"):
        read_report(place)
