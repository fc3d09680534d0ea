"""python -m s2s data senses: what each word can be in a translation, and how often one of these is said."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final

from s2s.cli.outputs import write_new
from s2s.cli.streams import say
from s2s.data.corpora import read_pairs
from s2s.languages import FIRST
from s2s.text import lower_words

_ITERATIONS: Final = 5  # in each direction


def add(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `data senses`."""
    meaning = "learn from sentence pairs what each word can be in a translation"
    parser = actions.add_parser(
        "senses",
        help=meaning,
        description=f"{meaning.capitalize()}, and in what share of the translations one of these stands. By "
        "this table it is judged which words a translation lost. Words are aligned by a model learned from "
        "the pairs themselves.",
    )
    parser.set_defaults(command=_senses)
    parser.add_argument("pairs", type=Path, nargs="+", metavar="FILE",
                        help="pairs to learn from: source TAB target a line, plain or .gz")  # fmt: skip
    parser.add_argument("--out", type=Path, required=True, metavar="FILE",
                        help="where the table goes: word TAB share TAB senses; never overwritten with "
                        "different contents")  # fmt: skip
    parser.add_argument("--source-language", default=FIRST.source, metavar="CODE",
                        help="of the words on the left (default: %(default)s)")  # fmt: skip
    parser.add_argument("--target-language", default=FIRST.target, metavar="CODE",
                        help="of those on the right (default: %(default)s)")  # fmt: skip


def _senses(options: argparse.Namespace) -> None:
    from tqdm import tqdm

    from s2s.data.senses import as_tsv, learn

    pairs = [pair for path in options.pairs for pair in read_pairs(path)]
    sources = [lower_words(pair.source, options.source_language) for pair in pairs]
    targets = [lower_words(pair.target, options.target_language) for pair in pairs]
    with tqdm(desc="aligning", total=2 * _ITERATIONS, unit="round", dynamic_ncols=True) as bar:
        found = learn(sources, targets, iterations=_ITERATIONS, on_round=bar.update)
    write_new({options.out: as_tsv(found).encode()})
    say(f"{options.out}: {len(found):,} words of {len(pairs):,} pairs")
