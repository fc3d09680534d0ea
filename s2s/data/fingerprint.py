"""Which data it was: one short text that tells two sets of pairs, or two files, apart."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from s2s.catalog import WEIGHTS, read_part
from s2s.text import normalise


def fingerprint(pairs: Iterable[tuple[str, str]]) -> str:
    """The SHA-256, in hexadecimal, of the pairs as the models read them: source TAB target, a line each.

    Another order is another fingerprint; another spelling of the same normalised text is not.
    """
    digest = hashlib.sha256()
    for source, target in pairs:
        digest.update(f"{normalise(source).text}\t{normalise(target).text}\n".encode())
    return digest.hexdigest()


def sha256(data: bytes) -> str:
    """The SHA-256, in hexadecimal, of the bytes of a file."""
    return hashlib.sha256(data).hexdigest()


def weights_of(folder: Path) -> str:
    """The SHA-256 of a model's weights. Raises CheckpointError."""
    return sha256(read_part(folder / WEIGHTS, limit=None))
