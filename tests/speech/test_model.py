"""The network: a pyramid, and the decoder of the models that read text."""

import numpy as np
import pytest
import torch

from s2s.data.tokenizer import START_ID
from s2s.errors import ConfigError
from s2s.model.decoder import Decoder
from s2s.model.families import parameter_count
from s2s.sound.config import SpeechConfig
from s2s.speech.model import build, digit_of, piece_of, shapes

CONFIG = SpeechConfig(hidden=16, dropout=0.0)


def frames(count: int = 24, batch: int = 2) -> torch.Tensor:
    return torch.from_numpy(np.random.default_rng(1).standard_normal((batch, count, 40)).astype(np.float32))


@pytest.mark.parametrize("layers", [1, 2, 3])
def test_each_layer_but_the_first_halves_the_states_and_the_first_reads_frames_in_twos(layers: int):
    config = SpeechConfig(hidden=16, layers=layers)
    memory = build(config, seed=1).eval().encode(frames(16))
    assert config.frames_a_state == 2 * 2 ** (layers - 1)
    assert memory.encoder_states.shape == (2, 16 // config.frames_a_state, 16)
    assert [part.shape for part in memory.initial_state] == [(1, 2, 16)] * 2


def test_a_pyramid_is_its_layers_over_pairs_of_states():
    model = build(CONFIG, seed=1).eval()
    given, states = frames(), None
    for number, layer in enumerate(model.encoder.layers):
        below = given if states is None else states
        count = 2
        pairs = torch.stack(
            [
                torch.cat([below[:, count * k + j] for j in range(count)], dim=-1)
                for k in range(below.shape[1] // count)
            ],
            dim=1,
        )
        states, last = layer(pairs)
        assert states.shape[1] == 24 // 2 ** (number + 1)
    found = model.encode(given)
    torch.testing.assert_close(found.encoder_states, states)
    ends = [torch.cat([part[0], part[1]], dim=-1) for part in last]
    for found_part, bridge, end in zip(found.initial_state, model.encoder.bridges, ends, strict=True):
        torch.testing.assert_close(found_part[0], bridge(end))


def test_the_decoder_is_that_of_the_models_that_read_text():
    model = build(CONFIG, seed=1)
    assert type(model.decoder) is Decoder
    text = Decoder(CONFIG.decoder)
    assert {n: v.shape for n, v in model.decoder.state_dict().items()} == {
        n: v.shape for n, v in text.state_dict().items()
    }


def test_teacher_forcing_gives_the_same_numbers_as_one_step_after_the_other():
    model = build(CONFIG, seed=2).eval()
    fed = torch.tensor([[START_ID, piece_of(3), piece_of(9)], [START_ID, piece_of(0), piece_of(1)]])
    logits, weights = model(frames(), fed)
    memory = model.encode(frames())
    state = memory.initial_state
    for place in range(3):
        step = model.step(fed[:, place], state, memory)
        torch.testing.assert_close(step.logits, logits[:, place])
        torch.testing.assert_close(step.weights, weights[:, place])
        state = step.state
    torch.testing.assert_close(weights.sum(dim=-1), torch.ones(2, 3))


def test_digits_have_pieces_of_their_own():
    assert [digit_of(piece_of(digit)) for digit in range(10)] == list(range(10))
    assert [digit_of(special) for special in range(4)] == [None] * 4


def test_shapes_are_known_without_allocating_and_a_seed_gives_the_same_weights():
    model = build(CONFIG, seed=5)
    assert shapes(CONFIG) == {name: tuple(value.shape) for name, value in model.state_dict().items()}
    for one, other in zip(model.parameters(), build(CONFIG, seed=5).parameters(), strict=True):
        assert torch.equal(one, other)
    assert parameter_count(build(SpeechConfig(), seed=1)) * 2 < 1.7e6  # bytes in float16


def test_an_odd_width_is_refused():
    with pytest.raises(ConfigError):
        SpeechConfig(hidden=15)
