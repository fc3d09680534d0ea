import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2s.errors import TraceError
from s2s.evaluate.divergence import TOGETHER, Effect, divergence, effect, wanted_log_probs
from s2s.traces import END, Candidate, Piece, Trace

VOCABULARY = 6
END_ID = 3


def made(ids: list[int], seed: int, *, hidden: int = 4) -> Trace:
    """A run over a source of three words that said `ids`, with random numbers."""
    random = np.random.default_rng(seed)
    steps = len(ids)
    logits = random.normal(0, 2, (steps, VOCABULARY))
    log_probs = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    weights = random.dirichlet(np.ones(4), steps).astype(np.float32)
    pieces = [Piece(END if i == END_ID else f"▁w{i}", i, 3 * k, 3 * k + 2) for k, i in enumerate(ids)]
    pieces = [p._replace(start=3 * steps - 4, end=3 * steps - 4) if p.id == END_ID else p for p in pieces]
    states = random.normal(size=(4, hidden))
    return Trace(
        model="tiny", attention="dot", source="a b c", target=" ".join(f"w{i}" for i in ids if i != END_ID),
        source_pieces=(Piece("▁a", 7, 0, 1), Piece("▁b", 8, 2, 3), Piece("▁c", 9, 4, 5), Piece(END, 3, 5, 5)),
        target_pieces=tuple(pieces), fed=(Piece("<s>", 2, 0, 0), *pieces[:-1]),
        forcing=("start", *["free"] * (steps - 1)), log_probs=np.zeros(steps), source_log_prob=-3.0,
        encoder_states=states, decoder_states=random.normal(size=(steps, hidden)),
        attentional_states=random.normal(size=(steps, hidden)), scores=np.log(weights), weights=weights,
        contexts=weights @ states, vocabulary_log_probs=log_probs,
        candidates=tuple(
            tuple(Candidate(f"▁w{i}", int(i), float(row[i])) for i in np.argsort(-row)[:3])
            for row in log_probs
        ),
    )  # fmt: skip


def test_a_run_does_not_diverge_from_itself():
    run = made([4, 5, 4, END_ID], seed=1)
    found = divergence(run, run)
    assert found.first is None
    assert not found.kl.any()
    assert not found.distance.any()


def test_divergence_is_what_its_definitions_say():
    one, other = made([4, 5, 4, END_ID], seed=1), made([4, 4, END_ID], seed=2)
    found = divergence(one, other)
    assert found.first == 1
    assert len(found.kl) == len(found.distance) == 3
    for t in range(3):
        p, q = (np.exp(run.vocabulary_log_probs[t].astype(float)) for run in (one, other))
        assert found.kl[t] == pytest.approx((p * np.log(p / q)).sum(), abs=1e-5)
        gap = one.decoder_states[t].astype(float) - other.decoder_states[t]
        assert found.distance[t] == pytest.approx(np.sqrt((gap**2).sum()), rel=1e-5)


@given(st.integers(0, 200), st.integers(0, 200))
def test_a_divergence_is_never_negative(a, b):
    found = divergence(made([4, 5, END_ID], seed=a), made([5, 4, 4, END_ID], seed=b))
    assert (found.kl >= 0).all()
    assert (found.distance >= 0).all()


def test_without_distributions_there_is_one_sentence():
    run = made([4, END_ID], seed=1)
    with pytest.raises(TraceError) as caught:
        divergence(run, dataclasses.replace(run, vocabulary_log_probs=None))
    assert caught.value.key == "trace_without_vocabulary"


def test_wanted_pieces_are_looked_up_in_the_distributions():
    run = made([4, 5, END_ID], seed=3)
    wanted = [run.target_pieces[1], None, run.target_pieces[0], run.target_pieces[2]]
    found = wanted_log_probs(run, wanted)
    assert len(found) == 3
    assert found[0] == pytest.approx(run.vocabulary_log_probs[0, 5])
    assert np.isnan(found[1])
    assert found[2] == pytest.approx(run.vocabulary_log_probs[2, 4])


def test_a_word_of_more_pieces_stands_beside_the_steps_that_are_as_far_from_the_end():
    """Steps 2 and 3 read the word; step 3 is the first that has read all, as step 2 of the run without."""
    before, after = made([4, 5, 4, 5, END_ID], seed=1), made([4, 0, 1, 4, 5, END_ID], seed=2)
    found = effect(before, after, step=2, pieces=2)
    assert (found.read, found.start) == (3, 3)
    assert len(found.kl) == len(found.changed) == 3
    for row in range(3):
        p, q = (
            np.exp(run.vocabulary_log_probs[t].astype(float))
            for run, t in ((before, row + 2), (after, row + 3))
        )
        assert found.kl[row] == pytest.approx((p * np.log(p / q)).sum(), abs=1e-5)
        assert found.changed[row] == (before.candidates[row + 2][0].id != after.candidates[row + 3][0].id)
        looks = [run.weights[t].argmax() for run, t in ((before, row + 2), (after, row + 3))]
        assert found.kept_place[row] == (looks[0] == looks[1])


def test_what_the_model_puts_in_after_a_word_has_no_partner():
    before, after = made([4, 5, END_ID], seed=1), made([4, 0, 1, 4, 5, 4, END_ID], seed=2)
    found = effect(before, after, step=1, pieces=1)
    assert (found.read, found.start) == (1, 5)
    assert len(found.kl) == 2


def test_a_word_behind_which_nothing_comes_has_no_rows():
    before, after = made([4, 5, 4, 4, END_ID], seed=1), made([4, END_ID], seed=2)
    found = effect(before, after, step=1, pieces=1)
    assert (found.read, len(found.kl)) == (1, 1)
    nothing = effect(before, after, step=1, pieces=2)
    assert len(nothing.kl) == 0
    assert nothing.recovered is None


@pytest.mark.parametrize(
    ("kl", "start", "recovered"),
    [
        ([0.0, 0.0], 3, 0),
        ([1.0, 0.0, 0.0], 3, 1),
        ([1.0, 0.0, 1.0, 0.0], 3, 3),
        ([1.0, 0.0, 0.0], 5, 3),
        ([0.0, 1.0], 3, None),
        ([], 3, None),
        ([TOGETHER, TOGETHER], 3, 0),
    ],
)
def test_a_run_has_recovered_when_it_stays_together(kl, start, recovered):
    rows = np.array(kl, dtype=np.float32)
    made_up = Effect(read=3, start=start, kl=rows, changed=(False,) * len(kl), kept_place=None)
    assert made_up.recovered == recovered


def test_without_attention_no_place_is_kept_or_lost():
    none = {"scores": None, "weights": None, "contexts": None}
    before, after = (dataclasses.replace(made([4, 5, END_ID], seed=s), **none) for s in (1, 2))
    assert effect(before, after, step=1, pieces=1).kept_place is None
