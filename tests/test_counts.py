"""What is counted of a shape, held against what models of this shape hold and do."""

import pytest
import torch

from s2s.config import ModelConfig, TransformerConfig
from s2s.counts import score_bytes, steps_between, steps_to_read, steps_to_write
from s2s.gradients import unroll
from s2s.model.families import build
from s2s.translator import Translator
from tests.transformers import small

SMALL = {"source_vocab": 50, "target_vocab": 50, "hidden": 8}


@pytest.mark.parametrize("name", ["small", "fr-en-general", "fr-en-none"])
def test_scores_take_as_many_bytes_as_those_of_a_trace(name: str):
    translator = small() if name == "small" else Translator.load(name)
    trace = translator.align("Le chat noir dort.", "The black cat is asleep.")
    counted = score_bytes(
        translator._checkpoint.model.config, len(trace.source_pieces), len(trace.target_pieces)
    )
    looks = trace.encoder_looks, trace.decoder_looks, trace.cross_looks
    if trace.cross_looks is None:
        looks = None, None, trace.scores
    assert counted == tuple(0 if look is None else look.nbytes for look in looks)


def chain(tensor: torch.Tensor, is_step) -> int:
    """How many nodes of a kind follow each other at most on the way back from a tensor."""
    longest: dict[object, int] = {}
    stack = [tensor.grad_fn]
    while stack:
        node = stack[-1]
        behind = [one for one, _ in node.next_functions if one is not None]
        waiting = [one for one in behind if one not in longest]
        if waiting:
            stack += waiting
            continue
        longest[stack.pop()] = max((longest[one] for one in behind), default=0) + is_step(node)
    return longest[tensor.grad_fn]


@pytest.mark.parametrize("length", [3, 7])
@pytest.mark.parametrize(("direction", "layers"), [("both", 1), ("both", 2), ("forward", 1), ("forward", 3)])
def test_a_recurrent_encoder_has_as_many_cells_in_a_row_as_is_counted(length, direction, layers):
    config = ModelConfig(cell="rnn", direction=direction, layers=layers, **SMALL)
    read = unroll(build(config, seed=1).eval().encoder, torch.arange(length).unsqueeze(0) + 5)
    counted = chain(read.encoder_states, lambda node: "Tanh" in node.name())
    assert counted == steps_to_read(config, length)


@pytest.mark.parametrize("length", [3, 7])
@pytest.mark.parametrize("layers", [1, 3])
def test_a_transformer_has_as_many_softmaxes_in_a_row_as_is_counted_however_long_the_sentence(length, layers):
    config = TransformerConfig(layers=layers, heads=2, **SMALL)
    states, _ = build(config, seed=1).eval().encoder(torch.arange(length).unsqueeze(0) + 5)
    assert chain(states, lambda node: "Softmax" in node.name()) == steps_to_read(config, length) == layers


def test_writing_takes_a_step_for_each_piece_and_layer_in_both_families():
    for config in (ModelConfig(layers=2), TransformerConfig(layers=2)):
        assert steps_to_write(config, 9) == 18


def test_one_step_lies_between_any_two_words_of_a_transformer_and_a_cell_for_each_word_elsewhere():
    """Seen from a state: after k steps of its own way back, and no fewer, a recurrent one has the word."""
    assert [steps_between(TransformerConfig(), k) for k in (0, 1, 8)] == [0, 1, 1]
    encoder = build(ModelConfig(cell="rnn", **SMALL), seed=1).eval().encoder
    read = unroll(encoder, torch.arange(6).unsqueeze(0) + 5)
    forward = read.states[0]
    for k in range(6):  # from the state of the first word to the one k words on
        cells = [chain(forward[place][0], lambda node: "Tanh" in node.name()) for place in (0, k)]
        assert cells[1] - cells[0] == steps_between(ModelConfig(), k)
