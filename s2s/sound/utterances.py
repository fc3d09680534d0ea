"""Utterances: recordings of one speaker joined with silences between, so that where each digit is spoken is
known to the sample."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np

from s2s.sound.corpus import Recording, by_speaker
from s2s.sound.waves import RATE, Samples

GAPS: Final = (0.05, 0.3)  # seconds of silence between two digits, and at both ends
LONGEST: Final = 8  # digits
SILENCE: Final = 3e-4  # root mean square of what stands between recordings: as quiet as the quietest room


class Spoken(NamedTuple):
    """Where one digit is, in samples."""

    digit: int
    start: int
    end: int  # one past the last

    @property
    def seconds(self) -> tuple[float, float]:
        """From when to when."""
        return self.start / RATE, self.end / RATE


class Utterance(NamedTuple):
    """Digits in a row, by one speaker."""

    samples: Samples
    spoken: tuple[Spoken, ...]
    speaker: str = ""

    @property
    def digits(self) -> tuple[int, ...]:
        """What is said."""
        return tuple(one.digit for one in self.spoken)


def join(
    recordings: Sequence[Recording], *, silences: Sequence[float], random: np.random.Generator
) -> Utterance:
    """Recordings in a row; silences, one more than recordings, are the seconds before, between and after."""
    lengths = [round(seconds * RATE) for seconds in silences]
    parts: list[Samples] = [_silence(lengths[0], random)]
    spoken: list[Spoken] = []
    place = lengths[0]
    for one, after in zip(recordings, lengths[1:], strict=True):
        spoken.append(Spoken(one.digit, place, place + len(one.samples)))
        parts += [one.samples, _silence(after, random)]
        place += len(one.samples) + after
    return Utterance(np.concatenate(parts), tuple(spoken), recordings[0].speaker if recordings else "")


def _silence(length: int, random: np.random.Generator) -> Samples:
    return SILENCE * random.standard_normal(length, dtype=np.float32)


def spelt(recordings: Sequence[Recording], speaker: str, digits: str) -> Utterance:
    """These digits by this speaker, each time they are asked for the same. Raises KeyError where he has not
    said one of them."""
    found = {(one.speaker, str(one.digit)): one for one in recordings}
    random = np.random.default_rng([*map(ord, speaker), *map(ord, digits)])
    silences = random.uniform(*GAPS, len(digits) + 1).tolist()
    return join([found[speaker, digit] for digit in digits], silences=silences, random=random)


def draw(
    recordings: Sequence[Recording], *, seed: int, lengths: Sequence[int] = range(1, LONGEST + 1)
) -> Iterator[Utterance]:
    """Utterances without end: of each length in turn, by a speaker drawn at random, no recording twice in
    one where there are enough."""
    random = np.random.default_rng(seed)
    voices = by_speaker(recordings)
    names = sorted(voices)
    while True:
        for length in lengths:
            own = voices[names[random.integers(len(names))]]
            chosen = random.choice(len(own), length, replace=len(own) < length)
            silences = random.uniform(*GAPS, length + 1)
            yield join([own[number] for number in chosen], silences=silences.tolist(), random=random)
