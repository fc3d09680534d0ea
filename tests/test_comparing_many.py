"""Many pairs at once, against each of them alone."""

import numpy as np
import pytest

from s2s import comparing
from s2s.checkpoints import Checkpoint
from s2s.comparing import compare_many
from s2s.config import DecodeConfig
from s2s.data.corpora import Pair
from s2s.data.tokenizer import Tokenizer
from s2s.evaluate.exposure import Compared, compare_pair, gap_of
from s2s.translator import Translator
from tests.conftest import BuildTiny
from tests.sentences import PAIRS, PHRASES

DATA = [
    *PAIRS[::9],
    Pair("je parle", "\u200b"),
    *PHRASES,
    Pair("", "I speak"),
    Pair("je parle", "word " * 400),
]


def together(checkpoint: Checkpoint, pairs: list[Pair]) -> list[Compared | None]:
    return [one for some in compare_many(checkpoint, pairs) for one in some]


@pytest.mark.parametrize("attention", ["general", "none"])
def test_many_pairs_at_once_are_each_as_alone(
    build_tiny: BuildTiny, tokenizers: tuple[Tokenizer, Tokenizer], monkeypatch, attention: str
):
    checkpoint = Checkpoint(build_tiny(attention), *tokenizers)
    translator = Translator("tiny", checkpoint)
    monkeypatch.setattr(comparing, "AT_ONCE", 7)
    monkeypatch.setattr(comparing, "_CELLS", 90)
    assert_alike(together(checkpoint, DATA), [compare_pair(translator, pair) for pair in DATA])


def test_and_so_they_are_of_a_model_that_says_some_references(checkpoint: Checkpoint, translator: Translator):
    pairs = [Pair(pair.source, translator.translate(pair.source).target.upper()) for pair in PHRASES[:3]]
    pairs += [Pair(pair.source, translator.translate(pair.source).target) for pair in PHRASES[3:]]
    found, alone = together(checkpoint, pairs), [compare_pair(translator, pair) for pair in pairs]
    assert_alike(found, alone)
    assert any(one is not None and one.first is None for one in found)
    whole, same = gap_of(found), gap_of(alone)
    assert whole is not None
    assert same is not None
    assert (whole.firsts, whole.forced, whole.free) == (same.firsts, same.forced, same.free)


def assert_alike(found: list[Compared | None], alone: list[Compared | None]) -> None:
    assert [one is None for one in found] == [one is None for one in alone]
    for one, other in zip(found, alone, strict=True):
        if one is None or other is None:
            continue
        assert (one.pair, one.first, one.said, one.reference_pieces) == (
            other.pair, other.first, other.said, other.reference_pieces
        )  # fmt: skip
        assert one.reference_log_prob == pytest.approx(other.reference_log_prob, rel=1e-4)
        for name in ("forced", "free"):
            its, expected = getattr(one, name), getattr(other, name)
            np.testing.assert_array_equal(its.right, expected.right)
            np.testing.assert_allclose(its.loss, expected.loss, atol=2e-4)
            assert (its.entropy is None) == (expected.entropy is None)
            if its.entropy is not None:
                np.testing.assert_allclose(its.entropy, expected.entropy, atol=2e-4)


def test_limits_are_those_of_decoding(checkpoint: Checkpoint):
    (some,) = compare_many(checkpoint, PHRASES[:3], limits=DecodeConfig(length_factor=0.1, length_extra=1))
    assert all(one is None or len(one.free.loss) <= 2 for one in some)
