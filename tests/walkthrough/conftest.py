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
    """A function from attention, cell, layers and a text to the workings of a small untrained model."""

    def of(attention: str, cell: str = "lstm", layers: int = 1, *, text: str = SENTENCE) -> Workings:
        checkpoint = Checkpoint(build_tiny(attention, cell, layers), *tokenizers)
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
