import numpy as np
import pytest
import torch

from s2s.checkpoints import Checkpoint
from s2s.evaluate.probe import Probe
from s2s.evaluate.translation import CHAINS
from s2s.model.seq2seq import Seq2Seq
from s2s.train.probe import fit, inputs, read_states
from tests.conftest import BuildTiny
from tests.sentences import PHRASES

SOURCES = [pair.source for pair in PHRASES]


def fitted(model: Seq2Seq, read: list[list[int]], **options: int) -> tuple[Probe, list[float]]:
    steps = list(fit(model, read, **options))
    assert [step.done for step in steps] == sorted(step.done for step in steps)
    assert steps[-1].done == steps[-1].total
    assert all(step.probe is None for step in steps[:-1])
    assert steps[-1].probe is not None
    return steps[-1].probe, [step.loss for step in steps if step.loss is not None]


def test_inputs_are_chains_of_whole_sentences_the_same_for_the_same_seed(checkpoint: Checkpoint):
    made = inputs(SOURCES, checkpoint.source, count=60, seed=1)
    assert made == inputs(SOURCES, checkpoint.source, count=60, seed=1)
    assert made != inputs(SOURCES, checkpoint.source, count=60, seed=2)
    ends = {ids[-1] for ids in made}
    assert len(ends) == 1
    assert all(ids.count(ids[-1]) == 1 for ids in made)
    assert max(map(len, made)) <= 120
    assert len({len(ids) for ids in made}) > len(CHAINS)


@pytest.mark.parametrize("direction", ["both", "forward", "backward"])
def test_states_are_those_that_the_decoder_starts_from(build_tiny: BuildTiny, direction: str):
    model = build_tiny("none", "lstm", 1, direction)
    read = [[5, 6, 7, 3], [8, 9, 3], [9, 9, 9, 3]]
    found = {
        i: state
        for numbers, states in read_states(model, read)
        for i, state in zip(numbers, states, strict=True)
    }
    assert sorted(found) == [0, 1, 2]
    for i, ids in enumerate(read):
        alone = model.encode(torch.tensor([ids])).initial_state
        torch.testing.assert_close(found[i], torch.cat([part[0, 0] for part in alone]))


def test_before_it_learns_a_probe_is_its_baseline(build_tiny: BuildTiny):
    read = [[5, 6, 3], [5, 7, 3], [5, 5, 3], [8, 3]]
    probe, _ = fitted(build_tiny("none"), read, epochs=1)
    order = np.argsort(-probe.frequency, kind="stable")
    assert order[0] == 5  # in three of four
    odds = np.exp(probe.frequency[[5, 6, 8]])
    np.testing.assert_allclose(odds / (1 + odds), [3 / 4, 1 / 4, 1 / 4], rtol=1e-5)
    assert probe.frequency[3] == probe.frequency.min()  # the end token is in none: it is not a word


def test_a_probe_learns_to_name_what_the_state_knows_and_leaves_the_model_alone(build_tiny: BuildTiny):
    model = build_tiny("none")
    before = [parameter.detach().clone() for parameter in model.parameters()]
    random = np.random.default_rng(1)
    read = [[int(random.integers(4, 12)), 3] for _ in range(600)]
    probe, losses = fitted(model, read, epochs=60)
    assert losses[-1] < 0.5 * losses[0]
    right = 0
    for ids in read[:50]:
        state = torch.cat([part[0, 0] for part in model.encode(torch.tensor([ids])).initial_state])
        right += int(probe.logits(state.detach().numpy()).argmax()) == ids[0]
    assert right >= 45
    assert all(map(torch.equal, before, model.parameters()))


def test_the_same_seed_gives_the_same_probe(build_tiny: BuildTiny):
    read = [[5, 6, 3], [5, 7, 3], [8, 3]]
    one, other = (fitted(build_tiny("none"), read, epochs=2, seed=4)[0] for _ in range(2))
    np.testing.assert_array_equal(one.weights, other.weights)
    np.testing.assert_array_equal(one.bias, other.bias)
