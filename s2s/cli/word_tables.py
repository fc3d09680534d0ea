"""Tables about the words of a corpus, learned by aligning its sentence pairs: what commands that write one
ask for, and how they make it."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sized
from pathlib import Path
from typing import Final, TypeVar

from s2s.cli.outputs import write_new
from s2s.cli.streams import say
from s2s.data.corpora import read_pairs
from s2s.languages import FIRST
from s2s.text import lower_words

_ITERATIONS: Final = 5  # in each direction

_Table = TypeVar("_Table", bound=Sized)


def add_options(parser: argparse.ArgumentParser, *, columns: str) -> None:
    """Which pairs, of which languages, and where the table goes."""
    parser.add_argument("pairs", type=Path, nargs="+", metavar="FILE",
                        help="pairs to learn from: source TAB target a line, plain or .gz")  # fmt: skip
    parser.add_argument("--out", type=Path, required=True, metavar="FILE",
                        help=f"where the table goes: {columns}; never overwritten with different "
                        "contents")  # fmt: skip
    parser.add_argument("--source-language", default=FIRST.source, metavar="CODE",
                        help="of the words on the left (default: %(default)s)")  # fmt: skip
    parser.add_argument("--target-language", default=FIRST.target, metavar="CODE",
                        help="of those on the right (default: %(default)s)")  # fmt: skip


def make(options: argparse.Namespace, learn: Callable[..., _Table], as_tsv: Callable[[_Table], str]) -> None:
    """Learn a table, with a row for each word, and write it. `learn` takes the words of both sides, and
    `iterations` and `on_round` as an `Aligner` does."""
    from tqdm import tqdm

    pairs = [pair for path in options.pairs for pair in read_pairs(path)]
    sources = [lower_words(pair.source, options.source_language) for pair in pairs]
    targets = [lower_words(pair.target, options.target_language) for pair in pairs]
    with tqdm(desc="aligning", total=2 * _ITERATIONS, unit="round", dynamic_ncols=True) as bar:
        found = learn(sources, targets, iterations=_ITERATIONS, on_round=bar.update)
    write_new({options.out: as_tsv(found).encode()})
    say(f"{options.out}: {len(found):,} words of {len(pairs):,} pairs")
