from collections.abc import Sequence

import numpy as np
import pytest

from s2s.data.corpora import Pair
from s2s.errors import DataError
from s2s.evaluate import translation
from s2s.evaluate.exposure import Compared, Steps, gap_of
from s2s.evaluate.resampled import in_common, on_text
from s2s.evaluate.translation import RESAMPLES, Sentence, band, resamples

BEST = "the same six words for everybody"


def steps(right: Sequence[bool], loss: Sequence[float]) -> Steps:
    return Steps(right=np.array(right), loss=np.array(loss, dtype=np.float64), entropy=None)


def compared(number: int, forced: Steps, free: Steps, said: tuple[str, str] = (BEST, BEST)) -> Compared:
    pair = Pair(f"{'mot ' * (1 + number % 12)}{number}", BEST)
    wrong = np.flatnonzero(forced.right != free.right)
    first = int(wrong[0]) if len(wrong) else None
    return Compared(pair, forced, free, first, said, -1.0, len(forced.loss))


def made(*, seed: int, count: int = 60) -> list[Compared]:
    """Pairs of two to nine steps that are right by chance, less often free."""
    random = np.random.default_rng(seed)
    found = []
    for number in range(count):
        length = int(np.random.default_rng(number).integers(2, 10))  # the same whatever the seed
        forced, free = random.random(length) < 0.8, random.random(length) < 0.6
        losses = random.random(length), 1 + random.random(length)
        said = (BEST, BEST if free.all() else "the same words for everybody here")
        found.append(
            compared(number, steps(forced.tolist(), losses[0]), steps(free.tolist(), losses[1]), said)
        )
    return found


def test_the_first_resample_is_the_inputs_themselves_and_each_other_has_as_many():
    drawn = resamples(7)
    assert drawn.shape == (1 + RESAMPLES, 7)
    assert (drawn[0] == 1).all()
    assert (drawn.sum(axis=1) == 7).all()
    assert (resamples(7) == drawn).all()


def test_a_band_of_a_constant_is_the_constant():
    found = band(np.full(1 + RESAMPLES, 0.25))
    assert (found.value, found.low, found.high) == (0.25, 0.25, 0.25)


def test_where_all_pairs_are_alike_no_resample_differs():
    forced, free = steps([True, True, False], [0.5, 0.5, 2.0]), steps([True, False, False], [0.5, 1, 3])
    alike = [compared(number, forced, free) for number in range(9)]
    found, quantities = on_text(alike, teacher=None)
    for both, forced, free, gap in ((found.accuracy, 2 / 3, 1 / 3, 1 / 3), (found.loss, 1.0, 1.5, 0.5)):
        for its, expected in ((both.forced, forced), (both.free, free), (both.gap, gap)):
            assert (its.low, its.value, its.high) == pytest.approx((expected,) * 3)
    other, _ = on_text(alike, teacher=quantities)
    assert other.beside is not None
    for its in (other.beside.accuracy_gap, other.beside.loss_gap, other.beside.bleu):
        assert (its.low, its.value, its.high) == (0, 0, 0)


def test_values_are_those_of_the_gap_overall_and_step_by_step():
    pairs = made(seed=1)
    found, _ = on_text(pairs, teacher=None, skipped=2)
    assert found.gap == gap_of([*pairs, None, None])
    for at, of_gap in ((found, found.gap.overall), *zip(found.steps, found.gap.positions, strict=True)):
        for regime in ("forced", "free"):
            scores = getattr(of_gap, regime)
            assert getattr(at.accuracy, regime).value == pytest.approx(scores.accuracy)
            assert getattr(at.loss, regime).value == pytest.approx(scores.loss)
        assert at.accuracy.gap.value == pytest.approx(at.accuracy.forced.value - at.accuracy.free.value)
        assert at.loss.gap.value == pytest.approx(at.loss.free.value - at.loss.forced.value)
        for its in (at.accuracy.gap, at.loss.forced):
            assert its.low <= its.value <= its.high
    assert [(step.first, step.last, step.steps) for step in found.steps] == [
        (at.first, at.last, at.steps) for at in found.gap.positions
    ]
    assert (found.bleu.forced.value, found.bleu.free.value) == pytest.approx(
        (found.gap.forced.bleu, found.gap.free.bleu)
    )
    references = [Sentence(one.pair.source, (one.pair.target,)) for one in pairs]
    assert found.bleu.free == translation.bands([one.said[1] for one in pairs], references)[0]


def test_a_difference_is_resampled_in_pairs_so_its_band_is_narrower_than_its_parts():
    pairs, others = made(seed=1), made(seed=2)
    first, teacher = on_text(pairs, teacher=None)
    same, _ = on_text(pairs, teacher=teacher)
    assert same.beside is not None
    assert (same.beside.accuracy_free.low, same.beside.accuracy_free.high) == (0, 0), "not two draws"
    other, _ = on_text(others, teacher=teacher)
    assert first.beside is None
    assert other.beside is not None
    assert other.beside.accuracy_free.value == pytest.approx(
        other.accuracy.free.value - first.accuracy.free.value
    )
    assert other.beside.accuracy_gap.value == pytest.approx(
        other.accuracy.gap.value - first.accuracy.gap.value
    )
    assert other.beside.bleu.value == pytest.approx(other.bleu.free.value - first.bleu.free.value)


def test_every_pair_is_in_one_class_of_length():
    found, _ = on_text(made(seed=1), teacher=None)
    assert [(one.shortest, one.longest) for one in found.by_length] == list(translation.LENGTHS)
    assert sum(one.pairs for one in found.by_length) == 60
    assert found.by_length[-1].bleu is None  # no source is so long
    assert all(one.bleu is not None for one in found.by_length if one.pairs)


def test_models_are_held_against_each_other_on_the_pairs_that_all_of_them_can_compare():
    pairs, others = made(seed=1, count=4), made(seed=2, count=4)
    found = in_common([[pairs[0], None, pairs[2], pairs[3]], [others[0], others[1], None, others[3]]])
    assert [[one.pair for one in its] for its in found] == [[pairs[0].pair, pairs[3].pair]] * 2
    assert found[1][1] is others[3]


def test_where_no_pair_can_be_compared_by_all_it_is_told():
    one, other = made(seed=1, count=2)
    with pytest.raises(DataError) as caught:
        in_common([[one, None], [None, other]])
    assert (caught.value.key, caught.value.values) == ("nothing_to_compare", {"pairs": 2})
