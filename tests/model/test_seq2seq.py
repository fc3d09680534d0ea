from collections.abc import Iterator

import pytest
import torch
from torch import Tensor, nn

from s2s.config import ATTENTIONS, CELLS, DIRECTIONS, ModelConfig
from s2s.data.tokenizer import END_ID, PAD_ID, START_ID
from s2s.model import cells
from s2s.model.decoder import Step
from s2s.model.families import build, parameter_count, shapes
from s2s.model.seq2seq import Seq2Seq
from tests.conftest import HIDDEN, VOCAB, BuildTiny

every_attention = pytest.mark.parametrize("attention", ATTENTIONS)
every_model = pytest.mark.parametrize(
    ("attention", "cell", "layers", "direction"),
    [(a, c, n, "both") for a in ATTENTIONS for c in CELLS for n in (1, 2)]
    + [(a, c, n, d) for a in ("none", "general") for c in CELLS for n in (1, 2) for d in DIRECTIONS[1:]],
)


@every_model
def test_the_shapes_of_a_model_are_known_before_it_is_built(attention, cell, layers, direction) -> None:
    config = ModelConfig(
        attention=attention, cell=cell, layers=layers, direction=direction, hidden=10, source_vocab=23,
        target_vocab=37,
    )  # fmt: skip
    state = build(config, seed=1).state_dict()
    assert shapes(config) == {name: tuple(value.shape) for name, value in state.items()}


def _batch(batch: int = 3, source_len: int = 6, target_len: int = 5) -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(5)
    source = torch.randint(4, VOCAB, (batch, source_len), generator=generator)
    source[:, -1] = END_ID
    target_read = torch.randint(4, VOCAB, (batch, target_len), generator=generator)
    target_read[:, 0] = START_ID
    return source, target_read


def _steps(model: Seq2Seq, source: Tensor, target_read: Tensor, mask: Tensor | None = None) -> Iterator[Step]:
    memory = model.encode(source, mask)
    state = memory.initial_state
    for fed in target_read.unbind(1):
        step = model.step(fed, state, memory)
        yield step
        state = step.state


@every_model
@torch.inference_mode()
def test_forward_gives_what_steps_give_one_by_one(
    build_tiny: BuildTiny, attention: str, cell: str, layers: int, direction: str
) -> None:
    model = build_tiny(attention, cell, layers, direction)
    source, target_read = _batch()
    forced, steps = model(source, target_read), list(_steps(model, source, target_read))
    stepped = torch.stack([step.logits for step in steps], dim=1)
    torch.testing.assert_close(forced.logits, stepped, atol=1e-5, rtol=1e-5)
    assert stepped.std() > 0.01
    weights = [step.weights for step in steps if step.weights is not None]
    assert (forced.weights is None) == (attention == "none") == (not weights)
    if forced.weights is not None:
        torch.testing.assert_close(forced.weights, torch.stack(weights, dim=1), atol=1e-5, rtol=1e-5)


@every_model
@torch.inference_mode()
def test_padding_a_source_changes_nothing(
    build_tiny: BuildTiny, attention: str, cell: str, layers: int, direction: str
) -> None:
    model = build_tiny(attention, cell, layers, direction)
    source, target_read = _batch()
    lengths = [6, 4, 1]
    mask = torch.arange(6) < torch.tensor(lengths)[:, None]
    padded = source.masked_fill(~mask, PAD_ID)
    together = model(padded, target_read, mask).logits
    steps = list(_steps(model, padded, target_read, mask))
    for row, length in enumerate(lengths):
        alone = model(source[row : row + 1, :length], target_read[row : row + 1]).logits
        torch.testing.assert_close(together[row], alone[0], atol=1e-5, rtol=1e-5)
        for t, step in enumerate(steps):
            torch.testing.assert_close(step.logits[row], alone[0, t], atol=1e-5, rtol=1e-5)
            if step.weights is not None:
                assert (step.weights[row, length:] == 0).all()
                torch.testing.assert_close(step.weights[row].sum(), torch.tensor(1.0))


@every_attention
@torch.inference_mode()
def test_a_row_without_any_real_piece_gives_numbers(build_tiny: BuildTiny, attention: str) -> None:
    source, target_read = _batch()
    mask = torch.tensor([[True], [False], [True]]).expand(3, 6)
    forced = build_tiny(attention)(source.masked_fill(~mask, PAD_ID), target_read, mask)
    assert forced.logits.isfinite().all()


