"""python -m s2s data: a public corpus, or sentence pairs of one's own, made ready for training."""

from __future__ import annotations

import argparse
import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Final

from s2s.cli import fragments, glosses, public, senses, sentences
from s2s.cli.prepared import BadLines, Origin, make, tell
from s2s.cli.settings import add_settings
from s2s.config import SplitConfig
from s2s.data.corpora import LIMIT, LINES
from s2s.data.fetch import ABOUT, ARCHIVE_LIMIT, CORPORA

if TYPE_CHECKING:
    pass

_RESULT: Final = (
    "Writes train.tsv.gz, dev.tsv.gz, test.tsv.gz and README.md into a folder: normalised pairs, each once, "
    "split so that no sentence of dev or test is in train, whatever its case and punctuation. A file that is "
    "there already is never overwritten with different contents. What is read is kept in memory: at most "
    f"{LIMIT:,} bytes and {LINES:,} lines in a file, unpacked."
)


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `data fetch`, `data split`, `data fragments`, `data glosses`, `data senses` and
    `data sentences`."""
    meaning = "make sentence pairs ready for training: a public corpus, or your own"
    data = commands.add_parser("data", help=meaning, description=meaning)
    actions = data.add_subparsers(required=True, metavar="COMMAND")

    meaning = "download a public corpus and split it"
    fetch = actions.add_parser("fetch", help=meaning, description=f"{meaning.capitalize()}. {_RESULT}")
    fetch.set_defaults(command=_fetch)
    known = (*CORPORA, *public.names())
    fetch.add_argument("corpus", choices=known, metavar="CORPUS", help=f"one of: {', '.join(known)}")
    fetch.add_argument("--out", type=Path, metavar="FOLDER", help="the folder (default: data/CORPUS)")
    fetch.add_argument("--url", metavar="ADDRESS",
                       help="another address of the archive, or the path of one that you have (of a corpus "
                       "of several files: of their folder); without --checksum its content is not checked. "
                       f"At most {ARCHIVE_LIMIT:,} bytes")  # fmt: skip
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

    if options.corpus not in CORPORA:
        public.fetch_public(options)
        return
    config, bad_lines = _config(options), BadLines()
    corpus = CORPORA[options.corpus]
    url = options.url or corpus.url
    checksum = options.checksum or ("" if options.url else corpus.checksum)
    archive = fetch(url, checksum=checksum, progress=True)
    check = "checked" if archive.is_checked else "not checked against anything"
    known_as = f"{archive.algorithm} {archive.checksum}, {check}"
    tell(f"{url}: {len(archive.data):,} bytes, {known_as}")
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
    origin = Origin(f"{corpus.source}-{corpus.target} sentence pairs", text, corpus.source, corpus.target)
    make(options.out or Path("data", options.corpus), pairs, config, bad_lines.count, origin, others)


def _split(options: argparse.Namespace) -> None:
    from s2s.data.corpora import read_parallel, recognise

    config, bad_lines = _config(options), BadLines()
    on_bad_line = None if options.strict else bad_lines
    if options.target is None:
        found = recognise(options.source, target_first=options.target_first, on_bad_line=on_bad_line)
        pairs = found.pairs
        if found.is_tatoeba:
            tell(f"{options.source}: the target stands first, as in files of ManyThings")
        text = f"From {options.source.name}."
    else:
        pairs = read_parallel(options.source, options.target, on_bad_line=on_bad_line)
        text = f"From {options.source.name} and {options.target.name}."
    make(options.out, pairs, config, bad_lines.count, Origin("Sentence pairs", text, "source", "target"), {})


def _config(options: argparse.Namespace) -> SplitConfig:
    return SplitConfig(**{s.name: getattr(options, s.name) for s in dataclasses.fields(SplitConfig)})
