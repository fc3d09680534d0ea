import random
from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2s.config import FragmentConfig
from s2s.data.aligner import Alignment, Link, Links
from s2s.data.corpora import Pair
from s2s.data.fragments import (
    Fragment,
    Phrase,
    candidates,
    choose,
    collect,
    from_the_start,
    is_consistent,
    leaks,
    phrases,
    sound,
    usual_words,
    with_half_words,
)

LENGTH = 6
CONFIG = FragmentConfig()

links_of = st.frozensets(st.tuples(st.integers(0, LENGTH - 1), st.integers(0, LENGTH - 1)), max_size=10)


def _spans(length: int, longest: int) -> list[tuple[int, int]]:
    return [(a, b) for a in range(length) for b in range(a + 1, min(a + longest, length) + 1)]


def _by_enumeration(links: Links, longest: int) -> set[Phrase]:
    """The definition of Koehn et al. (2003), asked of every pair of parts, and every edge word linked."""
    linked = {i for i, _ in links}, {j for _, j in links}
    return {
        Phrase(a, b, c, d)
        for a, b in _spans(LENGTH, longest)
        for c, d in _spans(LENGTH, LENGTH)
        if {a, b - 1} <= linked[0]
        and {c, d - 1} <= linked[1]
        and any(a <= i < b and c <= j < d for i, j in links)
        and not any((a <= i < b) != (c <= j < d) for i, j in links)
    }


@given(links_of, st.integers(1, LENGTH))
def test_phrases_are_all_that_the_definition_allows_and_no_other(links: Links, longest: int) -> None:
    found = list(phrases(links, LENGTH, longest=longest))
    assert len(found) == len(set(found))
    assert set(found) == _by_enumeration(links, longest)


@given(links_of)
def test_every_fragment_is_consistent_with_the_links(links: Links) -> None:
    pair = Pair("un deux trois quatre cinq six", "one two three four five six")
    for phrase, fragment in candidates(pair, links, FragmentConfig(longest=4), left_out=Counter()):
        assert is_consistent(phrase, links)
        assert fragment.source in pair.source
        assert fragment.target in pair.target
        assert fragment.words == phrase.source_end - phrase.source_start <= 4


@given(links_of, st.data())
def test_reaching_the_start_takes_in_unlinked_words_only(links: Links, data: st.DataObject) -> None:
    found = list(phrases(links, LENGTH, longest=LENGTH))
    if found:
        phrase = data.draw(st.sampled_from(found))
        wide = from_the_start(phrase, links)
        assert wide in (phrase, Phrase(0, phrase.source_end, 0, phrase.target_end))
        assert is_consistent(wide, links)


def _diagonal(count: int) -> frozenset[Link]:
    return frozenset((i, i) for i in range(count))


def _fragments(pair: Pair, links: Links, longest: int = 8) -> set[tuple[str, str, str]]:
    found = candidates(pair, links, FragmentConfig(longest=longest), left_out=Counter())
    return {(fragment.kind, fragment.source, fragment.target) for _, fragment in found}


def test_half_a_sentence_gets_no_word_of_the_other_half() -> None:
    pair = Pair("Le chat noir dort sur la table.", "The black cat sleeps on the table.")
    links = frozenset({(0, 0), (1, 2), (2, 1), (3, 3), (4, 4), (5, 5), (6, 6), (7, 7)})
    prefixes = {source: target for kind, source, target in _fragments(pair, links) if kind == "prefix"}
    assert prefixes == {
        "Le": "The",  # there is none of "Le chat": between its words stands one that "noir" explains
        "Le chat noir": "The black cat",
        "Le chat noir dort": "The black cat sleeps",
        "Le chat noir dort sur": "The black cat sleeps on",
        "Le chat noir dort sur la": "The black cat sleeps on the",
        "Le chat noir dort sur la table": "The black cat sleeps on the table",
    }


def test_words_and_groups_of_words_get_just_theirs() -> None:
    pair = Pair("Le chat noir dort sur la table.", "The black cat sleeps on the table.")
    links = frozenset({(0, 0), (1, 2), (2, 1), (3, 3), (4, 4), (5, 5), (6, 6), (7, 7)})
    found = _fragments(pair, links)
    assert {
        ("single word", "chat", "cat"),
        ("inner", "chat noir", "black cat"),
        ("inner", "la table", "the table"),
    } <= found
    assert not any("." in source + target for _, source, target in found)


