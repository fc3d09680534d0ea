"""The file that a gap is measured on: a part of the corpus that is here, or a reader's own."""

from __future__ import annotations

import gzip
import hashlib
import io
import zlib
from itertools import islice
from math import ceil
from pathlib import Path
from typing import Final, NamedTuple

import streamlit as st

from pages.kit.jobs import MINUTES
from pages.kit.state import choose, read, write_link
from pages.kit.strings import Strings
from pages.labs.gap.view import OWN, View, parts_here
from s2s.data.corpora import read_bounded, read_pairs
from s2s.errors import DataError, S2SError
from s2s.languages import FIRST

LINES: Final = 3000  # of a file that are measured: more than the test set has, some minutes
_A_MINUTE: Final = 600  # pairs; 9 to 12 a second of 56 characters by an LSTM on two shared cores
_MEGABYTE: Final = 1 << 20  # as Streamlit counts
# Streamlit says its limit, and that a file is above it, in English. Ours is said above and below the field.
_CSS: Final = """
<style>
.st-key-gap-upload [data-testid="stFileUploaderDropzoneInstructions"] {{ display: none; }}
.st-key-gap-upload:has([data-testid="stFileChipIconError"])::after {{ content: "{}"; }}
</style>
"""


class Material(NamedTuple):
    """A file of pairs, ready to be measured on."""

    name: str
    data: bytes  # not packed, LINES at most
    pairs: int
    lines: int  # of the whole file
    digest: str  # of `data`


class TooLargeError(Exception):
    """A file above the limit."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def limit() -> int:
    """MB of a file, packed or not: what the server takes, so that there is one limit."""
    megabytes: int = st.get_option("server.maxUploadSize")
    return megabytes


def choose_material(say: Strings) -> Material | None:
    """Let the reader choose a file. What keeps it from being measured on is said, otherwise how much of it is
    measured and how long that takes."""
    parts = parts_here() if say.languages == (FIRST,) else {}  # the corpus is in these languages
    choice = OWN
    if parts:
        view = read(View)
        words = {part: say(f"gap.file_{part}") for part in (*parts, OWN)}
        choice = choose(view, "file", say("gap.file"), words)
        write_link(view)
    try:
        if choice == OWN:
            st.html(_CSS.format(say("gap.refused", limit=limit())))
            given = st.file_uploader(say("gap.upload"), key="gap-upload")
            material = None if given is None else checked(given.name, given.getvalue(), limit() * _MEGABYTE)
        else:
            st.caption(say("gap.known"))
            name = parts[choice].name
            material = checked(name, parts[choice].read_bytes(), limit() * _MEGABYTE)
    except TooLargeError as error:
        st.text(say("gap.too_large", name=error.name, limit=limit()))
        return None
    except S2SError as error:
        st.text(say.error(error))
        return None
    except OSError as error:
        st.text(say.error(DataError("file_unreadable", path=choice, reason=error.strerror)))
        return None
    if material is not None:
        st.text(_told(material, say))
    return material


def _told(material: Material, say: Strings) -> str:
    """How much is measured, and how long it takes."""
    if material.lines > LINES:
        ready = say("gap.ready_cut", name=material.name, lines=f"{material.lines:,}", limit=f"{LINES:,}")
    else:
        ready = say("gap.ready", name=material.name, pairs=f"{material.pairs:,}")
    return f"{ready} {say('gap.takes', minutes=ceil(material.pairs / _A_MINUTE), limit=MINUTES)}"


@st.cache_resource(show_spinner=False, max_entries=8)
def checked(name: str, data: bytes, most: int) -> Material:
    """A file of at most so many bytes that can be measured on, unpacked if it is packed; only its first LINES
    are looked at. Raises TooLargeError, DataError."""
    is_packed = name.endswith(".gz") or data[:2] == b"\x1f\x8b"
    given = io.BytesIO(data)
    try:  # five packed megabytes may hold five thousand
        with gzip.open(given) if is_packed else given as file:
            data = read_bounded(file, most, else_raise=TooLargeError(name))
    except (OSError, EOFError, zlib.error) as error:
        raise DataError("file_unreadable", path=name, reason=str(error)) from error
    lines = data.count(b"\n") + (not data.endswith(b"\n"))
    data = b"".join(islice(io.BytesIO(data), LINES))
    pairs = read_pairs(Path(name), data=data)
    return Material(name, data, len(pairs), lines, hashlib.sha256(data).hexdigest())
