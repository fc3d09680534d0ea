import random
import unicodedata
from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from s2s.config import SplitConfig
from s2s.data.corpora import Pair
from s2s.data.splits import Split, groups, prepare, split, unique, within_lengths
from s2s.errors import DataError
from s2s.text import normalise

# Sentences that differ in more than case and punctuation, and ways of writing one that do not.
FRENCH = (
    "Il neige",
    "Où est la clé",
    "J'ai 2 vélos",
    "Elle part-elle",
    "Ça alors",
    "Ça",
    "Straße",
    "क्या",
    "카",
)
ENGLISH = ("It snows", "Where is the key", "I've 2 bikes", "Is she off", "Well well", "Well", "x", "y", "z")
WRITTEN = (
    str,
    str.upper,
    str.lower,
    lambda text: f"{text}.",
    lambda text: f"« {text}\u202f! »",
    lambda text: text.replace("'", "\u2019").replace(" ", "\u00a0"),
    lambda text: unicodedata.normalize("NFD", text).replace("-", " "),
)
Written = tuple[int, int, Pair]  # which sentence, which translation, and the pair

written = st.builds(
    lambda f, e, as_f, as_e: (f, e, Pair(as_f(FRENCH[f]), as_e(ENGLISH[e]))),
    st.integers(0, len(FRENCH) - 1),
    st.integers(0, len(ENGLISH) - 1),
    st.sampled_from(WRITTEN),
    st.sampled_from(WRITTEN),
)
corpora = st.lists(written, min_size=1, max_size=14)


def _reachable(corpus: Sequence[Written]) -> set[frozenset[int]]:
    """The components by the book: from each pair, walk to all that share a side, until nothing is new."""
    found = set()
    for start in range(len(corpus)):
        seen, new = {start}, [start]
        while new:
            here = corpus[new.pop()]
            near = {i for i, it in enumerate(corpus) if it[0] == here[0] or it[1] == here[1]} - seen
            seen |= near
            new += near
        found.add(frozenset(seen))
    return found


def _pairs(corpus: Sequence[Written]) -> list[Pair]:
    return [pair for _, _, pair in corpus]


def _numbers(corpus: Sequence[Written], part: Sequence[Pair], side: int) -> set[int]:
    """The sentences that a part has on a side."""
    return {it[side] for it in corpus if it[2] in part}


@st.composite
def divisible(draw: st.DrawFn) -> tuple[list[Written], int, int]:
    """A corpus, and sizes of dev and test that it has enough groups for."""
    corpus = draw(corpora)
    count = len(_reachable(corpus))
    assume(count > 1)
    dev = draw(st.integers(0, count - 1))
    return corpus, dev, draw(st.integers(0, count - 1 - dev))


def _split(
    pairs: Sequence[Pair], *, dev: int = 1, test: int = 1, max_group: int = 99, seed: int = 1
) -> Split:
    return split(pairs, dev=dev, test=test, max_group=max_group, seed=seed)


@given(corpora)
def test_groups_are_the_connected_components(corpus: list[Written]) -> None:
    found = groups(_pairs(corpus))
    assert {frozenset(group) for group in found} == _reachable(corpus)
    assert sorted(i for group in found for i in group) == list(range(len(corpus)))


def test_pairs_are_connected_through_others() -> None:
    pairs = [Pair("a", "1"), Pair("b", "2"), Pair("c", "3"), Pair("a", "2"), Pair("d", "4"), Pair("b", "3")]
    assert groups(pairs) == [[0, 1, 2, 3, 5], [4]]


def test_the_same_text_on_different_sides_connects_nothing() -> None:
    assert groups([Pair("Tom", "Jim"), Pair("Jim", "Tom")]) == [[0], [1]]


def test_marks_that_make_another_word_make_another_sentence() -> None:
    assert groups([Pair("का", "of"), Pair("की", "of the")]) == [[0], [1]]


