"""What a model computed while it listened to one utterance, and how that compares with the truth.

Arrays are read-only; digits, and the end behind them, stand in rows, encoder states in columns.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from s2s.errors import TraceError
from s2s.sound.utterances import Spoken

Floats = NDArray[np.float32]


@dataclass(frozen=True, kw_only=True)
class Hearing:
    """One utterance, heard. A digit of None is the end."""

    model: str
    seconds: float  # of sound
    frames: Floats  # (frames, bands), what was read
    edges: Floats  # (source_len + 1,), seconds at which the encoder states' shares of the sound begin and end
    encoder_states: Floats  # (source_len, hidden)
    fed: tuple[int | None, ...]  # (steps,), the digit before; None is the start
    said: tuple[int | None, ...]  # (steps,)
    decoder_states: Floats  # (steps, hidden)
    scores: Floats  # (steps, source_len), before the softmax
    weights: Floats  # (steps, source_len), after it
    contexts: Floats  # (steps, hidden), the weights times the encoder states
    probabilities: Floats  # (steps, 11), of the digits and, last, the end
    by_hand: tuple[int, ...] = ()  # steps that were fed a digit from outside
    cut: bool = False  # whether it was stopped before it came to an end

    def __post_init__(self) -> None:
        steps, states = len(self.said), len(self.encoder_states)
        expected = {
            "edges": (states + 1,), "scores": (steps, states), "weights": (steps, states),
            "decoder_states": (steps, self.encoder_states.shape[1]),
            "contexts": (steps, self.encoder_states.shape[1]), "probabilities": (steps, 11),
        }  # fmt: skip
        for name, shape in expected.items():
            if getattr(self, name).shape != shape:
                raise TraceError("trace_shape", name=name, found=getattr(self, name).shape, expected=shape)
        for one in fields(self):
            value = getattr(self, one.name)
            if isinstance(value, np.ndarray):
                value.setflags(write=False)

    @property
    def digits(self) -> tuple[int, ...]:
        """What was heard."""
        return tuple(digit for digit in self.said if digit is not None)

    @property
    def middles(self) -> Floats:
        """The middle of each encoder state's share of the sound, in seconds: (source_len,)."""
        return ((self.edges[:-1] + self.edges[1:]) / 2).astype(np.float32)

    @property
    def confidence(self) -> float:
        """The mean probability of what was said, the end counted."""
        columns = [10 if digit is None else digit for digit in self.said]
        return float(self.probabilities[np.arange(len(columns)), columns].mean()) if columns else 0.0

    def looked_at(self, step: int, *, share: float = 0.9) -> tuple[float, float]:
        """From when to when, in seconds, a step looked: the shortest stretch with this share of its
        weights."""
        summed = np.concatenate([[0.0], np.cumsum(self.weights[step], dtype=np.float64)])
        wanted = share * summed[-1]
        best = (0, len(summed) - 1)
        for first in range(len(summed) - 1):
            last = int(np.searchsorted(summed, summed[first] + wanted - 1e-9))
            if last < len(summed) and last - first < best[1] - best[0]:
                best = (first, last)
        return float(self.edges[best[0]]), float(self.edges[best[1]])


class Match(NamedTuple):
    """A step and the spoken digit that it stands beside in the cheapest alignment of both rows."""

    step: int
    spoken: int


class Errors(NamedTuple):
    """How what was heard differs from what was said."""

    substituted: int
    deleted: int  # said and not heard
    inserted: int  # heard and not said
    matches: tuple[Match, ...]  # steps beside spoken digits, the same or another one

    @property
    def total(self) -> int:
        """All of them."""
        return self.substituted + self.deleted + self.inserted


