"""How well a model hears: word errors by length, and where it looked, over utterances drawn from
recordings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from s2s.sound.corpus import Recording
from s2s.sound.hearing import Heard, errors, looks
from s2s.sound.utterances import Utterance, draw
from s2s.speech.recogniser import Recogniser


def evaluate(
    recogniser: Recogniser, recordings: Sequence[Recording], *, count: int, seed: int = 1
) -> Iterator[Heard]:
    """So many utterances of 1 to 8 digits, one after the other."""
    for utterance in islice(draw(recordings, seed=seed), count):
        yield judged(recogniser, utterance)


def judged(recogniser: Recogniser, utterance: Utterance) -> Heard:
    """One utterance, heard and compared with what is said."""
    hearing = recogniser.listen(utterance.samples)
    found = errors(hearing.digits, utterance.digits)
    return Heard(utterance.digits, found, looks(hearing, utterance.spoken, found), hearing.confidence)
