"""A folder of pairs ready for training, as `data fetch` and `data split` write it, and what is told of it."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from s2s.cli.outputs import write_new
from s2s.config import SplitConfig
from s2s.errors import DataError

if TYPE_CHECKING:
    from s2s.data.corpora import Pair
    from s2s.data.splits import Prepared


class Origin(NamedTuple):
    """Where pairs come from and what they are, for the README."""

    title: str
    text: str
    source: str
    target: str


class BadLines:
    """Tells bad lines on standard error, and counts them."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, error: DataError) -> None:
        """One more."""
        self.count += 1
        tell(f"skipped: {error}")


def make(
    folder: Path,
    pairs: Sequence[Pair],
    config: SplitConfig,
    bad: int,
    origin: Origin,
    others: Mapping[str, bytes],
    together: Sequence[Sequence[Pair]] = (),
) -> None:
    """Prepare the pairs, tell what became of them, and write the folder; where some stand `together`, with
    all targets that those of test have there, too."""
    from s2s.data.corpora import pairs_as_tsv
    from s2s.data.splits import prepare, with_all_targets

    prepared = prepare(pairs, config, together)
    split, account = prepared.split, _account(prepared, config, bad)
    tell(account)
    files = {
        "train.tsv.gz": pairs_as_tsv(split.train),
        "dev.tsv.gz": pairs_as_tsv(split.dev),
        "test.tsv.gz": pairs_as_tsv(split.test),
        "README.md": _readme(prepared, config, account, origin).encode(errors="replace"),
        **others,
    }
    if any(len(group) > 1 for group in together):
        files["test-refs.tsv.gz"] = pairs_as_tsv(with_all_targets(split.test, together))
    write_new({folder / name: data for name, data in files.items()})
    counts = f"{len(split.train):,} pairs in train, {len(split.dev):,} in dev, {len(split.test):,} in test"
    tell(f"{folder}: {counts}")


def _account(prepared: Prepared, config: SplitConfig, bad: int) -> str:
    return (
        f"{prepared.read:,} pairs were read and {bad:,} bad lines skipped. Left out were "
        f"{prepared.duplicates:,} duplicates, {prepared.empty:,} pairs with an empty side, {prepared.long:,} "
        f"with more than {config.max_words} words on a side and {prepared.uneven:,} with more than "
        f"{config.max_ratio:g} times the words on one side. The rest are {prepared.split.groups:,} groups, "
        f"the largest of {prepared.split.largest:,} pairs."
    )


def _readme(prepared: Prepared, config: SplitConfig, account: str, origin: Origin) -> str:
    split = prepared.split
    return f"""\
# {origin.title}

{origin.text}

Each line: {origin.source} TAB {origin.target}, UTF-8.

| file | pairs | groups |
|---|---|---|
| train.tsv.gz | {len(split.train):,} | {split.groups - config.dev - config.test:,} |
| dev.tsv.gz | {len(split.dev):,} | {config.dev:,} |
| test.tsv.gz | {len(split.test):,} | {config.test:,} |

{account}

Pairs that share a sentence on either side, directly or through other pairs, whatever its case and
punctuation, form a group. A group is whole in one file, so no sentence of dev or test is in train.
Dev and test were drawn with seed {config.seed} among the groups of at most {config.max_group} pairs.
Lines with the same source are several translations of it.
"""


def tell(text: str) -> None:
    """Say something to a person."""
    print(text, file=sys.stderr)
