"""One map of a recurrent model beside one that is read out of the Transformer's heads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import streamlit as st

from pages.kit.export import Origin
from pages.kit.family import name_of
from pages.kit.frame import Frame
from pages.kit.live import (
    Fact,
    Legend,
    Panel,
    alignment_numbers,
    cut_notice,
    focus_fact,
    live_labels,
    live_view,
    spoken,
    words,
)
from pages.kit.strings import Strings
from pages.kit.translators import Answer
from pages.labs.transformer.known import called_reading, error_fact
from pages.labs.transformer.notebook import of_map
from pages.labs.transformer.view import View, readings
from s2s.config import RECURRENT
from s2s.errors import S2SError
from s2s.evaluate.agreement import shared_words
from s2s.evaluate.heads import Heads, Reading
from s2s.figures.heatmap import heatmap
from s2s.traces import END, Alignment, Trace

_OWN = Reading("read", None, None, "predicts")  # of a model that draws one map alone

Found = Mapping[str, Answer | S2SError]  # by model


class Shown:
    """The map that is drawn of each model that answered, and how it was read."""

    def __init__(self, found: Found, view: View, record: Heads | None) -> None:
        self.maps: dict[str, Alignment] = {}
        self.readings: dict[str, Reading] = {}
        for model, answer in found.items():
            if isinstance(answer, Answer):
                reading = _reading(answer.trace, view, record)
                alignment = (
                    answer.trace.alignment(view.split)
                    if answer.trace.family == RECURRENT
                    else reading.map(answer.trace, view.split)
                )
                if alignment is not None:
                    self.maps[model], self.readings[model] = alignment, reading


def _reading(trace: Trace, view: View, record: Heads | None) -> Reading:
    """The one that is chosen, where there is such a one; else the map that the settings name."""
    if trace.cross_looks is None:
        return _OWN
    offered = readings(len(trace.cross_looks), record)
    return offered.get(view.reading, _OWN)


def labels(say: Strings) -> dict[str, str]:
    """The words of cards and figures."""
    return live_labels(say, help_pin=f"{say('transformer.how_to_read', end=END)} {say('live.help_pin')}")


def side_by_side(found: Found, view: View, record: Heads | None, frame: Frame) -> None:
    """Draw them, in place where they were drawn before, and tell how far they agree."""
    say, shown = frame.say, Shown(found, view, record)
    if notice := cut_notice((one.trace for one in found.values() if isinstance(one, Answer)), say):
        st.text(notice)
    live_view(
        [_panel(model, answer, shown, view, record, frame) for model, answer in found.items()],
        labels=labels(say),
        palette=frame.palette,
        legends=[weights_legend(frame)],
        key="maps",
    )
    if any(reading.by == "vectors" for reading in shown.readings.values()):
        st.caption(say("transformer.vectors"))
    if finding := _agreement(shown, say):
        st.text(finding)


def weights_legend(frame: Frame) -> Legend:
    """The one scale of all pictures of the page."""
    return Legend(frame.say("live.weight"), "0", "1", frame.palette.weights)


def _panel(
    model: str, answer: Answer | S2SError, shown: Shown, view: View, record: Heads | None, frame: Frame
) -> Panel:
    say = frame.say
    title = name_of(model, say)
    if isinstance(answer, Answer) and answer.trace.family == RECURRENT:
        title = say("transformer.recurrent", name=title)
    if not isinstance(answer, Answer):
        return Panel(name=model, title=title, notice=say.error(answer))
    trace, alignment = answer.trace, shown.maps.get(model)
    if alignment is None:
        return Panel(name=model, title=title, notice=say("live.no_attention"))
    of, reading = labels(say), shown.readings[model]
    about = say("transformer.one_map")
    if trace.cross_looks is not None:
        about = called_reading(reading, trace.model, say)
    written = trace.written(view.split)
    drawn = len(alignment.target_units)
    return Panel(
        name=model,
        title=title,
        about=about,
        numbers=alignment_numbers(alignment, of),
        figure=heatmap(alignment, palette=frame.palette, labels=of, font_size=frame.font_size),
        words=tuple(
            word if word.row is None or word.row < drawn else word._replace(row=None)
            for word in words(written.units, written.log_probs.tolist())
        ),
        facts=tuple(_facts(answer, alignment, reading, record, say)),
        notice=say("live.cut_target", limit=len(trace.target_pieces)) if trace.target_cut else "",
        spoken=spoken(title, trace.target, alignment, say),
        languages=trace.languages,
        origin=_origin(trace, view, reading),
    )


def _facts(
    answer: Answer, alignment: Alignment, reading: Reading, record: Heads | None, say: Strings
) -> Iterator[Fact]:
    yield focus_fact(alignment, say)
    if record is not None:
        yield from error_fact(answer.trace, reading, record, say)
    if answer.milliseconds is not None:
        value = say("facts.time_value", milliseconds=f"{answer.milliseconds:.0f}")
        yield Fact(say("facts.time"), value, say("facts.time_help"))


def _agreement(shown: Shown, say: Strings) -> str:
    """How often the two look most at the same word, of the words that both say; "" where one is missing."""
    if len(shown.maps) < 2:
        return ""
    both = list(shown.maps.values())
    if both[0].source_units != both[1].source_units:  # they read in other pieces
        return say("transformer.other_pieces")
    shared = shared_words(both)
    if not shared:
        return say("transformer.nothing_shared")
    agreed = sum(word.agreed for word in shared)
    return say("transformer.agreed", shared=len(shared), agreed=agreed)


def _origin(trace: Trace, view: View, reading: Reading) -> Origin:
    return of_map(trace, view.split, reading)