@every_model
@torch.inference_mode()
def test_a_step_is_made_as_the_equations_say(
    build_tiny: BuildTiny, attention: str, cell: str, layers: int, direction: str
) -> None:
    model = build_tiny(attention, cell, layers, direction)
    source, target_read = _batch()
    memory = model.encode(source)
    for step in _steps(model, source, target_read):
        assert torch.equal(step.decoder_state, step.state[0][-1])
        seen = step.decoder_state
        if step.weights is not None and step.context is not None and step.scores is not None:
            torch.testing.assert_close(step.weights, step.scores.softmax(-1))
            torch.testing.assert_close(
                step.context, torch.einsum("bs,bsh->bh", step.weights, memory.encoder_states)
            )
            seen = torch.cat([step.context, seen], dim=-1)
        attentional_state = torch.tanh(seen @ model.decoder.combine.weight.T)
        torch.testing.assert_close(step.attentional_state, attentional_state)
        logits = step.attentional_state @ model.decoder.embedding.weight.T + model.decoder.output_bias
        torch.testing.assert_close(step.logits, logits)


def test_without_attention_there_is_no_scorer_and_nothing_to_look_at(build_tiny: BuildTiny) -> None:
    model = build_tiny("none")
    source, target_read = _batch()
    assert model.decoder.scorer is None
    assert model.encode(source).keys is None
    [step, *_] = _steps(model, source, target_read)
    assert (step.scores, step.weights, step.context) == (None, None, None)


@torch.inference_mode()
def test_without_attention_the_source_reaches_the_decoder_through_its_first_state_alone(
    build_tiny: BuildTiny,
) -> None:
    source, target_read = _batch()
    for attention in ATTENTIONS:
        model = build_tiny(attention)
        memory = model.encode(source)
        other = memory._replace(encoder_states=-memory.encoder_states)
        same = torch.equal(*(model.decoder(target_read, m).logits for m in (memory, other)))
        assert same == (attention == "none")


@every_attention
def test_encoder_and_decoder_share_no_parameter(build_tiny: BuildTiny, attention: str) -> None:
    model = build_tiny(attention)
    encoder, decoder = (
        {parameter.data_ptr() for parameter in part.parameters()} for part in (model.encoder, model.decoder)
    )
    assert encoder
    assert decoder
    assert not encoder & decoder
    assert len(encoder | decoder) == len(list(model.parameters()))


@every_attention
@torch.inference_mode()
def test_the_target_embedding_is_the_softmax_matrix(attention: str) -> None:
    config = ModelConfig(
        attention=attention, hidden=HIDDEN, source_vocab=VOCAB, target_vocab=VOCAB, dropout=0
    )
    model = build(config, seed=2).eval()
    matrices = [p for p in model.decoder.parameters() if p.shape == (VOCAB, HIDDEN)]
    assert len(matrices) == 1
    assert matrices[0] is model.decoder.embedding.weight
    source, target_read = _batch()
    before = model(source, target_read).logits
    piece = next(i for i in range(4, VOCAB) if i not in target_read)
    model.decoder.embedding.weight[piece] += 1.0  # a piece that is not read changes its own logit only
    after = model(source, target_read).logits
    changed = (before != after).any(dim=1).any(dim=0)
    assert changed.nonzero().flatten().tolist() == [piece]


