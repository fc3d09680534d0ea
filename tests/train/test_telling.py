"""A new discriminator on the runs of a model that no longer learns."""

import numpy as np
import pytest
import torch

from s2s.config import STEP_BY_STEP
from s2s.data.tokenizer import PAD_ID
from s2s.evaluate.translation import band, resamples
from s2s.model.seq2seq import Seq2Seq
from s2s.train.professor import Behaviours
from s2s.train.regimes import fed
from s2s.train.telling import runs_of, told
from tests.conftest import HIDDEN, BuildTiny
from tests.train.batches import batch_of


@pytest.fixture
def model(build_tiny: BuildTiny) -> Seq2Seq:
    return build_tiny("general")


def made(*, apart: float, seed: int, rows: int = 30) -> Behaviours:
    generator = torch.Generator().manual_seed(seed)
    forced = torch.randn(rows, 4, 2 * HIDDEN, generator=generator)
    return Behaviours(forced, forced + apart, torch.ones(rows, 4, dtype=torch.bool))


def test_of_two_equal_runs_it_tells_every_pair_by_half(model: Seq2Seq) -> None:
    equal = [made(apart=0.0, seed=1)]
    *steps, right = told(model, equal, [made(apart=0.0, seed=2)], updates=20, seed=1)
    assert len(steps) == 20
    assert right is not None
    assert (right == 0.5).all()
    found = band(resamples(len(right)) @ right / len(right))
    assert (found.low, found.value, found.high) == (0.5, 0.5, 0.5)


def test_of_runs_that_differ_it_tells_those_it_has_not_seen(model: Seq2Seq) -> None:
    learned = [made(apart=1.0, seed=seed) for seed in (1, 2)]
    *_, right = told(model, learned, [made(apart=1.0, seed=3)], updates=80, seed=1)
    assert right is not None
    assert right.mean() > 0.95


def test_one_seed_gives_the_same_verdicts_again(model: Seq2Seq) -> None:
    batches = [made(apart=0.1, seed=seed) for seed in (1, 2)]
    first, again = (list(told(model, batches, batches, updates=5, seed=7))[-1] for _ in range(2))
    assert first is not None
    assert again is not None
    np.testing.assert_array_equal(first, again)
    assert first.shape == (60,)


def test_runs_are_of_the_reference_and_of_the_models_own_words(model: Seq2Seq) -> None:
    batch = batch_of()
    runs = runs_of(model, batch)
    assert runs.forced.shape == runs.free.shape == (*batch.target_said.shape, 2 * HIDDEN)
    assert torch.equal(runs.real, torch.from_numpy(batch.target_said != PAD_ID))
    torch.testing.assert_close(runs.forced[:, 0], runs.free[:, 0])  # both are fed the start token there
    assert not torch.allclose(runs.forced, runs.free)
    again = runs_of(model, batch)
    assert torch.equal(runs.free, again.free), "no dropout"


def test_a_model_that_says_the_reference_has_two_equal_runs(model: Seq2Seq) -> None:
    batch = batch_of()
    source, read = torch.from_numpy(batch.source), torch.from_numpy(batch.target_read)
    with torch.no_grad():
        own = torch.ones_like(read, dtype=torch.bool)
        own[:, 0] = False
        words = fed(model.decoder, read, own & (read != PAD_ID), model.encode(source), sampling=STEP_BY_STEP)
    runs = runs_of(model, batch._replace(target_read=words.numpy()))
    torch.testing.assert_close(runs.forced, runs.free)