def test_texts_of_punctuation_alone_are_not_all_one_sentence() -> None:
    assert groups([Pair("...", "a"), Pair("?", "b"), Pair("...", "c")]) == [[0, 2], [1]]


@given(divisible())
def test_no_sentence_is_in_two_parts(case: tuple[list[Written], int, int]) -> None:
    corpus, dev, test = case
    parts = _split(_pairs(corpus), dev=dev, test=test)[:3]
    for side in (0, 1):
        numbers = [_numbers(corpus, part, side) for part in parts]
        assert sum(map(len, numbers)) == len(set().union(*numbers))


@given(divisible())
def test_nothing_is_lost_and_nothing_doubled(case: tuple[list[Written], int, int]) -> None:
    corpus, dev, test = case
    parts = _split(_pairs(corpus), dev=dev, test=test)
    assert Counter([*parts.train, *parts.dev, *parts.test]) == Counter(_pairs(corpus))
    assert parts.groups == len(_reachable(corpus))
    assert parts.largest == max(map(len, _reachable(corpus)))


@given(divisible())
def test_dev_and_test_have_as_many_groups_as_asked_for_and_train_has_the_others(
    case: tuple[list[Written], int, int],
) -> None:
    corpus, dev, test = case
    parts = _split(_pairs(corpus), dev=dev, test=test)
    assert len(groups(parts.dev)) == dev
    assert len(groups(parts.test)) == test
    assert len(groups(parts.train)) == parts.groups - dev - test > 0


@given(divisible(), st.integers(0, 3), st.randoms(use_true_random=False))
def test_the_order_of_the_pairs_changes_nothing_but_the_order(
    case: tuple[list[Written], int, int], seed: int, mixer: random.Random
) -> None:
    corpus, dev, test = case
    pairs = _pairs(corpus)
    mixed = pairs[:]
    mixer.shuffle(mixed)
    one = _split(pairs, dev=dev, test=test, seed=seed)
    other = _split(mixed, dev=dev, test=test, seed=seed)
    assert one == _split(pairs, dev=dev, test=test, seed=seed)
    assert [Counter(part) for part in one[:3]] == [Counter(part) for part in other[:3]]


DISTINCT = [Pair(f"phrase {i}", f"sentence {i}") for i in range(12)]


def test_each_part_keeps_the_order_of_the_pairs() -> None:
    for part in _split(DISTINCT, dev=3, test=4)[:3]:
        assert part == sorted(part, key=DISTINCT.index)


def test_every_group_is_drawn_as_often_as_any_other() -> None:
    in_dev: Counter[Pair] = Counter()
    in_test: Counter[Pair] = Counter()
    for seed in range(1200):
        parts = _split(DISTINCT, seed=seed)
        in_dev.update(parts.dev)
        in_test.update(parts.test)
    for drawn in (in_dev, in_test):  # 100 times each; 4 standard deviations are 38
        assert all(60 < drawn[pair] < 140 for pair in DISTINCT)


def test_a_larger_test_part_holds_the_smaller_and_the_size_of_dev_does_not_change_it() -> None:
    small = _split(DISTINCT, dev=2, test=3)
    assert set(small.test) < set(_split(DISTINCT, dev=2, test=6).test)
    assert small.test == _split(DISTINCT, dev=7, test=3).test


def test_a_group_that_is_too_large_is_never_drawn() -> None:
    giant = [Pair("bonjour", f"hello {i}") for i in range(5)]
    parts = [_split([*giant, *DISTINCT[:3]], max_group=4, seed=seed) for seed in range(50)]
    assert all(set(giant) <= set(part.train) for part in parts)
    assert parts[0].largest == 5
    at_the_limit = [_split([*giant, *DISTINCT[:3]], max_group=5, seed=seed) for seed in range(50)]
    assert any(set(giant) <= set(part.test) for part in at_the_limit)


