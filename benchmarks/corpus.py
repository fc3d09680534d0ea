"""The French-English pairs that trainers and aligners are measured on: a folder named by --data."""

from __future__ import annotations

from pathlib import Path
from typing import Final, NamedTuple

from s2s import catalog
from s2s.data.corpora import Pair, read_pairs
from s2s.data.tokenizer import Tokenizer
from s2s.evaluate.translation import Sentence, sentences

TRAIN: Final = "train.tsv.gz"
DEV: Final = "dev.tsv.gz"
TEST: Final = "test.tsv.gz"
FILES: Final = (TRAIN, DEV, TEST)
NEEDED: Final = (
    "--data FOLDER, a folder with French-English pairs, source TAB target a line, in the files "
    f"{TRAIN}, {DEV} and {TEST}"
)
_PIECES_OF: Final = "fr-en-general"


class Pieces(NamedTuple):
    """Tokenizers and the files they are in."""

    source: Tokenizer
    target: Tokenizer
    source_file: Path
    target_file: Path


def is_complete(folder: Path) -> bool:
    """Whether the folder holds all three files."""
    return all((folder / name).is_file() for name in FILES)


def train_pairs(folder: Path) -> list[Pair]:
    """What is learned from."""
    return read_pairs(folder / TRAIN)


def dev_pairs(folder: Path) -> list[Pair]:
    """What a toolkit may insist on having."""
    return read_pairs(folder / DEV)


def test_sentences(folder: Path, count: int) -> list[Sentence]:
    """The first so many sentences to translate, each with all its references."""
    return sentences(read_pairs(folder / TEST))[:count]


def shipped_pieces() -> Pieces:
    """The pieces of the shipped models: every trainer reads and says the same ones."""
    folder = catalog.locate(_PIECES_OF)
    source, target = folder / catalog.SOURCE_TOKENIZER, folder / catalog.TARGET_TOKENIZER
    return Pieces(Tokenizer.load(source), Tokenizer.load(target), source, target)
