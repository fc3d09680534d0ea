"""The Transformer, held to torch's own layers and to itself asked in other ways."""

import math
from collections.abc import Mapping

import pytest
import torch
from torch import Tensor, nn

from s2s.config import HEAD, MEAN, ConfigError, TransformerConfig, model_config
from s2s.data.tokenizer import PAD_ID
from s2s.model.families import build, parameter_count, shapes
from s2s.model.transformer.attention import MultiHead
from s2s.model.transformer.model import Transformer, read_map
from s2s.model.transformer.positions import Learned, Sinusoidal

SMALL = TransformerConfig(
    hidden=16, heads=4, layers=3, feedforward=24, source_vocab=30, target_vocab=40, longest=32
)


def made(**changes: object) -> Transformer:
    config = TransformerConfig.from_dict({**SMALL.to_dict(), **changes})
    return build(config, seed=1).eval()


def ids(rows: int, length: int, vocab: int, seed: int = 1) -> Tensor:
    return torch.randint(4, vocab, (rows, length), generator=torch.Generator().manual_seed(seed))


def projections(looking: MultiHead) -> dict[str, Tensor]:
    """Our four matrices as `nn.MultiheadAttention` keeps them."""
    three = (looking.query, looking.key, looking.value)
    return {
        "in_proj_weight": torch.cat([one.weight for one in three]),
        "in_proj_bias": torch.cat([one.bias for one in three]),
        "out_proj.weight": looking.out.weight,
        "out_proj.bias": looking.out.bias,
    }


