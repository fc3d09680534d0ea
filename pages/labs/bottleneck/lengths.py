"""Quality over the length of the input, of many sentences: models that differ in one thing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import numpy as np

from pages.kit.curves import band_line, curve_numbers, strokes
from pages.kit.family import COMPARED, available, kind_of, name_of
from pages.kit.frame import Frame
from pages.kit.live import Fact, Panel, Series
from pages.kit.report import shipped_report
from pages.kit.strings import Strings
from pages.kit.tasks import chosen_task
from pages.labs.bottleneck.notebook import of_lengths
from s2s import catalog
from s2s.claims import bottleneck as claims
from s2s.evaluate.evaluation import Band, ChainScore, Evaluation
from s2s.evaluate.report import Report
from s2s.figures.labels import signed
from s2s.figures.steps import Plot, step_curves
from s2s.text import count_words

_WITH_LIMIT: Final = ("attention", "recurrence")  # comparisons that say what happens beyond training


class Measured(NamedTuple):
    """A model's scores by length."""

    name: str
    title: str  # on screen, beside the others
    chains: tuple[ChainScore, ...]


def measured(compared: str, say: Strings) -> list[Measured]:
    """What the report says of the models that are compared; raises DataError without a report."""
    return [
        Measured(
            evaluation.setup.model, name_of(evaluation.setup.model, say, among=compared), evaluation.chains
        )
        for evaluation in _reported(shipped_report(chosen_task()), available(COMPARED[compared]))
        if evaluation.chains
    ]


def _reported(report: Report, names: Iterable[str]) -> list[Evaluation]:
    known = {evaluation.setup.model: evaluation for evaluation in report.shipped}
    return [known[name] for name in names if name in known]


def length_panel(found: Sequence[Measured], text: str, frame: Frame) -> Panel:
    """BLEU and chrF over the length of the input, with bands; the reader's length marked."""
    say, palette = frame.say, frame.palette
    lengths = [score.words for score in found[0].chains]
    steps = [f"{length:.0f}" for length in lengths]
    length = count_words(text, say.languages[0].source)
    series: list[Series] = []
    plots = []
    for measure in ("bleu", "chrf"):
        lines = []
        for one, stroke in zip(found, strokes(len(found), palette), strict=True):
            bands: list[Band] = [getattr(score, measure) for score in one.chains]
            lines.append(band_line(one.title, bands, stroke))
            series.append(_series(f"{say(f'bottleneck.{measure}')}, {one.title}", bands))
        plots.append(Plot(say(f"bottleneck.{measure}"), lines))
    return Panel(
        name="lengths",
        title=say("bottleneck.lengths"),
        numbers=curve_numbers(tuple(steps), series),
        figure=step_curves(
            steps,
            plots,
            palette=palette,
            at=float(np.interp(length, lengths, range(len(lengths)))),
            axis=say("bottleneck.axis_words"),
            font_size=frame.font_size,
        ),
        facts=(
            Fact(
                say("bottleneck.yours"), say("bottleneck.words", words=length), say("bottleneck.yours_help")
            ),
        ),
        spoken=f"{say('bottleneck.lengths')}: {length_finding(found, say)}",
        is_wide=True,
        origin=of_lengths([one.name for one in found]),
    )


def length_finding(found: Sequence[Measured], say: Strings) -> str:
    """What length does to the models that are compared, and whether what is claimed of them holds."""
    ends = [(one.title, *claims.compared_lengths(one.chains)) for one in found]
    items = [
        say(
            "bottleneck.length_item",
            model=title,
            short=f"{short.bleu.value:.1f}",
            long=f"{long.bleu.value:.1f}",
        )
        for title, short, long in ends
    ]
    _, short, long = ends[0]
    head = say(
        "bottleneck.length_finding",
        short=f"{short.words:.0f}",
        long=f"{long.words:.0f}",
        items="; ".join(items),
    )
    return f"{head} {_verdict(found, say)}"


def _verdict(found: Sequence[Measured], say: Strings) -> str:
    """Whether what is said of these models holds, and for some comparisons what comes beyond training."""
    by_kind = {kind_of(one.name): one.chains for one in found}
    claim = next(iter(claims.length_claims(by_kind)), None)
    if claim is None:
        return ""
    values = {name: signed(difference, 1) for name, difference in claim.values.items()}
    verdict = {True: "held", None: "partly", False: "not"}[claim.holds]
    name = claim.key.removeprefix("bottleneck.")
    told = say(f"bottleneck.{name}_{verdict}", **values)
    if name not in _WITH_LIMIT:
        return told
    comparison = catalog.COMPARED[name]
    weak, strong = (by_kind[kind][-1] for kind in (comparison.weak, comparison.strong))
    limit = {"weak": f"{weak.bleu.value:.1f}", "strong": f"{strong.bleu.value:.1f}"}
    return f"{told} {say(f'bottleneck.{name}_limit', words=f'{strong.words:.0f}', **limit)}"


def _series(name: str, bands: Sequence[Band]) -> Series:
    return Series(
        name,
        tuple(f"{band.value:.1f} ({band.low:.1f}–{band.high:.1f})" for band in bands),
        np.array([band.value for band in bands]),
        np.array([[band.low for band in bands], [band.high for band in bands]]),
    )
