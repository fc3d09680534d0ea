"""The pictures of training regimes: the gap by step, BLEU by length, and how training went."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import takewhile
from math import isnan, nan
from statistics import fmean
from typing import Final, NamedTuple

import numpy as np

from pages.kit.curves import Stroke, band_line, curve_numbers, narrowest, written_series
from pages.kit.export import Origin
from pages.kit.frame import Frame
from pages.kit.live import Panel, Series
from pages.kit.strings import Strings
from pages.labs.regimes import notebook
from pages.labs.regimes.quantities import DASH, PARTED, QUANTITIES, banded
from pages.labs.regimes.record import heading_of, name_of, on_text, repeated, strokes_of
from s2s.evaluate.evaluation import Band
from s2s.evaluate.gap import labels
from s2s.evaluate.regimes import Length, Regimes, Trained
from s2s.figures.steps import Line, Plot, step_curves

_NONE: Final = Band(value=nan, low=nan, high=nan)
_NAMED: Final = 17  # places along an axis whose names do not touch
_MEASURES: Final = {"dev_loss": 3, "gradient_norm": 2}  # of a history, with their digits


class Curve(NamedTuple):
    """Numbers along an axis, each with what it lies between, NaN where there is none."""

    name: str
    bands: Sequence[Band]
    stroke: Stroke
    is_banded: bool = True  # or each band is a number


class Card(NamedTuple):
    """What is drawn in one picture."""

    name: str
    title: str
    curves: Sequence[Curve]
    digits: int
    places: Sequence[str]  # along the axis
    axis: str
    origin: Origin


def step_panels(found: Regimes, text: str, quantity: str, frame: Frame) -> list[Panel]:
    """A quantity by step: how much worse each model is fed by itself, and each fed both ways."""
    if quantity == PARTED:
        return [_parted(found, text, frame)]
    curves = [curve for model in found.trained for curve in _fed(model, text, quantity, frame)]
    highest = max(band.high for curve in curves for band in curve.bands)
    top, about = QUANTITIES[quantity].top or 1.05 * highest, frame.say(f"ways.quantity_{quantity}")
    return [
        _panel(_gaps(found, text, quantity, frame), frame, is_wide=True),
        *(
            _panel(_both(model, text, quantity, frame), frame, top=top)._replace(about=about)
            for model in found.trained
        ),
    ]


def shared_steps(found: Regimes, text: str) -> list[str]:
    """The steps up to which the models can stand in one picture: where few runs are as long, each puts all
    later steps together, and begins at a step of its own."""
    names = zip(*(_steps(model, text) for model in found.trained), strict=False)
    return [first for first, *others in takewhile(lambda alike: len(set(alike)) == 1, names)]


def length_panel(found: Regimes, text: str, frame: Frame) -> Panel:
    """BLEU of free runs by the length of the source."""
    say, lengths = frame.say, on_text(found.trained[0], text).by_length
    card = Card(
        "ways_lengths",
        say("ways.by_length"),
        _curves(
            {
                model.regime: [one.bleu or _NONE for one in on_text(model, text).by_length]
                for model in found.trained
            },
            frame,
        ),
        1,
        [length_name(one) for one in lengths],
        say("ways.words"),
        notebook.of_lengths(found, text),
    )
    pairs = written_series(say("ways.pairs"), [one.pairs for one in lengths], "{:,.0f}".format)
    return _panel(card, frame, more=(pairs,), is_wide=True)


def length_name(one: Length) -> str:
    """The words and marks of a source in digits."""
    if one.longest is None:
        return f"{one.shortest}+"
    return f"{one.shortest}" if one.shortest == one.longest else f"{one.shortest}–{one.longest}"


def training_panel(found: Regimes, frame: Frame) -> Panel:
    """How the dev loss and the norm of the gradient went, over the seeds of each regime."""
    say = frame.say
    looks = sorted({int(point["updates"]) for one in found.repetitions for point in one.history})
    curves = {measure: _over_seeds(found, measure, looks, frame) for measure in _MEASURES}
    titles = {measure: say(f"ways.{measure}") for measure in _MEASURES}
    places = [f"{look:,}" for look in looks]
    last = {
        measure: "; ".join(_told(one, -1, _MEASURES[measure], say) for one in its)
        for measure, its in curves.items()
    }
    return Panel(
        name="ways_training",
        title=say("ways.training"),
        numbers=curve_numbers(
            tuple(places),
            [
                _series(one, digits, of=titles[measure])
                for measure, digits in _MEASURES.items()
                for one in curves[measure]
            ],
        ),
        figure=step_curves(
            thinned(places),
            [Plot(titles[measure], [_line(one) for one in its]) for measure, its in curves.items()],
            palette=frame.palette, axis=say("ways.after_updates"), narrowest=narrowest(len(places)),
            font_size=frame.font_size,
        ),
        spoken=" ".join(
            say("ways.spoken_last", quantity=titles[measure], updates=f"{looks[-1]:,}", items=items)
            for measure, items in last.items()
        ),
        is_wide=True,
        origin=notebook.of_training(found),
    )  # fmt: skip


def thinned(names: Sequence[str]) -> list[str]:
    """As many names as stand side by side without touching, the last of them always; blanks for the rest."""
    every = -(-len(names) // _NAMED)
    return [name if (len(names) - place) % every == 1 % every else " " for place, name in enumerate(names)]


# What is drawn


def _gaps(found: Regimes, text: str, quantity: str, frame: Frame) -> Card:
    """How much worse all models are fed by themselves."""
    say, one, shared = frame.say, QUANTITIES[quantity], shared_steps(found, text)
    gaps = {
        model.regime: [
            _scaled(one.of(step).gap, one.factor) for step in on_text(model, text).steps[: len(shared)]
        ]
        for model in found.trained
    }
    return Card(
        "ways_gap", say(f"ways.gap_{quantity}"), _curves(gaps, frame), one.digits, shared, say("ways.step"),
        notebook.of_gaps(found, text, quantity, one.factor, len(shared)),
    )  # fmt: skip


def _both(model: Trained, text: str, quantity: str, frame: Frame) -> Card:
    """One model, fed by the teacher and by itself."""
    say, one = frame.say, QUANTITIES[quantity]
    return Card(
        f"ways_{model.regime}",
        heading_of(model.regime, say),
        _fed(model, text, quantity, frame), one.digits, _steps(model, text), say("ways.step"),
        notebook.of_both(model, text, quantity, one.factor),
    )  # fmt: skip


def _fed(model: Trained, text: str, quantity: str, frame: Frame) -> list[Curve]:
    say, palette, one = frame.say, frame.palette, QUANTITIES[quantity]
    both = [one.of(step) for step in on_text(model, text).steps]
    return [
        Curve(name, [_scaled(band, one.factor) for band in bands], stroke)
        for name, bands, stroke in (
            (say("regimes.forced"), [its.forced for its in both], Stroke(palette.teacher, "solid", "square")),
            (say("regimes.free"), [its.free for its in both], Stroke(palette.self_fed, "dash", "circle")),
        )
    ]


def _parted(found: Regimes, text: str, frame: Frame) -> Panel:
    """At which step the free runs of each model leave the reference, in percent of its pairs."""
    say, shared = frame.say, shared_steps(found, text)
    shares = {}
    for model in found.trained:
        gap = on_text(model, text).gap
        firsts = gap.firsts_by_position[: len(shared)]
        shares[model.regime] = [_exact(100 * first / gap.pairs) for first in firsts]
    card = Card(
        "ways_parted",
        say("ways.quantity_parted"),
        [curve._replace(is_banded=False) for curve in _curves(shares, frame)],
        1,
        shared,
        say("ways.step"),
        notebook.of_parted(found, text, len(shared)),
    )
    return _panel(card, frame, is_wide=True)


def _over_seeds(found: Regimes, measure: str, looks: Sequence[int], frame: Frame) -> list[Curve]:
    """The mean over the seeds of each regime, with the lowest and the highest."""
    bands: dict[str, list[Band]] = {}
    for regime in repeated(found):
        seeds = [
            {int(point["updates"]): point[measure] for point in one.history if measure in point}
            for one in found.repetitions
            if one.regime == regime
        ]
        bands[regime] = [_between([seed[look] for seed in seeds if look in seed]) for look in looks]
    return _curves(bands, frame)


def _curves(bands: Mapping[str, Sequence[Band]], frame: Frame) -> list[Curve]:
    """A curve for each regime."""
    drawn = strokes_of(bands, frame.palette)
    return [Curve(name_of(regime, frame.say), its, drawn[regime]) for regime, its in bands.items()]


def _between(values: Sequence[float]) -> Band:
    return Band(value=fmean(values), low=min(values), high=max(values)) if values else _NONE


def _exact(value: float) -> Band:
    """A number of which no band was measured."""
    return Band(value=value, low=value, high=value)


def _scaled(band: Band, factor: float) -> Band:
    return Band(value=factor * band.value, low=factor * band.low, high=factor * band.high)


def _steps(model: Trained, text: str) -> list[str]:
    return labels(on_text(model, text).gap.positions)


# How it is drawn


def _panel(
    card: Card, frame: Frame, *, more: Sequence[Series] = (), top: float | None = None, is_wide: bool = False
) -> Panel:
    say, places = frame.say, card.places
    told = "; ".join(
        say(
            "ways.spoken_ends",
            name=one.name,
            first=_written(one, 0, card.digits),
            last=_written(one, -1, card.digits),
        )
        for one in card.curves
    )
    return Panel(
        name=card.name,
        title=card.title,
        numbers=curve_numbers(tuple(places), [*(_series(one, card.digits) for one in card.curves), *more]),
        figure=step_curves(
            thinned(places), [Plot("", [_line(one) for one in card.curves], top=top)], palette=frame.palette,
            axis=card.axis, narrowest=narrowest(len(places)), font_size=frame.font_size,
        ),
        spoken=say(
            "ways.spoken", title=card.title, first=places[0], last=places[-1], axis=card.axis, items=told
        ),
        is_wide=is_wide,
        origin=card.origin,
    )  # fmt: skip


def _line(curve: Curve) -> Line:
    line = band_line(curve.name, curve.bands, curve.stroke)
    return line if curve.is_banded else line._replace(band=None)


def _written(curve: Curve, place: int, digits: int) -> str:
    band = curve.bands[place]
    return DASH if isnan(band.value) else banded(band, digits)


def _told(curve: Curve, place: int, digits: int, say: Strings) -> str:
    return say("ways.spoken_item", name=curve.name, value=_written(curve, place, digits))


def _series(curve: Curve, digits: int, *, of: str = "") -> Series:
    bands = curve.bands
    return Series(
        f"{of}, {curve.name}" if of else curve.name,
        tuple(_written(curve, place, digits) for place in range(len(bands))),
        np.array([band.value for band in bands]),
        np.array([[band.low for band in bands], [band.high for band in bands]]),
    )
