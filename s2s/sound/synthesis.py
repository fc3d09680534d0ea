"""Digits that programs speak: voices and accents to learn from beside those that were recorded.

Five men speak in the recordings, and a class does not sound like five men. eSpeak NG has throats of every
size and reads with the sounds of many languages, Flite has voices that were cut from people's speech. What
they say teaches; how well a voice is understood is measured on people alone.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from s2s.errors import DataError
from s2s.sound.corpus import Recording, named
from s2s.sound.waves import Samples, listenable, spoken_part

ESPEAK: Final = "espeak-ng"
FLITE: Final = "flite"
_TIMEOUT: Final = 30  # seconds for one word
_WORDS: Final = "zero one two three four five six seven eight nine".split()
_ACCENTS: Final = (
    "en-us", "en-gb", "en-gb-scotland", "en-gb-x-rp", "en-gb-x-gbclan", "en-gb-x-gbcwmd", "en-029",
    "en-us-nyc",
)  # fmt: skip
# English words as the sounds of another language come nearest to them.
_FOREIGN: Final[Mapping[str, str]] = {
    "ko": "제로 원 투 쓰리 포 파이브 식스 세븐 에잇 나인",
    "ja": "ゼロ ワン ツー スリー フォー ファイブ シックス セブン エイト ナイン",
    "de": "sieroh wann tuh srie for faif six sewen eht nain",
    "fr": "zirau ouanne tou sri faure faïve sixe sévenne eïte naïne",
    "es": "siro uan tu tri for faiv six seven eit nain",
    "it": "ziro uan tu tri for faiv six seven eit nain",
    "ru": "зиро уан ту сри фор файв сикс сэвен эйт найн",
    "el": "ζίρο γουάν του θρι φορ φάιβ σιξ σέβεν έιτ νάιν",
    "tr": "ziro van tu tri for fayv siks sevın eyt nayn",
    "pl": "ziro łan tu fri for fajw siks sewen ejt najn",
}
_THROATS: Final = (
    "m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8", "f1", "f2", "f3", "f4", "f5", "Alex", "Alicia", "Andrea",
    "Andy", "Annie", "belinda", "david", "Denis", "Diogo", "ed", "Gene", "Jacky", "linda", "Marco", "Mario",
    "Michael", "Mike", "pablo", "paul", "steph", "Storm", "Tweaky", "klatt", "klatt2", "klatt3", "anika",
    "norbert", "sandro", "shelby", "victor", "croak",
)  # fmt: skip
_FLITE: Final[Mapping[str, float]] = {"kal16": 105, "awb": 130, "rms": 100, "slt": 180}  # usual pitch, Hz
_FLITE_SPEAKERS: Final = 8  # of each voice: the same, higher or lower, slower or faster
_ESPEAK_SPEAKERS: Final = 72
_TAKES: Final = range(8, 11)  # of each digit, by the numbers that the corpus gives to train
_QUIET: Final = 1e-3  # of the loudest: what is before and behind a word


class Speaker(NamedTuple):
    """A program that speaks as one person does, more or less."""

    name: str
    words: tuple[str, ...]  # for each digit
    program: str
    voice: str
    pitch: float  # Hz for Flite; eSpeak NG's own scale, 0 to 99
    pace: float  # Flite: how much longer; eSpeak NG: words a minute


def speakers(seed: int = 1) -> list[Speaker]:
    """Who there is, with every program; names hold no `_`."""
    random = np.random.default_rng(seed)
    found = []
    for voice, pitch in _FLITE.items():
        for number in range(_FLITE_SPEAKERS):
            own = pitch * float(np.exp(random.normal(0, 0.12)))
            pace = float(np.exp(random.normal(0, 0.12)))
            found.append(Speaker(f"flite-{voice}-{number}", tuple(_WORDS), FLITE, voice, own, pace))
    languages = [*_ACCENTS, *_ACCENTS, *_FOREIGN]  # English as it is spoken first twice as often
    throats = [_THROATS[place] for place in random.permutation(len(_THROATS))]
    for number in range(_ESPEAK_SPEAKERS):
        language, throat = languages[number % len(languages)], throats[number % len(throats)]
        words = tuple(_FOREIGN[language].split()) if language in _FOREIGN else tuple(_WORDS)
        pitch, pace = float(random.uniform(25, 75)), float(random.uniform(110, 180))
        name = f"espeak-{language}-{throat}-{number}"
        found.append(Speaker(name, words, ESPEAK, f"{language}+{throat}", pitch, pace))
    return found


def speak(seed: int = 1) -> Iterator[Recording]:
    """Every digit by every speaker whose program is there, a few times, no two quite alike.

    Raises DataError where no program is there, or one says nothing.
    """
    there = [one for one in speakers(seed) if shutil.which(one.program)]
    if not there:
        raise DataError("no_synthesis", programs=f"{ESPEAK}, {FLITE}")
    random = np.random.default_rng((seed, 1))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "word.wav"
        for speaker in there:
            for digit, word in enumerate(speaker.words):
                for take in _TAKES:
                    _say(speaker, word, path, random)
                    samples = _heard(speaker, path)
                    start, end = spoken_part(samples, below=_QUIET)
                    name = named(digit, speaker.name, take)
                    yield Recording(name, speaker.name, digit, samples[start:end])


def _say(speaker: Speaker, word: str, path: Path, random: np.random.Generator) -> None:
    """One word into a WAV file. Raises DataError."""
    pitch, pace = speaker.pitch * random.normal(1, 0.06), speaker.pace * random.normal(1, 0.06)
    if speaker.program == FLITE:
        settings = ["--setf", f"int_f0_target_mean={pitch:.0f}", "--setf", f"duration_stretch={pace:.2f}"]
        command = [FLITE, "-voice", speaker.voice, *settings, "-t", word, "-o", str(path)]
    else:
        settings = ["-p", f"{min(99, max(0, pitch)):.0f}", "-s", f"{pace:.0f}"]
        command = [ESPEAK, "-v", speaker.voice, *settings, "-w", str(path), word]
    path.unlink(missing_ok=True)
    try:
        done = subprocess.run(command, capture_output=True, timeout=_TIMEOUT, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise DataError("synthesis_failed", program=speaker.program, reason=str(error)) from error
    if done.returncode or not path.exists():
        reason = done.stderr.decode(errors="replace").strip() or f"status {done.returncode}"
        raise DataError("synthesis_failed", program=speaker.program, reason=reason)


def _heard(speaker: Speaker, path: Path) -> Samples:
    """What a program wrote, as recordings are kept. Raises DataError."""
    try:
        return listenable(path.read_bytes())
    except DataError as error:
        raise DataError("synthesis_failed", program=speaker.program, reason=str(error)) from error