def test_a_fragment_has_the_very_characters_of_its_sentence() -> None:
    pair = Pair("L\u2019eau  est froide.", "The  water is cold.")
    found = _fragments(pair, _diagonal(5))
    assert ("prefix", "L\u2019eau  est", "The  water is") in found
    assert ("single word", "eau", "water") in found


@pytest.mark.parametrize(
    ("source", "target", "kept"),
    [
        ("Hier, il", "Yesterday, he", True),  # a comma at the end of a prefix is how one writes on
        ("Hier. Il", "Yesterday. He", False),
        ("Hier: il", "Yesterday, he", False),
    ],
)
def test_of_all_marks_a_comma_alone_may_end_a_prefix(source: str, target: str, kept: bool) -> None:
    ends = {(s[-1], t[-1]) for _, s, t in _fragments(Pair(source, target), _diagonal(3))}
    assert ((",", ",") in ends) == kept
    assert not any(mark in ".:" for pair in ends for mark in pair)


def test_what_begins_one_sentence_only_is_left_out() -> None:
    left_out: Counter[str] = Counter()
    crossed = frozenset({(0, 1), (1, 0)})
    found = list(
        candidates(
            Pair("Hier pluie", "Rain yesterday"), crossed, FragmentConfig(longest=8), left_out=left_out
        )
    )
    assert [fragment[:2] for _, fragment in found] == [("Hier pluie", "Rain yesterday")]
    assert left_out == {"begins one of the two sentences only": 2}


def test_an_unlinked_word_beside_the_translation_makes_it_doubtful() -> None:
    links = frozenset({(0, 0), (1, 1)})  # "raining" has no link: whose is it?
    assert _fragments(Pair("Il pleuvait", "It was raining"), links) == {("prefix", "Il", "It")}


def test_unlinked_words_at_the_start_are_taken_in() -> None:
    links = frozenset({(0, 2), (1, 1), (2, 3)})
    assert ("prefix", "Aimes-tu", "Do you like") in _fragments(Pair("Aimes-tu Tom", "Do you like Tom"), links)


def _alignment(forward: list[list[float]], links: Links) -> Alignment:
    there = np.array(forward)
    return Alignment(0, links, there, np.zeros(there.T.shape))


def test_a_leak_is_the_most_that_crosses_the_border_from_either_side() -> None:
    forward = [[0.9, 0.1, 0.0], [0.1, 0.6, 0.3], [0.0, 0.2, 0.7]]  # a row for each target word
    alignment = _alignment(forward, _diagonal(3))
    found = [Phrase(0, 1, 0, 1), Phrase(0, 2, 0, 2), Phrase(1, 2, 1, 2), Phrase(0, 3, 0, 3)]
    np.testing.assert_allclose(leaks(alignment, found), [0.1, 0.3, 0.4, 0])
    turned = Alignment(0, alignment.links, alignment.backward, alignment.forward)
    np.testing.assert_allclose(leaks(turned, found), [0.1, 0.3, 0.4, 0])


def test_a_phrase_that_leaks_more_than_is_allowed_is_left_out_and_counted() -> None:
    pair, left_out = Pair("Le chat", "The cat"), Counter[str]()
    alignment = _alignment([[0.6, 0.4], [0.4, 0.6]], _diagonal(2))
    kept = sound(pair, alignment, FragmentConfig(leak=0.3), left_out)
    assert [fragment.source for _, fragment in kept] == ["Le chat"]
    assert left_out == {"alignment in doubt": 2}


def test_of_a_pair_only_so_many_inner_fragments_are_drawn() -> None:
    pair = Pair("a b c d e f g", "A B C D E F G")
    alignment = _alignment(np.eye(7).tolist(), _diagonal(7))
    found = collect([pair], [alignment], FragmentConfig(per_pair=3))
    kinds = Counter(fragment.kind for fragment in found.counts)
    assert kinds == {"prefix": 7, "single word": 6, "inner": 3}  # words of one letter have no halves
    assert found.left_out["more than were drawn from a pair"] == 12
    assert found == collect([pair], [alignment], FragmentConfig(per_pair=3))
    assert found != collect([pair], [alignment], FragmentConfig(per_pair=3, seed=2))


