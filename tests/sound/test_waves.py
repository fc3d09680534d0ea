"""Sound as files give it: any WAV file gets samples or one sentence."""

import struct
import wave
from io import BytesIO

import numpy as np
import pytest

from s2s.errors import DataError
from s2s.sound.waves import (
    LEVEL,
    LONGEST,
    RATE,
    Wave,
    from_text,
    levelled,
    listenable,
    read_wav,
    resampled,
    spoken_part,
    to_text,
    write_wav,
)


def tone(hertz: float = 440, *, seconds: float = 1.0, rate: int = RATE, swing: float = 0.5) -> np.ndarray:
    return (swing * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate)).astype(np.float32)


def wav(
    body: bytes, *, kind: int = 1, channels: int = 1, rate: int = RATE, bits: int = 16, extra: bytes = b""
) -> bytes:
    """A file with a header of this kind."""
    width = channels * bits // 8
    form = struct.pack("<HHIIHH", kind, channels, rate, rate * width, width, bits) + extra
    parts = b"fmt " + struct.pack("<I", len(form)) + form + b"data" + struct.pack("<I", len(body)) + body
    return b"RIFF" + struct.pack("<I", 4 + len(parts)) + b"WAVE" + parts


def packed(samples: np.ndarray, bits: int) -> bytes:
    integers = np.round(samples.astype(np.float64) * (2 ** (bits - 1) - 1)).astype("<i4")
    if bits == 8:
        return (integers + 128).astype(np.uint8).tobytes()
    wide = integers.view(np.uint8).reshape(-1, 4)
    return wide[:, : bits // 8].tobytes()


@pytest.mark.parametrize("bits", [8, 16, 24, 32])
def test_whole_numbers_of_any_width_are_the_same_sound(bits: int):
    found = read_wav(wav(packed(tone(), bits), bits=bits))
    np.testing.assert_allclose(found.samples, tone(), atol=1.5 / 2 ** (bits - 1) + 1e-6)


@pytest.mark.parametrize("dtype", ["<f4", "<f8"])
def test_floats_are_read_as_they_are(dtype: str):
    found = read_wav(wav(tone().astype(dtype).tobytes(), kind=3, bits=8 * np.dtype(dtype).itemsize))
    np.testing.assert_allclose(found.samples, tone())


def test_the_standard_library_reads_what_is_written_and_the_other_way():
    with wave.open(BytesIO(write_wav(tone()))) as file:
        assert (file.getnchannels(), file.getframerate(), file.getsampwidth()) == (1, RATE, 2)
        integers = np.frombuffer(file.readframes(RATE), "<i2")
    np.testing.assert_array_equal(integers, np.round(tone() * 32767))
    np.testing.assert_allclose(read_wav(write_wav(tone())).samples, tone(), atol=1e-4)


def test_channels_are_averaged_and_an_extensible_header_is_understood():
    both = np.stack([tone(), np.zeros_like(tone())], axis=1)
    guid = struct.pack("<HHIH", 22, 16, 3, 1) + bytes(14)
    found = read_wav(wav(packed(both.ravel(), 16), kind=0xFFFE, channels=2, extra=guid))
    np.testing.assert_allclose(found.samples, tone() / 2, atol=1e-4)


def test_a_stream_that_says_no_length_is_read_to_its_end():
    data = bytearray(wav(packed(tone(), 16)))
    place = data.index(b"data") + 4
    data[place : place + 4] = b"\xff\xff\xff\xff"
    assert len(read_wav(bytes(data)).samples) == RATE


@pytest.mark.parametrize("rate", [8000, 11_025, 16_000, 44_100, 48_000, 44_099])
def test_a_tone_is_the_same_tone_at_another_rate(rate: int):
    found = resampled(Wave(tone(1000, rate=rate), rate))
    assert abs(len(found) - RATE) <= 1
    inner = slice(RATE // 10, -RATE // 10)  # a tone that is cut off rings at its ends
    np.testing.assert_allclose(found[inner], tone(1000)[: len(found)][inner], atol=5e-3)


def test_what_is_too_high_for_the_lower_rate_is_gone_and_does_not_come_back_lower():
    found = resampled(Wave(tone(9000, rate=48_000), 48_000))
    assert np.abs(found[RATE // 10 : -RATE // 10]).max() < 5e-3


def test_a_file_of_48_kilohertz_in_stereo_becomes_what_a_model_reads():
    both = np.repeat(tone(700, rate=48_000, swing=0.02)[:, None], 2, axis=1)
    found = listenable(wav(packed(both.ravel(), 24), channels=2, rate=48_000, bits=24))
    assert abs(len(found) - RATE) <= 1
    assert np.sqrt(np.mean(found**2)) == pytest.approx(LEVEL, rel=0.02)


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (b"", "sound_empty"),
        (b"GIF89a" + bytes(100), "sound_not_wav"),
        (b"RIFF\x00\x00\x00\x00WAVE", "sound_damaged"),
        (wav(packed(tone(), 16))[:30], "sound_damaged"),
        (b"RIFF\x00\x00\x00\x00WAVEdata\x04\x00\x00\x00abcd", "sound_damaged"),
        (wav(bytes(2 * RATE)), "sound_silent"),
        (wav(packed(np.full(RATE, 0.4), 16)), "sound_silent"),
        (wav(packed(tone(seconds=0.05), 16)), "sound_too_short"),
        (wav(b""), "sound_too_short"),
        (wav(packed(tone(seconds=LONGEST + 1), 16)), "sound_too_long"),
        (wav(packed(tone(), 16), kind=85), "sound_kind"),
        (wav(packed(tone(), 16), rate=1), "sound_kind"),
        (wav(packed(tone(), 16), channels=0), "sound_kind"),
        (wav(np.full(RATE, np.nan, "<f4").tobytes(), kind=3, bits=32), "sound_damaged"),
    ],
)
def test_what_cannot_be_listened_to_gets_one_sentence(data: bytes, key: str):
    with pytest.raises(DataError) as error:
        listenable(data)
    assert error.value.key == key


def test_no_bytes_after_a_right_beginning_end_in_anything_but_samples_or_a_sentence():
    random = np.random.default_rng(1)
    right = wav(packed(tone(seconds=0.2), 16))
    for _ in range(300):
        data = bytearray(right)
        for place in random.integers(4, 60, 3):
            data[place] = random.integers(256)
        try:
            found = listenable(bytes(data))
        except DataError:
            continue
        assert np.isfinite(found).all()


def test_a_level_does_not_depend_on_how_loud_a_sound_was_or_how_long_it_is_silent():
    quiet = np.concatenate([np.zeros(RATE, np.float32), tone(swing=0.01)])
    for sound in (tone(), quiet):
        found = levelled(sound)
        loud = found[np.abs(found) > 0]
        assert np.sqrt(np.mean(loud**2)) == pytest.approx(LEVEL, rel=0.05)
    np.testing.assert_array_equal(levelled(np.zeros(RATE, np.float32)), 0)


def test_the_spoken_part_is_what_is_loud():
    sound = np.concatenate([np.zeros(RATE, np.float32), tone(seconds=0.5), np.zeros(RATE, np.float32)])
    start, end = spoken_part(sound)
    assert RATE - 400 <= start <= RATE
    assert 1.5 * RATE <= end <= 1.5 * RATE + 400


def test_samples_survive_as_text():
    np.testing.assert_allclose(from_text(to_text(tone())), tone(), atol=1e-4)
