"""The reader's sentence with its words in another order, by three translators."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import shorten
from typing import Final, NamedTuple

import streamlit as st

from pages.kit.family import available, name_of
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
from pages.kit.state import count, keep, type_text
from pages.kit.strings import Strings
from pages.kit.translators import shelf
from pages.labs.parallel.notebook import of_order
from pages.labs.parallel.view import View
from s2s.catalog import ATTENDING, SUCCESSOR
from s2s.engine.questions import Request, Translate, TranslateUnplaced
from s2s.errors import S2SError
from s2s.evaluate.reordered import likeness, shuffle
from s2s.figures.heatmap import heatmap
from s2s.text import normalise
from s2s.traces import END, Trace

_LONGEST: Final = 400  # characters of an order that is typed
_SHOWN: Final = 70  # characters of the translation in order


class Reader(NamedTuple):
    """Who translates, and whether it is told where a word stands."""

    model: str
    is_placed: bool = True

    @property
    def name(self) -> str:
        """Of its card."""
        return f"order-{self.model}" if self.is_placed else f"order-{self.model}-unplaced"


def order_section(text: str, view: View, frame: Frame) -> None:
    """Another order, drawn or typed, and what each translator makes of it."""
    say = frame.say
    st.header(say("order.title"), anchor=False)
    st.write(say("order.claim"))
    sentence = normalise(text).text
    if len(set(sentence.split())) < 2:
        st.text(say("order.too_short"))
        return
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium", key="switches-order"):
        st.button(say("order.another"), key="another-order", on_click=_another, args=(view,))
        with st.container(width=150):
            count(view, "order", say("order.seed"), help_text=say("order.seed_help"))
        with st.container(width=420):
            type_text(view, "own", say("order.own"), help_text=say("order.own_help"), most=_LONGEST)
    shuffled = shuffle(sentence, view.order)
    if view.own and sorted(view.own.split()) == sorted(sentence.split()):
        shuffled = view.own
    elif view.own:
        st.text(say("order.other_words"))
    st.text(say("order.read", text=shuffled))
    successor, recurrent = available((SUCCESSOR.name,))[0], available((ATTENDING.name,))[0]
    readers = (Reader(successor), Reader(successor, is_placed=False), Reader(recurrent))
    labels = _labels(say)
    live_view(
        _panels(readers, sentence, shuffled, labels, frame),
        labels=labels,
        palette=frame.palette,
        legends=[Legend(say("live.weight"), "0", "1", frame.palette.weights)],
        key="orders",
        beside=3,
    )
    st.caption(say("order.how"))


def _another(view: View) -> None:
    """The next order; one that was typed gives way."""
    keep(View, order=view.order % 9999 + 1, own="")


def _labels(say: Strings) -> dict[str, str]:
    told = [say("order.how_to_read", end=END), say("live.help_pin")]
    return live_labels(say, help_pin=" ".join(told))


def _panels(
    readers: Sequence[Reader], sentence: str, shuffled: str, labels: dict[str, str], frame: Frame
) -> list[Panel]:
    """A card for each."""
    asks = [_request(reader, text) for reader in readers for text in (sentence, shuffled)]
    told = [one.answer for one in shelf().ask_all(asks)]
    return [
        _panel(reader, told[2 * place], told[2 * place + 1], labels, frame)
        for place, reader in enumerate(readers)
    ]


def _request(reader: Reader, text: str) -> Request:
    return Request(reader.model, Translate(text) if reader.is_placed else TranslateUnplaced(text))


def _panel(
    reader: Reader, whole: Trace | Exception, moved: Trace | Exception, labels: dict[str, str], frame: Frame
) -> Panel:
    say = frame.say
    title = name_of(reader.model, say)
    if not reader.is_placed:
        title = say("order.unplaced", model=title)
    for one in (whole, moved):
        if isinstance(one, S2SError):
            return Panel(name=reader.name, title=title, notice=say.error(one))
    assert isinstance(whole, Trace)
    assert isinstance(moved, Trace)
    alignment, written = moved.alignment(), moved.written()
    assert alignment is not None  # all of them attend
    return Panel(
        name=reader.name,
        title=title,
        about=say("order.in_order", target=shorten(whole.target, _SHOWN, placeholder=" …")),
        numbers=alignment_numbers(alignment, labels),
        figure=heatmap(alignment, palette=frame.palette, labels=labels, font_size=frame.font_size),
        words=words(written.units, written.log_probs.tolist()),
        facts=(_like(whole, moved, say), focus_fact(alignment, say)),
        notice=_notice(moved, say),
        spoken=spoken(title, moved.target, alignment, say),
        languages=moved.languages,
        origin=of_order(reader.model, moved.source, is_placed=reader.is_placed),
    )


def _like(whole: Trace, moved: Trace, say: Strings) -> Fact:
    """How like the translation is to that of the sentence in order."""
    same = whole.target == moved.target
    value = say("order.same") if same else f"{likeness(moved.target, whole.target):.0f}"
    return Fact(say("order.like"), value, say("order.like_help"))


def _notice(trace: Trace, say: Strings) -> str:
    if trace.target_cut:
        return say("live.cut_target", limit=len(trace.target_pieces))
    return cut_notice([trace], say)
