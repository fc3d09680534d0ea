import math
from collections import defaultdict

import numpy as np
import pytest

from s2s.data.aligner import NULL, Aligner, Diagonal, grow_diag_final_and, learn, links

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


FRENCH = [["le", "chat", "dort"], ["le", "chien", "noir", "dort"], ["un", "chat"], ["chien"]]
ANGLAIS = [["the", "cat", "sleeps"], ["the", "black", "dog", "sleeps"], ["a", "cat"], ["dog"]]


def _by_hand(
    sources: list[list[str]], targets: list[list[str]], iterations: int, diagonal: Diagonal
) -> dict[tuple[str, str], float]:
    """t(target word | source word), counted cell by cell in dictionaries."""
    table: dict[tuple[str, str], float] = defaultdict(lambda: 1.0)
    for _ in range(iterations):
        counts: dict[tuple[str, str], float] = defaultdict(float)
        for source, target in zip(sources, targets, strict=True):
            for j, word in enumerate(target, start=1):
                m, n = len(source) - 1, len(target)
                near = [math.exp(-diagonal.tension * abs(i / m - j / n)) for i in range(1, m + 1)]
                prior = [diagonal.null, *((1 - diagonal.null) * one / sum(near) for one in near)]
                likely = [p * table[giver, word] for p, giver in zip(prior, source, strict=True)]
                for giver, one in zip(source, likely, strict=True):
                    counts[giver, word] += one / sum(likely)
        total: dict[str, float] = defaultdict(float)
        for (giver, _), count in counts.items():
            total[giver] += count
        table = {cell: count / total[cell[0]] for cell, count in counts.items()}
    return table


def test_a_diagonal_learns_what_counting_cell_by_cell_learns() -> None:
    sources, diagonal = [[NULL, *sentence] for sentence in FRENCH], Diagonal(tension=3.0, null=0.1)
    lexicon = learn(sources, ANGLAIS, iterations=4, diagonal=diagonal)
    for (giver, word), probability in _by_hand(sources, ANGLAIS, 4, diagonal).items():
        assert lexicon.probability(giver, word) == pytest.approx(probability)


def test_the_prior_is_a_distribution_and_highest_on_the_diagonal() -> None:
    prior = Diagonal(tension=4.0, null=0.08).prior(1 + 6, 6)
    np.testing.assert_allclose(prior.sum(axis=1), 1)
    np.testing.assert_allclose(prior[:, 0], 0.08)
    assert (prior[:, 1:].argmax(axis=1) == np.arange(6)).all()


def test_no_tension_makes_all_places_alike() -> None:
    prior = Diagonal(tension=0.0, null=0.2).prior(1 + 4, 7)
    np.testing.assert_allclose(prior[:, 1:], 0.2)


def test_many_pairs_are_aligned_as_each_would_be_alone() -> None:
    aligner = Aligner.learned(FRENCH, ANGLAIS)
    together = {alignment.pair: alignment for alignment in aligner.align(FRENCH, ANGLAIS)}
    assert sorted(together) == [0, 1, 2, 3]
    for pair, (source, target) in enumerate(zip(FRENCH, ANGLAIS, strict=True)):
        forward = links(aligner.forward, source, target)
        backward = frozenset((i, j) for j, i in links(aligner.backward, target, source))
        assert together[pair].links == grow_diag_final_and(forward, backward)
        (alone,) = aligner.align([source], [target])
        np.testing.assert_array_equal(alone.forward, together[pair].forward)
        np.testing.assert_array_equal(alone.backward, together[pair].backward)
        assert together[pair].forward.shape == (len(target), len(source))
        assert together[pair].backward.shape == (len(source), len(target))
        assert (together[pair].forward.sum(axis=1) <= 1 + 1e-9).all()


def test_words_in_another_order_find_each_other() -> None:
    french = [["noir"], ["le", "chien"], ["le", "chat", "noir"], ["un", "livre", "noir"]]
    english = [["black"], ["the", "dog"], ["the", "black", "cat"], ["a", "black", "book"]]
    aligner = Aligner.learned(FRENCH + french, ANGLAIS + english)
    (alignment,) = aligner.align([["le", "chien", "noir", "dort"]], [["the", "black", "dog", "sleeps"]])
    assert alignment.links == {(0, 0), (1, 2), (2, 1), (3, 3)}


def test_a_pair_with_an_empty_side_has_no_alignment_and_unknown_words_no_link() -> None:
    aligner = Aligner.learned(FRENCH, ANGLAIS)
    (alignment,) = aligner.align([[], ["girafe"], ["chat"]], [["cat"], ["giraffe"], []])
    assert alignment.pair == 1
    assert alignment.links == frozenset()
    assert not alignment.forward.any()


def test_each_round_of_each_direction_is_told() -> None:
    rounds: list[None] = []
    Aligner.learned(FRENCH, ANGLAIS, iterations=3, on_round=lambda: rounds.append(None))
    assert len(rounds) == 6


def test_what_both_directions_draw_is_drawn() -> None:
    both = frozenset({(0, 0), (1, 2), (2, 1)})
    assert grow_diag_final_and(both, both) == both


def test_a_neighbour_of_a_link_is_drawn_for_a_word_that_has_none() -> None:
    # (1, 1) is diagonal to (0, 0) and brings (1, 2), which is beside it: both give a word its first link.
    forward = frozenset({(0, 0), (1, 1), (1, 2)})
    assert grow_diag_final_and(forward, frozenset({(0, 0)})) == forward


def test_a_neighbour_between_words_that_both_have_links_is_not_drawn() -> None:
    agreed = {(0, 0), (1, 1)}
    assert grow_diag_final_and(frozenset({*agreed, (0, 1)}), frozenset(agreed)) == agreed


def test_far_from_all_links_only_two_words_without_any_are_joined() -> None:
    agreed = {(0, 0)}
    forward = frozenset({*agreed, (3, 4)})  # neither has a link: joined
    backward = frozenset({*agreed, (0, 5)})  # source word 0 has one: not joined
    assert grow_diag_final_and(forward, backward) == {(0, 0), (3, 4)}


def test_of_two_far_links_of_one_word_the_forward_one_is_drawn() -> None:
    assert grow_diag_final_and(frozenset({(3, 4)}), frozenset({(3, 7)})) == {(3, 4)}
