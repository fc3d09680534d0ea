"""The shipped models: how they came to be, and what from. Read from their folders, no model is loaded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import nan
from typing import Final

import streamlit as st

from pages.kit import family
from pages.kit.curves import curve_labels, curve_numbers, narrowest, strokes, written_series
from pages.kit.frame import Frame
from pages.kit.lesson_strip import strip
from pages.kit.live import Panel, live_view
from pages.kit.strings import Strings
from pages.kit.tables import quantities
from pages.kit.tasks import chosen_task
from pages.kit.translators import shelf
from pages.labs.models.memorising import learned_by_heart
from pages.labs.models.notebook import origin
from pages.labs.models.scores import scores
from s2s import catalog
from s2s.config import AnyModelConfig, ModelConfig
from s2s.errors import CheckpointError
from s2s.figures.steps import Line, Plot, step_curves

_NAMED: Final = (2000, 5000)  # updates from one name on the axis to the next, of short trainings and of long
_LONG: Final = 10_000  # updates of a long one, at least


def draw(frame: Frame) -> None:
    """Tables and curves of the models, those of a group at a time: narrow enough for a phone."""
    say = frame.say
    strip(say, st.session_state.get("text", ""), is_ready=shelf().has(chosen_task().main))
    st.header(say("models.title"), anchor=False)
    st.write(say("models.intro"))
    cards, columns = _read(say)
    if not cards:
        st.warning(say("kinds.none_usable"))
        st.stop()
    titles = family.own_names(say)
    for group, names in family.grouped(cards).items():
        st.header(say(f"models.group_{group}"), anchor=False)
        st.write(say(f"models.about_{group}"))
        looked = {name: [(at["updates"], at["dev_loss"]) for at in cards[name].history] for name in names}
        _curves(looked, group, frame)
        quantities(_beside({titles.get(name, name): columns[name] for name in names}), say)
    scores(frame)
    learned_by_heart(frame)
    st.header(say("models.data"), anchor=False)
    for data in sorted({card.data for card in cards.values()}):
        st.text(data)
    st.text(say("models.licence", licence=chosen_task().licence))


def _beside(columns: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """The same with every row in every column: families differ in what they have."""
    rows = dict.fromkeys(row for column in columns.values() for row in column)
    return {title: {row: column.get(row, "–") for row in rows} for title, column in columns.items()}


def _read(say: Strings) -> tuple[dict[str, catalog.Card], dict[str, dict[str, str]]]:
    """The cards of all models that can be read, and what the tables say of each."""
    cards: dict[str, catalog.Card] = {}
    columns: dict[str, dict[str, str]] = {}
    for name in (*family.shipped(), *family.own().configs):
        try:
            config, card = catalog.read_config(catalog.locate(name))
        except CheckpointError as error:
            st.warning(say.error(error))
            continue
        cards[name], columns[name] = card, _column(config, card, say)
    return cards, columns


def _column(config: AnyModelConfig, card: catalog.Card, say: Strings) -> dict[str, str]:
    """By quantity."""
    return {
        say("models.attention"): config.attention,
        **_built(config, card, say),
        say("models.parameters"): f"{card.parameters / 1e6:.2f}",
        say("models.updates"): f"{card.updates:,}",
        say("models.tokens"): f"{card.tokens / 1e6:.1f}",
        say("models.minutes"): f"{card.seconds / 60:.0f}",
        say("models.dev_loss"): f"{card.history[-1]['dev_loss']:.3f}" if card.history else "–",
    }


def _built(config: AnyModelConfig, card: catalog.Card, say: Strings) -> dict[str, str]:
    """Its family, its cells and how it reads; of a Transformer its layers, which read every way at once, and
    what is read out of its heads."""
    family_ = {say("models.family"): say(f"models.family_{config.family}")}
    if isinstance(config, ModelConfig):
        cell, direction = config.cell.upper(), say(f"models.direction_{config.direction}")
        return {**family_, say("models.cell"): cell, say("models.direction"): direction}
    reading = say(f"models.reading_{config.reading}", layer=config.read_layer + 1)
    return {
        **family_,
        say("models.cell"): say("models.layers", layers=config.layers, heads=config.heads),
        say("models.direction"): say("models.direction_all"),
        say("models.reading"): reading,
        **({say("models.guide"): card.guide} if card.guide else {}),
    }


def _curves(looked: Mapping[str, Sequence[tuple[float, float]]], group: str, frame: Frame) -> None:
    """Dev loss over training: a card with a picture, and a sentence that says where it ends."""
    finals = {name: points[-1] for name, points in looked.items() if points}
    if not finals:
        return
    say = frame.say
    spoken = say(
        "models.curves_spoken",
        updates=f"{max(updates for updates, _ in finals.values()):,.0f}",
        values=", ".join(f"{name} {loss:.3f}" for name, (_, loss) in finals.items()),
    )
    live_view(
        [_panel(looked, group, spoken, frame)],
        labels=curve_labels(say, row=say("models.updates"), pinned=say("models.pinned")),
        palette=frame.palette,
        key=f"curves_{group}",
    )
    st.caption(spoken)


def _panel(
    looked: Mapping[str, Sequence[tuple[float, float]]], group: str, spoken: str, frame: Frame
) -> Panel:
    say = frame.say
    updates = sorted({int(update) for points in looked.values() for update, _ in points})
    lines = []
    for (name, points), stroke in zip(looked.items(), strokes(len(looked), frame.palette), strict=True):
        losses = {int(update): loss for update, loss in points}
        values = [losses.get(update, nan) for update in updates]
        lines.append(Line(name, values, stroke.color, dash=stroke.dash, mark=stroke.mark))
    apart = _NAMED[updates[-1] >= _LONG]
    named = {update for update in updates if update % apart == 0} or {updates[0], updates[-1]}
    names = [f"{update:,}" if update in named else " " for update in updates]
    return Panel(
        name=f"loss-{group}",
        title=say("models.dev_loss"),
        numbers=curve_numbers(
            tuple(f"{update:,}" for update in updates),
            [written_series(line.name, line.values, "{:.3f}".format) for line in lines],
        ),
        figure=step_curves(
            names, [Plot("", lines)], palette=frame.palette, axis=say("models.updates"),
            narrowest=narrowest(len(names)), font_size=frame.font_size,
        ),
        spoken=spoken,
        is_wide=True,
        origin=origin(tuple(looked)),
    )  # fmt: skip
