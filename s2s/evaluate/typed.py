"""What becomes of translations when people type: a record that goes to JSON and comes back.

Shares lie between 0 and 1, BLEU and chrF between 0 and 100.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from s2s.errors import DataError


@dataclass(frozen=True, kw_only=True)
class StyleScore:
    """How good translations are of sentences typed in one style. Final marks and case of translations and
    references are left out: neither can be known from a sentence that lacks them."""

    style: str  # a key of `s2s.evaluate.styles.STYLES`
    chrf: float
    bleu: float


@dataclass(frozen=True, kw_only=True)
class OverSaid:
    """Words of some texts that no word of their source explains: see `s2s.evaluate.oversaying`."""

    texts: int
    often: float  # share of texts that have such a word
    much: float  # share of all words of these texts that are such words


@dataclass(frozen=True, kw_only=True)
class WordByWord:
    """Sentences typed word by word, the answer read after each word, the final mark typed last.

    Over-saying is that of the answers before the last word. Beside it stand the answers to whole sentences
    and human translations of them, counted in the same way: what they have is what the count gets wrong, or
    what translations add anyway. All three are None where no pairs were given to learn a lexicon from.
    """

    sentences: int
    seed: int  # of which sentences
    answers: int  # to all prefixes of all sentences, whole sentences among them
    erasure: float  # normalised erasure, mean over sentences (Arivazhagan et al. 2020)
    lexicon: str | None  # name of the file with the pairs it was learned from
    lexicon_fingerprint: str | None  # of these pairs: `s2s.data.fingerprint`
    over_said: OverSaid | None
    over_said_whole: OverSaid | None
    over_said_references: OverSaid | None


@dataclass(frozen=True, kw_only=True)
class Typed:
    """The same sentences in every style, and some of them word by word."""

    styles: tuple[StyleScore, ...]  # the first is of the sentences as they are
    word_by_word: WordByWord | None  # None where no sentence is of a length that is typed word by word

    def kept(self, score: StyleScore) -> float | None:
        """The share of the chrF of the sentences as they are that is left; None where there was none."""
        clean = self.styles[0].chrf
        return score.chrf / clean if clean else None

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return dataclasses.asdict(self)

    @staticmethod
    def from_dict(values: Mapping[str, Any], *, path: str = "the record") -> Typed:
        """A record stored by `to_dict`; `path` names it in errors. Raises DataError."""
        try:
            parts = dict(values)
            parts["styles"] = tuple(StyleScore(**score) for score in parts["styles"])
            if parts["word_by_word"] is not None:
                parts["word_by_word"] = _word_by_word(parts["word_by_word"])
            return Typed(**parts)
        except (TypeError, ValueError, LookupError) as error:
            reason = f"{type(error).__name__}: {error}"
            raise DataError("evaluation_damaged", path=path, reason=reason) from error


def _word_by_word(values: Mapping[str, Any]) -> WordByWord:
    names = ("over_said", "over_said_whole", "over_said_references")
    found = {name: None if values[name] is None else OverSaid(**values[name]) for name in names}
    return WordByWord(**{**values, **found})
