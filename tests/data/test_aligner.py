import pytest

from s2s.data.aligner import NULL, learn, links

# The example of Koehn (2010), Statistical Machine Translation, figure 4.4: without the NULL word.
GERMAN = [["das", "Haus"], ["das", "Buch"], ["ein", "Buch"]]
ENGLISH = [["the", "house"], ["the", "book"], ["a", "book"]]


def test_the_first_round_counts_every_word_of_a_sentence_alike() -> None:
    lexicon = learn(GERMAN, ENGLISH, iterations=1)
    # das met the twice, house once, book once, each for half; Haus met the and house.
    assert lexicon.probability("das", "the") == pytest.approx(1 / 2)
    assert lexicon.probability("das", "house") == pytest.approx(1 / 4)
    assert lexicon.probability("das", "book") == pytest.approx(1 / 4)
    assert lexicon.probability("Haus", "the") == pytest.approx(1 / 2)
    assert lexicon.probability("Haus", "house") == pytest.approx(1 / 2)


def test_the_second_round_weighs_them_by_the_first() -> None:
    lexicon = learn(GERMAN, ENGLISH, iterations=2)
    # The share of das in "the" is 1/2 of 1/2 + 1/2 beside Haus and 1/2 of 1/2 + 1/4 beside Buch; in "house"
    # and in "book" it is 1/4 of 1/4 + 1/2.
    das_the, das_house, das_book = 1 / 2 + 2 / 3, 1 / 3, 1 / 3
    assert lexicon.probability("das", "the") == pytest.approx(das_the / (das_the + das_house + das_book))
    assert lexicon.probability("Haus", "house") == pytest.approx((2 / 3) / (1 / 2 + 2 / 3))


def test_rounds_without_end_find_the_dictionary() -> None:
    lexicon = learn(GERMAN, ENGLISH, iterations=200)
    for german, english in [("das", "the"), ("Haus", "house"), ("Buch", "book"), ("ein", "a")]:
        assert lexicon.probability(german, english) == pytest.approx(1, abs=0.02)


def test_what_a_source_word_gives_sums_to_one() -> None:
    lexicon = learn(GERMAN, ENGLISH, iterations=3)
    for german in lexicon.sources:
        assert sum(lexicon.probability(german, english) for english in lexicon.targets) == pytest.approx(1)


def test_words_that_never_met_have_no_probability() -> None:
    lexicon = learn(GERMAN, ENGLISH, iterations=1)
    assert lexicon.probability("ein", "house") == 0
    assert lexicon.probability("Katze", "house") == 0
    assert lexicon.probability("ein", "cat") == 0


def test_a_target_word_is_linked_to_its_likeliest_source_word() -> None:
    lexicon = learn(GERMAN, ENGLISH, iterations=20)
    assert links(lexicon, ["ein", "Haus"], ["a", "house"]) == {(0, 0), (1, 1)}


def test_a_target_word_of_null_or_of_no_source_word_has_no_link() -> None:
    # "to" stands beside every source word alike: none explains it better than the one that is always there.
    sources = [[NULL, word] for word in ("gehen", "essen", "lesen", "sehen")]
    targets = [["to", word] for word in ("go", "eat", "read", "see")]
    lexicon = learn(sources, targets, iterations=20)
    assert links(lexicon, ["essen"], ["to", "eat"]) == {(0, 1)}
    assert links(lexicon, ["essen"], ["unseen"]) == frozenset()
