from collections.abc import Callable
from dataclasses import replace

import pytest

from s2s.checkpoints import Checkpoint
from s2s.data.tokenizer import Tokenizer
from s2s.translator import Translator
from s2s.walkthrough.workings import Workings
from tests.conftest import BuildTiny

SENTENCE = "L'enfant dort chez moi, n'est-ce pas ?"
Work = Callable[..., Workings]


@pytest.fixture(scope="session")
def work(build_tiny: BuildTiny, tokenizers: tuple[Tokenizer, Tokenizer]) -> Work:
    """A function from what a small untrained model is like, and a text, to the workings of it."""

    def of(
        attention: str, cell: str = "lstm", layers: int = 1, direction: str = "both", *, text: str = SENTENCE
    ) -> Workings:
        checkpoint = Checkpoint(build_tiny(attention, cell, layers, direction), *tokenizers)
        return Translator(f"tiny-{attention}", checkpoint).workings(text)

    return of


def changed(workings: Workings, name: str, place: tuple[int, ...], by: float) -> Workings:
    """The same workings with one number of one array another one."""
    in_trace = hasattr(workings.trace, name)
    array = getattr(workings.trace if in_trace else workings, name).copy()
    array[place] += by
    if in_trace:
        return replace(workings, trace=replace(workings.trace, **{name: array}))
    return replace(workings, **{name: array})
