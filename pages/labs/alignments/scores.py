"""The shipped models side by side, and whether the scorers differ by more than seeds do."""

from __future__ import annotations

import streamlit as st

from pages.kit.family import card_of, name_of
from pages.kit.report import shipped_report, side_by_side
from pages.kit.strings import Strings
from pages.kit.tables import quantities
from pages.kit.tasks import chosen_task
from s2s.errors import S2SError
from s2s.evaluate.report import Report, Spread, aer, bleu, weights_aer


def scores(say: Strings) -> None:
    """The shipped models side by side; and apart from these, what a seed changes in shorter trainings, whose
    scores nobody is to read as those of the models above."""
    try:
        task = chosen_task()
        report = shipped_report(task)
        if not report.shipped or task.languages.purpose:  # what it says is about translations
            return
        st.header(say("scores.title"), anchor=False)
        quantities(_columns(report, say), say)
    except S2SError as error:
        st.text(say.error(error))
        return
    st.caption(_how(report, say))
    if seeds := _seeds(report, say):
        st.markdown(f"**{say('scores.seeds_title')}**")
        st.caption(say("scores.seeds", **_trainings(report)))
        quantities(seeds, say)
        st.text(_verdict(report, say))


def _verdict(report: Report, say: Strings) -> str:
    """Whether scorers differ by more than seeds do, early in training and at its end."""
    compared = report.compare(bleu)
    if compared is None:
        return ""
    early = say(
        "scores.told_apart" if compared.is_told_apart else "scores.not_told_apart",
        seeds=_trainings(report)["seeds"],
        between=f"{compared.between:.1f}",
        within=f"{compared.within:.1f}",
    )
    late = say(
        "scores.shipped_apart" if compared.is_shipped_told_apart else "scores.shipped_close",
        gap=f"{compared.shipped:.1f}",
    )
    return f"{early} {late}"


def _trainings(report: Report) -> dict[str, str]:
    """How many repetitions there are of each scorer, how long they are, and how long the shipped models
    learned."""
    names = [evaluation.setup.model for evaluation in report.scorers]
    cards = [card_of(name) for name in names]
    return {
        "full": f"{max((card.updates for card in cards), default=0):,}",
        "seeds": f"{len({repetition.seed for repetition in report.repetitions})}",
        "updates": f"{max((repetition.updates for repetition in report.repetitions), default=0):,}",
    }


def _how(report: Report, say: Strings) -> str:
    """What the numbers are."""
    aligned = [evaluation.gold.pairs for evaluation in report.scorers if evaluation.gold]
    return say(
        "scores.how",
        sentences=f"{report.shipped[0].sentences:,}",
        pairs=max(aligned, default=0),
    )


def _columns(report: Report, say: Strings) -> dict[str, dict[str, str]]:
    """By model, by quantity. The error of what is drawn comes first: it is what one sees."""
    return {
        name_of(evaluation.setup.model, say): {
            say("scores.bleu"): _score(bleu(evaluation)),
            say("scores.bleu_joined"): _score(evaluation.joined.bleu),
            say("scores.aer_weights"): _score(weights_aer(evaluation), factor=100),
            say("scores.aer"): _score(aer(evaluation), factor=100),
            say("scores.parameters"): f"{evaluation.setup.parameters / 1e6:.2f}",
            say("scores.milliseconds"): f"{evaluation.speed.milliseconds:.0f}",
        }
        for evaluation in side_by_side(report)
    }


def _seeds(report: Report, say: Strings) -> dict[str, dict[str, str]]:
    """The lowest and the highest of the repetitions, by scorer, by quantity; nothing without any."""
    bleus, aers = report.spread(bleu), report.spread(aer)
    return {
        say(f"scorer.{attention}"): {
            say("scores.bleu_seeds"): _range(spread),
            say("scores.aer_seeds"): _range(aers.get(attention), factor=100),
        }
        for attention, spread in bleus.items()
    }


def _score(value: float | None, *, factor: float = 1) -> str:
    return "–" if value is None else f"{factor * value:.1f}"


def _range(spread: Spread | None, *, factor: float = 1) -> str:
    return "–" if spread is None else f"{factor * spread.low:.1f}–{factor * spread.high:.1f}"
