"""How good the models of a task are, each figure beside what copying the input gets."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.kit import family
from pages.kit.frame import Frame
from pages.kit.report import task_scores
from pages.kit.strings import Strings
from pages.kit.tables import quantities
from pages.kit.tasks import chosen_task
from s2s.evaluate.scores import Manner, Quality, TaskScore
from s2s.evaluate.task_table import tokenizer_of


def scores(frame: Frame) -> None:
    """The table of the chosen task, where its models were measured."""
    measured = task_scores()
    found = [measured[name] for name in chosen_task().models if name in measured]
    if not found:
        return
    say, first = frame.say, found[0]
    st.header(say("models.scores"), anchor=False)
    st.write(say("models.scores_how"))
    quantities(_columns(found, say), say)
    st.caption(
        say(
            "models.scores_on",
            inputs=f"{first.inputs:,}",
            references=f"{first.references:,}",
            signature=first.output.bleu[0].signature,
        )
    )


def _columns(found: Sequence[TaskScore], say: Strings) -> dict[str, dict[str, str]]:
    """By the name of the column: models, copying, people."""
    titles = family.own_names(say)
    columns = {titles.get(score.model, score.model): _quality(score.output, say) for score in found}
    columns[say("models.copying")] = _quality(found[0].copying, say)
    columns[say("models.people")] = _manner(found[0].people, say)
    names = dict.fromkeys(name for column in columns.values() for name in column)
    return {
        title: {name: column.get(name, "–") for name in names if _has(name, columns)}
        for title, column in columns.items()
    }


def _has(name: str, columns: dict[str, dict[str, str]]) -> bool:
    return any(column.get(name, "–") != "–" for column in columns.values())


def _quality(quality: Quality, say: Strings) -> dict[str, str]:
    return {
        say("models.exact"): _percent(quality.exact),
        "chrF": f"{quality.chrf.value:.1f}",
        **{say("models.bleu", cut=tokenizer_of(score)): f"{score.value:.1f}" for score in quality.bleu},
        **_manner(quality.manner, say),
    }


def _manner(manner: Manner, say: Strings) -> dict[str, str]:
    return {
        say("models.copied"): _percent(manner.copied),
        say("models.distinct"): _percent(manner.distinct),
        say("models.loops"): _percent(manner.loops),
        say("models.register"): _percent(manner.register),
    }


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f}%"
