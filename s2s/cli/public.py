"""The corpora of `data fetch` that are files at an address, or recordings, and no archive of ManyThings."""

from __future__ import annotations

import argparse
import dataclasses
from pathlib import Path
from typing import Final

from s2s.cli.outputs import write_new
from s2s.cli.prepared import BadLines, Origin, make, tell
from s2s.config import SplitConfig
from s2s.data import digits
from s2s.data.fetch import fetch
from s2s.data.public import PUBLIC, Public, check_lines, grouped, receive
from s2s.errors import DataError

DIGITS: Final = "digits"


def names() -> tuple[str, ...]:
    """What `data fetch` takes besides."""
    return (*PUBLIC, DIGITS)


def fetch_public(options: argparse.Namespace) -> None:
    """Download one of them, or read it from a folder that is here, and write its folder."""
    folder = options.out or Path("data", options.corpus)
    if options.corpus == DIGITS:
        _fetch_digits(folder, options)
    else:
        _fetch_pairs(folder, PUBLIC[options.corpus], options)


def _fetch_pairs(folder: Path, corpus: Public, options: argparse.Namespace) -> None:
    if options.checksum:
        raise DataError("checksum_of_files", corpus=options.corpus)
    bad_lines, place = BadLines(), options.url or corpus.base
    received = receive(corpus, options.url or "", progress=True)
    for one in received.told:
        tell(one)
    read = corpus.read(received.files, bad_lines)
    if not options.url:
        check_lines(corpus, read.lines, place)
    is_checked = corpus.lines and not options.url
    tell(f"{read.lines:,} lines" + (", as many as the corpus is said to have" if is_checked else ""))
    text = (
        f"From {place}: {'; '.join(received.told)}. {read.lines:,} lines.\n\n"
        f"Attribution: {corpus.attribution}. Licence: {corpus.licence}, {corpus.licence_url}. The sentences "
        "were normalised, filtered and split; these files are an adaptation, under the same licence."
    )
    origin = Origin(corpus.title, text, corpus.source, corpus.target)
    config = _config(options, corpus)
    make(folder, grouped(read.groups), config, bad_lines.count, origin, read.others, together=read.groups)


def _config(options: argparse.Namespace, corpus: Public) -> SplitConfig:
    """What was asked for, and groups in dev and test as the corpus has them where nothing was."""
    given = {s.name: getattr(options, s.name) for s in dataclasses.fields(SplitConfig)}
    usual = SplitConfig()
    for part, groups in (("dev", corpus.dev), ("test", corpus.test)):
        if given[part] == getattr(usual, part):
            given[part] = groups
    return SplitConfig(**given)


def _fetch_digits(folder: Path, options: argparse.Namespace) -> None:
    url = options.url or digits.URL
    archive = fetch(url, checksum=options.checksum or "", progress=True)
    known_as = f"{archive.algorithm} {archive.checksum}"
    tell(f"{url}: {len(archive.data):,} bytes, {known_as}")
    parts = digits.parts(digits.read_archive(archive.data, url))
    files: dict[Path, bytes] = {}
    for name, part in parts.items():
        found, expected = digits.checksum(part), digits.CHECKSUMS[name]
        if not options.url and found != expected:
            raise DataError("samples_other", part=name, found=found, expected=expected)
        told = "checked" if found == expected else "other samples than those of the address above"
        tell(f"{name}: {len(part):,} recordings, sha256 of the samples {found}, {told}")
        files |= {folder / file: data for file, data in digits.files_of(name, part).items()}
    files[folder / "README.md"] = _about_digits(url, known_as, parts).encode()
    write_new(files)


def _about_digits(url: str, known_as: str, parts: dict[str, list[digits.Recording]]) -> str:
    rows = "\n".join(f"| {name} | {len(part):,} |" for name, part in parts.items())
    return f"""\
# Spoken digits

From {url} ({known_as}).

Attribution: {digits.ATTRIBUTION}. Licence: {digits.LICENCE}, {digits.LICENCE_URL}. These files are an
adaptation (repacked, one speaker left out, audio unchanged sample by sample), under the same licence.

| part | recordings |
|---|---|
{rows}

`PART.tsv` is the index: file, speaker, digit, samples. `PART.s16.xz` holds the recordings back to back in
that order, 16 bit, little-endian, {digits.RATE:,} samples a second. Test is the corpus's own test part. The
speaker {digits.HELD_BACK} is left out: a voice that no model heard.
"""
