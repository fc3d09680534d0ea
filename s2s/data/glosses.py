"""What each word of a corpus is in its translations: drafts of glosses, for a person to read and correct.

Both directions of an aligner are joined, and what a word is linked to in a pair, next to each other, is what
it says there. The drafts are those that come up most often, with the share of the word's occurrences.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from typing import NamedTuple

from s2s.data.aligner import Aligner, Words


class Said(NamedTuple):
    """What a word is in translations."""

    text: str
    share: float  # of the word's occurrences


class Draft(NamedTuple):
    """A word of the corpus, and what it most often is on the other side: nothing if never linked."""

    word: str
    occurrences: int
    said: tuple[Said, ...]


def drafts(
    sources: Sequence[Words],
    targets: Sequence[Words],
    *,
    iterations: int = 10,
    most: int = 3,
    on_round: Callable[[], object] = lambda: None,
) -> list[Draft]:
    """A draft for each source word, the most frequent first, those as frequent in the order of their letters.

    Takes sentences as words, spelled alike where they are to count as the same. Calls `on_round` as `Aligner`
    does.
    """
    aligner = Aligner.learned(sources, targets, iterations=iterations, on_round=on_round)
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for aligned in aligner.align(sources, targets):
        source, target = sources[aligned.pair], targets[aligned.pair]
        linked: dict[int, list[int]] = defaultdict(list)
        for i, j in sorted(aligned.links):
            linked[i].append(j)
        for i, places in linked.items():
            if places[-1] - places[0] < len(places):  # they stand next to each other
                found[source[i]][" ".join(target[j] for j in places)] += 1
    counts = Counter(word for sentence in sources for word in sentence)
    return [
        Draft(word, count, tuple(Said(text, times / count) for text, times in found[word].most_common(most)))
        for word, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ]
