"""What a reader chose of the heads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

import streamlit as st

from pages.kit.state import Number, OneOf, choose, chosen, keep, write_link
from pages.kit.strings import Strings
from s2s.evaluate.heads import Heads, Reading
from s2s.looks import Attention
from s2s.traces import LEVELS, Level

_HIGHEST: Final = 9999  # no layer, head or word lies beyond
_LAYERS: Final = 12  # that a Transformer may have
BEST: Final = "best"  # the reading that was chosen on pairs a person linked


def _readings() -> tuple[str, ...]:
    """Of one map; those of layers that a model lacks are not offered."""
    return ("read", BEST, "all", *(f"layer-{layer}" for layer in range(1, _LAYERS + 1)))


@dataclass(frozen=True)
class View:
    """What the axes hold, how one map is read, and which heads are seen large; layers and heads are counted
    from 0 here, from 1 in a link."""

    split: Level = chosen(OneOf(LEVELS))
    reading: str = chosen(OneOf(_readings))
    cross_layer: int = chosen(Number(0, 0, _HIGHEST, shift=1))
    cross_head: int = chosen(Number(0, 0, _HIGHEST, shift=1))
    side: Attention = chosen(OneOf(("encoder", "decoder")))
    side_layer: int = chosen(Number(0, 0, _HIGHEST, shift=1))
    side_head: int = chosen(Number(0, 0, _HIGHEST, shift=1))
    side_word: int = chosen(Number(0, 0, _HIGHEST, shift=1))  # that is looked from


class Picked(NamedTuple):
    """What a reader chose of small maps: a head, and the row that is looked from where one is chosen too."""

    layer: int
    head: int
    row: int | None


def picked(view: View, of: Attention, layers: int, heads: int, rows: int) -> Picked:
    """Which head is seen large, of those that there are."""
    if of == "cross":
        return Picked(min(view.cross_layer, layers - 1), min(view.cross_head, heads - 1), None)
    layer, head = min(view.side_layer, layers - 1), min(view.side_head, heads - 1)
    return Picked(layer, head, min(view.side_word, rows - 1))


def pick(of: Attention, given: object) -> None:
    """Choose what the browser says."""
    if not isinstance(given, Mapping):
        return
    name = "cross" if of == "cross" else "side"
    keep(View, **{f"{name}_{part}": given.get(part) for part in ("layer", "head")})
    if of != "cross":
        keep(View, side_word=given.get("row"))


def readings(layers: int, record: Heads | None) -> dict[str, Reading]:
    """The ways to read one map that there are, by what a link calls them."""
    found = {
        "read": Reading("read", None, None, "predicts"),
        "all": Reading("all", None, None, "predicts"),
        **{f"layer-{layer + 1}": Reading("layer", layer, None, "predicts") for layer in range(layers)},
    }
    return found if record is None else found | {BEST: record.best.reading}


def switches(view: View, layers: int, record: Heads | None, say: Strings) -> None:
    """Draw what is chosen for the whole laboratory; how one map is read only where a Transformer is there."""
    levels: dict[str, str] = {code: say(f"transformer.{code}") for code in LEVELS if code != "stems"}
    offered = {code: called(code, say) for code in (readings(layers, record) if layers else ())}
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="switches"):
        choose(view, "split", say("transformer.split"), levels)
        if offered:
            choose(view, "reading", say("transformer.reading"), offered)
        write_link(view)


def called(code: str, say: Strings) -> str:
    """What a way to read one map is called."""
    way, _, layer = code.partition("-")
    return say(f"transformer.reading_{way}", number=layer)


def side_switches(view: View, say: Strings) -> None:
    """Draw the choice of the side that looks at itself."""
    sides = {code: say(f"transformer.side_{code}") for code in ("encoder", "decoder")}
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="switches_side"):
        choose(view, "side", say("transformer.side"), sides)
