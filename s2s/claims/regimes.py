"""Claims about training regimes, each about one of them beside teacher forcing.

What has a band holds where the band is on one side of no difference; what was repeated with a few seeds holds
where the lowest and highest of one regime lie on one side of those of the other. All else is undecided.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations
from statistics import fmean
from typing import Final, NamedTuple

from s2s.claims import Claim
from s2s.config import TEACHER
from s2s.evaluate.curves import ALL_REACH
from s2s.evaluate.evaluation import Band
from s2s.evaluate.regimes import Beside, OnText, Regimes, Repetition

TEXTS: Final = ("everyday", "general")
FEWEST_SEEDS: Final = 3  # of a regime: chance has all of three on one side of three others one time in ten
_CHANCE: Final = 0.5  # accuracy of a discriminator that can tell nothing


def faster_update(found: Regimes, regime: str) -> Claim:
    """An update by teacher forcing takes less time: how many times as long the other takes, in the median
    round and in those that favour either most."""
    (times,) = (cost.times for cost in found.costs if cost.regime == regime)
    values = {"times": times.value, "low": times.low, "high": times.high}
    return Claim("regimes.faster_update", _side(times, beyond=1.0), values)


def fewer_updates(found: Regimes, regime: str) -> Claim:
    """Teacher forcing needs fewer updates to a dev loss that all reach, which it is fed the reference for:
    the means over the seeds."""
    (level,) = (level for level in found.levels if level.rule == ALL_REACH)
    teacher, other = (
        [its.updates for its in level.reached if its.regime == name and its.updates is not None]
        for name in (TEACHER, regime)
    )
    return _less("regimes.fewer_updates", teacher, other)


def closer_curves(found: Regimes, regime: str) -> Claim:
    """The dev losses of seeds lie closer together by teacher forcing: by how much two seeds differ, the mean
    over all looks, and over all pairs of seeds."""
    teacher, other = (_apart(_seeds(found, name)) for name in (TEACHER, regime))
    return _less("regimes.closer_curves", teacher, other)


def smaller_gradients(found: Regimes, regime: str) -> Claim:
    """The norm of the gradient, before it is clipped, is smaller by teacher forcing: its mean over all looks,
    and over the seeds."""
    teacher, other = (
        [fmean(point["gradient_norm"] for point in one.history) for one in _seeds(found, name)]
        for name in (TEACHER, regime)
    )
    return _less("regimes.smaller_gradients", teacher, other)


def leaves_gap(found: Regimes, regime: str, text: str) -> Claim:
    """Fed by itself, a model says fewer of the reference's pieces than fed by the teacher."""
    its = _on(found, regime, text).accuracy
    values = {"forced": its.forced.value, "free": its.free.value, **_band(its.gap)}
    return Claim("regimes.leaves_gap", _side(its.gap), values)


def narrows_gap(found: Regimes, regime: str, text: str) -> Claim:
    """The gap in accuracy is smaller than by teacher forcing; by how much, and what the accuracies fed by the
    teacher and by itself changed by."""
    its = _beside(found, regime, text)
    values = {
        **_band(its.accuracy_gap),
        "forced": its.accuracy_forced.value,
        "free": its.accuracy_free.value,
    }
    return Claim("regimes.narrows_gap", _below(its.accuracy_gap), values)


def better_alone(found: Regimes, regime: str, text: str) -> Claim:
    """Fed by itself, it says more of the reference's pieces than teacher forcing does: a gap can be smaller
    without that."""
    its = _beside(found, regime, text).accuracy_free
    return Claim("regimes.better_alone", _side(its), _band(its))


def costs_bleu(found: Regimes, regime: str, text: str) -> Claim:
    """Its translations have a lower BLEU than those by teacher forcing."""
    its = _beside(found, regime, text).bleu
    return Claim("regimes.costs_bleu", _below(its), _band(its))


def can_be_told(found: Regimes, regime: str) -> Claim:
    """A new discriminator tells its forced runs from its free ones more often than chance does."""
    its = found.of(regime).telling.accuracy
    return Claim("regimes.can_be_told", _side(its, beyond=_CHANCE), _band(its))


