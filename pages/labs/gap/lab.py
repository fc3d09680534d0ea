"""What teacher forcing hides, over whole files: the report's numbers, the literature's, and one's own.

The report is read; another file is measured in the background (`pages.kit.jobs`), a process of its own.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple
from uuid import uuid4

import pandas as pd
import streamlit as st

from pages.kit.family import OneModel, languages_of, model_names
from pages.kit.frame import Frame
from pages.kit.jobs import DATA, Done, Failed, Job, Running, Stopped, Waiting, jobs
from pages.kit.report import shipped_report
from pages.kit.state import choose, read, write_link
from pages.kit.strings import Strings
from pages.labs.gap.curves import curves
from pages.labs.gap.published import published
from pages.labs.gap.quantities import axis_tops, column
from pages.labs.gap.view import OWN, View, parts_here
from s2s.claims.gap import runs_part
from s2s.data.corpora import read_pairs
from s2s.errors import DataError, S2SError
from s2s.evaluate.gap import Gap
from s2s.languages import FIRST

LIMIT: Final = 5  # MB of a file that is uploaded, packed or not
_REFUSED: Final = 20  # MB; above it Streamlit refuses a file by itself, in English
# Streamlit's own line in the field speaks of that limit; ours is said above it, in the reader's language.
_CSS: Final = """
<style>.st-key-gap-upload [data-testid="stFileUploaderDropzoneInstructions"] { display: none; }</style>
"""
_MEGABYTE: Final = 1_000_000


class Material(NamedTuple):
    """A file of pairs, ready to be measured on."""

    name: str
    data: bytes  # not packed
    pairs: int
    digest: str


class Request(NamedTuple):
    """What a reader wants measured."""

    model: str
    name: str  # of the file
    digest: str
    is_left: bool = False  # the reader has stopped it; others may want it still

    @property
    def question(self) -> tuple[str, str, str]:
        """The same for all who ask the same, whatever their file is called."""
        return ("gap", self.model, self.digest)


class Measured(NamedTuple):
    """A gap, and the name of the file it was measured on."""

    gap: Gap
    data: str


def draw(frame: Frame) -> None:
    """The gap of the main page's models, of the chosen one by step, beside what was published, and measured
    anew."""
    model = read(OneModel).model
    frame = frame.about(languages_of([model]))
    say = frame.say
    st.subheader(say("gap.title"), anchor=False)
    st.write(say("gap.meaning"))
    found: dict[str, Measured] = {}
    try:
        found = {e.setup.model: Measured(e.gap, e.setup.data) for e in shipped_report().scorers if e.gap}
    except S2SError as error:
        st.text(say.error(error))
    gap = found[model].gap if model in found else None
    if gap is not None:
        st.markdown(f"**{_finding(model, gap, say)}**")
    if found:
        _table({model_names(say).get(name, name): one.gap for name, one in found.items()}, say)
        _how(next(iter(found.values())), say)
    if gap is not None:
        st.subheader(say("gap.curves", model=model_names(say)[model]), anchor=False)
        curves(gap, "report", frame, tops=axis_tops([gap]))
    published(model, gap, say)
    _again(model, found, frame)


def _finding(model: str, gap: Gap, say: Strings) -> str:
    """What the numbers say, in a sentence or two."""
    values = {"model": model_names(say).get(model, model), "pairs": f"{gap.pairs:,}"}
    claim = runs_part(gap)
    if not claim.holds:
        return say("gap.finding_never", **values)
    shares = {name: f"{100 * claim.values[name]:.1f}" for name in ("forced", "free", "diverged")}
    first = say("gap.finding", **values, **shares, median=claim.values["median"])
    bleus = {"forced": f"{gap.forced.bleu:.1f}", "free": f"{gap.free.bleu:.1f}"}
    return f"{first} {say('gap.finding_bleu', **bleus)}"


def _how(measured: Measured, say: Strings) -> None:
    gap = measured.gap
    st.caption(say("gap.how", pairs=f"{gap.pairs:,}", data=measured.data, skipped=f"{gap.skipped:,}"))


def _table(found: Mapping[str, Gap], say: Strings) -> None:
    """Gaps side by side: a column each."""
    st.table(pd.DataFrame({name: column(gap, say) for name, gap in found.items()}))


@st.fragment
def _again(model: str, reported: Mapping[str, Measured], frame: Frame) -> None:
    """Choose a file, measure it in the background, see what comes of it."""
    say = frame.say
    st.subheader(say("gap.again"), anchor=False)
    st.write(say("gap.again_how", model=model_names(say)[model], limit=LIMIT))
    asked: Request | None = st.session_state.get("gap.asked")
    job = None if asked is None else jobs().find(asked.question)
    is_busy = asked is not None and not asked.is_left and job is not None and not job.is_over
    material = _material(say)
    st.button(
        say("gap.start"), key="gap-start", type="primary", disabled=material is None or is_busy,
        on_click=_start, args=(model, material),
    )  # fmt: skip
    if asked is None or job is None:
        return
    if is_busy:
        st.fragment(_progress, run_every=1.0)(asked, say)
    else:
        _outcome(asked, job, reported.get(asked.model), frame)


def _start(model: str, material: Material) -> None:
    asked = Request(model, material.name, material.digest)
    arguments = ["gap", "--model", model, DATA, "--events"]
    jobs().ask(asked.question, arguments, by=_reader(), data=material.data)
    st.session_state["gap.asked"] = asked


def _stop(asked: Request) -> None:
    jobs().leave(asked.question, by=_reader())
    st.session_state["gap.asked"] = asked._replace(is_left=True)


def _progress(asked: Request, say: Strings) -> None:
    """How far it is, looked at once a second, and the way to stop it."""
    job, names = jobs().find(asked.question), _names(asked, say)
    state = None if job is None else job.state
    if st.session_state["gap.asked"] != asked or not isinstance(state, (Running, Waiting)):
        st.rerun()  # once: it is over, and nobody looks any more
    elif isinstance(state, Waiting):
        st.progress(0.0, text=say("gap.waiting", **names, ahead=state.ahead))
    elif state.total:
        text = say("gap.running", **names, done=f"{state.done:,}", total=f"{state.total:,}")
        st.progress(state.done / state.total, text=text)
    else:
        st.progress(0.0, text=say("gap.starting", **names))
    st.button(say("gap.stop"), key="gap-stop", on_click=_stop, args=(asked,))


def _outcome(asked: Request, job: Job, reported: Measured | None, frame: Frame) -> None:
    """What came of a measurement, beside the report's of the same model."""
    say, state, names = frame.say, job.state, _names(asked, frame.say)
    if asked.is_left or isinstance(state, Stopped):
        st.text(say("gap.stopped", **names))
    elif isinstance(state, Failed):
        error = state.error
        st.text(say("gap.crashed", **names, reason=state.reason) if error is None else say.error(error))
    elif isinstance(state, Done):
        gap = Gap.from_dict(state.result["gap"])
        st.subheader(say("gap.result", **names), anchor=False)
        st.markdown(f"**{_finding(asked.model, gap, say)}**")
        beside = {} if reported is None else {say("gap.column_report", data=reported.data): reported.gap}
        _table(beside | {say("gap.column_new", data=asked.name): gap}, say)
        _how(Measured(gap, asked.name), say)
        curves(gap, "new", frame, tops=axis_tops([gap, *beside.values()]))