def test_the_first_letters_of_the_next_word_say_nothing_yet() -> None:
    pair = Pair("Le chat noir dort là", "The black cat sleeps there")
    links = frozenset({(0, 0), (1, 2), (2, 1), (3, 3), (4, 4)})
    kept = list(candidates(pair, links, FragmentConfig(longest=8), left_out=Counter()))
    halves = {
        (fragment.source, fragment.target)
        for seed in range(40)
        for fragment in with_half_words(
            pair, kept, {"c", "le", "chat", "noir", "do"}, random.Random(seed), language="fr"
        )
    }
    assert halves == {
        ("Le ch", "The"),  # never "Le c", which is a word
        ("Le cha", "The"),
        ("Le chat noir d", "The black cat"),
        ("Le chat noir dor", "The black cat"),
    }  # "là" is too short to be halved, and no prefix ends behind "chat": black is not said yet


def test_usual_words_are_those_met_often_in_any_case() -> None:
    texts = ["Le chat", "le chien", "LE chat", "le", "Le"]
    assert usual_words(texts, "fr") == {"le"}


def _counted(kind: str, counts: dict[tuple[str, str], int]) -> Counter[Fragment]:
    return Counter({Fragment(*pair, kind, len(pair[0].split())): count for pair, count in counts.items()})


def _kept(counts: Counter[Fragment], config: FragmentConfig = CONFIG) -> list[tuple[str, str]]:
    return [fragment[:2] for fragment in choose(counts, config).fragments]


def test_a_word_keeps_the_translations_that_are_frequent_beside_the_best() -> None:
    counts = _counted("single word", {("banc", "bench"): 9, ("banc", "seat"): 3, ("banc", "oak"): 2})
    assert _kept(counts) == [("banc", "bench"), ("banc", "seat")]


def test_a_prefix_keeps_more_of_them() -> None:
    counts = _counted("prefix", {("Il", "He"): 20, ("Il", "It"): 2, ("Il", "There"): 1})
    assert _kept(counts) == [("Il", "He"), ("Il", "It")]


def test_a_rare_word_does_not_take_the_translation_of_a_frequent_one() -> None:
    counts = _counted("single word", {("alors", "then"): 400, ("lors", "then"): 2, ("puis", "then"): 90})
    assert _kept(counts) == [("alors", "then"), ("puis", "then")]


def test_inner_fragments_are_drawn_by_length_and_those_met_often_first() -> None:
    counts = _counted("inner", {(f"a {i}", f"A {i}"): 1 + (i < 4) for i in range(20)})
    counts += _counted("inner", {(f"a b {i}", f"A {i}"): 1 for i in range(20)})
    chosen = choose(counts, FragmentConfig(inner=6))
    assert [fragment.words for fragment in chosen.fragments] == [2] * 6 + [3] * 6
    assert {counts[fragment] for fragment in chosen.fragments[:4]} == {2}
    assert chosen.left_out["more than were drawn"] == 28
    assert chosen == choose(counts, FragmentConfig(inner=6))
    assert chosen.fragments != choose(counts, FragmentConfig(inner=6, seed=2)).fragments


def test_each_pair_of_texts_is_kept_once_and_prefixes_come_first() -> None:
    counts = _counted("inner", {("le chat", "the cat"): 5, ("Tom dort", "Tom sleeps"): 2})
    counts += _counted("single word", {("Tom", "Tom"): 5})
    counts += _counted("prefix", {("Tom", "Tom"): 3, ("Tom dort", "Tom sleeps"): 2})
    chosen = choose(counts, CONFIG)
    assert [(f.kind, f.source) for f in chosen.fragments] == [
        ("prefix", "Tom"), ("prefix", "Tom dort"), ("inner", "le chat"),
    ]  # fmt: skip
    assert chosen.left_out["kept as another kind"] == 2


def test_prefixes_of_a_sentence_grow_on_both_sides() -> None:
    pair = Pair("Je bois de l'eau froide", "I drink some the water cold")
    found = [
        f
        for _, f in candidates(pair, _diagonal(6), FragmentConfig(longest=8), left_out=Counter())
        if f.kind == "prefix"
    ]
    assert [fragment.words for fragment in found] == [1, 2, 3, 4, 5, 6]
    for short, long in pairwise(found):
        assert long.source.startswith(short.source)
        assert long.target.startswith(short.target)
