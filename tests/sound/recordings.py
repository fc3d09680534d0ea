"""Recordings that no one spoke: each digit a chord of its own, so that the tests need no corpus."""

from collections.abc import Sequence

import numpy as np

from s2s.sound.corpus import Recording
from s2s.sound.waves import RATE, Samples, levelled

VOICES = ("ada", "bert")


def chord(digit: int, *, seconds: float = 0.4, seed: int = 1) -> Samples:
    """Two tones that only this digit has, with a little noise."""
    random = np.random.default_rng(seed)
    times = np.arange(round(seconds * RATE)) / RATE
    tones = np.sin(2 * np.pi * (300 + 120 * digit) * times) + np.sin(2 * np.pi * (1700 + 180 * digit) * times)
    shaped = tones * np.sin(np.pi * times / seconds) + 0.01 * random.standard_normal(len(times))
    return levelled(shaped.astype(np.float32))


def recordings(takes: Sequence[int] = (0, 1)) -> list[Recording]:
    """Every digit by both voices, of lengths that differ."""
    return [
        Recording(
            f"{digit}_{voice}_{take}.wav", voice, digit,
            chord(digit, seconds=0.3 + 0.05 * take + 0.02 * digit, seed=take),
        )
        for voice in VOICES
        for digit in range(10)
        for take in takes
    ]  # fmt: skip
