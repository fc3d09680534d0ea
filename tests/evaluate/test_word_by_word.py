import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2s.evaluate.translation import Sentence
from s2s.evaluate.word_by_word import LONGEST, SAMPLE, SHORTEST, erasure, prefixes, sample


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Il dort.", ["Il", "Il dort", "Il dort."]),
        ("Il dort", ["Il", "Il dort"]),
        ("Tu dors, toi\u202f?", ["Tu", "Tu dors,", "Tu dors, toi", "Tu dors, toi\u202f?"]),
        ("Tu dors ?", ["Tu", "Tu dors", "Tu dors ?"]),
        ("Oui. Bien sûr !", ["Oui.", "Oui. Bien", "Oui. Bien sûr", "Oui. Bien sûr !"]),
        ("...", ["..."]),
        ("", [""]),
    ],
)
def test_whole_words_are_typed_one_after_the_other_and_the_final_mark_last(
    text: str, expected: list[str]
) -> None:
    assert prefixes(text) == expected


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        (["The cat sleeps."], 0.0),
        (["The.", "The cat.", "The cat sleeps."], 0.0),  # a full stop that moves on erases nothing
        (["the", "The cat", "THE CAT SLEEPS!"], 0.0),  # nor does case
        (["The dog.", "The cat sleeps."], 1 / 3),  # "dog"
        (["A dog barks.", "The dog barks."], 3 / 3),  # all behind the first word that changes
        (["A dog.", "The cat is here.", "The cat sleeps."], (2 + 2) / 3),
        (["It is cold, is it not?", "It is cold."], 4 / 3),  # ",", "is", "it", "not"
        (["Yes.", ""], 1.0),  # divided by one word where none is left
        (["", "", ""], 0.0),
    ],
)
def test_erasure_is_what_was_taken_back_per_word_of_the_last_answer(
    answers: list[str], expected: float
) -> None:
    assert erasure(answers) == pytest.approx(expected)


@given(st.lists(st.sampled_from("abcd"), min_size=1, max_size=8))
def test_nothing_is_erased_from_answers_that_only_grow(said: list[str]) -> None:
    assert erasure([" ".join(said[:count]) for count in range(1, len(said) + 1)]) == 0


@given(st.lists(st.lists(st.sampled_from("ab"), max_size=4), min_size=1, max_size=5))
def test_no_more_is_erased_than_was_said(said: list[list[str]]) -> None:
    shown = sum(map(len, said[:-1]))
    assert 0 <= erasure([" ".join(words) for words in said]) <= shown / max(len(said[-1]), 1)


def test_the_sample_is_seeded_and_of_the_lengths_it_says() -> None:
    singles = [
        Sentence(f"{'mot ' * (i % 15)}fin{i} .", ("word",)) for i in range(15 * (SAMPLE // 5))
    ]  # 1 to 15 words
    chosen = sample(singles)
    assert len(chosen) == len(set(chosen)) == SAMPLE
    assert {len(s.source.split()) - 1 for s in chosen} == set(range(SHORTEST, LONGEST + 1))
    assert chosen == sample(singles)
    fitting = [s for s in singles if s in set(chosen)]
    assert chosen != fitting, "drawn, not the first"
