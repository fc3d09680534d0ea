"""How good the models of a task are, beside what copying the input gets: a record that goes to JSON and back.

BLEU and chrF see words that stand where they should, and copying a sentence puts most of them there. So each
figure stands beside that of the input itself, and what people wrote is counted where it can be counted of it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from sacrebleu.metrics.bleu import BLEU

from s2s.data.corpora import Pair
from s2s.errors import DataError
from s2s.evaluate import translation
from s2s.evaluate.evaluation import Score, Setup
from s2s.evaluate.translation import Sentence
from s2s.languages import Languages, tokenizers_of
from s2s.registers import REGISTERS
from s2s.text import is_word, normalise, words

_LOOP: Final = 3  # times that something is said in a row before it counts as one
_LONGEST_LOOP: Final = 6  # words of what is repeated, at most


class Answers(Protocol):
    """What can be measured; `s2s.translator.Translator` is one."""

    def translations(self, sources: Sequence[str]) -> list[str]:
        """The texts that the model writes for many."""


@dataclass(frozen=True, kw_only=True)
class Manner:
    """What can be told of outputs without a reference; all are shares."""

    copied: float  # of their words, those that stand in the input, capital letters aside
    distinct: float | None  # of outputs, those that differ; None where many are for one input
    loops: float  # of outputs, those that say something three times in a row
    register: float | None  # of outputs, those in the register of the task; None where any will do


@dataclass(frozen=True, kw_only=True)
class Quality:
    """Outputs against references."""

    exact: float  # share of outputs that are one of their references
    chrf: Score
    bleu: tuple[Score, ...]  # by each way to cut words that suits the language
    manner: Manner


@dataclass(frozen=True, kw_only=True)
class TaskScore:
    """One model on sentences that it did not learn from, and copying on the same."""

    model: str
    weights: str  # SHA-256 of the file with the model's weights
    data: str  # name of the file with the pairs
    data_fingerprint: str
    inputs: int
    references: int
    output: Quality
    copying: Quality
    people: Manner  # of all references


def task_score(model: Answers, setup: Setup, pairs: Sequence[Pair], languages: Languages) -> TaskScore:
    """The score of a model over some pairs; those with one source are several references. Raises
    DataError."""
    sentences = translation.sentences(pairs)
    sources = [sentence.source for sentence in sentences]
    return TaskScore(
        model=setup.model,
        weights=setup.weights,
        data=setup.data,
        data_fingerprint=setup.data_fingerprint,
        inputs=len(sentences),
        references=sum(len(sentence.references) for sentence in sentences),
        output=_quality(model.translations(sources), sentences, languages),
        copying=_quality(sources, sentences, languages),
        people=_people(sentences, languages),
    )


def _quality(outputs: Sequence[str], sentences: Sequence[Sentence], languages: Languages) -> Quality:
    return Quality(
        exact=translation.exact(outputs, sentences),
        chrf=translation.chrf(outputs, sentences),
        bleu=tuple(_bleu(outputs, sentences, name) for name in tokenizers_of(languages.target)),
        manner=manner(outputs, [sentence.source for sentence in sentences], languages),
    )


def _bleu(outputs: Sequence[str], sentences: Sequence[Sentence], tokenizer: str) -> Score:
    return translation.scored(_metric(tokenizer), outputs, sentences)


def _metric(tokenizer: str) -> BLEU:
    try:
        return BLEU(tokenize=tokenizer)
    except (ImportError, RuntimeError) as error:
        raise DataError("tokenizer_not_installed", name=tokenizer) from error


def _people(sentences: Sequence[Sentence], languages: Languages) -> Manner:
    said = [reference for sentence in sentences for reference in sentence.references]
    read = [sentence.source for sentence in sentences for _ in sentence.references]
    found = manner(said, read, languages)
    return found if len(said) == len(sentences) else dataclasses.replace(found, distinct=None)


def check_tokenizers(languages: Languages) -> None:
    """Raise DataError where what cuts the words of outputs is not installed."""
    for tokenizer in tokenizers_of(languages.target):
        _metric(tokenizer)


def manner(outputs: Sequence[str], sources: Sequence[str], languages: Languages) -> Manner:
    """What at least one output is like."""
    said = [_words(text, languages.target) for text in outputs]
    read = [set(_words(text, languages.source)) for text in sources]
    total = sum(map(len, said))
    copied = sum(word in known for words_, known in zip(said, read, strict=True) for word in words_)
    is_so = REGISTERS.get(languages.purpose)
    return Manner(
        copied=copied / total if total else 0.0,
        distinct=len({normalise(text).text for text in outputs}) / len(outputs),
        loops=sum(map(is_loop, said)) / len(outputs),
        register=sum(is_so(text) for text in outputs) / len(outputs) if is_so else None,
    )


def is_loop(said: Sequence[str]) -> bool:
    """Whether one to six words stand there three times in a row."""
    return any(_repeats(said, length) for length in range(1, _LONGEST_LOOP + 1))


def _repeats(said: Sequence[str], length: int) -> bool:
    again = 0  # words in a row that stand there `length` words before, too
    for word, before in zip(said[length:], said, strict=False):
        again = again + 1 if word == before else 0
        if again == (_LOOP - 1) * length:
            return True
    return False


def _words(text: str, language: str) -> list[str]:
    return [word.text.casefold() for word in words(text, language) if is_word(word.text)]
