"""Drafts of glosses, from sentence pairs whose words are known."""

from pathlib import Path

from s2s.cli import main
from s2s.data.corpora import pairs_as_tsv, read_pairs
from s2s.data.glosses import drafts
from tests.data.test_fragments_command import PAIRS

MEANINGS = {"elle": "she", "un": "a", "chat": "cat", "livre": "book", "voit": "sees", "prend": "takes"}


def test_a_draft_says_what_a_word_is_in_most_of_its_translations():
    sources = [pair.source.lower().rstrip(".").split() for pair in PAIRS]
    targets = [pair.target.lower().rstrip(".").split() for pair in PAIRS]
    rounds: list[None] = []
    found = drafts(sources, targets, iterations=3, on_round=lambda: rounds.append(None))
    assert len(rounds) == 2 * 3
    assert [draft.occurrences for draft in found] == sorted(
        (draft.occurrences for draft in found), reverse=True
    )
    by_word = {draft.word: draft for draft in found}
    assert by_word.keys() == {word for sentence in sources for word in sentence}
    for word, meaning in MEANINGS.items():
        assert by_word[word].said[0].text == meaning
        assert 0 < sum(said.share for said in by_word[word].said) <= 1


def test_the_command_writes_them_the_most_frequent_first(tmp_path: Path, capsys):
    pairs = tmp_path / "pairs.tsv.gz"
    pairs.write_bytes(pairs_as_tsv(PAIRS))
    assert main(["data", "glosses", str(pairs), "--out", str(tmp_path / "draft.tsv")]) == 0
    lines = (tmp_path / "draft.tsv").read_text(encoding="utf-8").splitlines()
    words = {word: said for word, _count, said in (line.split("\t") for line in lines)}
    assert words["chat"].startswith("cat ")
    assert f"{len(lines)} words of {len(read_pairs(pairs))} pairs" in capsys.readouterr().out
