from collections import Counter
from itertools import islice

import numpy as np
import pytest

from s2s.config import TypingConfig
from s2s.data.corpora import Pair
from s2s.data.examples import Example, Examples, encode_pairs, learn_tokenizers
from s2s.data.tokenizer import END_ID, UNKNOWN_ID, Tokenizer
from s2s.errors import DataError
from tests.sentences import PAIRS, PHRASES

AS_IT_IS = TypingConfig(**TypingConfig.off())

Tokenizers = tuple[Tokenizer, Tokenizer]


def _examples(
    tokenizers: Tokenizers,
    *,
    pairs: list[Pair] = PAIRS,
    fragments: list[Pair] | None = None,
    in_domain: list[Pair] | None = None,
    in_domain_share: float = 0.0,
    typing: TypingConfig = AS_IT_IS,
    joined: float = 0.0,
    max_length: int = 200,
) -> Examples:
    source, target = tokenizers
    return Examples(
        pairs,
        fragments or [],
        source=source,
        target=target,
        typing=typing,
        joined=joined,
        max_length=max_length,
        in_domain=in_domain or [],
        in_domain_share=in_domain_share,
    )


def _texts(tokenizers: Tokenizers, part: list[Example]) -> list[Pair]:
    source, target = tokenizers
    return [Pair(source.decode(list(e.source))[0], target.decode(list(e.target))[0]) for e in part]


def _part(examples: Examples, seed: int = 1) -> list[Example]:
    return next(examples.parts(np.random.default_rng(seed)))


def test_each_epoch_has_every_pair_once_in_another_order(tokenizers: Tokenizers) -> None:
    parts = _examples(tokenizers).parts(np.random.default_rng(1))
    first, second = (_texts(tokenizers, part) for part in islice(parts, 2))
    assert sorted(first) == sorted(second) == sorted(PAIRS)
    assert first != second


def test_the_same_seed_gives_the_same_examples_and_another_does_not(tokenizers: Tokenizers) -> None:
    examples = _examples(tokenizers, typing=TypingConfig(), joined=0.5, fragments=PHRASES)
    once, again, other = (_texts(tokenizers, _part(examples, seed)) for seed in (1, 1, 2))
    assert once == again
    assert once != other


def test_joined_examples_are_two_or_three_pairs_one_after_the_other(tokenizers: Tokenizers) -> None:
    counts: Counter[int] = Counter()
    for pair in _texts(tokenizers, _part(_examples(tokenizers, joined=0.6))):
        parts = _cut(pair)
        assert parts, pair
        counts[len(parts)] += 1
    assert set(counts) == {1, 2, 3}
    assert 0.4 < 1 - counts[1] / counts.total() < 0.8


def _cut(pair: Pair) -> list[Pair]:
    """The pairs that a joined one is made of; none if it is no such thing."""
    if pair in PAIRS:
        return [pair]
    for first in PAIRS:
        if pair.source.startswith(f"{first.source} ") and pair.target.startswith(f"{first.target} "):
            rest = _cut(Pair(pair.source[len(first.source) + 1 :], pair.target[len(first.target) + 1 :]))
            if rest:
                return [first, *rest]
    return []


def test_fragments_come_in_their_share_and_each_before_any_comes_again(tokenizers: Tokenizers) -> None:
    typing = TypingConfig(**{**TypingConfig.off(), "fragment_share": 0.25})
    found = _texts(tokenizers, _part(_examples(tokenizers, fragments=PHRASES, typing=typing)))
    counts = Counter(pair for pair in found if pair in PHRASES)
    assert counts.total() == round(len(PAIRS) / 3)
    assert max(counts.values()) - min(counts.values()) <= 1


def test_without_fragments_none_are_asked_for(tokenizers: Tokenizers) -> None:
    typing = TypingConfig(**{**TypingConfig.off(), "fragment_share": 0.25})
    assert len(_part(_examples(tokenizers, typing=typing))) == len(PAIRS)


def test_in_domain_pairs_come_in_their_share_and_each_before_any_comes_again(tokenizers: Tokenizers) -> None:
    found = _texts(tokenizers, _part(_examples(tokenizers, in_domain=PHRASES, in_domain_share=0.75)))
    counts = Counter(pair for pair in found if pair in PHRASES)
    assert counts.total() == 3 * len(PAIRS)
    assert max(counts.values()) - min(counts.values()) <= 1
    assert sorted(pair for pair in found if pair not in PHRASES) == sorted(PAIRS)


