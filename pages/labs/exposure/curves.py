"""A card for each regime: what its model gets right in both ways to be fed, over the updates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pages.kit.curves import curve_labels, curve_numbers, narrowest, number, written_series
from pages.kit.frame import Frame
from pages.kit.live import Fact, Panel, live_view
from pages.labs.exposure.finding import Curves, percents
from pages.labs.exposure.notebook import origin
from pages.labs.exposure.view import Question
from s2s.claims.exposure import ERRORS
from s2s.evaluate.regime_curves import CHANCE, EVERY, UPDATES, Point
from s2s.figures.steps import Line, Plot, step_curves

_NAMED: Final = 100  # updates from one name on the axis to the next
_HEIGHT: Final = 15.0  # of the plot, in em
_LOOKS: Final = (*range(0, UPDATES, EVERY), UPDATES)


def show_curves(asked: Question, curves: Curves, frame: Frame) -> None:
    """Both regimes side by side, on axes of the same numbers."""
    say = frame.say
    live_view(
        [regime_panel(asked, regime, points, frame) for regime, points in curves.items()],
        labels=curve_labels(say, row=say("exposure.updates"), pinned=say("exposure.pinned")),
        palette=frame.palette,
        key="exposure_curves",
        beside=2,
    )


def regime_panel(asked: Question, regime: str, points: Sequence[Point], frame: Frame) -> Panel:
    """The curves of one regime, as far as they go on an axis of the whole run."""
    say, palette, title = frame.say, frame.palette, frame.say(f"trained.{regime}")
    if not points:
        return Panel(name=regime, title=title, notice=say("exposure.begun"))
    missing = [float("nan")] * (len(_LOOKS) - len(points))
    forced = [100 * point.forced for point in points] + missing
    free = [100 * point.free for point in points] + missing
    lines = (
        Line(say("exposure.given_reference"), forced, palette.teacher, mark="square"),
        Line(say("exposure.given_own"), free, palette.self_fed, dash="dash"),
    )
    plot = Plot(say("exposure.plot", chance=f"{100 * CHANCE:.1f}"), lines, top=100, height=_HEIGHT)
    names = [str(updates) if updates % _NAMED == 0 else " " for updates in _LOOKS]
    series = [
        *(written_series(line.name, line.values, "{:.1f}%".format) for line in lines),
        *(
            written_series(say(f"exposure.{name}"), _taken(points, name) + missing, write)
            for name, write in (("loss", number), ("gradient_norm", number), ("seconds", "{:.1f}".format))
        ),
    ]
    last = points[-1]
    return Panel(
        name=regime,
        title=title,
        numbers=curve_numbers(tuple(map(str, _LOOKS)), series),
        figure=step_curves(
            names, [plot], palette=palette, axis=say("exposure.updates"), narrowest=narrowest(len(names)),
            font_size=frame.font_size,
        ),
        spoken=say("exposure.spoken", regime=title, updates=last.updates, **percents(last)),
        facts=_facts(last, frame),
        origin=origin(asked, regime),
    )  # fmt: skip


def _taken(points: Sequence[Point], name: str) -> list[float]:
    """A quantity of the updates before each point; NaN before the first."""
    values = [getattr(point, name) for point in points]
    return [float("nan") if value is None else value for value in values]


def _facts(point: Point, frame: Frame) -> tuple[Fact, ...]:
    say = frame.say
    gap, error = (f"{100 * share:.1f}".replace("-", "−") for share in (point.gap, ERRORS * point.gap_error))
    norm = "–" if point.gradient_norm is None else number(point.gradient_norm)
    return (
        Fact(say("exposure.gap"), f"{gap} ± {error}", say("exposure.gap_help")),
        Fact(say("exposure.gradient_norm"), norm, say("exposure.gradient_norm_help", every=EVERY)),
        Fact(say("exposure.seconds"), f"{point.seconds:.1f}", say("exposure.seconds_help")),
    )
