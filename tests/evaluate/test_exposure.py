"""The gap, against runs made by hand and against identities."""

import dataclasses
from collections.abc import Sequence
from typing import ClassVar

import numpy as np
import pytest

from s2s.checkpoints import Checkpoint
from s2s.config import DecodeConfig
from s2s.data.corpora import Pair
from s2s.data.tokenizer import Tokenizer
from s2s.errors import DataError
from s2s.evaluate import translation
from s2s.evaluate.divergence import Regimes, regimes
from s2s.evaluate.exposure import measure_gap
from s2s.evaluate.gap import RARE, Gap
from s2s.evaluate.translation import Sentence
from s2s.traces import END, Candidate, Piece, Trace
from s2s.translator import Translator
from tests.conftest import BuildTiny
from tests.sentences import PAIRS, PHRASES

WORDS = ("<pad>", "⁇", "<s>", END, "▁a", "▁b", "▁c", "▁d")
END_ID = 3
LN2 = float(np.log(2))


def gap_of(translator: object, pairs: Sequence[Pair]) -> Gap:
    *steps, gap = measure_gap(translator, pairs)  # type: ignore[arg-type]
    assert steps == [None] * len(pairs)
    assert gap is not None
    return gap


def pieces(ids: Sequence[int]) -> tuple[Piece, ...]:
    placed = [Piece(WORDS[i], i, 2 * k, 2 * k + 1) for k, i in enumerate(ids)]
    stop = max(2 * sum(i != END_ID for i in ids) - 1, 0)
    return tuple(p._replace(start=stop, end=stop) if p.id == END_ID else p for p in placed)


def run(led_along: Sequence[int], would_say: Sequence[int], *, focus: float) -> Trace:
    """A run that finds what it would say half as likely as everything together, the rest alike; it looks at
    one of two source pieces with weight `focus`."""
    steps = len(led_along)
    log_probs = np.full((steps, len(WORDS)), np.log(0.5 / (len(WORDS) - 1)))
    log_probs[np.arange(steps), list(would_say)] = np.log(0.5)
    weights = np.tile([focus, 1 - focus], (steps, 1))
    states = np.zeros((steps, 3))
    said = pieces(led_along)
    return Trace(
        model="by hand", attention="dot", source="x",
        target=" ".join(WORDS[i][1:] for i in led_along if i > END_ID),
        source_pieces=(Piece("▁x", 9, 0, 1), Piece(END, 3, 1, 1)), source_log_prob=-1.0,
        target_pieces=said, fed=(Piece("<s>", 2, 0, 0), *said[:-1]),
        forcing=("start", *["free"] * (steps - 1)),
        log_probs=np.zeros(steps), encoder_states=np.zeros((2, 3)), decoder_states=states,
        attentional_states=states, scores=weights, weights=weights, contexts=states,
        candidates=tuple((Candidate(WORDS[i], i, -LN2),) for i in would_say), vocabulary_log_probs=log_probs,
    )  # fmt: skip


class ByHand:
    """A translator of sentences whose runs are known."""

    forced: ClassVar = {
        "b c": ([5, 6, END_ID], [5, 6, END_ID]),
        "b c d": ([5, 6, 7, END_ID], [5, 4, 7, 7]),
        "b c d b": ([5, 6, 7, 5, END_ID], [5, 6, 7, 5, 5]),
    }
    free: ClassVar = {
        "b c": [5, 6, END_ID],
        "b c d": [5, 4, END_ID],
        "b c d b": [5, 6, 7, 5, 5, END_ID],
    }

    def compare(self, source: str, reference: str) -> Regimes:
        if reference not in self.forced:
            raise DataError("length_over_limit", found=99, limit=9)
        both = (
            run(*self.forced[reference], focus=0.5),
            run(self.free[reference], self.free[reference], focus=1.0),
        )
        return regimes(
            reference=reference, is_own=False, ratio=0.0, seed=1, injection=None, pieces=0,
            before=both, after=both,
        )  # fmt: skip


LONG, SHORT = Pair("x", "b c d"), Pair("x", "b c")


def test_one_pair_by_hand():
    """The reference is b c d. Forced, the model would say b a d d; free, it says b a and ends."""
    gap = gap_of(ByHand(), [LONG])
    half, rest = LN2, float(-np.log(0.5 / 7))
    assert (gap.pairs, gap.skipped, gap.diverged, gap.firsts, gap.median_first) == (1, 0, 1.0, (0, 1), 2)
    assert gap.overall.steps == 3
    assert gap.overall.forced.accuracy == pytest.approx(2 / 3)
    assert gap.overall.free.accuracy == pytest.approx(1 / 3)
    assert [at.forced.accuracy for at in gap.positions] == [1, 0, 1]
    assert [at.free.accuracy for at in gap.positions] == [1, 0, 0]
    assert [at.forced.loss for at in gap.positions] == pytest.approx([half, rest, half])
    assert [at.free.loss for at in gap.positions] == pytest.approx([half, rest, rest])
    assert [at.forced.entropy for at in gap.positions] == pytest.approx([LN2] * 3)
    assert [at.free.entropy for at in gap.positions] == pytest.approx([0] * 3)
    assert (gap.forced.exact, gap.free.exact) == (0, 0)
    assert gap.forced.bleu == translation.bleu(["b a d d"], [Sentence("x", ("b c d",))]).value
    assert gap.free.bleu == translation.bleu(["b a"], [Sentence("x", ("b c d",))]).value


