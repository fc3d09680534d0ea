"""What becomes of translations when the words of the source change places: records, and how they are found.

Words are what blanks part, marks on them: a tokenizer cuts each of them alike wherever it stands, so that the
model gets the same pieces in another order.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from s2s.data.corpora import read_pairs
from s2s.evaluate.evaluation import Band
from s2s.evaluate.gold import read_gold
from s2s.evaluate.translation import Sentence, bands, chrf
from s2s.languages import Languages
from s2s.places import ASSETS

SHORTEST: Final = 3  # words of a sentence whose order is changed
_TRIES: Final = 100

Translate = Callable[[Sequence[str]], Sequence[str]]


class Reordered(NamedTuple):
    """One reader of sentences and of the same with their words shuffled."""

    reader: str  # what translated
    sentences: int
    same: int  # translations that stayed as they were, letter for letter
    chrf: Band  # of translations of the shuffled against its own of the sentences as they are


class Translated(NamedTuple):
    """One sentence both ways."""

    source: str
    shuffled: str
    whole: str  # the translation of the source
    reordered: str  # that of the shuffled


def shuffle(text: str, seed: int) -> str:
    """The words in an order drawn with `seed`, on every machine the same; another order than theirs wherever
    there is one."""
    words = text.split()
    order, draw = list(words), random.Random(seed)
    if len(set(words)) > 1:
        for _ in range(_TRIES):
            order = sorted(words, key=lambda _: draw.random())  # a draw that Python promises to keep
            if order != words:
                break
    return " ".join(order)


def sentences(languages: Languages) -> list[str]:
    """The examples and the sentence bank of a task, each once, those of `SHORTEST` words or more. Models did
    not learn from them."""
    folder = ASSETS / "pairs" / languages.name
    found = [pair.source for pair in read_pairs(folder / "examples.tsv")]
    found += [pair.source for pair in read_gold(folder / "bank.tsv", languages)]
    return [text for text in dict.fromkeys(found) if len(set(text.split())) >= SHORTEST]


def translated(
    sources: Sequence[str], translate: Translate, *, seed: int, at_once: int = 16
) -> Iterator[list[Translated]]:
    """Both translations of some of the sentences after the other; each sentence has a seed of its own."""
    for first in range(0, len(sources), at_once):
        some = sources[first : first + at_once]
        shuffled = [shuffle(text, seed + first + place) for place, text in enumerate(some)]
        said = translate([*some, *shuffled])
        yield [
            Translated(*one) for one in zip(some, shuffled, said[: len(some)], said[len(some) :], strict=True)
        ]


def compared(reader: str, found: Sequence[Translated]) -> Reordered:
    """What a reader made of sentences, one at least."""
    _, band = bands([one.reordered for one in found], [Sentence(one.source, (one.whole,)) for one in found])
    same = sum(one.reordered == one.whole for one in found)
    return Reordered(reader, len(found), same, band)


def likeness(one: str, other: str) -> float:
    """chrF of a sentence against another: 100 for the same."""
    return 100.0 if one == other else chrf([one], [Sentence("", (other,))]).value
