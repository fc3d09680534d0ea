"""What a reader chose on the teacher-forcing page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from pages.kit.family import OneModel, model_names
from pages.kit.state import Choice, Number, choose, chosen, count, keep, slide, write_link
from pages.kit.strings import Strings
from s2s.evaluate.divergence import Injection
from s2s.text import well_formed


class Word(Choice):
    """A word, or a blank."""

    def checked(self, value: Any) -> str:
        """The text without the space around it."""
        return well_formed(value.strip()) if isinstance(value, str) else ""


@dataclass(frozen=True)
class View(OneModel):
    """Which model, how often the teacher feeds the second run, and what a reader feeds by hand."""

    ratio: float = chosen(Number(0.0, 0.0, 1.0, step=0.05))
    seed: int = chosen(Number(1, 0, 9999))
    inject: int | None = chosen(Number(None, 2, 1000))  # a step, counted from 1
    word: str = chosen(Word())  # fed there

    @property
    def injection(self) -> Injection | None:
        """The word that is fed by hand, and at which step."""
        return Injection(self.inject, self.word) if self.inject and self.word else None


def feed(injection: Any) -> None:
    """Feed this word by hand, as a browser says it; nothing with None."""
    given = injection if isinstance(injection, Mapping) else {}
    keep(View, inject=given.get("step"), word=given.get("word"))


def switches(view: View, say: Strings) -> None:
    """Draw the switches of the page."""
    with st.container(horizontal=True, vertical_alignment="center", gap="medium", key="switches"):
        choose(view, "model", say("forcing.model"), model_names(say))
        with st.container(width=540):
            slide(view, "ratio", say("forcing.ratio"), words="percent", help_text=say("forcing.ratio_help"))
        with st.container(width=260):
            disabled = view.ratio in (0, 1)
            count(view, "seed", say("forcing.seed"), help_text=say("forcing.seed_help"), disabled=disabled)
        write_link(view)
