"""What a reader chose of the walkthrough: whose step, and what of it is looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import streamlit as st

from pages.kit.family import is_recurrent, name_of, own, own_names, shipped
from pages.kit.stages import Chosen
from pages.kit.state import Choice, Number, OneOf, Switch, choose, chosen, keep, write_link
from pages.kit.strings import Strings
from pages.kit.tasks import chosen_task
from s2s import catalog
from s2s.config import NO_ATTENTION

_HIGHEST: Final = 9999  # no step, piece or number of a vector lies beyond
TEMPERATURES: Final = (0.1, 5.0)

FORMS: Final = ("short", "long")  # all six stages on one screen, or each in full


def scorers() -> Mapping[str, tuple[str, ...]]:
    """Those of the task's main page, by how they score; all that attend, where there are several; the one
    without attention."""
    task = chosen_task()
    found: dict[str, tuple[str, ...]] = {
        kind.attention: (kind.model(task.languages),)
        for kind in sorted(catalog.SCORERS, key=lambda kind: not kind.attends)
        if kind.name in task.kinds
    }
    plain = found.pop(NO_ATTENTION, None)
    if len(found) > 1:
        found["all"] = task.shown_first
    return found if plain is None else {**found, NO_ATTENTION: plain}


class Places(Choice):
    """Any places from 0, in their order; a link counts them from 1."""

    def checked(self, value: Any) -> tuple[int, ...]:
        """Those of the value that are places."""
        given = value if isinstance(value, list | tuple) else ()
        return tuple(sorted({one for one in given if type(one) is int and 0 <= one <= _HIGHEST}))

    def parsed(self, codes: Sequence[str]) -> Any:
        """Numbers with points between them."""
        parts = codes[-1].split(".")
        return [int(part[:9]) - 1 for part in parts if part.isascii() and part.isdigit()]

    def written(self, value: Any) -> Sequence[str]:
        """The same."""
        return [".".join(str(place + 1) for place in value)]


@dataclass(frozen=True)
class View:
    """Whose step, and what the browser says of it: the fields of `Chosen`."""

    scorer: str = chosen(OneOf(lambda: (*scorers(), *own().configs, *shipped())))
    step: int = chosen(Number(0, 0, _HIGHEST, shift=1))
    word: int | None = chosen(Number(None, 0, _HIGHEST, shift=1))
    number: int | None = chosen(Number(None, 0, _HIGHEST, shift=1))
    temperature: float = chosen(Number(1.0, *TEMPERATURES))
    scaled: bool = chosen(Switch(False))
    context: bool = chosen(Switch(True))
    tanh: bool = chosen(Switch(True))
    matrix: bool = chosen(Switch(False))
    opened: tuple[int, ...] = chosen(Places(), link="open")
    form: str = chosen(OneOf(FORMS))


def walk(given: object) -> None:
    """Go where the browser says."""
    if isinstance(given, Mapping):
        keep(View, **{name: given.get(name) for name in Chosen._fields})


def models_of(scorer: str) -> tuple[str, ...]:
    """The models that a choice stands for."""
    return scorers().get(scorer, (scorer,))


def switches(view: View, say: Strings) -> None:
    """Draw the choice of scorer, or of a reader's own model."""
    words = {code: say(f"walkthrough.scorer_{code}") for code in scorers()}
    words |= {name: title for name, title in own_names(say).items() if is_recurrent(name)}
    if view.scorer not in words:  # another of the family, or one without recurrence, which a link names
        words[view.scorer] = name_of(view.scorer, say)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="switches"):
        choose(view, "scorer", say("walkthrough.scorer"), words)
        write_link(view)