def test_fragments_are_a_share_of_all_examples_whatever_the_pairs_are(tokenizers: Tokenizers) -> None:
    typing = TypingConfig(**{**TypingConfig.off(), "fragment_share": 0.2})
    fragments = [Pair("Je parle", "I speak")]
    found = _part(
        _examples(tokenizers, fragments=fragments, typing=typing, in_domain=PHRASES, in_domain_share=0.5)
    )
    assert len(found) == round(2 * len(PAIRS) / (1 - 0.2))
    assert _texts(tokenizers, found).count(fragments[0]) == round(len(found) * 0.2)


def test_in_domain_pairs_are_joined_with_their_kind(tokenizers: Tokenizers) -> None:
    in_domain = PHRASES[:2]
    joined = [Pair(f"{a.source} {b.source}", f"{a.target} {b.target}") for a in in_domain for b in in_domain]
    examples = _examples(tokenizers, in_domain=in_domain, in_domain_share=0.5, joined=0.5)
    found = Counter(pair for pair in _texts(tokenizers, _part(examples)) if pair in joined)
    assert set(found) == set(joined)


def test_without_in_domain_pairs_none_are_asked_for(tokenizers: Tokenizers) -> None:
    assert len(_part(_examples(tokenizers, in_domain_share=0.9))) == len(PAIRS)


def test_what_is_over_the_limit_or_empty_is_left_out(tokenizers: Tokenizers) -> None:
    source, target = tokenizers
    lengths = [max(len(source.encode(p.source)), len(target.encode(p.target))) for p in PAIRS]
    limit = sorted(lengths)[len(lengths) // 2]
    kept = encode_pairs(
        [*PAIRS, Pair("", "I"), Pair("je", " ")], source=source, target=target, max_length=limit
    )
    assert len(kept) == sum(length <= limit for length in lengths)
    assert max(max(len(e.source), len(e.target)) for e in kept) == limit
    assert _examples(tokenizers, max_length=2).is_empty
    assert not _examples(tokenizers).is_empty


def test_long_pairs_stay_apart(tokenizers: Tokenizers) -> None:
    long = [Pair("je parle " * 15, "I speak " * 15)] * 40
    [example] = encode_pairs(long[:1], source=tokenizers[0], target=tokenizers[1], max_length=999)
    limit = max(map(len, example))
    part = _part(_examples(tokenizers, pairs=long, joined=1.0, max_length=limit))
    assert [len(example.source) for example in part] == [len(example.source)] * len(long)


def test_a_pair_becomes_its_pieces_with_the_end_token(tokenizers: Tokenizers) -> None:
    source, target = tokenizers
    [example] = encode_pairs([Pair("Je parle", "I speak")], source=source, target=target, max_length=60)
    assert [*example.source] == [piece.id for piece in source.encode("Je parle")]
    assert [*example.target] == [piece.id for piece in target.encode("I speak")]
    assert example.source[-1] == example.target[-1] == END_ID


def test_the_first_pairs_alone_are_examples_of_their_own(tokenizers: Tokenizers) -> None:
    examples = _examples(tokenizers)
    assert sorted(_texts(tokenizers, _part(examples.first(5)))) == sorted(PAIRS[:5])
    assert len(_part(examples)) == len(PAIRS)


def test_tokenizers_know_what_is_typed_in_lower_case_as_well() -> None:
    typing = TypingConfig(**{**TypingConfig.off(), "typed": 1.0, "lower": 1.0})
    pairs = [Pair(f"Zoé et {source}", target) for source, target in PAIRS]
    source, target = learn_tokenizers(pairs, typing=typing, sizes=(60, 60), seed=1, max_length=60)
    assert source.size == target.size == 60
    for text in ("Zoé", "zoé"):
        assert all(piece.id != UNKNOWN_ID for piece in source.encode(text))


def test_tokenizers_are_not_learned_from_pairs_that_are_too_long_for_the_model() -> None:
    typing = TypingConfig(**TypingConfig.off())
    long = [Pair("une très longue " * 60, "short"), Pair("court", "a very long " * 80)]  # 960 characters
    absurd = [Pair("mot " * 125_000, "word " * 100_000)]
    kept = [Pair("je parle " * 40, "I speak")]  # 360 characters may be 60 pieces
    settings = {"typing": typing, "sizes": (60, 60), "seed": 1, "max_length": 59}
    both = learn_tokenizers([*PAIRS, *long, *kept, *absurd], **settings)
    alone = learn_tokenizers([*PAIRS, *kept], **settings)
    assert [t.serialized for t in both] == [t.serialized for t in alone]
    assert alone[0].serialized != learn_tokenizers(PAIRS, **settings)[0].serialized
    with pytest.raises(DataError) as caught:
        learn_tokenizers(absurd, **settings)
    assert caught.value.key == "nothing_to_learn"