def told_less(found: Regimes, regime: str) -> Claim:
    """A new discriminator tells its runs apart less often than those of teacher forcing."""
    teacher, other = (found.of(name).telling.accuracy for name in (TEACHER, regime))
    holds = True if other.high < teacher.low else False if other.low > teacher.high else None
    return Claim("regimes.told_less", holds, {"teacher": teacher.value, "other": other.value})


class About(NamedTuple):
    """A claim, and what it is about."""

    regime: str
    text: str  # one of `TEXTS`; "" where it is about none
    claim: Claim

    def __str__(self) -> str:
        return f"{self.regime}{self.text and f', {self.text}'}: {self.claim}"


def claims(found: Regimes) -> tuple[About, ...]:
    """All that a record can be asked, regime after regime; of a regime that was repeated and is no model's,
    what it costs and how its seeds went."""
    shown = {one.regime for one in found.trained}
    told: list[About] = []
    for regime in (cost.regime for cost in found.costs):
        is_other = regime != TEACHER
        if is_other:
            told += [About(regime, "", claim) for claim in _of_training(found, regime)]
        if regime in shown:
            told += [About(regime, text, claim) for text in TEXTS for claim in _of_text(found, regime, text)]
            told.append(About(regime, "", can_be_told(found, regime)))
            told += [About(regime, "", told_less(found, regime))] if is_other else []
    return tuple(told)


def _of_training(found: Regimes, regime: str) -> Iterable[Claim]:
    yield faster_update(found, regime)
    if min(len(_seeds(found, name)) for name in (TEACHER, regime)) >= FEWEST_SEEDS:
        yield fewer_updates(found, regime)
        yield closer_curves(found, regime)
        yield smaller_gradients(found, regime)


def _of_text(found: Regimes, regime: str, text: str) -> Iterable[Claim]:
    yield leaves_gap(found, regime, text)
    if regime != TEACHER:
        yield narrows_gap(found, regime, text)
        yield better_alone(found, regime, text)
        yield costs_bleu(found, regime, text)


def _seeds(found: Regimes, regime: str) -> list[Repetition]:
    return [one for one in found.repetitions if one.regime == regime]


def _apart(seeds: Sequence[Repetition]) -> list[float]:
    """The mean distance of two curves over the looks that both have, of every two seeds."""
    curves = [{point["updates"]: point["dev_loss"] for point in one.history} for one in seeds]
    return [
        fmean(abs(one[at] - other[at]) for at in one.keys() & other.keys())
        for one, other in combinations(curves, 2)
    ]


def _on(found: Regimes, regime: str, text: str) -> OnText:
    its: OnText = getattr(found.of(regime), text)
    return its


def _beside(found: Regimes, regime: str, text: str) -> Beside:
    its = _on(found, regime, text).beside
    assert its is not None, "teacher forcing stands beside nothing"
    return its


def _band(band: Band) -> dict[str, float]:
    return {"value": band.value, "low": band.low, "high": band.high}


def _side(band: Band, *, beyond: float = 0.0) -> bool | None:
    """Whether a band lies wholly above a number; False where it lies wholly below."""
    return True if band.low > beyond else False if band.high < beyond else None


def _below(band: Band) -> bool | None:
    """Whether a band lies wholly below zero; False where it lies wholly above."""
    above = _side(band)
    return None if above is None else not above


def _less(key: str, teacher: Sequence[float], other: Sequence[float]) -> Claim:
    """That all numbers of teacher forcing are smaller than all of the other; undecided where they mix, or
    there are none."""
    if not teacher or not other:
        return Claim(key, None, {})
    holds = True if max(teacher) < min(other) else False if min(teacher) > max(other) else None
    values = {
        f"{name}_{what}": measure(its)
        for name, its in (("teacher", teacher), ("other", other))
        for what, measure in (("mean", fmean), ("low", min), ("high", max))
    }
    return Claim(key, holds, values)