def _names(asked: Request, say: Strings) -> dict[str, str]:
    return {"model": model_names(say).get(asked.model, asked.model), "name": asked.name}


def _reader() -> str:
    """This window, for the jobs."""
    name: str = st.session_state.setdefault("gap.reader", uuid4().hex)
    return name


def _material(say: Strings) -> Material | None:
    """The file to measure on: a part of the corpus that is here, or one's own. What keeps it from being
    measured on is said."""
    parts = parts_here() if say.languages == (FIRST,) else {}  # the corpus is in these languages
    choice = OWN
    if parts:
        view = read(View)
        words = {part: say(f"gap.file_{part}") for part in (*parts, OWN)}
        choice = choose(view, "file", say("gap.file"), words)
        write_link(view)
    try:
        if choice == OWN:
            st.html(_CSS)
            given = st.file_uploader(say("gap.upload"), key="gap-upload", max_upload_size=_REFUSED)
            material = None if given is None else checked(given.name, given.getvalue())
        else:
            st.caption(say("gap.known"))
            material = checked(parts[choice].name, parts[choice].read_bytes())
    except TooLargeError as error:
        st.text(say("gap.too_large", name=error.name, limit=LIMIT))
        return None
    except S2SError as error:
        st.text(say.error(error))
        return None
    except OSError as error:
        st.text(say.error(DataError("file_unreadable", path=choice, reason=error.strerror)))
        return None
    if material is not None:
        st.text(say("gap.ready", name=material.name, pairs=f"{material.pairs:,}"))
    return material


class TooLargeError(Exception):
    """A file above the limit."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


@st.cache_resource(show_spinner=False, max_entries=8)
def checked(name: str, data: bytes) -> Material:
    """A file that can be measured on, unpacked if it is packed. Raises TooLargeError, DataError."""
    limit = LIMIT * _MEGABYTE
    if name.endswith(".gz") or data[:2] == b"\x1f\x8b":
        try:
            with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
                data = file.read(limit + 1)  # no more: five packed megabytes may hold five thousand
        except (OSError, EOFError, zlib.error) as error:
            raise DataError("file_unreadable", path=name, reason=str(error)) from error
    if len(data) > limit:
        raise TooLargeError(name)
    pairs = read_pairs(Path(name), data=data)
    return Material(name, data, len(pairs), hashlib.sha256(data).hexdigest())
