"""Log-mel frames against the definition: a Fourier transform that is written out."""

import numpy as np
import pytest

from s2s.sound.features import (
    BANDS,
    FLOOR,
    FOURIER,
    STEP,
    WINDOW,
    bands_at,
    log_mel,
    mel_bank,
    normalised,
    power,
    seconds_of,
)
from s2s.sound.waves import RATE


def noise(length: int, seed: int = 1) -> np.ndarray:
    return (0.1 * np.random.default_rng(seed).standard_normal(length)).astype(np.float32)


def test_a_frame_is_the_power_of_the_fourier_transform_of_its_window():
    samples = noise(RATE // 2)
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(1, WINDOW + 1) / (WINDOW + 1))
    times, frequencies = np.arange(WINDOW), np.arange(FOURIER // 2 + 1)
    waves = np.exp(-2j * np.pi * np.outer(frequencies, times) / FOURIER)  # (frequencies, times)
    found = power(samples)
    assert len(found) == 1 + (len(samples) - WINDOW) // STEP
    for frame in (0, 7, len(found) - 1):
        piece = samples[frame * STEP : frame * STEP + WINDOW].astype(np.float64)
        np.testing.assert_allclose(found[frame], np.abs(waves @ (window * piece)) ** 2, rtol=1e-3, atol=1e-6)


def test_bands_are_triangles_that_share_each_frequency_between_two_of_them():
    bank = mel_bank()
    assert bank.shape == (BANDS, FOURIER // 2 + 1)
    assert (bank >= 0).all()
    assert bank.max() <= 1
    frequencies = np.arange(FOURIER // 2 + 1) * RATE / FOURIER
    low, high = (
        np.interp(band, range(BANDS), bank @ frequencies / bank.sum(axis=1)) for band in (1, BANDS - 2)
    )
    inner = (frequencies > low) & (frequencies < high)
    np.testing.assert_allclose(bank[:, inner].sum(axis=0), 1, atol=1e-5)


@pytest.mark.parametrize("hertz", [300.0, 1000.0, 3000.0])
def test_a_tone_is_loudest_in_the_band_where_it_lies(hertz: float):
    samples = (0.1 * np.sin(2 * np.pi * hertz * np.arange(RATE) / RATE)).astype(np.float32)
    [band] = bands_at([hertz])
    assert abs(log_mel(samples).mean(axis=0).argmax() - band) < 1


def test_a_warp_moves_a_tone_to_a_lower_band():
    samples = (0.1 * np.sin(2 * np.pi * 1000 * np.arange(RATE) / RATE)).astype(np.float32)
    plain, warped = (log_mel(samples, warp=warp).mean(axis=0).argmax() for warp in (1.0, 1.2))
    assert warped < plain


def test_a_microphone_that_colours_the_sound_leaves_normalised_frames_as_they_are():
    samples = noise(RATE)
    samples[::100] += 0.5
    bands = log_mel(samples)
    coloured = bands + np.linspace(-2, 2, BANDS, dtype=np.float32)
    np.testing.assert_allclose(normalised(coloured), normalised(bands), atol=1e-4)
    found = normalised(3 * bands)
    np.testing.assert_allclose(found.mean(axis=0), 0, atol=1e-4)
    np.testing.assert_allclose(found.std(axis=0), 1, atol=1e-4)


def test_silence_has_finite_frames_and_is_not_blown_up():
    found = log_mel(np.zeros(RATE, np.float32))
    np.testing.assert_allclose(found, np.log(FLOOR), rtol=1e-5)
    np.testing.assert_allclose(normalised(found), 0, atol=1e-3)
    assert log_mel(np.zeros(3, np.float32)).shape == (1, BANDS)


def test_a_frame_stands_at_the_middle_of_its_window():
    assert seconds_of(0) == WINDOW / 2 / RATE
    assert seconds_of(100) - seconds_of(0) == pytest.approx(1)
