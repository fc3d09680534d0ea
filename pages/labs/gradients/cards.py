"""The parts of the gradients page that answer while one types: the paths of one word's gradient, how gradient
falls with distance, and what a larger recurrent matrix and clipping do to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.kit.curves import curve_labels
from pages.kit.examples import pairs
from pages.kit.family import is_recurrent, name_of, not_recurrent, own_names
from pages.kit.frame import Frame
from pages.kit.live import live_view
from pages.kit.state import choose, count, slide
from pages.kit.stoppable import Work, in_steps
from pages.kit.strings import Strings
from pages.kit.translators import answer
from pages.labs.gradients.distance import distance_details, distance_finding, distance_panels, flow
from pages.labs.gradients.paths import name_of_piece, paths, paths_finding, paths_panel
from pages.labs.gradients.scaling import one_update, scaling_finding, scaling_panel
from pages.labs.gradients.starts import (
    Start,
    measured_models,
    model_title,
    present,
    start_code,
    start_title,
    starts_of,
)
from pages.labs.gradients.view import View
from s2s.config import NO_ATTENTION, ModelConfig
from s2s.errors import S2SError
from s2s.paths import Flow
from s2s.traces import END, Piece

_MOST_PIECES: Final = 120  # of the translation that all models are made to say


def paths_section(text: str, view: View, frame: Frame) -> None:
    """Choose a model and a word, see the ways its gradient comes back by, and what came by each."""
    say = frame.say
    titles = {name: model_title(config, say) for name, config in present().items()}
    titles |= {name: title for name, title in own_names(say).items() if is_recurrent(name)}
    if not titles:
        st.text(say("kinds.none_usable"))
        return
    if not is_recurrent(view.back):  # a link names it
        titles[view.back] = name_of(view.back, say)
    with st.container(key="switches-back"):
        model = choose(view, "back", say("gradients.model"), titles)
    if not is_recurrent(model):
        st.text(say.error(not_recurrent(model)))
        return
    try:
        pieces = answer(model, text).trace.target_pieces
        words = {step: name_of_piece(piece) for step, piece in enumerate(pieces)}
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key="switches-piece"):
            st.caption(say("gradients.choose_word"), width="content")
            step = choose(view, "piece", say("gradients.word"), words, start=_first_word(pieces))
        found = paths(model, text, step)
    except S2SError as error:
        st.text(say.error(error))
        return
    if found.source_cut:
        st.text(say("distance.cut", limit=len(found.source_pieces)))
    st.markdown(f"**{_plain(paths_finding(found, say))}**")
    live_view(
        [paths_panel(found, frame)],
        labels=curve_labels(say, row=say("live.source_word"), pinned=say("gradients.pinned"),
                       reading=say("gradients.how_to_read")),
        palette=frame.palette,
        key="paths",
    )  # fmt: skip
    st.caption(say("gradients.no_feeding"))


def _first_word(pieces: Sequence[Piece]) -> int:
    """The longest piece: a word that means something."""
    return max(range(len(pieces)), key=lambda step: (pieces[step].text != END, pieces[step].characters))


def distance_section(text: str, view: View, frame: Frame) -> None:
    """How gradient falls with distance for every cell, and what scaling and clipping do."""
    say = frame.say
    st.header(say("distance.title"), anchor=False)
    st.write(say("distance.claim"))
    models = measured_models(say.languages[0])
    if not models:
        return
    with st.container(width=420):
        count(view, "more", say("distance.more"), help_text=say("distance.more_help"))
    others = [one for one in pairs(say.languages[0]) if one != text]
    if view.more > len(others):
        st.text(say("distance.none_more"))
    longer = " ".join([text, *others[: view.more]])
    starts = starts_of(models)
    room = st.empty()  # how far it is, then what was found: in one place, so that nothing jumps
    try:
        target = _translation(next(iter(models)), longer)
        flows = _flows(starts, longer, target, room, say)
    except S2SError as error:
        room.text(say.error(error))
        return
    room.markdown(f"**{_plain(distance_finding(flows, say))}**")
    first = next(iter(flows.values()))
    if first.source_cut:
        st.text(say("distance.cut", limit=len(first.whole)))
    st.text(distance_details(flows, say))
    live_view(
        distance_panels(flows, frame),
        labels=curve_labels(say, row=say("distance.distance"), pinned=say("distance.pinned"),
                       reading=say("distance.how_to_read")),
        palette=frame.palette,
        key="distance",
    )  # fmt: skip
    _scaling(starts, models, longer, target, view, frame)


def _flows(
    starts: Sequence[Start], text: str, target: str, room: DeltaGenerator, say: Strings
) -> dict[Start, Flow]:
    """How far the gradient comes in each; why one of a reader's own cannot be used is said. Raises the
    S2SError that keeps another from being measured."""
    found = {}
    work = Work("distance", (text, tuple(starts)))
    for start in in_steps(starts, work=work, room=room, told="distance.measuring", say=say):
        try:
            found[start] = flow(start, text, target, 1.0)
        except S2SError as error:
            if not start.is_own:
                raise
            st.text(say.error(error))
    return found


def _translation(model: str, text: str) -> str:
    """What all models are made to say: a translation, or so much of an endless one as each of them can."""
    trace = answer(model, text).trace
    pieces = trace.target_pieces[:_MOST_PIECES]
    return trace.target[: max((piece.end for piece in pieces), default=0)]


def _scaling(
    starts: Sequence[Start],
    models: Mapping[str, ModelConfig],
    text: str,
    target: str,
    view: View,
    frame: Frame,
) -> None:
    say = frame.say
    st.header(say("scaling.title"), anchor=False)
    st.write(say("scaling.claim"))
    trained = [start for start in starts if start.is_trained]
    starts = trained + [start for start in starts if not start.is_trained and start.attention == NO_ATTENTION]
    by_code = {start_code(start): start for start in starts}
    named = {code: start_title(start, models, say) for code, start in by_code.items()}
    start = by_code[choose(view, "scaled", say("scaling.model"), named)]
    if not is_recurrent(view.scaled):
        st.text(say.error(not_recurrent(view.scaled)))
    with st.container(width=420):
        slide(view, "scale", say("scaling.factor"), words="×%.2f", help_text=say("scaling.factor_help"))
    try:
        before, after = flow(start, text, target, 1.0), flow(start, text, target, view.scale)
        update = one_update(start, text, target, view.scale)
    except S2SError as error:
        st.text(say.error(error))
        return
    st.markdown(f"**{_plain(scaling_finding(after, update, say))}**")
    live_view(
        [scaling_panel(start_title(start, models, say), start, view.scale, before, after, update, frame)],
        labels=curve_labels(say, row=say("distance.distance"), pinned=say("distance.pinned")),
        palette=frame.palette,
        key="scaling",
    )


def _plain(text: str) -> str:
    """Text for `st.markdown` with nothing in it that is markup: words come from what people typed."""
    return "".join(f"\\{c}" if c in _MARKUP else c for c in text)


_MARKUP: Final = frozenset("\\`*_{}[]()<>#+-.!|$~:^=&")
