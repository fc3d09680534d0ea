"""From the lecture's attention to a head in four small maps of the typed sentence, in order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
import streamlit as st

from pages.kit.export import Origin, loaded, quoted
from pages.kit.family import model
from pages.kit.frame import Frame
from pages.kit.live import Cells, Legend, Numbers, Panel, Series, live_labels, live_view, unit_keys
from pages.kit.strings import Strings
from pages.kit.translators import workings as recurrent
from pages.labs.head.view import Head, View, head_of
from s2s.catalog import ATTENDING
from s2s.figures.heatmap import heatmap
from s2s.figures.labels import names, shown_piece, signed
from s2s.traces import END, Alignment
from s2s.walkthrough import lecture as steps
from s2s.walkthrough.transformer import ENCODER, HeadWorkings
from s2s.walkthrough.workings import Workings

_LINES: Final = """\
from s2s.figures.heatmap import heatmap
from s2s.translator import Translator
from s2s.walkthrough import lecture

workings = {model}.{method}({text})
figure = heatmap(lecture.{call}).plotly()"""


class _Map(NamedTuple):
    """One of the four."""

    name: str
    alignment: Alignment
    values: dict[str, object]  # what its texts are filled in with
    model: str
    call: str  # the line that makes it again


def lecture(workings: HeadWorkings, text: str, view: View, frame: Frame) -> None:
    """Draw the four maps, and say what the numbers in them show. Raises the S2SError that keeps the recurrent
    model from answering."""
    say, head = frame.say, head_of(view, workings)
    st.header(say("head.lecture_title"), anchor=False)
    st.write(say("head.lecture_claim"))
    maps = list(_maps(workings, recurrent(model(ATTENDING.name), text), head, view, say))
    live_view(
        [_panel(number, one, text, frame) for number, one in enumerate(maps, 1)],
        labels=live_labels(say, help_pin=say("head.lecture_help")),
        palette=frame.palette,
        legends=[Legend(say("live.weight"), "0", "1", frame.palette.weights)],
        key="lecture",
        beside=2,
    )
    st.text(_finding(maps, say))


def _maps(workings: HeadWorkings, once: Workings, head: Head, view: View, say: Strings) -> Iterator[_Map]:
    step = min(view.step, len(workings.trace.fed) - 1)
    layer = head.layer if head.kind != ENCODER else max(0, workings.layers - 2)
    own = head.layer if head.kind == ENCODER else workings.layers - 1
    said = workings.trace.target_pieces[step].text
    same = [at for at, piece in enumerate(once.trace.target_pieces) if piece.text == said]
    at = min(same, key=lambda one: abs(one - step)) if same else min(step, once.steps - 1)
    width, called = once.parameters.hidden, shown_piece(once.trace.target_pieces[at].text)
    general = once.trace.model
    query: dict[str, object] = {"word": called, "width": width, "root": f"{width**0.5:.1f}"}
    yield _Map("once", steps.asked_once(once, at), query, general, f"asked_once(workings, {at})")
    yield _Map("divided", steps.divided(once, at), query, general, f"divided(workings, {at})")
    count, name = workings.parameters.heads, workings.trace.model
    rows = [say("head.head_name", head=number + 1) for number in range(count)]
    of_heads: dict[str, object] = {"count": count, "width": workings.parameters.width, "layer": layer + 1,
                                   "word": shown_piece(said)}  # fmt: skip
    call = f"in_heads(workings, {layer}, {step}, {rows!r})"
    yield _Map("heads", steps.in_heads(workings, layer, step, rows), of_heads, name, call)
    itself: dict[str, object] = {"layer": own + 1, "head": head.number + 1}
    call = f"asks_itself(workings, {own}, {head.number})"
    yield _Map("itself", steps.asks_itself(workings, own, head.number), itself, name, call)


def _panel(number: int, one: _Map, text: str, frame: Frame) -> Panel:
    say, alignment = frame.say, one.alignment
    labels = {"end": END, "weight": say("live.weight"), "score": say("live.score")}
    method = "workings" if one.call.startswith(("asked_once", "divided")) else "head_workings"
    entropy = alignment.entropy
    return Panel(
        name=f"lecture_{one.name}",
        title=f"{number}. {say(f'head.lecture_{one.name}')}",
        about=say(f"head.lecture_{one.name}_about", **one.values),
        numbers=Numbers(
            source=names(alignment.source_units, labels),
            target=names(alignment.target_units, labels),
            source_keys=unit_keys(alignment.source_units),
            target_keys=tuple(f"{one.name} {key}" for key in unit_keys(alignment.target_units)),
            cells=(
                Cells(labels["weight"], alignment.weights, 3),
                Cells(labels["score"], alignment.scores, 2),
            ),
            series=(
                Series(say("live.entropy"), tuple(signed(float(value), 2) for value in entropy), entropy),
            ),
        ),
        figure=heatmap(alignment, palette=frame.palette, labels=labels, font_size=frame.font_size),
        spoken=_spoken(one, say),
        origin=Origin(
            (one.model,),
            text,
            _LINES.format(model=loaded(one.model), method=method, text=quoted(text), call=one.call),
        ),
    )


def _spoken(one: _Map, say: Strings) -> str:
    alignment = one.alignment
    most = alignment.weights.argmax(axis=1)
    looks = " ".join(
        say(
            "head.lecture_look",
            asking=unit.text,
            source=alignment.source_units[column].text,
            weight=f"{alignment.weights[row, column]:.2f}",
        )
        for row, (unit, column) in enumerate(zip(alignment.target_units, most.tolist(), strict=True))
    )
    return f"{say(f'head.lecture_{one.name}')}: {looks}"


def _finding(maps: list[_Map], say: Strings) -> str:
    """What the four show, from their numbers."""
    once, divided, heads, itself = (one.alignment for one in maps)
    places = heads.weights.argmax(axis=1)
    most, own = int(once.weights[0].argmax()), float(np.diag(itself.weights).mean())
    return say(
        "head.lecture_finding",
        word=maps[0].values["word"],
        source=once.source_units[most].text,
        weight=f"{once.weights[0, most]:.2f}",
        divided=f"{divided.weights[0, most]:.2f}",
        heads=len(places),
        places=len(set(places.tolist())),
        own=f"{100 * own:.0f}",
    )
