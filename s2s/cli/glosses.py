"""python -m s2s data glosses: what each word of a corpus most often is on the other side."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final

from s2s.cli.outputs import write_new
from s2s.cli.streams import say
from s2s.data.corpora import read_pairs
from s2s.data.glosses import drafts
from s2s.languages import FIRST
from s2s.text import lower_words

_ITERATIONS: Final = 5  # in each direction


def add(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `data glosses`."""
    meaning = "draft a glossary from sentence pairs"
    parser = actions.add_parser(
        "glosses",
        help=meaning,
        description=f"{meaning.capitalize()}: each word of the source, the most frequent first, how often it "
        "occurs, and what it most often is in the translations, with the share of its occurrences. Words are "
        "aligned by a model learned from the pairs themselves. A draft, for a person to read and correct.",
    )
    parser.set_defaults(command=_glosses)
    parser.add_argument("pairs", type=Path, nargs="+", metavar="FILE",
                        help="pairs to learn from: source TAB target a line, plain or .gz")  # fmt: skip
    parser.add_argument("--out", type=Path, required=True, metavar="FILE",
                        help="where the draft goes: word TAB occurrences TAB meanings; never overwritten "
                        "with different contents")  # fmt: skip
    parser.add_argument("--source-language", default=FIRST.source, metavar="CODE",
                        help="of the words on the left (default: %(default)s)")  # fmt: skip
    parser.add_argument("--target-language", default=FIRST.target, metavar="CODE",
                        help="of those on the right (default: %(default)s)")  # fmt: skip


def _glosses(options: argparse.Namespace) -> None:
    from tqdm import tqdm

    pairs = [pair for path in options.pairs for pair in read_pairs(path)]
    sources = [lower_words(pair.source, options.source_language) for pair in pairs]
    targets = [lower_words(pair.target, options.target_language) for pair in pairs]
    with tqdm(desc="aligning", total=2 * _ITERATIONS, unit="round", dynamic_ncols=True) as bar:
        found = drafts(sources, targets, iterations=_ITERATIONS, on_round=bar.update)
    lines = []
    for word, occurrences, said in found:
        meanings = " | ".join(f"{one.text} {one.share:.2f}" for one in said)
        lines.append(f"{word}\t{occurrences}\t{meanings}\n")
    write_new({options.out: "".join(lines).encode()})
    say(f"{options.out}: {len(found):,} words of {len(pairs):,} pairs")