@pytest.mark.parametrize(
    ("pairs", "found"),
    [(DISTINCT[:2], 2), (DISTINCT[:1], 1), ([], 0), ([Pair("a", str(i)) for i in range(9)], 0)],
)
def test_too_few_groups_are_refused_with_their_number(pairs: list[Pair], found: int) -> None:
    with pytest.raises(DataError) as caught:
        _split(pairs, max_group=8)
    assert caught.value.key == "too_few_groups"
    assert caught.value.values == {"found": found, "limit": 8, "wanted": 2}


def test_a_large_group_is_enough_for_train() -> None:
    giant = [Pair("bonjour", f"hello {i}") for i in range(5)]
    assert _split([*DISTINCT[:2], *giant], max_group=4).train == giant


tricky = st.text(
    st.sampled_from(" \u00a0\u202f\t\u200b\u0301\u0323e\u00e9'\u2019\u00ab\u1100\u1161가.Aa1\u2581"),
    max_size=9,
)


@given(st.lists(st.builds(Pair, tricky | st.text(max_size=9), tricky), max_size=9))
@example([Pair("a  b", "a b "), Pair("a b", " a b")])
def test_unique_gives_normalised_pairs_once_in_their_first_order(pairs: list[Pair]) -> None:
    expected: list[Pair] = []
    for pair in pairs:
        normal = Pair(normalise(pair.source).text, normalise(pair.target).text)
        if normal not in expected:
            expected.append(normal)
    assert unique(pairs) == expected


def _measured(source: int, target: int) -> list[int]:
    pair = Pair(" ".join("a" * source), " ".join("b" * target))
    kept, *left_out = within_lengths([pair], max_words=6, max_ratio=2.5)
    return [len(kept), *left_out]


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        (1, 1, [1, 0, 0, 0]),
        (6, 6, [1, 0, 0, 0]),
        (2, 5, [1, 0, 0, 0]),
        (5, 2, [1, 0, 0, 0]),
        (0, 3, [0, 1, 0, 0]),
        (3, 0, [0, 1, 0, 0]),
        (0, 0, [0, 1, 0, 0]),
        (0, 9, [0, 1, 0, 0]),
        (7, 6, [0, 0, 1, 0]),
        (6, 7, [0, 0, 1, 0]),
        (1, 7, [0, 0, 1, 0]),
        (2, 6, [0, 0, 0, 1]),
        (6, 2, [0, 0, 0, 1]),
        (1, 3, [0, 0, 0, 1]),
    ],
)
def test_a_pair_is_kept_or_counted_once_with_what_is_wrong(
    source: int, target: int, expected: list[int]
) -> None:
    assert _measured(source, target) == expected


def test_prepare_accounts_for_every_pair() -> None:
    pairs = [
        *DISTINCT,
        Pair("phrase\u00a00", "sentence 0"),  # a duplicate, once normalised
        DISTINCT[5],
        Pair("\u200b", "nothing to see"),
        Pair("mot " * 81, "word"),
        Pair("un", "one two three four five six seven eight nine ten"),
        Pair("Phrase 3 !", "Sentence 3!"),
    ]
    prepared = prepare(pairs, SplitConfig(dev=2, test=3))
    parts = prepared.split
    assert (prepared.read, prepared.duplicates) == (18, 2)
    assert (prepared.empty, prepared.long, prepared.uneven) == (1, 1, 1)
    assert sorted([*parts.train, *parts.dev, *parts.test]) == sorted([*DISTINCT, pairs[-1]])
    assert parts.groups == 12


def test_prepare_splits_as_its_settings_say() -> None:
    for config in (SplitConfig(dev=2, test=3, seed=7), SplitConfig(dev=1, test=1, max_group=1, seed=8)):
        parts = prepare(DISTINCT, config).split
        assert parts == split(
            DISTINCT, dev=config.dev, test=config.test, max_group=config.max_group, seed=config.seed
        )
