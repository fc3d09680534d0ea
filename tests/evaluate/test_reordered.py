"""Words in another order, and what is counted of the translations."""

import pytest

from s2s.catalog import TASKS
from s2s.evaluate.reordered import SHORTEST, Translated, compared, likeness, sentences, shuffle, translated
from s2s.evaluate.translation import Sentence, chrf
from s2s.translator import Translator


def test_the_words_are_the_same_in_another_order_and_a_seed_tells_which():
    text = "Je ne comprends pas pourquoi elle est partie."
    orders = [shuffle(text, seed) for seed in range(30)]
    assert all(sorted(order.split()) == sorted(text.split()) for order in orders)
    assert text not in orders
    assert len(set(orders)) > 20
    assert orders == [shuffle(text, seed) for seed in range(30)]


@pytest.mark.parametrize("seed", range(20))
def test_even_two_words_change_places_and_what_has_no_other_order_stays(seed: int):
    assert shuffle("il dort", seed) == "dort il"
    assert [shuffle(text, seed) for text in ("", "Oui.", "non  non\tnon")] == ["", "Oui.", "non non non"]


def test_a_tokenizer_cuts_the_words_alike_wherever_they_stand():
    translator = Translator.load("fr-en-general")
    for number, text in enumerate(sentences(TASKS[0].languages)[:20]):
        cut = [sorted(p.id for p in translator._read(one).pieces) for one in (text, shuffle(text, number))]
        assert cut[0] == cut[1], text


def test_the_sentences_are_the_examples_and_the_bank_each_once_and_none_too_short():
    found = sentences(TASKS[0].languages)
    assert "Le chat noir dort sur la chaise." in found
    assert len(found) == len(set(found)) > 80
    assert min(len(set(text.split())) for text in found) >= SHORTEST


def test_each_is_translated_both_ways_some_at_a_time_with_an_order_of_its_own():
    asked = []

    def shout(texts):
        asked.append(len(texts))
        return [text.upper() for text in texts]

    sources = [f"a b c d e f g {n}" for n in range(5)]
    found = [one for some in translated(sources, shout, seed=3, at_once=2) for one in some]
    assert asked == [4, 4, 2]
    assert [one.source for one in found] == sources
    assert [one.shuffled for one in found] == [shuffle(s, 3 + n) for n, s in enumerate(sources)]
    assert all(one.whole == one.source.upper() for one in found)
    assert all(one.reordered == one.shuffled.upper() for one in found)
    assert len({one.shuffled[:-2] for one in found}) > 1


def test_what_is_compared_is_each_translation_with_that_of_the_sentence_in_order():
    found = [
        Translated("s", "t", "the cat sleeps", "the cat sleeps"),
        Translated("u", "v", "a dog", "dog bit a"),
    ]
    one = compared("r", found)
    assert (one.reader, one.sentences, one.same) == ("r", 2, 1)
    expected = chrf(
        ["the cat sleeps", "dog bit a"], [Sentence("s", ("the cat sleeps",)), Sentence("u", ("a dog",))]
    )
    assert one.chrf.value == pytest.approx(expected.value)
    assert one.chrf.low < one.chrf.value < one.chrf.high
    unchanged = compared("r", found[:1] * 3)
    assert (unchanged.same, unchanged.chrf.value) == (3, pytest.approx(100))


def test_a_sentence_is_wholly_like_itself_even_an_empty_one_and_not_at_all_like_another():
    assert likeness("", "") == likeness("the cat", "the cat") == 100
    assert likeness("", "the cat") == likeness("xyz", "the cat") == 0
    assert 0 < likeness("the dog", "the cat") < 100
