"""A sentence typed word by word, and how much of each answer the next one takes back."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from s2s.evaluate.styles import lower_case_without_mark
from s2s.evaluate.translation import Sentence, shuffled
from s2s.languages import FIRST
from s2s.text import without_final_mark, words

SAMPLE: Final = 200  # sentences, at most
SHORTEST: Final = 4  # words, as spaces part them
LONGEST: Final = 12


def sample(sentences: Sequence[Sentence]) -> list[Sentence]:
    """The sentences that are typed word by word: of `SHORTEST` to `LONGEST` words, `SAMPLE` at most, drawn
    with `translation.SEED`."""
    lengths = range(SHORTEST, LONGEST + 1)
    fitting = [s for s in sentences if len(words_typed(s.source)) in lengths]
    return shuffled(fitting)[:SAMPLE]


def words_typed(text: str) -> list[str]:
    """The words that are typed one after the other, as spaces part them; a final mark is none of them."""
    return without_final_mark(text).split()


def prefixes(text: str) -> list[str]:
    """What stands there after each word, and last the whole text, with its final mark if it has one."""
    typed = words_typed(text)
    steps = [" ".join(typed[:count]) for count in range(1, len(typed) + 1)]
    return steps if steps and steps[-1] == text else [*steps, text]


def erasure(answers: Sequence[str], *, language: str = FIRST.target) -> float:
    """Normalised erasure of answers, each the answer to a longer prefix than the one before: how many words
    were shown and taken back for each word of the last (Arivazhagan et al. 2020).

    From one answer to the next, all is erased behind the words that both begin with. Case and final marks
    are left out: a full stop that comes and goes at the end changes no word. Divided by 1 where the last
    answer has no word. Raises IndexError without an answer.
    """
    said = [[word.text for word in words(lower_case_without_mark(answer), language)] for answer in answers]
    erased = sum(len(before) - _common(before, after) for before, after in pairwise(said))
    return erased / max(len(said[-1]), 1)


def _common(first: Sequence[str], second: Sequence[str]) -> int:
    """How many words both begin with."""
    for count, (one, other) in enumerate(zip(first, second, strict=False)):
        if one != other:
            return count
    return min(len(first), len(second))