@every_model
def test_a_model_has_as_many_parameters_as_its_sizes_say(
    build_tiny: BuildTiny, attention: str, cell: str, layers: int, direction: str
) -> None:
    gates, states = {"rnn": (1, 1), "gru": (3, 1), "lstm": (4, 2)}[cell]
    h = HIDDEN

    def recurrent(width: int, hidden: int) -> int:
        return gates * hidden * (width + hidden + 2)

    read = 2 * recurrent(h, h // 2) if direction == "both" else recurrent(h, h)
    encoder = VOCAB * h + layers * read + states * (h * h + h)
    decoder = VOCAB * h + layers * recurrent(h, h) + h * h * (1 if attention == "none" else 2) + VOCAB
    scorer = {"none": 0, "dot": 0, "general": h * h, "concat": 2 * h * h + h}[attention]
    assert parameter_count(build_tiny(attention, cell, layers, direction)) == encoder + decoder + scorer


@pytest.mark.parametrize("attention", ["none", "general", "concat"])
@pytest.mark.parametrize("cell", CELLS)
def test_models_that_differ_only_in_attention_start_alike_everywhere_else(
    build_tiny: BuildTiny, attention: str, cell: str
) -> None:
    dot = dict(build_tiny("dot", cell, 2).named_parameters())
    other = dict(build_tiny(attention, cell, 2).named_parameters())
    apart = {name for name in dot.keys() | other.keys() if name not in dot or name not in other} | {
        name for name in dot.keys() & other.keys() if not torch.equal(dot[name], other[name])
    }
    assert all("scorer" in name or name == "decoder.combine.weight" for name in apart)
    assert ("decoder.combine.weight" in apart) == (attention == "none")


def test_the_seed_is_what_makes_the_weights(build_tiny: BuildTiny) -> None:
    config = build_tiny("general").config
    generator = torch.get_rng_state()
    a, b, c = (nn.utils.parameters_to_vector(build(config, seed=s).parameters()) for s in (3, 3, 4))
    assert torch.equal(a, b)
    assert not torch.equal(a, c)
    assert torch.equal(generator, torch.get_rng_state())


@every_model
def test_the_loss_reaches_every_parameter(
    build_tiny: BuildTiny, attention: str, cell: str, layers: int, direction: str
) -> None:
    model = build(build_tiny(attention, cell, layers, direction).config, seed=3)
    source, target_read = _batch()
    model(source, target_read).logits.log_softmax(-1)[..., 7].sum().backward()
    untouched = [name for name, p in model.named_parameters() if p.grad is None or not p.grad.abs().sum() > 0]
    assert untouched == []


@torch.inference_mode()
def test_the_encoder_reads_in_both_directions(build_tiny: BuildTiny) -> None:
    model = build_tiny("dot")
    source, _ = _batch()
    states = model.encode(source).encoder_states
    changed_end, changed_start = source.clone(), source.clone()
    changed_end[:, -1] = 9
    changed_start[:, 0] = 9
    half = HIDDEN // 2
    for changed, inner, outer in ((changed_end, slice(0, half), -1), (changed_start, slice(half, None), 0)):
        after = model.encode(changed).encoder_states
        kept = [i for i in range(source.shape[1]) if i != outer % source.shape[1]]
        assert torch.equal(after[:, kept, inner], states[:, kept, inner])
        assert not torch.equal(after[:, kept], states[:, kept])


@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize(("direction", "changed"), [("forward", 3), ("backward", 2)])
@torch.inference_mode()
def test_an_encoder_of_one_direction_knows_nothing_of_what_it_has_yet_to_read(
    build_tiny: BuildTiny, direction: str, changed: int, layers: int
) -> None:
    model = build_tiny("none", "lstm", layers, direction)
    source, _ = _batch()
    other = source.clone()
    other[:, changed] = 9
    before, after = (model.encode(s).encoder_states for s in (source, other))
    unread = slice(0, changed) if direction == "forward" else slice(changed + 1, None)
    differs = (before != after).any(dim=-1).any(dim=0)
    assert not differs[unread].any()
    assert differs.sum() == source.shape[1] - before[:, unread].shape[1]


@pytest.mark.parametrize("cell", CELLS)
@torch.inference_mode()
def test_reading_backward_is_reading_the_reversed_source_forward(build_tiny: BuildTiny, cell: str) -> None:
    forward, backward = (build_tiny("none", cell, 1, direction) for direction in DIRECTIONS[1:])
    source, target_read = _batch()
    read = backward.encode(source)
    reversed_ = forward.encode(source.flip(1))  # the same seed: the same weights
    torch.testing.assert_close(read.encoder_states, reversed_.encoder_states.flip(1))
    torch.testing.assert_close(read.initial_state, reversed_.initial_state)
    assert not torch.equal(read.initial_state[0], forward.encode(source).initial_state[0])
    torch.testing.assert_close(backward(source, target_read), forward(source.flip(1), target_read))


@pytest.mark.parametrize("direction", DIRECTIONS)
@torch.inference_mode()
def test_padding_leaves_encoder_states_and_the_handed_over_state_alone(
    build_tiny: BuildTiny, direction: str
) -> None:
    model = build_tiny("general", "gru", 2, direction)
    source, _ = _batch()
    mask = torch.arange(6) < torch.tensor([6, 4, 1])[:, None]
    together = model.encode(source.masked_fill(~mask, PAD_ID), mask)
    for row, length in enumerate((6, 4, 1)):
        alone = model.encode(source[row : row + 1, :length])
        torch.testing.assert_close(together.encoder_states[row, :length], alone.encoder_states[0])
        torch.testing.assert_close(together.initial_state[0][:, row], alone.initial_state[0][:, 0])


@torch.inference_mode()
@pytest.mark.parametrize("cell", CELLS)
def test_an_encoder_state_is_what_torch_computes_plus_its_own_embedding(build_tiny: BuildTiny, cell) -> None:
    encoder = build_tiny("dot", cell).encoder
    source, _ = _batch()
    embedded = torch.nn.functional.embedding(source, encoder.embedding.weight)
    oracle = cells.CELLS[cell].layer(HIDDEN, HIDDEN // 2, batch_first=True, bidirectional=True)
    oracle.load_state_dict(encoder.rnn.state_dict())
    torch.testing.assert_close(encoder(source).encoder_states, oracle(embedded)[0] + embedded)


def test_dropout_is_for_training_only() -> None:
    config = ModelConfig(hidden=HIDDEN, source_vocab=VOCAB, target_vocab=VOCAB, dropout=0.5)
    model = build(config, seed=1)
    source, target_read = _batch()
    assert not torch.equal(model.train()(source, target_read).logits, model(source, target_read).logits)
    assert torch.equal(model.eval()(source, target_read).logits, model(source, target_read).logits)
