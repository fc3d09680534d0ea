"""Batches: utterances of nearly the same length, the rest filled with silence as in a recording that goes on,
so that nothing is padded. Which ones is a function of the seed and of how many updates are done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from s2s.data.tokenizer import END_ID, PAD_ID, START_ID
from s2s.sound.augment import Example, example, plan
from s2s.sound.config import SpeechConfig, SpeechTrainConfig
from s2s.sound.corpus import Recording, by_speaker
from s2s.sound.features import log_mel, normalised, seconds_of
from s2s.sound.utterances import LONGEST, Utterance
from s2s.sound.waves import Samples
from s2s.speech.model import piece_of

POOL: Final = 8  # batches whose utterances are sorted together
# Utterances grow: of at most so many digits up to a share of the run.
_GROWTH: Final = ((0.04, 2), (0.12, 4), (1.0, LONGEST))


class Batch(NamedTuple):
    """What a model reads, is fed, should say and should look at."""

    frames: Tensor  # (batch, frames, bands)
    fed: Tensor  # (batch, target_len)
    said: Tensor  # (batch, target_len)
    inside: Tensor  # (batch, target_len, source_len), 1 where a state lies in the digit's recording

    @property
    def pieces(self) -> int:
        """Pieces to say, padding not counted."""
        return int((self.said != PAD_ID).sum())


class Voices(NamedTuple):
    """Recordings by who speaks."""

    recorded: Sequence[Sequence[Recording]]  # each of one speaker
    synthetic: Sequence[Sequence[Recording]]

    def drawn(self, random: np.random.Generator, share: float) -> Sequence[Sequence[Recording]]:
        """The synthetic voices with probability `share`, if there are any; else the recorded ones."""
        return self.synthetic if self.synthetic and random.random() < share else self.recorded


def training_batches(
    recordings: Sequence[Recording],
    train: SpeechTrainConfig,
    config: SpeechConfig,
    *,
    synthetic: Sequence[Recording] = (),
    done: int = 0,
) -> Iterator[Batch]:
    """The batches that follow after `done` updates, without end. Of synthetic recordings, a share of the
    utterances is made (`SpeechTrainConfig.synthetic_share`)."""
    voices = Voices(*(list(by_speaker(some).values()) for some in (recordings, synthetic)))
    number, skipped = divmod(done, POOL)
    while True:
        share = number * POOL / train.updates
        longest = next((most for until, most in _GROWTH if share < until), LONGEST)
        yield from _pool(voices, (train.seed, number), longest, train, config, skipped)
        number, skipped = number + 1, 0


def _pool(
    voices: Voices,
    seed: tuple[int, int],
    longest: int,
    train: SpeechTrainConfig,
    config: SpeechConfig,
    skipped: int,
) -> Iterator[Batch]:
    random = np.random.default_rng(seed)
    plans = [
        plan(voices.drawn(random, train.synthetic_share), random, longest=longest)
        for _ in range(POOL * train.batch)
    ]
    plans.sort(key=lambda one: one.frames)
    for place in random.permutation(POOL)[skipped:]:
        some = plans[place * train.batch : (place + 1) * train.batch]
        own = np.random.default_rng((*seed, int(place)))
        frames = _whole(max(one.frames for one in some), config)
        yield batch_of([example(one, frames, own) for one in some], config)


def _whole(frames: int, config: SpeechConfig) -> int:
    """The least number of frames that is one of whole states."""
    return -(-max(1, frames) // config.frames_a_state) * config.frames_a_state


def batch_of(examples: Sequence[Example], config: SpeechConfig) -> Batch:
    """Examples of the same number of frames as tensors."""
    longest = max(len(one.digits) for one in examples) + 1
    fed = np.full((len(examples), longest), PAD_ID)
    said = fed.copy()
    times = state_seconds(len(examples[0].frames), config)
    inside = np.zeros((len(examples), longest, len(times)), np.float32)
    for row, one in enumerate(examples):
        pieces = [piece_of(digit) for digit in one.digits]
        fed[row, : len(pieces) + 1] = [START_ID, *pieces]
        said[row, : len(pieces) + 1] = [*pieces, END_ID]
        for step, (start, end) in enumerate(one.places):
            is_in = (times >= start) & (times < end)
            if not is_in.any():
                is_in = np.abs(times - (start + end) / 2) == np.abs(times - (start + end) / 2).min()
            inside[row, step] = is_in
    frames = np.stack([one.frames for one in examples])
    return Batch(*map(torch.from_numpy, (frames, fed, said, inside)))


def state_seconds(frames: int, config: SpeechConfig) -> NDArray[np.float64]:
    """The middle of what each encoder state stands for, in seconds: (source_len,)."""
    each = config.frames_a_state
    places = np.arange(frames // each) * each + (each - 1) / 2
    seconds: NDArray[Any] = seconds_of(0) + places * (seconds_of(1) - seconds_of(0))
    return seconds


def frames_of(samples: Samples, config: SpeechConfig) -> Tensor:
    """What a model reads of a levelled sound: (frames, bands), the last repeated up to a whole state."""
    frames = normalised(log_mel(samples))
    missing = _whole(len(frames), config) - len(frames)
    return torch.from_numpy(np.pad(frames, ((0, missing), (0, 0)), mode="edge"))


def as_example(utterance: Utterance, config: SpeechConfig) -> Example:
    """An utterance as it is, nothing changed."""
    places = np.array([one.seconds for one in utterance.spoken], np.float32).reshape(-1, 2)
    return Example(frames_of(utterance.samples, config).numpy(), utterance.digits, places)
