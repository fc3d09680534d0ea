"""Made-up tasks."""

import torch

from s2s.data.toys import QUESTION, SYMBOLS, VOCABULARY, recall_first


def test_the_answer_is_the_first_token_and_nothing_behind_it_tells():
    made = recall_first(200, 7, torch.Generator().manual_seed(1))
    assert made.sequences.shape == (200, 9)
    assert torch.equal(made.sequences[:, 0], made.answers)
    assert set(made.answers.tolist()) == set(range(SYMBOLS))
    between = made.sequences[:, 1:-1]
    assert int(between.min()) >= SYMBOLS
    assert int(between.max()) < QUESTION
    assert set(made.sequences[:, -1].tolist()) == {QUESTION}
    assert VOCABULARY == QUESTION + 1


def test_the_same_seed_draws_the_same_and_another_another():
    one, same, other = (recall_first(20, 5, torch.Generator().manual_seed(seed)) for seed in (1, 1, 2))
    assert torch.equal(one.sequences, same.sequences)
    assert not torch.equal(one.sequences, other.sequences)
