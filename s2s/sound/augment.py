"""Examples to learn from: utterances made anew each time, in voices, rooms and microphones that were never
recorded.

A class has other voices than the corpus. Faster recordings are higher voices, bands that are moved are other
vocal tracts, stretched frames other tempi; noise of several colours, echoes, cut highs and lows are rooms and
microphones. Blanked bands and times (Park et al. 2019) keep the network from relying on one of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from s2s.sound.corpus import Recording
from s2s.sound.features import STEP, WINDOW, Frames, log_mel, normalised
from s2s.sound.utterances import LONGEST, Spoken, Utterance
from s2s.sound.waves import RATE, Samples, levelled, spoken_part

_SPEED: Final = 1.25  # of a voice, at most; and at least one over it
_TEMPO: Final = 1.25
_WARP: Final = 1.2  # of the bands
_WARPS: Final = 12  # steps either way
_GAIN: Final = 4.0  # dB, from digit to digit
_NOISE_SECONDS: Final = 30
_SILENT_SHARE: Final = 0.02  # of the examples have no digit, only noise


class Example(NamedTuple):
    """What the network reads, and what it should say and look at."""

    frames: Frames  # (frames, bands)
    digits: tuple[int, ...]
    places: NDArray[np.float32]  # (digits, 2): where each begins and ends, in seconds of the frames


class Plan(NamedTuple):
    """An example before its sound is computed."""

    parts: tuple[Samples, ...]  # a recording each, at its speed
    digits: tuple[int, ...]
    silences: tuple[int, ...]  # samples before, between and after
    tempo: float  # frames it has in the end, for each that is computed

    @property
    def frames(self) -> int:
        """How many it has in the end, at least."""
        samples = sum(map(len, self.parts)) + sum(self.silences)
        return round(self.tempo * (1 + max(0, samples - WINDOW) // STEP))


def plan(
    voices: Sequence[Sequence[Recording]], random: np.random.Generator, *, longest: int = LONGEST
) -> Plan:
    """Draw digits of one of the voices, and how fast, how loud and how close they are spoken."""
    own = voices[int(random.integers(len(voices)))]
    count = 0 if random.random() < _SILENT_SHARE else int(random.integers(1, longest + 1))
    chosen = [own[number] for number in random.choice(len(own), count)]
    speed = _between(random, _SPEED)
    is_close = random.random() < 0.3  # digits run into each other, as in real speech
    parts = tuple(_varied(one.samples, speed, random, cut=is_close) for one in chosen)
    gaps = random.uniform(0.0, 0.08, count) if is_close else random.uniform(0.02, 0.4, count)
    ends = random.uniform(0.02, 0.6, 2) if count else random.uniform(0.3, 1.5, 2)
    silences = (float(ends[0]), *map(float, gaps[1:]), *([float(ends[1])] if count else []))
    return Plan(
        parts,
        tuple(one.digit for one in chosen),
        tuple(round(seconds * RATE) for seconds in silences),
        _between(random, _TEMPO) if random.random() < 0.5 else 1.0,
    )


def _between(random: np.random.Generator, most: float) -> float:
    """A factor from one over `most` to `most`, as often above one as below."""
    return float(np.exp(random.uniform(-np.log(most), np.log(most))))


def _varied(samples: Samples, speed: float, random: np.random.Generator, *, cut: bool) -> Samples:
    """A recording at another speed and loudness, without its silent ends where it is cut."""
    if cut:
        start, end = spoken_part(samples, below=10 ** random.uniform(-3, -2))
        samples = samples[start:end]
    own = speed * float(np.exp(random.normal(0, 0.03)))
    places = np.arange(0, len(samples) - 1, own, dtype=np.float32)
    faster = np.interp(places, np.arange(len(samples)), samples).astype(np.float32)
    gain = 10 ** (random.uniform(-_GAIN, _GAIN) / 20)
    return levelled(faster) * np.float32(gain) if len(faster) else faster


def example(made: Plan, frames: int, random: np.random.Generator) -> Example:
    """The example of a plan, with as many frames as asked for: what is missing is silence behind it."""
    computed = max(round(frames / made.tempo), made.frames and round(made.frames / made.tempo))
    length = (computed - 1) * STEP + WINDOW
    utterance = _joined(made, length)
    sound = levelled(_recorded(utterance.samples, random))
    warp = float(_WARP ** (random.integers(-_WARPS, _WARPS + 1) / _WARPS))
    bands = _stretched(log_mel(sound, warp=warp), frames)
    places = np.array([one.seconds for one in utterance.spoken], np.float32).reshape(-1, 2)
    places *= np.float32(frames / computed)
    return Example(_blanked(normalised(bands), random), made.digits, places)


def _joined(made: Plan, length: int) -> Utterance:
    samples = np.zeros(length, np.float32)
    spoken: list[Spoken] = []
    place = made.silences[0]
    for part, digit, after in zip(made.parts, made.digits, made.silences[1:], strict=True):
        end = min(length, place + len(part))
        samples[place:end] = part[: end - place]
        spoken.append(Spoken(digit, place, end))
        place = end + after
    return Utterance(samples, tuple(spoken))


def _recorded(samples: Samples, random: np.random.Generator) -> Samples:
    """The same in a room, through a microphone, with what else is heard there."""
    has_echo, is_coloured = random.random() < 0.35, random.random() < 0.5
    if has_echo or is_coloured:
        size = len(samples) + RATE // 2
        spectrum = np.fft.rfft(samples, size)
        if has_echo:
            spectrum *= np.fft.rfft(_echo(random), size)
        if is_coloured:
            spectrum *= _microphone(np.fft.rfftfreq(size, 1 / RATE), random)
        samples = np.fft.irfft(spectrum, size)[: len(samples)].astype(np.float32)
    louder = float(np.sqrt(np.mean(np.square(samples))) or 0.05)
    decibels = random.uniform(5, 30) if random.random() < 0.6 else random.uniform(30, 70)
    noisy = samples + _noise(len(samples), random) * np.float32(louder * 10 ** (-decibels / 20))
    if random.random() < 0.1:
        most = float(np.abs(noisy).max()) * random.uniform(0.3, 0.9)
        noisy = np.clip(noisy, -most, most)
    return noisy


def _echo(random: np.random.Generator) -> Samples:
    """The impulse response of a room: the sound itself, then noise that dies away."""
    decay = random.uniform(0.02, 0.12) * RATE  # samples until it is e times quieter
    tail = random.standard_normal(RATE // 2, dtype=np.float32)
    tail *= np.exp(-np.arange(len(tail), dtype=np.float32) / np.float32(decay))
    tail *= np.float32(random.uniform(0.1, 1.0)) / np.sqrt(np.square(tail).sum())
    tail[0] = 1
    return tail


def _microphone(hertz: NDArray[Any], random: np.random.Generator) -> NDArray[Any]:
    """How much of each frequency comes through: lows and highs cut, and a tilt."""
    low, high = random.uniform(20, 400), random.uniform(2200, 5000)
    through = 1 / np.sqrt((1 + (low / np.maximum(hertz, 1)) ** 4) * (1 + (hertz / high) ** 6))
    tilt: NDArray[Any] = through * (np.maximum(hertz, 50) / 1000) ** random.uniform(-0.5, 0.5)
    return tilt


def _noise(length: int, random: np.random.Generator) -> Samples:
    """Noise of one colour, or a hum, whose loudness may come and go."""
    if random.random() < 0.1:
        times = np.arange(length, dtype=np.float32) / RATE
        hum = np.sin(2 * np.pi * random.choice([50, 60, 100, 120]) * times).astype(np.float32)
        loud: Samples = hum * np.float32(np.sqrt(2))
        return loud
    tracks = _tracks()
    track = tracks[random.integers(len(tracks))]
    start = int(random.integers(len(track)))
    noise = np.take(track, np.arange(start, start + length), mode="wrap")
    if random.random() < 0.3:
        swell = np.interp(np.arange(length), np.arange(0, length + 2000, 2000), random.uniform(
            0, 1.5, len(np.arange(0, length + 2000, 2000))))  # fmt: skip
        noise = noise * swell.astype(np.float32)
    return noise


@lru_cache(maxsize=1)
def _tracks() -> tuple[Samples, ...]:
    """White, pink and brown noise and one in between, each of mean square one."""
    random = np.random.default_rng(0)
    length = _NOISE_SECONDS * RATE
    hertz = np.maximum(np.fft.rfftfreq(length, 1 / RATE), 30)
    tracks = []
    for fall in (0.0, 0.5, 1.0, 1.5):
        coloured = np.fft.irfft(np.fft.rfft(random.standard_normal(length)) / hertz**fall, length)
        tracks.append((coloured / coloured.std()).astype(np.float32))
    return tuple(tracks)


def _stretched(bands: Frames, frames: int) -> Frames:
    """The same in another number of frames, each a mixture of the two nearest."""
    if len(bands) == frames:
        return bands
    places = np.linspace(0, len(bands) - 1, frames, dtype=np.float32)
    before = np.minimum(places.astype(np.int64), max(0, len(bands) - 2))
    share = (places - before).astype(np.float32)[:, None]
    after = np.minimum(before + 1, len(bands) - 1)
    stretched: Frames = bands[before] * (1 - share) + bands[after] * share
    return stretched


def _blanked(bands: Frames, random: np.random.Generator) -> Frames:
    """With bands and times at their mean."""
    bands = bands.copy()
    for _ in range(random.integers(0, 3)):
        width = int(random.integers(1, 7))
        first = int(random.integers(0, bands.shape[1] - width))
        bands[:, first : first + width] = 0
    for _ in range(random.integers(0, 3)):
        width = int(random.integers(1, 11))
        first = int(random.integers(0, max(1, len(bands) - width)))
        bands[first : first + width] = 0
    return bands
