"""python -m s2s data sentences: sentence pairs that a small grammar makes from a lexicon."""

from __future__ import annotations

import argparse
import gzip
from pathlib import Path
from typing import Final

from s2s.cli.outputs import write_new
from s2s.cli.settings import Limits
from s2s.cli.streams import say

_LANGUAGES: Final = ("ko-en",)
_COUNTS: Final = Limits(1, 1_000_000)
_SEEDS: Final = Limits(0, 2**31 - 1)


def add(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `data sentences`."""
    meaning = "make sentence pairs from a lexicon and a small grammar"
    parser = actions.add_parser(
        "sentences",
        help=meaning,
        description=f"{meaning.capitalize()}: everyday words in simple sentences, and words and phrases "
        "alone. A model that learns from them, beside a corpus, knows words that the corpus lacks. The same "
        "seed makes the same pairs.",
    )
    parser.set_defaults(command=_sentences)
    parser.add_argument("--languages", choices=_LANGUAGES, default=_LANGUAGES[0], metavar="PAIR",
                        help=f"one of: {', '.join(_LANGUAGES)} (default: %(default)s)")  # fmt: skip
    parser.add_argument("--count", type=_COUNTS, default=1000, metavar="N",
                        help=f"different pairs; {_COUNTS} (default: %(default)s)")  # fmt: skip
    parser.add_argument("--seed", type=_SEEDS, default=1, metavar="N",
                        help=f"seed of the draw; {_SEEDS} (default: %(default)s)")  # fmt: skip
    parser.add_argument("--out", type=Path, metavar="FILE",
                        help="where the pairs go, source TAB target a line, packed if it ends in .gz; never "
                        "overwritten with different contents (default: standard output)")  # fmt: skip


def _sentences(options: argparse.Namespace) -> None:
    from s2s.data.corpora import pairs_as_tsv
    from s2s.data.grammar.generate import generate

    made = generate(options.count, options.seed)
    if options.out is None:
        for pair in made:
            say(f"{pair.source}\t{pair.target}")
        return
    pairs = list(made)
    data = pairs_as_tsv(pairs)
    write_new({options.out: data if options.out.suffix == ".gz" else gzip.decompress(data)})
    say(f"{options.out}: {len(pairs):,} pairs")
