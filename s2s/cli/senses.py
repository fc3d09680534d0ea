"""python -m s2s data senses: what each word can be in a translation, and how often one of these is said."""

from __future__ import annotations

import argparse

from s2s.cli import word_tables


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
    word_tables.add_options(parser, columns="word TAB share TAB senses")


def _senses(options: argparse.Namespace) -> None:
    from s2s.data.senses import as_tsv, learn

    word_tables.make(options, learn, as_tsv)
