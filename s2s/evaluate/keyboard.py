"""What becomes of translations when people type: the same sentences in every style, and word by word."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from itertools import islice
from statistics import fmean
from typing import NamedTuple, Self

from s2s.data.corpora import Pair
from s2s.data.fingerprint import fingerprint
from s2s.evaluate import oversaying, translation, word_by_word
from s2s.evaluate.oversaying import Lexicon
from s2s.evaluate.styles import STYLES, lower_case_without_mark
from s2s.evaluate.translation import Sentence
from s2s.evaluate.typed import StyleScore, Typed, WordByWord
from s2s.languages import FIRST, Languages

Answer = Callable[[Sequence[str]], list[str]]  # to many texts


class Judge(NamedTuple):
    """The lexicon that over-saying is judged by, and where it comes from."""

    lexicon: Lexicon
    name: str  # of the file with the pairs it was learned from
    fingerprint: str  # of these pairs

    @classmethod
    def learn(cls, name: str, pairs: Sequence[Pair], *, languages: Languages = FIRST) -> Self:
        """From the pairs of a file. Raises DataError where none has words on both sides."""
        return cls(Lexicon.learn(pairs, path=name, languages=languages), name, fingerprint(pairs))


class Typing(NamedTuple):
    """What is typed."""

    sentences: Sequence[Sentence]  # in every style
    word_by_word: Sequence[Sentence]
    judge: Judge | None  # None: over-saying is not measured
    language: str  # of the answers

    @classmethod
    def of(
        cls, sentences: Sequence[Sentence], judge: Judge | None = None, *, language: str = FIRST.target
    ) -> Self:
        """All sentences in every style, a seeded sample of them word by word."""
        return cls(sentences, word_by_word.sample(sentences), judge, language)

    @property
    def steps(self) -> int:
        """How often `measure` yields before it is done."""
        prefixes = sum(len(word_by_word.prefixes(sentence.source)) for sentence in self.word_by_word)
        return len(STYLES) * len(self.sentences) + prefixes


def measure(
    translate: Answer, typing: Typing, known: Mapping[str, str] | None = None
) -> Generator[None, None, Typed]:
    """Yields for each text that was typed, and returns what was found. What is `known`, a translation by
    its source, is not translated again."""
    answers = dict(known or {})

    def answer(texts: Sequence[str]) -> Generator[None, None, list[str]]:
        new = [text for text in dict.fromkeys(texts) if text not in answers]
        answers.update(zip(new, translate(new), strict=True))
        yield from (None for _ in texts)
        return [answers[text] for text in texts]

    styles = []
    for style in STYLES:
        said = yield from answer([STYLES[style](sentence.source) for sentence in typing.sentences])
        styles.append(style_score(style, said, typing.sentences))
    words = yield from _word_by_word(answer, typing)
    return Typed(styles=tuple(styles), word_by_word=words)


def style_score(style: str, said: Sequence[str], sentences: Sequence[Sentence]) -> StyleScore:
    """BLEU and chrF of translations of at least one sentence, whatever their case and final marks."""
    plain = [lower_case_without_mark(text) for text in said]
    references = [s._replace(references=tuple(map(lower_case_without_mark, s.references))) for s in sentences]
    return StyleScore(
        style=style,
        chrf=translation.chrf(plain, references).value,
        bleu=translation.bleu(plain, references).value,
    )


class _Answers(NamedTuple):
    """A sentence typed word by word."""

    typed: list[str]
    said: list[str]  # the answer to each

    @property
    def early(self) -> list[tuple[str, str]]:
        """What was typed and answered before the last word."""
        last = len(word_by_word.words_typed(self.typed[-1]))
        return [
            (typed, said)
            for typed, said in zip(self.typed, self.said, strict=True)
            if len(word_by_word.words_typed(typed)) < last
        ]


def _word_by_word(
    answer: Callable[[Sequence[str]], Generator[None, None, list[str]]], typing: Typing
) -> Generator[None, None, WordByWord | None]:
    if not typing.word_by_word:
        return None
    typed = [word_by_word.prefixes(sentence.source) for sentence in typing.word_by_word]
    said = iter((yield from answer([prefix for prefixes in typed for prefix in prefixes])))
    found = [_Answers(prefixes, list(islice(said, len(prefixes)))) for prefixes in typed]
    judge = typing.judge
    early = [pair for answers in found for pair in answers.early]
    whole = [(answers.typed[-1], answers.said[-1]) for answers in found]
    human = [(sentence.source, sentence.references[0]) for sentence in typing.word_by_word]
    over_said, over_said_whole, over_said_references = (
        oversaying.score(judge.lexicon, texts) if judge else None for texts in (early, whole, human)
    )
    return WordByWord(
        sentences=len(found),
        seed=translation.SEED,
        answers=sum(len(answers.said) for answers in found),
        erasure=fmean(word_by_word.erasure(answers.said, language=typing.language) for answers in found),
        lexicon=judge.name if judge else None,
        lexicon_fingerprint=judge.fingerprint if judge else None,
        over_said=over_said,
        over_said_whole=over_said_whole,
        over_said_references=over_said_references,
    )
