import dataclasses

import numpy as np
import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from benchmarks.flops import Text, counted, forward, training
from s2s.config import ATTENTIONS, CELLS, DIRECTIONS, ModelConfig
from s2s.data.batches import collate
from s2s.data.examples import Example
from s2s.data.tokenizer import END_ID
from s2s.model.families import build

BATCH, SOURCE_LEN, TARGET_LEN = 3, 5, 7
TEXT = Text(BATCH, BATCH * SOURCE_LEN, BATCH * TARGET_LEN, BATCH * SOURCE_LEN * TARGET_LEN)

# Said by torch when oneDNN is switched off, on machines that it does not concern.
pytestmark = pytest.mark.filterwarnings("ignore:TF32 acceleration on top of oneDNN:UserWarning")

every_model = pytest.mark.parametrize(
    "model",
    [
        ModelConfig(
            attention=attention, cell=cell, layers=layers, hidden=12, source_vocab=20, target_vocab=30
        )
        for attention in ATTENTIONS
        for cell in CELLS
        for layers in (1, 2)
    ]
    + [
        ModelConfig(direction=direction, hidden=12, source_vocab=20, target_vocab=30)
        for direction in DIRECTIONS
    ],
    ids=lambda model: f"{model.attention}-{model.cell}-{model.layers}-{model.direction}",
)


def _torch_counts(model: ModelConfig) -> tuple[int, int]:
    """What torch itself counts in one forward and one backward pass, recurrences as the products they are."""
    network = build(model, seed=1)
    source = torch.full((BATCH, SOURCE_LEN), END_ID)
    target = torch.full((BATCH, TARGET_LEN), END_ID)
    with torch.backends.mkldnn.flags(enabled=False):  # type: ignore[no-untyped-call]
        with FlopCounterMode(display=False) as ahead:
            logits = network(source, target).logits
        with FlopCounterMode(display=False) as back:
            logits.sum().backward()
    return ahead.get_total_flops(), back.get_total_flops()


@every_model
def test_forward_is_what_torch_counts(model: ModelConfig) -> None:
    ahead, _ = _torch_counts(model)
    assert forward(model, TEXT) == ahead


@every_model
def test_backward_is_twice_that_but_for_the_encoders_first_state_which_needs_no_gradient(
    model: ModelConfig,
) -> None:
    ahead, back = _torch_counts(model)
    gates, directions = {"rnn": 1, "gru": 3, "lstm": 4}[model.cell], 2 if model.direction == "both" else 1
    spared = BATCH * model.layers * directions * gates * 2 * (model.hidden // directions) ** 2
    assert training(model, TEXT) == ahead + back + spared


def test_padding_is_not_counted() -> None:
    def sentence(length: int) -> np.ndarray:
        return np.array([*[9] * (length - 1), END_ID])

    members = [Example(sentence(4), sentence(2)), Example(sentence(4), sentence(5))]
    assert counted([collate(members, target_step=4)]) == Text(2, 8, 7, 4 * 2 + 4 * 5)


def test_the_cost_of_two_texts_is_the_sum_of_their_costs() -> None:
    model = ModelConfig(attention="concat")
    twice = Text(*(2 * number for number in TEXT))
    assert training(model, twice) == 2 * training(model, TEXT)
    wider = dataclasses.replace(model, target_vocab=model.target_vocab + 1)
    assert forward(wider, TEXT) - forward(model, TEXT) == 2 * model.hidden * TEXT.target_pieces
