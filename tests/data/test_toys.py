"""Made-up tasks."""

import numpy as np
import torch

from s2s.data.tokenizer import END_ID, START_ID
from s2s.data.toys import FIRST_PIECE, PIECES, QUESTION, SYMBOLS, VOCABULARY, copying, recall_first


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


def test_what_is_to_be_copied_is_said_again_and_read_one_step_later():
    made = copying(300, 6, np.random.default_rng(1))
    assert made.source.shape == made.target_read.shape == (300, 7)
    np.testing.assert_array_equal(made.source, made.target_said)
    np.testing.assert_array_equal(made.target_read[:, 1:], made.source[:, :-1])
    assert set(made.target_read[:, 0]) == {START_ID}
    assert set(made.source[:, -1]) == {END_ID}
    assert set(made.source[:, :-1].ravel()) == set(range(FIRST_PIECE, PIECES))
    assert PIECES - FIRST_PIECE == SYMBOLS


def test_no_symbol_tells_the_next():
    """Of so many sequences each pair of neighbours makes up its share, to within five standard errors."""
    symbols = copying(2000, 5, np.random.default_rng(2)).source[:, :-1] - FIRST_PIECE
    counts = np.zeros((SYMBOLS, SYMBOLS))
    np.add.at(counts, (symbols[:, :-1].ravel(), symbols[:, 1:].ravel()), 1)
    share = SYMBOLS**-2
    error = (share * (1 - share) / counts.sum()) ** 0.5
    np.testing.assert_allclose(counts / counts.sum(), share, atol=5 * error)
