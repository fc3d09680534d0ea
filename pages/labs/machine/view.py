"""What a reader chose of the machine: whose it is, how much of it is there, and which word is looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

import streamlit as st

from pages.kit.family import COMPARED, available, name_of, own, recurrent, successor
from pages.kit.state import Number, OneOf, choose, chosen, keep, write_link
from pages.kit.strings import Strings
from pages.kit.tasks import chosen_task

_HIGHEST: Final = 9999  # no step or piece lies beyond
PARTS: Final = ("encoder", "decoder", "vector", "look")  # it is built up of, in this order


def offered() -> tuple[str, ...]:
    """Those of the main page, those whose encoders read one way only, and a reader's own that have recurrent
    states."""
    main = chosen_task().main
    one_way = [name for name in available(COMPARED["direction"]) if name not in main]
    return (*main, *one_way, *recurrent(own().configs))


def known() -> tuple[str, ...]:
    """Those, and those that only a link names, to be told what they lack."""
    return tuple(dict.fromkeys((*offered(), *successor(), *own().configs)))


@dataclass(frozen=True)
class View:
    """Whose machine, and what the browser says of it: the fields of `Built`."""

    model: str = chosen(OneOf(known))
    part: int = chosen(Number(0, 0, len(PARTS) - 1, shift=1))  # the last that is there
    step: int = chosen(Number(0, 0, _HIGHEST, shift=1))  # the target piece that is looked at
    read: int | None = chosen(Number(None, 0, _HIGHEST))  # source pieces so far; None is all


def called(name: str, say: Strings) -> str:
    """What a machine is called here: how it reads is said where others read otherwise."""
    among = "direction" if len(available(COMPARED["direction"])) > 1 else ""
    return name_of(name, say, among=among)


class Built(NamedTuple):
    """What the reader chose of the picture; places are counted from 0."""

    part: int
    step: int
    read: int | None


def build(given: object) -> None:
    """Go where the browser says."""
    if isinstance(given, Mapping):
        keep(View, **{name: given.get(name) for name in Built._fields})


def switches(view: View, say: Strings) -> None:
    """Draw the choice of the model."""
    words = {name: called(name, say) for name in dict.fromkeys((*offered(), view.model))}
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="switches"):
        choose(view, "model", say("machine.model"), words)
        write_link(view)
