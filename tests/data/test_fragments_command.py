from pathlib import Path

import pytest

from s2s.cli import main
from s2s.data.corpora import Pair, read_pairs

NOUNS = {"chat": "cat", "chien": "dog", "livre": "book", "pain": "bread", "train": "train"}
VERBS = {"voit": "sees", "aime": "likes", "prend": "takes"}
PAIRS = [
    Pair(f"Elle {verb} un {noun}.", f"She {verbs} a {nouns}.")
    for verb, verbs in VERBS.items()
    for noun, nouns in NOUNS.items()
]


def _file(path: Path, pairs: list[Pair] = PAIRS) -> Path:
    path.write_text("".join(f"{source}\t{target}\n" for source, target in pairs), encoding="utf-8")
    return path


def _run(file: Path, out: Path, *more: str) -> int:
    return main(["data", "fragments", str(file), *more, "--out", str(out)])


def test_fragments_are_written_as_pairs_and_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(_file(tmp_path / "pairs.tsv"), tmp_path / "new" / "out.tsv.gz") == 0
    found = read_pairs(tmp_path / "new" / "out.tsv.gz")
    assert {
        ("Elle", "She"),
        ("Elle aime un", "She likes a"),
        ("chien", "dog"),
        ("un pain", "a bread"),
    } <= set(found)
    assert len(found) == len(set(found))
    said = capsys.readouterr()
    for wanted in ("15 pairs were read", "| prefix |", "ends with a mark", f"{len(found)} fragments"):
        assert wanted in said.out
    assert "aligning" in said.err
    assert "cutting" in said.err


def test_the_same_pairs_give_the_same_bytes_and_several_files_are_one(tmp_path: Path) -> None:
    whole = _file(tmp_path / "pairs.tsv")
    halves = [_file(tmp_path / "a.tsv", PAIRS[:7]), _file(tmp_path / "b.tsv", PAIRS[7:])]
    assert _run(whole, tmp_path / "one.tsv.gz") == 0
    assert _run(halves[0], tmp_path / "two.tsv.gz", str(halves[1])) == 0
    assert (tmp_path / "one.tsv.gz").read_bytes() == (tmp_path / "two.tsv.gz").read_bytes()


def test_a_name_without_gz_gives_plain_text(tmp_path: Path) -> None:
    file = _file(tmp_path / "pairs.tsv")
    assert _run(file, tmp_path / "out.tsv") == 0
    assert _run(file, tmp_path / "out.tsv.gz") == 0
    assert read_pairs(tmp_path / "out.tsv") == read_pairs(tmp_path / "out.tsv.gz")


def test_gold_links_say_how_many_fragments_agree(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gold = tmp_path / "gold.tsv"
    gold.write_text("Elle prend un livre.\tShe takes a book.\t0-0 1-1 2-2 3-3 4-4\t\n", encoding="utf-8")
    assert _run(_file(tmp_path / "pairs.tsv"), tmp_path / "out.tsv", "--gold", str(gold)) == 0
    # four prefixes, three words, and three of several words inside
    said = capsys.readouterr().out
    assert "| prefix | 4 | 100.0% | 100.0% |" in said
    assert "| all | 10 | 100.0% | 100.0% |" in said


def test_another_content_is_not_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out.tsv"
    out.write_text("mine\n", encoding="utf-8")
    assert _run(_file(tmp_path / "pairs.tsv"), out) == 1
    assert "different contents" in capsys.readouterr().err
    assert out.read_text(encoding="utf-8") == "mine\n"


@pytest.mark.parametrize(
    ("text", "more", "wanted"),
    [
        ("one\n", (), "line 1 has 1 columns"),
        ("a b c\td e f\n", ("--max-words", "2"), "No pair has at most 2 words"),
        ("...\t!\n", (), "No fragment was found in 1 pairs"),
        ("a\tb\n", ("--longest", "0"), "longest is 0"),
        ("a\tb\n", ("--gold", "nowhere.tsv"), "nowhere.tsv does not exist"),
    ],
)
def test_what_cannot_be_used_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, more: tuple[str, ...], wanted: str
) -> None:
    file = tmp_path / "pairs.tsv"
    file.write_text(text, encoding="utf-8")
    assert _run(file, tmp_path / "out.tsv", *more) == 1
    assert wanted in capsys.readouterr().err.splitlines()[-1]
    assert not (tmp_path / "out.tsv").exists()
