from collections.abc import Callable, Mapping

import pytest

from s2s.data.corpora import Pair
from s2s.evaluate import oversaying, translation, word_by_word
from s2s.evaluate.keyboard import Judge, Typing, measure, style_score
from s2s.evaluate.styles import AS_IT_IS, STYLES
from s2s.evaluate.translation import Sentence
from s2s.evaluate.typed import Typed
from tests.sentences import PAIRS, PHRASES

SENTENCES = translation.sentences([*PAIRS[::40], Pair(PAIRS[0].source, "I talk"), *PHRASES])
TARGETS = {sentence.source: sentence.references[0] for sentence in SENTENCES}


def measured(
    translate: Callable[[str], str], typing: Typing, known: Mapping[str, str] | None = None
) -> Typed:
    steps, running = 0, measure(lambda texts: list(map(translate, texts)), typing, known)
    while True:
        try:
            next(running)
        except StopIteration as done:
            assert steps == typing.steps
            found: Typed = done.value
            return found
        steps += 1


def knows_by_heart(text: str) -> str:
    """The translation of a sentence as it is in the corpus; anything else is copied."""
    return TARGETS.get(text, text)


def test_each_style_is_scored_without_final_marks_and_case() -> None:
    typed = measured(knows_by_heart, Typing.of(SENTENCES))
    assert [score.style for score in typed.styles] == list(STYLES)
    for score in typed.styles:
        said = [knows_by_heart(STYLES[score.style](sentence.source)) for sentence in SENTENCES]
        assert score == style_score(score.style, said, SENTENCES)
    first, *others = typed.styles
    assert (first.chrf, typed.kept(first)) == (pytest.approx(100), 1)
    assert all(score.chrf < 100 for score in others)


def test_a_mark_more_or_less_or_a_capital_changes_no_score() -> None:
    wanted = [Sentence("a", ("The cat sleeps here.", "A cat is sleeping here!"))]
    for said in (
        "The cat sleeps here.",
        "the cat sleeps here",
        "THE CAT SLEEPS HERE ?",
        "A cat is sleeping here",
    ):
        score = style_score(AS_IT_IS, [said], wanted)
        assert (score.chrf, score.bleu) == (pytest.approx(100), pytest.approx(100))
    other = style_score(AS_IT_IS, ["the cat sleeps."], wanted)
    assert other.chrf == translation.chrf(
        ["the cat sleeps"], [Sentence("a", ("the cat sleeps here", "a cat is sleeping here"))]
    ).value  # fmt: skip


def test_no_text_is_translated_twice_and_none_that_is_known() -> None:
    asked: list[str] = []

    def translate(text: str) -> str:
        asked.append(text)
        return text

    measured(translate, Typing.of(SENTENCES), known={s.source: s.source for s in SENTENCES})
    assert len(asked) == len(set(asked))
    assert not set(asked) & set(TARGETS)


def test_word_by_word_takes_the_mean_over_sentences_and_judges_early_answers_apart() -> None:
    judge = Judge.learn("pairs.tsv", PAIRS)
    typing = Typing.of(SENTENCES, judge)
    found = measured(knows_by_heart, typing).word_by_word
    assert found is not None
    assert found.sentences == len(typing.word_by_word) == len(PAIRS[::40])
    typed = [word_by_word.prefixes(sentence.source) for sentence in typing.word_by_word]
    said = [[knows_by_heart(prefix) for prefix in prefixes] for prefixes in typed]
    erased = [word_by_word.erasure(answers) for answers in said]
    assert found.erasure == pytest.approx(sum(erased) / len(erased))
    assert found.answers == sum(map(len, typed))

    lexicon = judge.lexicon
    last = [len(word_by_word.words_typed(prefixes[-1])) for prefixes in typed]
    early = [
        (prefix, prefix) for prefixes, n in zip(typed, last, strict=True) for prefix in prefixes[: n - 1]
    ]
    whole = [(sentence.source, TARGETS[sentence.source]) for sentence in typing.word_by_word]
    assert found.over_said == oversaying.score(lexicon, early)
    assert found.over_said_whole == found.over_said_references == oversaying.score(lexicon, whole)
    assert (found.lexicon, found.lexicon_fingerprint) == ("pairs.tsv", judge.fingerprint)


def test_without_a_judge_nothing_is_said_of_over_saying_and_without_long_sentences_nothing_of_words() -> None:
    found = measured(knows_by_heart, Typing.of(SENTENCES)).word_by_word
    assert found is not None
    assert (found.lexicon, found.over_said, found.over_said_whole) == (None, None, None)
    assert measured(knows_by_heart, Typing.of(SENTENCES[-3:])).word_by_word is None
