"""What a reader chose on the teacher-forcing page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import streamlit as st

from pages.kit.family import OneModel, model_names, trained, trained_names
from pages.kit.state import (
    Choice,
    Number,
    choose,
    choose_some,
    chosen,
    count,
    keep,
    slide,
    write_link,
)
from pages.kit.strings import Strings
from s2s.evaluate.divergence import Injection
from s2s.text import well_formed

_BESIDE: Final = 2  # models, at most


class Word(Choice):
    """A word, or a blank."""

    def checked(self, value: Any) -> str:
        """The text without the space around it."""
        return well_formed(value.strip()) if isinstance(value, str) else ""


class Trained(Choice):
    """At most two of the regimes that models here were trained in, those chosen last, in the order they were
    chosen in; or none."""

    def checked(self, value: Any) -> tuple[str, ...]:
        """Those of the value that there are."""
        given = dict.fromkeys(value) if isinstance(value, list | tuple) else ()
        return tuple(code for code in given if code in trained())[-_BESIDE:]

    def parsed(self, codes: Sequence[str]) -> Any:
        """All of them."""
        return tuple(codes)

    def written(self, value: Any) -> Sequence[str]:
        """All of them."""
        return list(value)


class Shown(NamedTuple):
    """A model that both runs are shown of."""

    model: str
    regime: str  # it was trained in, where models are told apart by that; else ""


@dataclass(frozen=True)
class View(OneModel):
    """Which model or models, how often the teacher feeds the second run, and what a reader feeds by hand."""

    trained: tuple[str, ...] = chosen(Trained())
    ratio: float = chosen(Number(0.0, 0.0, 1.0, step=0.05))
    seed: int = chosen(Number(1, 0, 9999))
    inject: int | None = chosen(Number(None, 2, 1000))  # a step, counted from 1
    word: str = chosen(Word())  # fed there

    @property
    def shown(self) -> tuple[Shown, ...]:
        """The models to be shown side by side: those of the regimes that were chosen, else the one."""
        if not self.trained:
            return (Shown(self.model, ""),)
        models = trained()
        return tuple(Shown(models[regime], regime) for regime in self.trained)

    @property
    def injection(self) -> Injection | None:
        """The word that is fed by hand, and at which step."""
        return Injection(self.inject, self.word) if self.inject and self.word else None


def feed(injection: Any) -> None:
    """Feed this word by hand, as a browser says it; nothing with None."""
    given = injection if isinstance(injection, Mapping) else {}
    keep(View, inject=given.get("step"), word=given.get("word"))


def regime_switch(view: View, say: Strings) -> None:
    """Draw the choice of regimes, where there are models of some."""
    if regimes := trained_names(say):
        with st.container(
            horizontal=True, vertical_alignment="center", gap="small", width="content", key="switches_trained"
        ):
            st.caption(say("forcing.trained"), width="content")
            choose_some(view, "trained", say("forcing.trained"), regimes)


def switches(view: View, say: Strings) -> None:
    """Draw the other switches of the page. While models are told apart by how they were trained, there is no
    other choice of a model."""
    with st.container(horizontal=True, vertical_alignment="center", gap="medium", key="switches"):
        if not view.trained:
            choose(view, "model", say("forcing.model"), model_names(say))
        with st.container(width=500):
            slide(view, "ratio", say("forcing.ratio"), words="percent", help_text=say("forcing.ratio_help"))
        with st.container(width=260):
            disabled = view.ratio in (0, 1)
            count(view, "seed", say("forcing.seed"), help_text=say("forcing.seed_help"), disabled=disabled)
        write_link(view)