def under(name: str, tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {f"{name}.{key}": value for key, value in tensors.items()}


@torch.inference_mode()
def test_heads_are_those_of_torch() -> None:
    torch.manual_seed(0)
    ours = MultiHead(16, 4)
    theirs = nn.MultiheadAttention(16, 4, batch_first=True)
    theirs.load_state_dict(projections(ours))
    asking, looked_at = torch.randn(3, 5, 16), torch.randn(3, 7, 16)
    allowed = torch.rand(3, 7) < 0.7
    allowed[:, 0] = True
    output, look = ours(asking, ours.keys(looked_at), allowed.unsqueeze(1))
    expected, weights = theirs(
        asking, looked_at, looked_at, key_padding_mask=~allowed, average_attn_weights=False
    )
    torch.testing.assert_close(output, expected)
    torch.testing.assert_close(look.weights, weights)
    assert (look.weights.masked_select(~allowed[:, None, None, :].expand_as(look.weights)) == 0).all()


@torch.inference_mode()
def test_a_head_that_looks_at_one_position_alone_adds_a_vector_of_that_length() -> None:
    torch.manual_seed(0)
    ours, width = MultiHead(16, 4), 4
    nn.init.normal_(ours.value.bias)
    keys = ours.keys(torch.randn(2, 7, 16))
    lengths, whole = ours.fetched(keys), ours.out.weight.clone()
    for head in range(4):
        ours.out.weight.zero_()
        kept = slice(head * width, (head + 1) * width)
        ours.out.weight[:, kept] = whole[:, kept]
        for position in range(7):
            only = (torch.arange(7) == position).expand(2, 1, 7)
            added, _ = ours(torch.randn(2, 1, 16), keys, only)
            torch.testing.assert_close(added[:, 0].norm(dim=-1), lengths[:, head, position])


@torch.inference_mode()
def test_layers_are_those_of_torch() -> None:
    model = made()
    source, target = ids(2, 6, 30), ids(2, 5, 40)
    reading = nn.TransformerEncoderLayer(16, 4, 24, 0.0, batch_first=True, norm_first=True).eval()
    writing = nn.TransformerDecoderLayer(16, 4, 24, 0.0, batch_first=True, norm_first=True).eval()
    states = model.encoder.embed(source)
    for layer in model.encoder.layers:
        reading.load_state_dict(
            under("self_attn", projections(layer.looking))
            | under("norm1", layer.looking_norm.state_dict())
            | under("norm2", layer.thinking_norm.state_dict())
            | under("linear1", layer.thinking.widen.state_dict())
            | under("linear2", layer.thinking.narrow.state_dict())
        )
        states = reading(states)
    encoded = model.encoder.norm(states)
    memory = model.encode(source)
    torch.testing.assert_close(memory.encoder_states, encoded)
    decoder = model.decoder
    states = decoder.embedding(target) * math.sqrt(16)
    states = states + decoder.positions(0, 5, states)
    for layer in decoder.layers:
        writing.load_state_dict(
            under("self_attn", projections(layer.looking))
            | under("multihead_attn", projections(layer.crossing))
            | under("norm1", layer.looking_norm.state_dict())
            | under("norm2", layer.crossing_norm.state_dict())
            | under("norm3", layer.thinking_norm.state_dict())
            | under("linear1", layer.thinking.widen.state_dict())
            | under("linear2", layer.thinking.narrow.state_dict())
        )
        states = writing(
            states, encoded, tgt_mask=nn.Transformer.generate_square_subsequent_mask(5), tgt_is_causal=True
        )
    torch.testing.assert_close(model.looked(target, memory).states, decoder.norm(states))


@pytest.mark.parametrize("positions", ["sinusoidal", "learned", "absent"])
@torch.inference_mode()
def test_step_by_step_gives_the_numbers_of_all_at_once(positions: str) -> None:
    model = made(positions=positions)
    source, target = ids(3, 9, 30), ids(3, 7, 40)
    mask = torch.ones(3, 9, dtype=torch.bool)
    mask[1, 6:] = False
    forced = model(source, target, mask)
    memory = model.encode(source, mask)
    state = model.beginning(memory)
    for position in range(7):
        step = model.step(target[:, position], state, memory)
        state = step.state
        torch.testing.assert_close(step.logits, forced.logits[:, position])
        read = read_map(model.config, step.looked).weights[:, 0, 0]
        torch.testing.assert_close(read, forced.weights[:, position])
    assert state[0].keys.shape == (3, 4, 7, 4)


@torch.inference_mode()
def test_padding_changes_nothing() -> None:
    model = made()
    source, target = ids(1, 5, 30), ids(1, 4, 40)
    padded = torch.cat([source, torch.full((1, 3), PAD_ID)], dim=1)
    alone, behind = model(source, target), model(padded, target, padded != PAD_ID)
    torch.testing.assert_close(alone.logits, behind.logits)
    assert (behind.weights[:, :, 5:] == 0).all()


@torch.inference_mode()
def test_nothing_is_seen_of_what_is_not_written_yet() -> None:
    model = made()
    source, target = ids(1, 5, 30), ids(1, 6, 40)
    changed = target.clone()
    changed[0, 4] = 5 if target[0, 4] != 5 else 6
    memory = model.encode(source)
    first, second = model.looked(target, memory), model.looked(changed, memory)
    assert torch.equal(first.states[:, :4], second.states[:, :4])
    assert not torch.equal(first.states[:, 4], second.states[:, 4])
    for look in first.among:
        assert (look.weights.triu(1) == 0).all()


@torch.inference_mode()
def test_some_rows_of_a_batch_go_on_alone() -> None:
    model = made()
    source, target = ids(3, 5, 30), ids(3, 2, 40)
    memory = model.encode(source)
    first = model.step(target[:, 0], model.beginning(memory), memory)
    kept = torch.tensor([True, False, True])
    some = model.step(target[kept, 1], model.state_of_rows(first.state, kept), memory.of_rows(kept))
    every = model.step(target[:, 1], first.state, memory)
    torch.testing.assert_close(some.logits, every.logits[kept])


@torch.inference_mode()
def test_without_positions_a_sentence_is_a_bag_of_pieces() -> None:
    source, target = ids(1, 6, 30), ids(1, 4, 40)
    shuffled = source[:, [3, 0, 5, 1, 4, 2]]
    bag, ordered = made(positions="absent"), made()
    torch.testing.assert_close(bag(source, target).logits, bag(shuffled, target).logits)
    assert not torch.allclose(ordered(source, target).logits, ordered(shuffled, target).logits, atol=1e-3)


def test_positions_are_sines_and_cosines_of_growing_wavelengths() -> None:
    found = Sinusoidal(8, 0)(3, 2, torch.zeros(1))
    for row, place in enumerate((3, 4)):
        for pair in range(4):
            angle = place / 10_000 ** (2 * pair / 8)
            assert found[row, 2 * pair].item() == pytest.approx(math.sin(angle), abs=1e-6)
            assert found[row, 2 * pair + 1].item() == pytest.approx(math.cos(angle), abs=1e-6)
    learned = Learned(8, 16)
    assert torch.equal(learned(3, 2, torch.zeros(1)), learned.table.weight[3:5])


@torch.inference_mode()
def test_one_map_is_the_mean_of_a_layer_or_its_first_head() -> None:
    for reading in (MEAN, HEAD):
        model = made(reading=reading)
        looked = model.looked(ids(1, 4, 40), model.encode(ids(1, 5, 30)))
        heads = looked.across[-1].weights
        weights, scores = read_map(model.config, looked)
        expected = heads.mean(dim=1) if reading == MEAN else heads[:, 0]
        torch.testing.assert_close(weights[:, 0], expected)
        torch.testing.assert_close(torch.softmax(scores, dim=-1), weights)


def test_settings_go_to_plain_values_and_back() -> None:
    assert model_config(SMALL.to_dict()) == SMALL
    assert shapes(SMALL) == {name: tuple(value.shape) for name, value in made().state_dict().items()}
    assert parameter_count(made()) == sum(math.prod(shape) for shape in shapes(SMALL).values())


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"heads": 3}, "heads_not_dividing"),
        ({"hidden": 15}, "hidden_not_even"),
        ({"cell": "gru"}, "setting_unknown"),
    ],
)
def test_shapes_that_cannot_be_are_refused(changes: Mapping[str, object], key: str) -> None:
    with pytest.raises(ConfigError) as told:
        made(**changes)
    assert told.value.key == key


def test_a_family_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ConfigError, match="family"):
        model_config({"family": "convolutional"})