def test_steps_of_several_pairs_are_counted_together():
    gap = gap_of(ByHand(), [LONG, SHORT, SHORT])
    assert (gap.pairs, gap.overall.steps, gap.diverged, gap.firsts) == (3, 9, pytest.approx(1 / 3), (0, 1))
    assert [at.steps for at in gap.positions] == [3, 3, 3]
    assert [at.free.accuracy for at in gap.positions] == pytest.approx([1, 2 / 3, 2 / 3])
    assert gap.overall.free.accuracy == pytest.approx(7 / 9)
    assert gap.forced.exact == gap.free.exact == pytest.approx(2 / 3)


def test_what_is_no_reference_is_skipped_and_counted():
    gap = gap_of(ByHand(), [SHORT, Pair("x", "longer than any"), Pair("x", "\u200b"), SHORT])
    assert (gap.pairs, gap.skipped) == (2, 2)
    assert gap.overall.forced.accuracy == 1


def test_where_nothing_is_left_one_sentence_says_so():
    with pytest.raises(DataError) as caught:
        list(measure_gap(ByHand(), [Pair("x", "longer than any")]))
    assert (caught.value.key, caught.value.values) == ("nothing_to_compare", {"pairs": 1})


@pytest.mark.parametrize(("copies", "positions"), [(RARE - 1, 5), (RARE, 4)])
def test_steps_that_few_pairs_have_are_put_together(copies: int, positions: int):
    """One pair in RARE has a fourth and a fifth step: they stand alone. With one pair more they do not."""
    gap = gap_of(ByHand(), [Pair("x", "b c d b"), *[SHORT] * copies])
    assert [at.first for at in gap.positions] == list(range(1, positions + 1))
    assert [at.last for at in gap.positions] == [*range(1, positions), None]
    assert [at.steps for at in gap.positions] == [*[copies + 1] * 3, *([1, 1] if positions == 5 else [2])]
    assert gap.positions[-1].forced.accuracy == (0 if positions == 5 else 0.5)


def test_a_model_held_against_what_it_says_itself_has_no_gap(translator: Translator):
    own = [Pair(p.source, translator.translate(p.source).target) for p in [*PHRASES, *PAIRS[::40]]]
    gap = gap_of(translator, own)
    assert gap.diverged == 0
    assert gap.firsts == ()
    assert gap.overall.forced == gap.overall.free
    assert gap.overall.forced.accuracy == 1
    assert all(at.forced == at.free for at in gap.positions)
    assert gap.forced == gap.free
    assert gap.free.exact == 1
    sentences = [Sentence(pair.source, (pair.target,)) for pair in own]
    assert gap.free.bleu == translation.bleu([pair.target for pair in own], sentences).value


@pytest.mark.parametrize("pair", [*PHRASES[:3], *PAIRS[::50]])
def test_the_numbers_of_a_single_pair_are_those_of_its_two_runs(translator: Translator, pair: Pair):
    gap, both = gap_of(translator, [pair]), translator.compare(pair.source, pair.target)
    assert gap.overall.steps == both.steps == len(gap.positions)
    assert gap.firsts == (() if both.divergence.first is None else (*[0] * both.divergence.first, 1))
    for t, at in enumerate(gap.positions):
        for scores, run_, log_probs in zip(
            (at.forced, at.free), (both.forced, both.free), both.reference_log_probs, strict=True
        ):
            assert scores.loss == pytest.approx(-log_probs[t], rel=1e-6)
            assert scores.accuracy == (run_.candidates[t][0].id == both.wanted[t].id)
            alignment = run_.alignment("pieces")
            assert scores.entropy == pytest.approx(alignment.entropy[t], abs=1e-5)
    assert gap.free.exact == translation.exact([both.free.target], [Sentence(pair.source, (pair.target,))])


def test_both_runs_begin_alike_and_exact_match_is_the_same_for_both(translator: Translator):
    """The first step is fed the start token either way; who is right at every step never leaves."""
    gap = gap_of(translator, [*PHRASES, *PAIRS[::20]])
    assert gap.positions[0].forced == gap.positions[0].free
    assert gap.forced.exact == gap.free.exact == 1 - gap.diverged
    assert 0 < gap.diverged < 1


def test_without_attention_there_is_no_entropy(
    build_tiny: BuildTiny, tokenizers: tuple[Tokenizer, Tokenizer]
):
    gap = gap_of(Translator("none", Checkpoint(build_tiny("none"), *tokenizers)), PHRASES)
    assert {at.free.entropy for at in (gap.overall, *gap.positions)} == {None}


def test_a_reference_longer_than_any_translation_is_skipped(checkpoint: Checkpoint):
    small = Translator("small", checkpoint, DecodeConfig(source_limit=20, length_factor=1.0, length_extra=1))
    gap = gap_of(small, [*PHRASES, Pair("je parle", "I speak " * 20)])
    assert (gap.pairs, gap.skipped) == (len(PHRASES), 1)
    assert dataclasses.replace(gap, skipped=0) == gap_of(small, PHRASES)
