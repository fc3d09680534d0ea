"""What the curves of two regimes say: claims put into words, never judged again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pages.kit.strings import Strings
from s2s.claims.exposure import better_alone, gap_open, wider_gap
from s2s.evaluate.regime_curves import Point, reached

Curves = Mapping[str, Sequence[Point]]  # by regime


def so_far(curves: Curves, say: Strings) -> str:
    """How far both are."""
    first, second = curves.values()
    if not second:  # it comes after the first at each look
        return say("exposure.begun")
    one, other = first[len(second) - 1], second[-1]
    return say("exposure.so_far", updates=one.updates, first=_told(one, say), second=_told(other, say))


def verdict(curves: Curves, say: Strings) -> str:
    """At the end: whose gap is wider, and who gets more right alone."""
    one, other = (points[-1] for points in curves.values())
    return f"{_gaps(one, other, say)} {_alone(one, other, say)}"


def _told(point: Point, say: Strings) -> str:
    return say("exposure.both", regime=say(f"trained.{point.regime}"), **percents(point))


def percents(point: Point) -> dict[str, str]:
    """What is right at a point, in percent, by how the decoder is fed."""
    return {"forced": f"{100 * point.forced:.0f}", "free": f"{100 * point.free:.0f}"}


def _gaps(one: Point, other: Point, say: Strings) -> str:
    """Whose gap is wider."""
    if not gap_open(one).holds and not gap_open(other).holds:
        return say("exposure.no_gap")
    wider = wider_gap(one, other).holds
    if wider is None:
        return say("exposure.same_gap", first=_points(one), second=_points(other))
    more, less = (one, other) if wider else (other, one)
    return say(
        "exposure.wider_gap", regime=say(f"trained.{more.regime}"), more=_points(more), less=_points(less)
    )


def _points(point: Point) -> str:
    return f"{100 * point.gap:.0f}".replace("-", "−")


def _alone(one: Point, other: Point, say: Strings) -> str:
    """Who gets more right without a teacher."""
    better = better_alone(one, other).holds
    if better is None:
        return say("exposure.same_alone", first=percents(one)["free"], second=percents(other)["free"])
    more, less = (one, other) if better else (other, one)
    return say(
        "exposure.better_alone",
        regime=say(f"trained.{more.regime}"), more=percents(more)["free"], less=percents(less)["free"],
    )  # fmt: skip


def how_soon(curves: Curves, say: Strings) -> str:
    """When each first got right, alone, as much as both do in the end."""
    share = min(points[-1].free for points in curves.values())
    soon = [point for points in curves.values() if (point := reached(points, share)) is not None]
    told = [
        say(
            "exposure.reached",
            regime=say(f"trained.{point.regime}"), updates=point.updates, seconds=f"{point.seconds:.1f}",
        )
        for point in soon
    ]  # fmt: skip
    return say("exposure.how_soon", share=f"{100 * share:.0f}", first=told[0], second=told[1])
