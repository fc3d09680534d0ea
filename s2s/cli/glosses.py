"""python -m s2s data glosses: what each word of a corpus most often is on the other side."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from s2s.cli import word_tables
from s2s.data.glosses import Draft, drafts


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
    word_tables.add_options(parser, columns="word TAB occurrences TAB meanings")


def _glosses(options: argparse.Namespace) -> None:
    word_tables.make(options, drafts, _as_tsv)


def _as_tsv(found: Sequence[Draft]) -> str:
    lines = []
    for word, occurrences, said in found:
        meanings = " | ".join(f"{one.text} {one.share:.2f}" for one in said)
        lines.append(f"{word}\t{occurrences}\t{meanings}\n")
    return "".join(lines)
