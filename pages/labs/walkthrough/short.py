"""The six stages in short: one line and one small picture each, so that all of them stand on one screen.

They are of the model itself: what a reader changes, a temperature or a context that is left out, is in the
long form. A stage says a check only where it fails; all of them are marked in the bar.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from pages.kit.arithmetic import digits
from pages.kit.stages import Block, Picture, Stage, Text
from pages.labs.walkthrough.encoder import check_of
from pages.labs.walkthrough.notebook import LINES
from pages.labs.walkthrough.prediction import named
from pages.labs.walkthrough.step import Step, counts, mark
from s2s.config import NO_ATTENTION
from s2s.figures import stages as draw
from s2s.figures.canvas import Figure
from s2s.figures.look import merged_score
from s2s.walkthrough import stages

_BARS: Final = 4  # in a picture
_STRIPS: Final = 3  # beside their sum


def _starting(one: Step) -> Stage:
    say, of = one.say, one.workings
    check = stages.both(check_of(one), stages.stepping(of, one.step).check)
    line = say("walkthrough.short_start", fed=one.fed, **counts(one))
    return Stage(_told(line, draw.start(of, one.step, one.look), "start"), mark(check, say))


def _scoring(one: Step) -> Stage:
    say, of = one.say, one.workings
    if one.scores is None or of.trace.scores is None:
        return Stage((Text(say("walkthrough.score_none")),))
    rows = draw.leading(of, one.step, one.look, _BARS)
    listed = {row.name: merged_score(of.trace.scores[one.step], row.pieces) for row in rows}
    best = max(listed, key=lambda name: listed[name])
    line = say(f"walkthrough.short_score_{of.parameters.attention}", source=best, score=digits(listed[best]))
    figure = draw.scores(of, one.step, one.look, most=_BARS)
    return Stage(_told(line, figure, "scores_short"), mark(one.scores.check, say))


def _weighting(one: Step) -> Stage:
    say, of = one.say, one.workings
    found = stages.weighting(of, one.step)
    if found is None or of.trace.weights is None:
        return Stage((Text(say("walkthrough.weigh_none")),))
    rows = draw.leading(of, one.step, one.look, _BARS)
    figure = draw.weights(of, of.trace.weights[one.step], one.look, shown=rows)
    name, weight = one.most
    line = say("walkthrough.short_weigh", source=name, weight=f"{weight:.3f}")
    return Stage(_told(line, figure, "weights_short"), mark(found.check, say))


def _mixing(one: Step) -> Stage:
    say, of = one.say, one.workings
    found = stages.mixing(of, one.step)
    if found is None:
        return Stage((Text(say("walkthrough.mix_none")),))
    name, weight = one.most
    line = say("walkthrough.finding_mixture", source=name, weight=f"{100 * weight:.0f}")
    figure = draw.mixture(of, one.step, found, one.look, most=_STRIPS)
    return Stage(_told(line, figure, "mixture_short"), mark(found.check, say))


def _combining(one: Step) -> Stage:
    say, of = one.say, one.workings
    kind = "with" if one.looks else NO_ATTENTION
    line = say(f"walkthrough.short_combine_{kind}")
    figure = draw.output_vector(of, one.step, one.look)
    return Stage(_told(line, figure, "output_vector"), mark(stages.combining(of, one.step).check, say))


def _predicting(one: Step) -> Stage:
    say, said = one.say, one.said[:_BARS]
    figure = draw.likely_words(named(one, said), one.look)
    line = say("walkthrough.finding_word", word=one.written, probability=f"{said[0].probability:.3f}")
    return Stage(
        _told(line, figure, "words_short"), mark(stages.predicting(one.workings, one.step).check, say)
    )


def _told(line: str, figure: Figure, name: str) -> tuple[Block, ...]:
    """A line and its picture, which the line says, too."""
    return Text(line), Picture(figure, "", line, LINES[name])


SHORT: Final[Mapping[str, Callable[[Step], Stage]]] = {
    "start": _starting,
    "score": _scoring,
    "weigh": _weighting,
    "mix": _mixing,
    "combine": _combining,
    "predict": _predicting,
}
