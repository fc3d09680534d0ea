"""The shipped models side by side, and whether the scorers differ by more than seeds do."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.kit.report import shipped_report
from pages.kit.strings import Strings
from s2s import catalog
from s2s.errors import S2SError
from s2s.evaluate.report import Report, Spread, aer, bleu, weights_aer


def scores(say: Strings) -> None:
    """The shipped models side by side, and whether the scorers differ by more than seeds do."""
    st.subheader(say("scores.title"), anchor=False)
    try:
        report = shipped_report()
        if not report.shipped:
            return
        st.table(pd.DataFrame(_columns(report, say)))
    except S2SError as error:
        st.text(say.error(error))
        return
    st.caption(_how(report, say))
    st.text(_verdict(report, say))


def _verdict(report: Report, say: Strings) -> str:
    """Whether scorers differ by more than seeds do, early in training and at its end."""
    compared = report.compare(bleu)
    if compared is None:
        return ""
    early = say(
        "scores.told_apart" if compared.is_told_apart else "scores.not_told_apart",
        **_trainings(report),
        between=f"{compared.between:.1f}",
        within=f"{compared.within:.1f}",
    )
    late = say(
        "scores.shipped_apart" if compared.is_shipped_told_apart else "scores.shipped_close",
        gap=f"{compared.shipped:.1f}",
    )
    return f"{early} {late}"


def _trainings(report: Report) -> dict[str, str]:
    """How many repetitions there are of each scorer, and how long they are."""
    return {
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
        **_trainings(report),
    )


def _columns(report: Report, say: Strings) -> dict[str, dict[str, str]]:
    """By model, by quantity."""
    bleus, aers = report.spread(bleu), report.spread(aer)
    columns: dict[str, dict[str, str]] = {}
    for evaluation in report.scorers:
        _, card = catalog.read_config(catalog.locate(evaluation.setup.model))
        attention, longest = evaluation.setup.attention, evaluation.by_length[-1]
        columns[say(f"scorer.{attention}")] = {
            say("scores.bleu"): _score(bleu(evaluation)),
            say("scores.bleu_seeds"): _range(bleus.get(attention)),
            say("scores.bleu_long", shortest=longest.shortest): _score(longest.bleu),
            say("scores.bleu_joined"): _score(evaluation.joined.bleu),
            say("scores.aer"): _score(aer(evaluation), factor=100),
            say("scores.aer_seeds"): _range(aers.get(attention), factor=100),
            say("scores.aer_weights"): _score(weights_aer(evaluation), factor=100),
            say("scores.parameters"): f"{evaluation.setup.parameters / 1e6:.2f}",
            say("scores.milliseconds"): f"{evaluation.speed.milliseconds:.0f}",
            say("scores.minutes"): f"{card.seconds / 60:.0f}",
        }
    return columns


def _score(value: float | None, *, factor: float = 1) -> str:
    return "–" if value is None else f"{factor * value:.1f}"


def _range(spread: Spread | None, *, factor: float = 1) -> str:
    return "–" if spread is None else f"{factor * spread.low:.1f}–{factor * spread.high:.1f}"
