"""How far gradients travel between two words, in the recurrent models and in the Transformer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.kit.curves import curve_labels, curve_numbers, narrowest, number, strokes, written_series
from pages.kit.family import available, config_of, name_of
from pages.kit.frame import Frame
from pages.kit.live import Fact, Panel, live_view
from pages.kit.state import choose
from pages.kit.stoppable import Work, in_steps
from pages.kit.strings import Strings
from pages.kit.translators import answer, shelf
from pages.labs.parallel.notebook import of_distances, of_words
from pages.labs.parallel.view import View
from s2s import catalog
from s2s.claims.parallel import distance_costs_less
from s2s.config import TRANSFORMER
from s2s.counts import steps_between
from s2s.engine.questions import Follow
from s2s.errors import S2SError
from s2s.figures.labels import shown_piece
from s2s.figures.steps import Line, Plot, step_curves
from s2s.paths import Travel
from s2s.traces import END, Piece

_MOST_PIECES: Final = 120  # of the translation that all models are made to say
_COMPARED: Final = (
    catalog.COMPARED["cells"].weak, catalog.PLAIN.name, catalog.ATTENDING.name, catalog.SUCCESSOR.name,
)  # fmt: skip


def travels_section(text: str, view: View, frame: Frame) -> None:
    """Choose a word of the translation, see its gradient at each source word, and how much of a gradient is
    left some words away."""
    say = frame.say
    st.header(say("travels.title"), anchor=False)
    st.write(say("travels.claim"))
    trace = answer(available((catalog.ATTENDING.name,))[0], text).trace
    pieces = trace.target_pieces[:_MOST_PIECES]
    target = trace.target[: max((piece.end for piece in pieces), default=0)]
    words = {step: shown_piece(piece.text) for step, piece in enumerate(pieces)}
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="switches-follow"):
        st.caption(say("travels.choose_word"), width="content")
        step = choose(view, "follow", say("travels.word"), words, start=_first_word(pieces))
    room = st.empty()
    found = _followed(text, target, step, room, say)
    if not found:
        return
    room.markdown(f"**{travels_finding(found, say)}**")
    first = next(iter(found.values()))
    if first.source_cut:
        st.text(say("travels.cut", limit=len(first.source_pieces)))
    live_view(
        [words_panel(found, frame), distances_panel(found, frame)],
        labels=curve_labels(say, row=say("live.source_word"), pinned=say("travels.pinned"),
                            reading=say("travels.how_to_read")),
        palette=frame.palette,
        key="travels",
    )  # fmt: skip


def _first_word(pieces: Sequence[Piece]) -> int:
    """The longest piece: a word that means something."""
    return max(range(len(pieces)), key=lambda step: (pieces[step].text != END, pieces[step].characters))


def _followed(text: str, target: str, step: int, room: DeltaGenerator, say: Strings) -> dict[str, Travel]:
    """By model; why one cannot be asked is said."""
    found = {}
    work = Work("travels", (text, target, step))
    for name in in_steps(available(_COMPARED), work=work, room=room, told="travels.measuring", say=say):
        try:
            found[name] = shelf().ask(name, Follow(text, target, step))
        except S2SError as error:
            st.text(say.error(error))
    return found


def travels_finding(found: Mapping[str, Travel], say: Strings) -> str:
    """What each further word leaves of the gradient, and whether that is more in the Transformer."""
    slopes = {name: one.slope for name, one in found.items()}
    successor = [slope for name, slope in slopes.items() if found[name].family == TRANSFORMER and slope]
    recurrent = {name: slope for name, slope in slopes.items() if found[name].family != TRANSFORMER and slope}
    if not successor or not recurrent:
        return say("travels.too_short")
    claim = distance_costs_less(successor[0], recurrent)
    verdict = {True: "held", False: "not_held", None: "undecided"}[claim.holds]
    return say(
        f"travels.{verdict}",
        transformer=f"{successor[0].factor:.2f}",
        recurrent="; ".join(f"{_name(name, say)} ×{slope.factor:.2f}" for name, slope in recurrent.items()),
    )


def _lines(found: Mapping[str, Travel], values: str, frame: Frame) -> list[Line]:
    """One for each model, of an array of its record."""
    looks = strokes(len(found), frame.palette)
    return [
        Line(
            _name(name, frame.say),
            getattr(one, values).tolist(),
            look.color,
            dash=look.dash,
            mark=look.mark,
        )
        for (name, one), look in zip(found.items(), looks, strict=True)
    ]


def words_panel(found: Mapping[str, Travel], frame: Frame) -> Panel:
    """What arrives of one target piece's gradient at each source piece, as a share."""
    say, palette = frame.say, frame.palette
    first = next(iter(found.values()))
    alike = {name: one for name, one in found.items() if one.source_pieces == first.source_pieces}
    names = tuple(shown_piece(piece.text) for piece in first.source_pieces)
    lines = _lines(alike, "shares", frame)
    most = {name: int(one.words.argmax()) for name, one in alike.items()}
    title = say("travels.title_words", word=shown_piece(first.target_pieces[first.step].text))
    told = [
        say(
            "travels.most",
            model=_name(name, say),
            source=names[place],
            percent=f"{100 * alike[name].shares[place]:.0f}",
        )
        for name, place in most.items()
    ]
    return Panel(
        name="travel_words",
        title=title,
        numbers=curve_numbers(names, [written_series(line.name, line.values, _percent) for line in lines]),
        figure=step_curves(
            names, [Plot(say("travels.plot_words"), lines, height=12)], palette=palette,
            color=palette.source, font_size=frame.font_size,
        ),
        facts=tuple(
            Fact(
                _name(name, say), number(float(one.words.max())),
                say("travels.norm_help", source=names[most[name]]),
            )
            for name, one in alike.items()
        ),
        spoken=f"{title}. {' '.join(told)}",
        origin=of_words(alike),
    )  # fmt: skip


def distances_panel(found: Mapping[str, Travel], frame: Frame) -> Panel:
    """What arrives some words from where it entered, as a share of what arrives at the word itself."""
    say = frame.say
    lines = _lines(found, "by_distance", frame)
    length = max(len(line.values) for line in lines)
    every = 1 if length <= 16 else 5 if length <= 60 else 10
    names = [str(k) if k % every == 0 else " " for k in range(length)]
    factors = {name: "–" if one.slope is None else f"×{one.slope.factor:.3f}" for name, one in found.items()}
    title = say("travels.title_distances")
    return Panel(
        name="travel_distances",
        title=title,
        numbers=curve_numbers(
            tuple(map(str, range(length))),
            [written_series(line.name, line.values, number, length) for line in lines],
        ),
        figure=step_curves(
            names, [Plot(say("travels.plot_distances"), lines, is_log=True, height=12)],
            palette=frame.palette, axis=say("travels.axis"), narrowest=narrowest(length),
            font_size=frame.font_size,
        ),
        facts=tuple(
            Fact(_name(name, say), factors[name], _steps_help(name, length - 1, say)) for name in found
        ),
        spoken=f"{title}. {', '.join(f'{_name(name, say)} {factor}' for name, factor in factors.items())}",
        origin=of_distances(found),
    )  # fmt: skip


def _name(model: str, say: Strings) -> str:
    """What it is called beside other cells."""
    return name_of(model, say, among="cells")


def _steps_help(name: str, distance: int, say: Strings) -> str:
    """What the factor is, and how many steps lie between the first word and the last."""
    return say("travels.factor_help", steps=steps_between(config_of(name), distance), distance=distance)


def _percent(value: float) -> str:
    return f"{100 * value:.1f}%"
