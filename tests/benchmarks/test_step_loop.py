from itertools import islice

import numpy as np
import pytest
import torch

from benchmarks.step_loop import StepLoop, as_seq2seq, padded, shuffled, train
from s2s.config import ModelConfig
from s2s.data.examples import Example
from s2s.data.tokenizer import END_ID, PAD_ID, START_ID
from s2s.model.families import build, parameter_count

MODEL = ModelConfig(attention="general", hidden=12, source_vocab=20, target_vocab=30)


def _example(source: list[int], target: list[int]) -> Example:
    return Example(np.array([*source, END_ID]), np.array([*target, END_ID]))


EXAMPLES = [
    _example([5, 6, 7], [11, 12]),
    _example([8], [13, 14, 15, 16]),
    _example([9, 10, 11, 12, 13], [17]),
]


def test_it_computes_what_our_model_computes_from_the_same_weights() -> None:
    torch.manual_seed(3)
    model = StepLoop(MODEL).eval()
    source, lengths, target = padded(EXAMPLES)
    with torch.inference_mode():
        theirs = model(source, lengths, target)
        ours = as_seq2seq(model, MODEL)(source, target[:, :-1], source != PAD_ID).logits
    torch.testing.assert_close(theirs, ours)


def test_it_learns_as_many_numbers_as_our_model() -> None:
    assert parameter_count(StepLoop(MODEL)) == parameter_count(build(MODEL, seed=1))


def test_a_batch_is_padded_to_its_longest_sentence_on_each_side() -> None:
    source, lengths, target = padded(EXAMPLES)
    assert source.tolist() == [[5, 6, 7, END_ID, 0, 0], [8, END_ID, 0, 0, 0, 0], [9, 10, 11, 12, 13, END_ID]]
    assert lengths.tolist() == [4, 2, 6]
    assert target[0].tolist() == [START_ID, 11, 12, END_ID, PAD_ID, PAD_ID]


def test_an_epoch_has_every_example_once() -> None:
    epoch = list(islice(shuffled(EXAMPLES, batch_size=2, seed=1), 2))
    first_pieces = sorted(int(piece) for batch in epoch for piece in batch.source[:, 0])
    assert first_pieces == [5, 8, 9]


@pytest.mark.parametrize("seconds", [0.0, 0.05])
def test_training_counts_target_pieces_without_padding(seconds: float) -> None:
    learned = train(EXAMPLES, MODEL, seconds=seconds, batch_size=3, seed=1)
    assert learned.seconds >= seconds
    assert learned.tokens % (3 + 5 + 2) == 0
    assert (learned.tokens > 0) == (seconds > 0)
