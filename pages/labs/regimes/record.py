"""The record of training regimes, as it is read, and what its regimes are called and drawn with."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from pages.kit.curves import Stroke, strokes
from pages.kit.strings import Strings
from s2s.config import SCHEDULED
from s2s.evaluate.regimes import RECORD, OnText, Regimes, Trained, read_regimes
from s2s.figures.palette import Palette
from s2s.recipes import REGIMES as RECIPES
from s2s.recipes import TWO_PASSES, ordered


@cache
def measured() -> Regimes:
    """The record beside the models. Raises DataError."""
    return read_regimes(RECORD)


def on_text(one: Trained, text: str) -> OnText:
    """A model on one of the two kinds of text."""
    found: OnText = getattr(one, text)
    return found


def name_of(regime: str, say: Strings) -> str:
    """What a regime is called; by its own name where the strings have none."""
    return say(f"trained.{regime.replace('-', '_')}") if regime in RECIPES else regime


def heading_of(regime: str, say: Strings) -> str:
    """What its model is called, over its numbers."""
    return say(f"trained_with.{regime.replace('-', '_')}") if regime in RECIPES else regime


def repeated(found: Regimes) -> tuple[str, ...]:
    """The regimes that were repeated with several seeds, in the order people meet them."""
    return ordered({one.regime for one in found.repetitions})


def costed(found: Regimes) -> tuple[str, ...]:
    """Those whose updates were timed."""
    return ordered({one.regime for one in found.costs})


def strokes_of(regimes: Iterable[str], palette: Palette) -> dict[str, Stroke]:
    """What tells their lines apart, the same for a regime in every picture; one that is computed in another
    way has the colour of the regime and a mark of its own."""
    known = [regime for regime in RECIPES if regime != TWO_PASSES]
    found = dict(zip(known, strokes(len(known), palette), strict=True))
    found[TWO_PASSES] = found[SCHEDULED]._replace(dash="longdash", mark="x")
    spare = strokes(len(known), palette)[-1]
    return {regime: found.get(regime, spare) for regime in regimes}
