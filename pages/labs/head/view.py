"""What a reader chose of the walkthrough of a head: which attention, layer and head, and what of its step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

import streamlit as st

from pages.kit.stages import Chosen
from pages.kit.state import Number, OneOf, Switch, choose, chosen, keep, write_link
from pages.kit.strings import Strings
from s2s.walkthrough.transformer import KINDS, HeadWorkings

_HIGHEST: Final = 9999  # no step, piece or number of a vector lies beyond
_SAID: Final = ("step", "word", "number", "scaled", "context")  # by the browser, of `Chosen`


@dataclass(frozen=True)
class View:
    """Whose arithmetic, and what the browser says of it."""

    kind: str = chosen(OneOf(KINDS), link="head-of")
    layer: int | None = chosen(Number(None, 0, 99, shift=1), link="head-layer")
    head: int = chosen(Number(0, 0, 99, shift=1), link="head-number")
    step: int = chosen(Number(2, 0, _HIGHEST, shift=1), link="head-step")
    word: int | None = chosen(Number(None, 0, _HIGHEST, shift=1), link="head-word")
    number: int | None = chosen(Number(None, 0, _HIGHEST, shift=1), link="head-dimension")
    scaled: bool = chosen(Switch(True), link="head-root")
    context: bool = chosen(Switch(True), link="head-on")


class Head(NamedTuple):
    """Which head, as it is there."""

    kind: str
    layer: int
    number: int


def walk(given: object) -> None:
    """Go where the browser says."""
    if isinstance(given, Mapping):
        keep(View, **{name: given.get(name) for name in _SAID})


def chosen_of(view: View) -> Chosen:
    """What the stages are told of it. They have but one form, and no other switches."""
    return Chosen(
        step=view.step,
        word=view.word,
        number=view.number,
        temperature=1.0,
        scaled=view.scaled,
        context=view.context,
        tanh=True,
        matrix=False,
        opened=(),
        form="long",
    )


def head_of(view: View, workings: HeadWorkings) -> Head:
    """The head that is chosen, as far as it is there. The layer that stands first is the one that a map is
    read out of: the last but one."""
    first = max(0, workings.layers - 2)
    layer = first if view.layer is None or view.layer >= workings.layers else view.layer
    return Head(view.kind, layer, view.head if view.head < workings.parameters.heads else 0)


def switches(view: View, workings: HeadWorkings, say: Strings) -> Head:
    """Draw the choice of an attention, a layer and a head."""
    head = head_of(view, workings)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="switches-head"):
        kind = choose(view, "kind", say("head.kind"), {name: say(f"head.kind_{name}") for name in KINDS})
        layers = {layer: say("head.layer_name", layer=layer + 1) for layer in range(workings.layers)}
        layer = choose(view, "layer", say("head.layer"), layers, start=head.layer)
        numbers = range(workings.parameters.heads)
        heads = {number: say("head.head_name", head=number + 1) for number in numbers}
        number = choose(view, "head", say("head.head"), heads)
        write_link(view)
    return Head(kind, layer, number)
