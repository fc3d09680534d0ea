"""Sound as files give it: WAV of any usual kind to one channel at the rate and level that the models read.

>>> wave = read_wav(write_wav(np.sin(np.arange(RATE, dtype=np.float32))))
>>> len(wave.samples), wave.rate
(8000, 8000)
"""

from __future__ import annotations

import base64
import math
import struct
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from s2s.errors import DataError

Samples = NDArray[np.float32]  # (samples,), a full swing is -1 to 1

RATE: Final = 8000  # samples a second
LEVEL: Final = 0.1  # root mean square of what is loud in a levelled sound
LONGEST: Final = 20.0  # seconds that are listened to, at most
SHORTEST: Final = 0.1  # seconds
LARGEST: Final = 32 << 20  # bytes of a file: twenty seconds of the largest usual kind are 31 MB
_RATES: Final = (4000, 192_000)  # samples a second of files
_CHANNELS: Final = 8
_SILENT: Final = 1e-4  # a swing below it is none: three steps of 16 bits
_FRAME: Final = RATE // 50  # samples over which loudness is taken
_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE
_KINDS: Final = {(_PCM, 8), (_PCM, 16), (_PCM, 24), (_PCM, 32), (_FLOAT, 32), (_FLOAT, 64)}  # with bits


class Wave(NamedTuple):
    """What a file holds, its channels averaged."""

    samples: Samples
    rate: int  # samples a second

    @property
    def seconds(self) -> float:
        """How long it is."""
        return len(self.samples) / self.rate


class _Form(NamedTuple):
    """What the `fmt` part of a WAV file says."""

    kind: int
    channels: int
    rate: int
    bits: int


def listenable(data: bytes) -> Samples:
    """A file's sound as models read it: one channel, `RATE` samples a second, at `LEVEL`.

    Raises DataError for what is no WAV file, is too long, too short or silent.
    """
    if len(data) > LARGEST:
        raise DataError("sound_too_large", limit=LARGEST >> 20)
    wave = read_wav(data)
    check_length(wave)
    return levelled(audible(resampled(wave)))


def check_length(wave: Wave) -> None:
    """Raises DataError for a sound that is too short to hold a digit or too long to listen to."""
    if wave.seconds < SHORTEST:
        raise DataError("sound_too_short", found=f"{wave.seconds:.2f}", limit=SHORTEST)
    if wave.seconds > LONGEST:
        raise DataError("sound_too_long", found=f"{wave.seconds:.1f}", limit=f"{LONGEST:.0f}")


def audible(samples: Samples) -> Samples:
    """The samples without a constant offset. Raises DataError for silence."""
    centred = samples - samples.mean(dtype=np.float64).astype(np.float32) if len(samples) else samples
    if not len(centred) or float(np.abs(centred).max()) < _SILENT:
        raise DataError("sound_silent")
    return centred


def read_wav(data: bytes) -> Wave:
    """The bytes of a WAV file: PCM of 8 to 32 bits or floats, any rate from 4 to 192 kHz, up to 8 channels.
    Raises DataError."""
    if not data:
        raise DataError("sound_empty")
    if len(data) < 12 or data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        raise DataError("sound_not_wav")
    form, body = _parts(data)
    return Wave(_mixed(_numbers(body, form), form.channels), form.rate)


def _parts(data: bytes) -> tuple[_Form, bytes]:
    """Format and samples of a file. One that was written as a stream says a length it does not have: what is
    there is read."""
    form: _Form | None = None
    place = 12
    while place + 8 <= len(data):
        name, size = struct.unpack_from("<4sI", data, place)
        place += 8
        if name == b"fmt ":
            form = _form(data[place : place + size])
        elif name == b"data":
            if form is None:
                raise DataError("sound_damaged")
            return form, data[place : place + size]
        place += size + size % 2
    raise DataError("sound_damaged")


def _form(part: bytes) -> _Form:
    if len(part) < 16:
        raise DataError("sound_damaged")
    kind, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", part)
    if kind == _EXTENSIBLE and len(part) >= 26:
        (kind,) = struct.unpack_from("<H", part, 24)
    low, high = _RATES
    is_known = (kind, bits) in _KINDS and 1 <= channels <= _CHANNELS and low <= rate <= high
    if not is_known:
        raise DataError(
            "sound_kind",
            kind=kind,
            bits=bits,
            channels=channels,
            rate=rate,
            most=_CHANNELS,
            low=low,
            high=high,
        )
    return _Form(kind, channels, rate, bits)