def errors(heard: Sequence[int], truth: Sequence[int]) -> Errors:
    """The fewest changes that make the one row the other (Levenshtein), and which digits stand side by
    side."""
    costs = np.zeros((len(heard) + 1, len(truth) + 1), int)
    costs[:, 0], costs[0] = np.arange(len(heard) + 1), np.arange(len(truth) + 1)
    for i, one in enumerate(heard):
        for j, other in enumerate(truth):
            costs[i + 1, j + 1] = min(costs[i, j] + (one != other), costs[i, j + 1] + 1, costs[i + 1, j] + 1)
    i, j = len(heard), len(truth)
    matches: list[Match] = []
    substituted = deleted = inserted = 0
    while i or j:
        if i and j and costs[i, j] == costs[i - 1, j - 1] + (heard[i - 1] != truth[j - 1]):
            i, j = i - 1, j - 1
            matches.append(Match(i, j))
            substituted += heard[i] != truth[j]
        elif i and costs[i, j] == costs[i - 1, j] + 1:
            i, inserted = i - 1, inserted + 1
        else:
            j, deleted = j - 1, deleted + 1
    return Errors(substituted, deleted, inserted, tuple(reversed(matches)))


class Looks(NamedTuple):
    """Where attention was while digits were heard, against where they are."""

    steps: int  # digits that stand beside a spoken one
    inside: float  # the share of attention in the right recording, mean over these steps
    peaks: int  # steps with the largest weight in the right recording
    before: int  # and in no recording, before it
    moves: int  # from a digit to the next
    onward: int  # moves in which the centre of attention went on in time


def looks(hearing: Hearing, spoken: Sequence[Spoken], found: Errors) -> Looks:
    """Where the steps that are matched with a spoken digit looked. An encoder state counts for a recording
    in which its middle lies."""
    middles, weights = hearing.middles, hearing.weights
    inside, peaks, before = 0.0, 0, 0
    for step, number in found.matches:
        start, end = spoken[number].seconds
        is_in = (middles >= start) & (middles < end)
        inside += float(weights[step][is_in].sum())
        peak = int(weights[step].argmax())
        peaks += bool(is_in[peak])
        earlier = spoken[number - 1].seconds[1] if number else 0.0
        before += bool(earlier <= middles[peak] < start)
    heard = len(hearing.digits)
    centres = weights[:heard] @ middles
    onward = int((np.diff(centres) >= 0).sum()) if heard > 1 else 0
    steps = len(found.matches)
    return Looks(steps, inside / steps if steps else 0.0, peaks, before, max(0, heard - 1), onward)


class Heard(NamedTuple):
    """One utterance of an evaluation."""

    truth: tuple[int, ...]
    errors: Errors
    looks: Looks
    confidence: float


def summary(heard: Sequence[Heard]) -> dict[str, float]:
    """What an evaluation comes to, by name: rates and shares from 0 to 1."""
    digits = sum(len(one.truth) for one in heard)
    steps = sum(one.looks.steps for one in heard)
    moves = sum(one.looks.moves for one in heard)
    wrong = sum(one.errors.total for one in heard)
    return {
        "utterances": len(heard),
        "digits": digits,
        "wer": wrong / max(1, digits),
        "whole": sum(not one.errors.total for one in heard) / max(1, len(heard)),
        "inside": sum(one.looks.inside * one.looks.steps for one in heard) / max(1, steps),
        "peak_inside": sum(one.looks.peaks for one in heard) / max(1, steps),
        "peak_before": sum(one.looks.before for one in heard) / max(1, steps),
        "sure": float(np.quantile([one.confidence for one in heard], 0.01)) if heard else 0.0,
        "monotone": sum(one.looks.onward for one in heard) / max(1, moves),
    }


def by_length(heard: Sequence[Heard]) -> Mapping[int, float]:
    """The word error rate of the utterances of each number of digits."""
    return {
        length: summary([one for one in heard if len(one.truth) == length])["wer"]
        for length in sorted({len(one.truth) for one in heard})
    }


DIGIT_COLUMNS: Final = 11  # of `Hearing.probabilities`: ten digits and the end
