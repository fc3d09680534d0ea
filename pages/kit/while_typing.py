"""What answers while one types: the part of a page that runs again at each letter, alone."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from typing import Final

import streamlit as st

from pages.kit.failures import told
from pages.kit.lesson_strip import strip
from pages.kit.sentence import sentence_bar
from pages.kit.strings import Strings
from pages.kit.tasks import chosen_task
from pages.kit.translators import SINCE, shelf
from pages.kit.turns import TURNS
from s2s.languages import Languages

_ASKING: Final = 0.5  # seconds between two looks whether the models have come


def while_typing(
    answer: Callable[[str, bool], None],
    say: Strings,
    *,
    models: Sequence[str] = (),
    languages: Callable[[], Iterable[Languages]] = tuple,
    has_bank: bool = False,
    behind: Sequence[Callable[[], None]] = (),
) -> None:
    """Draw the sentence bar, and below it what `answer` draws, which gets the sentence and whether `models`,
    by default those of the task's main page, are loaded, or known to be unusable. `languages` are those of
    the models that answer, looked at in every run: the bar speaks of them, and of the sentence bank where the
    page has one (`has_bank`).

    Behind the answer come those of other laboratories to the same sentence (`behind`, as a frame has them);
    they find it in the session (`sentence.typed`). Where one fails, the page says so and the bar and the
    others go on; where the models here answer in place of an
    engine elsewhere, it says why.
    """

    def run(is_ready: bool) -> None:
        above = st.container()
        text = sentence_bar(say.about(languages()), has_bank=has_bank)
        with above, told(say):
            strip(say, text, is_ready=is_ready)
        if (failure := shelf().engines.failure) is not None:
            st.text(say("engine.away", reason=say.error(failure)))
        for part in (lambda: answer(text, is_ready), *behind):
            with told(say):
                part()

    while_loading(models or chosen_task().main, run)


def while_loading(models: Sequence[str], draw: Callable[[bool], None]) -> None:
    """A part of a page that runs alone: `draw` gets whether these models are loaded, or known to be unusable.

    While they load, it looks for them by itself; when they have come, the whole page runs once more, and
    nothing runs by itself any longer.
    """
    was_ready = shelf().has(models)

    @st.fragment(run_every=None if was_ready else _ASKING)
    def run() -> None:
        # When they began to wait: it may have been for a run before this one.
        since = st.session_state.setdefault(SINCE, time.perf_counter())
        with TURNS.taken(since):
            is_ready = shelf().has(models)
            if is_ready and not was_ready:
                st.rerun()
            draw(is_ready)
            st.session_state.pop(SINCE, None)

    run()
