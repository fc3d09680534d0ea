"""What a translation says that its source does not: words that no source word explains.

Judged by a lexicon that was learned from sentence pairs by counting (IBM Model 1, Brown et al. 1993) and owes
nothing to the model under test, so that models without attention are judged like all others.

A source word explains a target word that is `LIFT` times as likely beside it as anywhere: t(target | source)
>= LIFT * p(target). Each explains a word once. Whatever is said more often than source words explain it is
over-said, be it new or said again: for `Le chat noir`, the second "black" of "The black cat is black". A word
that is copied explains itself, and a source word that the lexicon never met explains any one word.

Held against the links of `assets/gold` at every prefix of its sentences, with 160,000 pairs to learn from, 11
of 100 words that belong to what is not typed yet pass as explained, and 8 of 100 of what is typed do not; a
lift of 3 or of 10 shifts this to 13 and 7, or 9 and 11.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final, Self

from s2s.data import aligner
from s2s.data.corpora import Pair
from s2s.errors import DataError
from s2s.evaluate.typed import OverSaid
from s2s.languages import FIRST, Languages
from s2s.text import is_word, words

LIFT: Final = 5.0
_ITERATIONS: Final = 5  # of expectation maximisation, as the Moses training script has it


class Lexicon:
    """Which source words explain which target words. Case and punctuation marks count for nothing."""

    def __init__(
        self, probabilities: aligner.Lexicon, counts: Counter[str], languages: Languages = FIRST
    ) -> None:
        self._probabilities = probabilities
        self._counts = counts
        self._total = sum(counts.values())
        self._languages = languages

    @classmethod
    def learn(
        cls, pairs: Iterable[Pair], *, path: str = "the lexicon's corpus", languages: Languages = FIRST
    ) -> Self:
        """From sentence pairs, in 20 seconds for 160,000; `path` names them in errors. Raises DataError where
        no pair has words on both sides."""
        spelled = [
            (spoken(pair.source, languages.source), spoken(pair.target, languages.target)) for pair in pairs
        ]
        usable = [pair for pair in spelled if all(pair)]
        if not usable:
            raise DataError("corpus_empty", path=path)
        sources, targets = zip(*usable, strict=True)
        givers = [[aligner.NULL, *source] for source in sources]
        found = aligner.learn(givers, targets, iterations=_ITERATIONS)
        return cls(found, Counter(word for target in targets for word in target), languages)

    def explains(self, source: str, target: str) -> bool:
        """Whether a word can come from a word; both in lower case."""
        if source == target:
            return True
        likely = self._probabilities.probability(source, target)
        return likely > 0 and likely >= LIFT * self._counts[target] / self._total

    def over_said(self, source: str, target: str) -> list[str]:
        """The words of a translation that its source does not explain, in lower case, in order of first use;
        one that is said too often is there as often as that."""
        given = spoken(source, self._languages.source)
        found: list[str] = []
        for word, said in Counter(self.spoken(target)).items():
            explained = sum(self.explains(giver, word) for giver in given)
            found += [word] * (said - explained)
        unknown = sum(giver not in self._probabilities.sources for giver in given)
        return found[unknown:]

    def spoken(self, target: str) -> list[str]:
        """The words of a translation."""
        return spoken(target, self._languages.target)


def spoken(text: str, language: str) -> list[str]:
    """The words of a text in lower case, marks left out."""
    return [word.text.lower() for word in words(text, language) if is_word(word.text)]


def score(lexicon: Lexicon, texts: Sequence[tuple[str, str]]) -> OverSaid | None:
    """How often and how much texts, each with its source before it, say more; None where there is none."""
    if not texts:
        return None
    found = [len(lexicon.over_said(source, target)) for source, target in texts]
    said = sum(len(lexicon.spoken(target)) for _, target in texts)
    return OverSaid(
        texts=len(texts),
        often=sum(map(bool, found)) / len(found),
        much=sum(found) / said if said else 0.0,
    )
