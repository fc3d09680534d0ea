"""Claims about what a model heard (`s2s.sound.hearing`)."""

from __future__ import annotations

from collections.abc import Sequence

from s2s.claims import Claim
from s2s.sound.hearing import Hearing


def unlike_known_voices(hearing: Hearing, limit: float) -> Claim:
    """The model is less sure of this sound than of 99 in 100 utterances of the voices that it learned from:
    the mean probability of what it wrote lies below `limit`, which was measured of them."""
    values = {"found": hearing.confidence, "limit": limit}
    return Claim("hearing.unlike_known_voices", hearing.confidence < limit, values)


def digit_by_hand(before: Hearing, after: Hearing, step: int) -> Claim:
    """A digit that is fed by hand at `step` changes what is written from there on: how many digits differ,
    and at how many steps the strongest weight is elsewhere."""
    steps = range(step, min(len(before.said), len(after.said)))
    changed = sum(before.said[one] != after.said[one] for one in steps)
    moved = sum(_peak(before, one) != _peak(after, one) for one in steps)
    return Claim(
        "hearing.digit_by_hand", changed > 0, {"changed": changed, "moved": moved, "steps": len(steps)}
    )


def _peak(hearing: Hearing, step: int) -> int:
    return int(hearing.weights[step].argmax())


def right(heard: Sequence[int], truth: Sequence[int]) -> Claim:
    """What was heard is what was said."""
    return Claim("hearing.right", list(heard) == list(truth), {"heard": len(heard), "said": len(truth)})