def _numbers(body: bytes, form: _Form) -> Samples:
    """The samples of all channels, in turns. Raises DataError for floats that are no numbers."""
    width = form.bits // 8
    body = body[: len(body) // (width * form.channels) * width * form.channels]
    if form.kind == _FLOAT:
        with np.errstate(over="ignore"):
            floats = np.frombuffer(body, f"<f{width}").astype(np.float32)
        if not np.isfinite(floats).all():
            raise DataError("sound_damaged")
        return np.clip(floats, -8, 8)
    if width == 1:
        return ((np.frombuffer(body, np.uint8).astype(np.float32) - 128) / 128).astype(np.float32)
    if width == 3:
        three = np.frombuffer(body, np.uint8).reshape(-1, 3)
        wide = np.zeros((len(three), 4), np.uint8)
        wide[:, 1:] = three
        return (wide.view("<i4").ravel() / 2.0**31).astype(np.float32)
    return (np.frombuffer(body, f"<i{width}") / 2.0 ** (form.bits - 1)).astype(np.float32)


def _mixed(samples: Samples, channels: int) -> Samples:
    mixed: Samples = samples.reshape(-1, channels).mean(axis=1, dtype=np.float32)
    return mixed


def write_wav(samples: Samples, rate: int = RATE) -> bytes:
    """A WAV file of one channel and 16 bits."""
    body = np.round(np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes()
    head = struct.pack("<4sIHHIIHH", b"fmt ", 16, _PCM, 1, rate, 2 * rate, 2, 16)
    data = struct.pack("<4sI", b"data", len(body)) + body
    return struct.pack("<4sI4s", b"RIFF", 4 + len(head) + len(data), b"WAVE") + head + data


def to_text(samples: Samples) -> str:
    """Samples as text: 16 bits each, little-endian, base64."""
    integers = np.round(np.clip(samples, -1, 1) * 32767).astype("<i2")
    return base64.b64encode(integers.tobytes()).decode("ascii")


def from_text(text: str) -> Samples:
    """The samples of `to_text`."""
    return (np.frombuffer(base64.b64decode(text), "<i2") / 32767).astype(np.float32)


def resampled(wave: Wave, rate: int = RATE) -> Samples:
    """The same sound at another rate: what both rates can hold of its spectrum, exactly."""
    if wave.rate == rate or not len(wave.samples):
        return wave.samples
    common = math.gcd(wave.rate, rate)
    step, wanted = wave.rate // common, rate // common
    blocks = _smooth(math.ceil(len(wave.samples) / step) + 1)
    spectrum = np.fft.rfft(wave.samples, blocks * step)
    kept = spectrum[: min(len(spectrum), blocks * wanted // 2 + 1)]
    sound = np.fft.irfft(kept, blocks * wanted) * (wanted / step)
    return sound[: math.ceil(len(wave.samples) * rate / wave.rate)].astype(np.float32)


def _smooth(least: int) -> int:
    """The next number without prime factors over five: of such lengths a Fourier transform is fast."""
    number = least
    while True:
        rest = number
        for factor in (2, 3, 5):
            while rest % factor == 0:
                rest //= factor
        if rest == 1:
            return number
        number += 1


def loudness(samples: Samples) -> NDArray[np.float32]:
    """Mean square of each fiftieth of a second, (frames,); of a shorter sound, its own."""
    count = max(1, len(samples) // _FRAME)
    frames = samples[: count * _FRAME].reshape(count, -1)
    squares: NDArray[np.float32] = np.square(frames).mean(axis=1)
    return squares


def levelled(samples: Samples) -> Samples:
    """At one level: the root mean square of its loud parts, a tenth and more of the loudest, is `LEVEL`."""
    squares = loudness(samples)
    loud = squares[squares >= np.quantile(squares, 0.95) / 10]
    found = float(np.sqrt(loud.mean()))
    return samples * np.float32(LEVEL / found) if found else samples


def spoken_part(samples: Samples, *, below: float = 1e-3) -> tuple[int, int]:
    """Where a recording begins and ends to be louder than `below` of its loudest part, in samples."""
    squares = loudness(samples)
    loud = np.flatnonzero(squares >= squares.max() * below)
    if len(squares) < 3 or not len(loud):
        return 0, len(samples)
    first, last = max(0, int(loud[0]) - 1), int(loud[-1]) + 2
    return first * _FRAME, min(len(samples), last * _FRAME)
