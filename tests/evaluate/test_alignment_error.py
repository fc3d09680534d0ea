import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from s2s.evaluate.alignment_error import AlignmentScore, Linked, alignment_score, word_links
from s2s.evaluate.gold import GoldPair, Link
from s2s.text import words
from s2s.traces import END, Alignment, Unit
from s2s.translator import Translator
from tests.sentences import PHRASES

Links = frozenset[Link]
some_links = st.frozensets(st.tuples(st.integers(0, 3), st.integers(0, 3)))


def linked(links: Links, sure: Links, possible: Links = frozenset()) -> Linked:
    return Linked(GoldPair(source="", target="", sure=sure, possible=sure | possible), links)


def test_a_worked_example():
    """A draws 4 links, of which 2 are sure (of 3) and 1 more is possible: 1 - (2 + 3) / (4 + 3)."""
    sure = frozenset({(0, 0), (1, 1), (2, 2)})
    drawn = frozenset({(0, 0), (1, 1), (1, 2), (3, 3)})
    score = alignment_score([linked(drawn, sure, frozenset({(1, 2), (2, 1)}))])
    assert score == AlignmentScore(
        aer=pytest.approx(2 / 7),
        precision=pytest.approx(3 / 4),
        recall=pytest.approx(2 / 3),
        links=4,
        sure=3,
    )


@given(some_links, some_links)
def test_drawing_exactly_the_sure_links_is_faultless(sure: Links, possible: Links):
    score = alignment_score([linked(sure, sure, possible)])
    assert (score.aer, score.precision, score.recall) == (0, 1, 1)


@given(some_links, some_links, st.data())
def test_drawing_possible_links_beside_all_sure_ones_costs_nothing(sure: Links, possible: Links, data):
    drawn = sure | {link for link in possible if data.draw(st.booleans())}
    assert alignment_score([linked(drawn, sure, possible)]).aer == 0


@given(some_links.filter(bool), some_links)
def test_drawing_nothing_is_all_wrong(sure: Links, possible: Links):
    score = alignment_score([linked(frozenset(), sure, possible)])
    assert (score.aer, score.recall, score.links) == (1, 0, 0)


@given(some_links.filter(bool), some_links.filter(bool))
def test_where_every_link_is_sure_the_error_rate_is_one_minus_f1(drawn: Links, sure: Links):
    score = alignment_score([linked(drawn, sure)])
    both = score.precision + score.recall
    f1 = 2 * score.precision * score.recall / both if both else 0
    assert score.aer == pytest.approx(1 - f1)


@settings(max_examples=30)
@given(st.lists(st.tuples(some_links, some_links, some_links), max_size=4))
def test_pairs_are_counted_together_as_if_they_were_one_long_pair(pairs: list[tuple[Links, Links, Links]]):
    def moved(links: Links, k: int) -> Links:
        return frozenset((i + 10 * k, j + 10 * k) for i, j in links)

    together = [frozenset().union(*(moved(links, k) for k, links in enumerate(side)))
                for side in zip(*pairs, strict=True)] or [frozenset()] * 3  # fmt: skip
    assert alignment_score(linked(*pair) for pair in pairs) == alignment_score([linked(*together)])


def aligned(source: list[tuple[int, int]], target: list[tuple[int, int]], looks: list[int]) -> Alignment:
    """Units with these spans and an end token on each axis; target unit t looks at source unit looks[t]."""
    weights = np.full((len(target) + 1, len(source) + 1), 0.01, dtype=np.float32)
    weights[np.arange(len(looks)), looks] = 0.9
    units = [
        (*(Unit("", start, end, is_end=False) for start, end in spans), Unit(END, 99, 99, is_end=True))
        for spans in (source, target)
    ]
    return Alignment(
        source_units=units[0],
        target_units=units[1],
        weights=weights,
        scores=np.log(weights),
        log_probs=np.zeros(len(target) + 1, dtype=np.float32),
    )


def test_a_unit_of_several_words_links_all_of_them():
    """l' and eau are one unit on the left, "water" and "." one on the right."""
    alignment = aligned([(0, 5), (6, 12)], [(0, 4), (5, 11)], looks=[1, 0, 2])
    assert word_links(alignment, "l'eau froide", "cold water.") == {(2, 0), (0, 1), (1, 1), (0, 2), (1, 2)}


def test_the_end_tokens_and_units_without_characters_link_nothing():
    alignment = aligned([(0, 2), (2, 2)], [(0, 2), (3, 4), (5, 5)], looks=[2, 1, 0, 0])
    assert word_links(alignment, "on va", "we go") == frozenset()


def test_on_whole_words_links_are_those_of_the_alignment(translator: Translator):
    compared = 0
    for source, target in PHRASES:
        for row in ("predicts", "reads"):
            alignment = translator.align(source, target).alignment("words", row=row)
            assert alignment is not None
            units = [(unit.start, unit.end) for unit in alignment.source_units if not unit.is_end]
            if units == [(word.start, word.end) for word in words(source, "fr")]:
                compared += 1
                assert word_links(alignment, source, target) == set(alignment.links)
    assert compared >= len(PHRASES)
