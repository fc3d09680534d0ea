"""What words can be in translations, from pairs whose words are known."""

from pathlib import Path

import pytest

from s2s.cli import main
from s2s.data.corpora import pairs_as_tsv
from s2s.data.senses import as_tsv, learn, read_senses, senses
from s2s.errors import DataError
from s2s.languages import FIRST, Languages
from tests.data.test_fragments_command import PAIRS
from tests.data.test_glosses import MEANINGS


def test_a_sense_is_what_a_word_is_and_its_share_how_often_that_is_said():
    sources = [pair.source.lower().rstrip(".").split() for pair in PAIRS] * 2
    targets = [pair.target.lower().rstrip(".").split() for pair in PAIRS] * 2
    found = learn(sources, targets, iterations=3)
    pairs = list(zip(sources, targets, strict=True))
    for word, meaning in MEANINGS.items():
        if word not in ("un", "elle"):  # what stands in every other sentence is no sign of any one word
            assert meaning in found[word].said
            times = sum(sentence.count(word) for sentence in sources)
            there = [target for source, target in pairs if word in source]
            met = sum(not found[word].said.isdisjoint(target) for target in there)
            assert found[word].share == pytest.approx((met + 0.5) / (times + 1))


def test_the_command_writes_a_table_that_reads_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    pairs, out = tmp_path / "pairs.tsv.gz", tmp_path / "senses.tsv"
    pairs.write_bytes(pairs_as_tsv([*PAIRS]))
    assert main(["data", "senses", str(pairs), "--out", str(out)]) == 0
    table = read_senses(out)
    assert as_tsv(table) == out.read_text(encoding="utf-8")
    assert f"{len(table)} words of {len(PAIRS)} pairs" in capsys.readouterr().out


@pytest.mark.parametrize("line", ["chat", "chat\tcat\tcat", "chat\t0.9\tcat\tdog"])
def test_a_damaged_table_is_refused_by_its_line(tmp_path: Path, line: str):
    path = tmp_path / "senses.tsv"
    path.write_text(f"le\t0.750\tthe\n{line}\n", encoding="utf-8")
    with pytest.raises(DataError, match="line 2"):
        read_senses(path)


def test_shipped_words_have_theirs_and_other_languages_none():
    table = senses(FIRST)
    assert {"don't", "not"} <= table["pas"].said
    assert all(sense.said and 0 < sense.share <= 1 for sense in table.values())
    assert senses(Languages("xx", "en")) == {}
