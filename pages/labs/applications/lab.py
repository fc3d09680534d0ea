"""What the same network is used for: a row for each task, with a sentence, its output and its picture."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

import streamlit as st

from pages.kit.failures import told
from pages.kit.family import card_of, config_of
from pages.kit.frame import Frame, claim
from pages.kit.lesson_strip import script_of, strip
from pages.kit.live import Legend, Panel, alignment_numbers, live_labels, live_view, spoken, words
from pages.kit.sentence import go_on
from pages.kit.shapes import shape_findings
from pages.kit.strings import Strings
from pages.kit.tables import quantities
from pages.kit.tasks import task_name
from pages.kit.translators import answer, shelf
from pages.kit.while_typing import while_loading
from pages.labs.applications.field import sentence_of
from pages.labs.applications.notebook import origin
from pages.labs.applications.sound import sound_row
from s2s import catalog
from s2s.catalog import Task
from s2s.config import ModelConfig
from s2s.errors import CheckpointError, S2SError
from s2s.evaluate.shape import Shape, shape_of
from s2s.figures.heatmap import heatmap
from s2s.text import count_words, normalise
from s2s.traces import Alignment, Trace

_LEADS_TO: Final = ("alignments", "machine", "walkthrough", "forcing")  # pages that take every task


class Row(NamedTuple):
    """What became of a sentence."""

    trace: Trace
    alignment: Alignment
    shape: Shape


def draw(frame: Frame) -> None:
    """What the page shows, a row for each task, and the rows compared."""
    claim(frame.say("applications.claim"))
    st.text(_alike(frame.say))

    def run(is_ready: bool) -> None:
        with told(frame.say):
            strip(frame.say, st.session_state.get("text", ""), is_ready=is_ready)
        _rows(frame, is_ready=is_ready)

    while_loading([task.judge for task in catalog.tasks()], run)
    shelf().load_in_background()


def _rows(frame: Frame, *, is_ready: bool) -> None:
    found: dict[Task, Row] = {}
    for task in catalog.tasks():
        with told(frame.say):
            row = _row(task, frame.about([task.languages]), is_ready=is_ready)
            if row is not None:
                found[task] = row
    if found:
        st.header(frame.say("applications.compared"), anchor=False)
        quantities({task_name(task, frame.say): _column(task, row, frame.say) for task, row in found.items()},
                   frame.say)  # fmt: skip
    if is_ready:
        with told(frame.say):
            sound_row(frame)


def _alike(say: Strings) -> str:
    """Whether all networks are built alike, as their folders say."""
    built: set[tuple[str, str, str, int] | None] = set()
    for task in catalog.tasks():
        try:
            config = config_of(task.judge)
        except CheckpointError:
            continue  # its row says why
        if isinstance(config, ModelConfig):
            built.add((config.cell, config.attention, config.direction, config.layers))
        else:
            built.add(None)
    if len(built) != 1 or (shape := built.pop()) is None:
        return say("applications.unlike")
    cell, attention, direction, layers = shape
    return say(
        "applications.alike",
        cell=cell.upper(),
        attention=attention,
        direction=say(f"applications.reads_{direction}"),
        layers=layers,
    )


def _row(task: Task, frame: Frame, *, is_ready: bool) -> Row | None:
    """A sentence and what is said of it on the left, its picture on the right."""
    say, place = frame.say, task.name.replace("-", "_")
    left, right = st.columns([3, 2], gap="medium")
    row: Row | None = None
    with left:
        st.header(task_name(task, say), anchor=False)
        st.space("xsmall")  # a field is a box, and boxes need more room than text
        text = sentence_of(task, say)
        if not is_ready:
            st.text(say("applications.loading"))
        elif not normalise(text).text:
            st.text(say("applications.empty"))
        else:
            try:
                row = _asked(task, text)
            except S2SError as error:
                st.text(say.error(error))
        st.write(say(f"applications.about_{place}"))
        st.caption(f"{say(f'applications.data_{place}')} {say('applications.licence', licence=task.licence)}")
        if row is not None:
            st.text("\n".join(_findings(row, say)))
        _doors(task, text, say)
    if row is not None:
        with right:
            _picture(task, row, frame)
    return row


def _asked(task: Task, text: str) -> Row:
    """Raises S2SError."""
    trace = answer(task.judge, text).trace
    alignment = trace.alignment()
    assert alignment is not None  # the judge of a task attends
    return Row(trace, alignment, shape_of(alignment))


def _findings(row: Row, say: Strings) -> Iterator[str]:
    """Its length, what is copied of it, and how far its order turns round."""
    yield say("applications.length", read=_words_read(row), written=row.shape.words)
    yield from shape_findings(row.shape, row.trace.languages, say)


def _words_read(row: Row) -> int:
    return count_words(row.trace.source, row.trace.source_language)


def _doors(task: Task, text: str, say: Strings) -> None:
    """The laboratories, with this task and this sentence."""
    with st.container(horizontal=True, gap="small", key=f"doors-{task.name}"):
        for page in _LEADS_TO:
            if st.button(say(f"{page}.menu"), key=f"door-{task.name}-{page}"):
                go_on(task, text)
                st.switch_page(script_of(page))


def _picture(task: Task, row: Row, frame: Frame) -> None:
    say, trace = frame.say, row.trace
    labels = live_labels(say, help_pin="")
    written = trace.written()
    card = Panel(
        name=f"use-{task.name}",
        title=say("live.translation"),
        numbers=alignment_numbers(row.alignment, labels),
        figure=heatmap(row.alignment, palette=frame.palette, labels=labels, font_size=frame.font_size),
        words=words(written.units, written.log_probs.tolist()),
        notice=say("live.cut_target", limit=len(trace.target_pieces)) if trace.target_cut else "",
        spoken=spoken(task_name(task, say), trace.target, row.alignment, say),
        languages=trace.languages,
        origin=origin(task.judge, trace),
    )
    is_first = task is catalog.TASKS[0]  # one scale for all
    legends = [Legend(say("live.weight"), "0", "1", frame.palette.weights)] if is_first else []
    live_view([card], labels=labels, palette=frame.palette, legends=legends, key=f"use-{task.name}", beside=1)


def _column(task: Task, row: Row, say: Strings) -> dict[str, str]:
    """By quantity."""
    shape = row.shape
    parameters = card_of(task.judge).parameters
    return {
        say("applications.parameters"): f"{parameters / 1e6:.2f}",
        say("applications.words_in"): str(_words_read(row)),
        say("applications.words_out"): str(shape.words),
        say("applications.share_copied"): _percent(shape.copied, shape.words),
        say("applications.share_crossed"): _percent(shape.crossed, shape.pairs),
        say("facts.focus"): say("facts.nats", value=f"{float(row.alignment.entropy.mean()):.2f}"),
    }


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f}%" if whole else "–"
