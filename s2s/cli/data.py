"""python -m s2s data: a public corpus, or sentence pairs of one's own, made ready for training."""

from __future__ import annotations

import argparse
import dataclasses
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from s2s.cli import fragments, glosses, senses, sentences
from s2s.cli.outputs import write_new
from s2s.cli.settings import add_settings
from s2s.config import SplitConfig
from s2s.data.corpora import LIMIT, LINES
from s2s.data.fetch import ABOUT, ARCHIVE_LIMIT, CORPORA
from s2s.errors import DataError

if TYPE_CHECKING:
    from s2s.data.corpora import Pair
    from s2s.data.splits import Prepared

_RESULT: Final = (
    "Writes train.tsv.gz, dev.tsv.gz, test.tsv.gz and README.md into a folder: normalised pairs, each once, "
    "split so that no sentence of dev or test is in train, whatever its case and punctuation. A file that is "
    "there already is never overwritten with different contents. What is read is kept in memory: at most "
    f"{LIMIT:,} bytes and {LINES:,} lines in a file, unpacked."
)


class _Origin(NamedTuple):
    """Where pairs come from and what they are, for the README."""

    title: str
    text: str
    source: str
    target: str


class _BadLines:
    """Tells bad lines on standard error, and counts them."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, error: DataError) -> None:
        self.count += 1
        _tell(f"skipped: {error}")


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `data fetch`, `data split`, `data fragments`, `data glosses`, `data senses` and
    `data sentences`."""
    meaning = "make sentence pairs ready for training: a public corpus, or your own"
    data = commands.add_parser("data", help=meaning, description=meaning)
    actions = data.add_subparsers(required=True, metavar="COMMAND")

    meaning = "download a public corpus and split it"
    fetch = actions.add_parser("fetch", help=meaning, description=f"{meaning.capitalize()}. {_RESULT}")
    fetch.set_defaults(command=_fetch)
    fetch.add_argument("corpus", choices=CORPORA, metavar="CORPUS", help=f"one of: {', '.join(CORPORA)}")
    fetch.add_argument("--out", type=Path, metavar="FOLDER", help="the folder (default: data/CORPUS)")
    fetch.add_argument("--url", metavar="ADDRESS",
                       help="another address of the archive, or the path of one that you have; without "
                       f"--checksum its content is not checked. At most {ARCHIVE_LIMIT:,} bytes")  # fmt: skip
    fetch.add_argument("--checksum", metavar="DIGITS",
                       help="the SHA-1 or SHA-256 that the archive must have")  # fmt: skip

    meaning = "split sentence pairs of your own"
    split = actions.add_parser("split", help=meaning, description=f"{meaning.capitalize()}. {_RESULT}")
    split.set_defaults(command=_split)
    split.add_argument("source", type=Path, metavar="FILE",
                       help="source TAB target a line, plain or .gz; of two files, the source")  # fmt: skip
    split.add_argument("target", type=Path, nargs="?", metavar="FILE",
                       help="the target: its line n is the translation of line n of the source")  # fmt: skip
    split.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="the folder")
    split.add_argument("--target-first", action="store_true",
                       help="one file has target TAB source a line, as ManyThings writes them; without "
                       "this option one is known by its third column, the attribution")  # fmt: skip
    split.add_argument("--strict", action="store_true",
                       help="stop at a bad line; without, bad lines are told and skipped")  # fmt: skip

    for parser in (fetch, split):
        add_settings(parser, SplitConfig)
    fragments.add(actions)
    glosses.add(actions)
    senses.add(actions)
    sentences.add(actions)


def _fetch(options: argparse.Namespace) -> None:
    from s2s.data.corpora import read_tatoeba
    from s2s.data.fetch import fetch, unpack

    config, bad_lines = _config(options), _BadLines()
    corpus = CORPORA[options.corpus]
    url = options.url or corpus.url
    checksum = options.checksum or ("" if options.url else corpus.checksum)
    archive = fetch(url, checksum=checksum, progress=True)
    check = "checked" if archive.is_checked else "not checked against anything"
    known_as = f"{archive.algorithm} {archive.checksum}, {check}"
    _tell(f"{url}: {len(archive.data):,} bytes, {known_as}")
    contents = unpack(archive.data, member=corpus.member, url=url)
    text = (
        f"From {url} ({known_as}).\n\nAttribution: {corpus.attribution}. Licence: {corpus.licence}, "
        f"{corpus.licence_url}. The sentences were normalised, filtered and split."
    )
    others = {}
    if contents.about is not None:
        text += f" {ABOUT} is what the archive says of itself."
        others[ABOUT] = contents.about
    pairs = read_tatoeba(Path(corpus.member), data=contents.pairs, on_bad_line=bad_lines)
    origin = _Origin(f"{corpus.source}-{corpus.target} sentence pairs", text, corpus.source, corpus.target)
    _make(options.out or Path("data", options.corpus), pairs, config, bad_lines.count, origin, others)


def _split(options: argparse.Namespace) -> None:
    from s2s.data.corpora import read_parallel, recognise

    config, bad_lines = _config(options), _BadLines()
    on_bad_line = None if options.strict else bad_lines
    if options.target is None:
        found = recognise(options.source, target_first=options.target_first, on_bad_line=on_bad_line)
        pairs = found.pairs
        if found.is_tatoeba:
            _tell(f"{options.source}: the target stands first, as in files of ManyThings")
        text = f"From {options.source.name}."
    else:
        pairs = read_parallel(options.source, options.target, on_bad_line=on_bad_line)
        text = f"From {options.source.name} and {options.target.name}."
    _make(
        options.out, pairs, config, bad_lines.count, _Origin("Sentence pairs", text, "source", "target"), {}
    )


def _config(options: argparse.Namespace) -> SplitConfig:
    return SplitConfig(**{s.name: getattr(options, s.name) for s in dataclasses.fields(SplitConfig)})


def _make(
    folder: Path,
    pairs: Sequence[Pair],
    config: SplitConfig,
    bad: int,
    origin: _Origin,
    others: Mapping[str, bytes],
) -> None:
    """Prepare the pairs, tell what became of them, and write the folder."""
    from s2s.data.corpora import pairs_as_tsv
    from s2s.data.splits import prepare

    prepared = prepare(pairs, config)
    split, account = prepared.split, _account(prepared, config, bad)
    _tell(account)
    files = {
        "train.tsv.gz": pairs_as_tsv(split.train),
        "dev.tsv.gz": pairs_as_tsv(split.dev),
        "test.tsv.gz": pairs_as_tsv(split.test),
        "README.md": _readme(prepared, config, account, origin).encode(errors="replace"),
        **others,
    }
    write_new({folder / name: data for name, data in files.items()})
    counts = f"{len(split.train):,} pairs in train, {len(split.dev):,} in dev, {len(split.test):,} in test"
    _tell(f"{folder}: {counts}")


def _account(prepared: Prepared, config: SplitConfig, bad: int) -> str:
    return (
        f"{prepared.read:,} pairs were read and {bad:,} bad lines skipped. Left out were "
        f"{prepared.duplicates:,} duplicates, {prepared.empty:,} pairs with an empty side, {prepared.long:,} "
        f"with more than {config.max_words} words on a side and {prepared.uneven:,} with more than "
        f"{config.max_ratio:g} times the words on one side. The rest are {prepared.split.groups:,} groups, "
        f"the largest of {prepared.split.largest:,} pairs."
    )


def _readme(prepared: Prepared, config: SplitConfig, account: str, origin: _Origin) -> str:
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


def _tell(text: str) -> None:
    print(text, file=sys.stderr)
