"""IBM Model 1 (Brown et al. 1993): which word gave which word of the translation, by counting alone.

Every target word is taken to come from one source word of its sentence, each as likely as the other
beforehand. What is learned, by expectation maximisation, is one table: t(target word | source word). Words
have no position here: that is what the model lacks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

import numpy as np
from numpy.typing import NDArray

Words = Sequence[str]
Link = tuple[int, int]  # (source word, target word), both counted from 0

NULL: Final = ""  # the source word of target words that translate none; put before a sentence by who wants it


@dataclass(frozen=True, kw_only=True)
class Lexicon:
    """t(target word | source word) of the words that met in some sentence; it is 0 for all others."""

    sources: dict[str, int]
    targets: dict[str, int]
    met: NDArray[np.int64]  # (entries,) source number * len(targets) + target number, rising
    probabilities: NDArray[np.float64]  # (entries,)

    def probability(self, source: str, target: str) -> float:
        """t(target | source)."""
        if source not in self.sources or target not in self.targets:
            return 0.0
        key = self.sources[source] * len(self.targets) + self.targets[target]
        entry = int(np.searchsorted(self.met, key))
        found = entry < len(self.met) and self.met[entry] == key
        return float(self.probabilities[entry]) if found else 0.0


def learn(sources: Sequence[Words], targets: Sequence[Words], *, iterations: int) -> Lexicon:
    """The lexicon after so many rounds of expectation maximisation, from a uniform one.

    Each target word of each sentence has one cell for each source word of it; all cells lie in one row.
    """
    source_numbers, target_numbers = _numbers(sources), _numbers(targets)
    cells: list[NDArray[np.int64]] = []
    widths: list[NDArray[np.int64]] = []  # cells of each target word
    for source, target in zip(sources, targets, strict=True):
        columns = np.array([source_numbers[word] for word in source], dtype=np.int64)
        rows = np.array([target_numbers[word] for word in target], dtype=np.int64)
        cells.append((columns * len(target_numbers) + rows[:, None]).ravel())
        widths.append(np.full(len(rows), len(columns)))
    width = np.concatenate(widths)
    first = np.cumsum(width) - width  # of each target word's cells
    met, entry = np.unique(np.concatenate(cells), return_inverse=True)
    giver = met // len(target_numbers)  # (entries,) the source word of each
    probabilities = np.ones(len(met))
    for _ in range(iterations):
        likely = probabilities[entry]
        expected = likely / np.repeat(np.add.reduceat(likely, first), width)
        counts = np.bincount(entry, weights=expected)
        probabilities = counts / np.bincount(giver, weights=counts)[giver]
    return Lexicon(sources=source_numbers, targets=target_numbers, met=met, probabilities=probabilities)


def links(lexicon: Lexicon, source: Words, target: Words) -> frozenset[Link]:
    """Each target word with the source word that gives it most likely; no link where that is `NULL`, which
    wins a tie, or where no source word of the sentence ever met it."""
    drawn: set[Link] = set()
    for j, word in enumerate(target):
        likely = [lexicon.probability(giver, word) for giver in (NULL, *source)]
        if best := int(np.argmax(likely)):
            drawn.add((best - 1, j))
    return frozenset(drawn)


def _numbers(sentences: Sequence[Words]) -> dict[str, int]:
    return {word: number for number, word in enumerate(dict.fromkeys(chain.from_iterable(sentences)))}
