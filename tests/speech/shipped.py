"""The shipped model, loaded once for all tests."""

from functools import cache
from pathlib import Path

from s2s.sound.corpus import Recording, read_packed
from s2s.sound.shelf import EXAMPLES, located
from s2s.speech.recogniser import Recogniser


def folder() -> Path:
    found = located()
    assert found is not None
    return found


@cache
def recogniser() -> Recogniser:
    return Recogniser.load(folder())


@cache
def examples() -> tuple[Recording, ...]:
    return tuple(read_packed(EXAMPLES, "test"))
