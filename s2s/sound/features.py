"""Log-mel frames: how loud a sound is in each band of pitch, a hundred times a second.

A window of 25 ms every 10 ms, its power spectrum, triangles that are evenly wide on the mel scale, the
logarithm; then each band's mean over the utterance is taken out and its deviation made one, which takes most
of a microphone and a room with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from s2s.sound.waves import RATE, Samples

Frames = NDArray[np.float32]  # (frames, bands)

BANDS: Final = 40
WINDOW: Final = RATE // 40  # samples
STEP: Final = RATE // 100  # samples
FOURIER: Final = 256
LOWEST: Final = 60.0  # Hz
FLOOR: Final = (
    1e-4  # power that is added to each band: below it lies what digital silence and noise differ in
)
_LEAST_DEVIATION: Final = 0.5  # of a band over an utterance: noise alone is not blown up to speech


def seconds_of(frame: float) -> float:
    """The middle of a frame's window."""
    return (frame * STEP + WINDOW / 2) / RATE


def power(samples: Samples) -> Frames:
    """Power spectra, (frames, FOURIER / 2 + 1); of a sound shorter than a window, one."""
    if len(samples) < WINDOW:
        samples = np.pad(samples, (0, WINDOW - len(samples)))
    frames = np.lib.stride_tricks.sliding_window_view(samples, WINDOW)[::STEP]
    spectra = np.fft.rfft(frames * _window(), FOURIER)
    return (spectra.real**2 + spectra.imag**2).astype(np.float32)


def log_mel(samples: Samples, *, warp: float = 1.0) -> Frames:
    """The logarithm of the power in each band, (frames, BANDS), for a sound at one level. `warp` moves all
    pitches of the bands: over 1 a voice is heard as one of a longer vocal tract (Jaitly & Hinton 2013)."""
    bands: Frames = np.log(power(samples) @ mel_bank(warp).T + np.float32(FLOOR))
    return bands


def normalised(bands: Frames) -> Frames:
    """Each band's mean over the utterance taken out, its deviation made one."""
    deviation = np.maximum(bands.std(axis=0), _LEAST_DEVIATION)
    normal: Frames = (bands - bands.mean(axis=0)) / deviation
    return normal


@lru_cache(maxsize=64)
def mel_bank(warp: float = 1.0) -> Frames:
    """How much of each Fourier frequency a band takes, (BANDS, FOURIER / 2 + 1): triangles from `LOWEST` to
    half the rate, evenly spaced in mel (O'Shaughnessy 1987)."""
    edges = _hertz(np.linspace(_mel(LOWEST), _mel(RATE / 2), BANDS + 2)) * warp
    frequencies = np.arange(FOURIER // 2 + 1) * (RATE / FOURIER)
    left, middle, right = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    rising = (frequencies - left) / (middle - left)
    falling = (right - frequencies) / (right - middle)
    return np.maximum(0, np.minimum(rising, falling)).astype(np.float32)


def bands_at(hertz: Sequence[float]) -> list[float]:
    """Which bands have their middles at these pitches, 0 the lowest; between two of them, in between."""
    width = (_mel(RATE / 2) - _mel(LOWEST)) / (BANDS + 1)
    return [(_mel(pitch) - _mel(LOWEST)) / width - 1 for pitch in hertz]


def _mel(hertz: float) -> float:
    return float(2595 * np.log10(1 + hertz / 700))


def _hertz(mel: NDArray[np.float64]) -> NDArray[np.float64]:
    return 700 * (10 ** (mel / 2595) - 1)


@lru_cache(maxsize=1)
def _window() -> NDArray[np.float32]:
    return np.hanning(WINDOW + 2)[1:-1].astype(np.float32)
