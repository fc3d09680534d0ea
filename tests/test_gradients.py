"""Gradients by path: what is split adds up, and each path is what it says it is."""

import copy
from itertools import product

import numpy as np
import pytest
import torch
from torch import nn

from s2s.data.tokenizer import START_ID
from s2s.errors import ConfigError, DataError
from s2s.gradients import largest_singular_value, reach, scaled, split, unroll, update
from s2s.model.seq2seq import Seq2Seq
from s2s.paths import PATHS, WAYS, Flow, Gradients, fitted
from s2s.translator import Translator
from tests.conftest import HIDDEN, BuildTiny

SOURCE = [5, 9, 14, 22, 31, 40, 3]
TARGET = [7, 12, 33, 21, 3]
STEP = 3
ALL = list(product(("none", "dot", "general", "concat"), ("rnn", "gru", "lstm"), (1, 2)))


def by_torch(model: Seq2Seq, step: int = STEP) -> torch.Tensor:
    """The gradient at the embeddings of torch's own recurrent networks, in one call: (source_len, hidden)."""
    kept: list[torch.Tensor] = []
    hook = model.encoder.embedding.register_forward_hook(lambda module, given, found: kept.append(found))
    logits = model(torch.tensor([SOURCE]), torch.tensor([[START_ID, *TARGET[:-1]]])).logits
    hook.remove()
    log_prob = logits[0, step].log_softmax(dim=-1)[TARGET[step]]
    return torch.autograd.grad(log_prob, kept[0])[0][0]


def path(found: torch.Tensor, name: str) -> torch.Tensor:
    return found[PATHS.index(name)]


@pytest.mark.parametrize(("attention", "cell", "layers"), ALL)
def test_the_paths_add_up_to_autograd_on_the_full_graph(build_tiny: BuildTiny, attention, cell, layers):
    model = build_tiny(attention, cell, layers)
    for step in range(len(TARGET)):
        found = split(model, SOURCE, TARGET, step)
        assert float(found.whole_states.abs().max()) > 1e-4
        torch.testing.assert_close(found.states.sum(dim=0), found.whole_states, atol=1e-5, rtol=0)
        torch.testing.assert_close(found.embeddings.sum(dim=0), found.whole_embeddings, atol=1e-5, rtol=0)
        torch.testing.assert_close(found.embeddings.sum(dim=0), by_torch(model, step), atol=1e-5, rtol=0)


@pytest.mark.parametrize(("cell", "layers"), [("rnn", 1), ("gru", 2), ("lstm", 1), ("lstm", 2)])
def test_the_encoder_read_step_by_step_is_the_encoder(build_tiny: BuildTiny, cell, layers):
    encoder = build_tiny("dot", cell, layers).encoder
    read, whole = unroll(encoder, torch.tensor([SOURCE])), encoder(torch.tensor([SOURCE]))
    torch.testing.assert_close(read.encoder_states, whole.encoder_states)
    torch.testing.assert_close(read.initial_state, whole.initial_state)


@pytest.mark.parametrize("cell", ["rnn", "gru", "lstm"])
def test_the_gradient_at_a_state_is_that_of_reading_on_from_it(build_tiny: BuildTiny, cell):
    """Torch's own network reads the rest of the source from a state that is given to it."""
    model = build_tiny("general", cell)
    found = split(model, SOURCE, TARGET, STEP)
    rnn, half, parts = model.encoder.rnn, HIDDEN // 2, model.encoder.cell.parts
    forward = model.encoder.cell.layer(HIDDEN, half, batch_first=True)
    forward.load_state_dict({name: rnn.state_dict()[name] for name in forward.state_dict()})
    embedded = model.encoder.embedding(torch.tensor([SOURCE]))
    whole_outputs, whole_last = rnn(embedded)
    last = whole_last if isinstance(whole_last, tuple) else (whole_last,)
    for position in range(len(SOURCE)):
        before, state = forward(embedded[:, : position + 1])
        given = [part.detach().requires_grad_() for part in (state if parts > 1 else (state,))]
        rest = embedded[:, position + 1 :]
        after, ended = (
            forward(rest, tuple(given) if parts > 1 else given[0])
            if rest.shape[1]
            else (rest[..., :half], tuple(given) if parts > 1 else given[0])
        )
        here = torch.cat([before[:, :-1].detach(), given[0].transpose(0, 1), after], dim=1)
        outputs = torch.cat([here, whole_outputs[..., half:]], dim=-1)
        handed = [
            torch.cat([one, other[1:]], dim=-1)
            for one, other in zip(ended if parts > 1 else (ended,), last, strict=True)
        ]
        states = outputs + embedded
        initial = tuple(bridge(part) for bridge, part in zip(model.encoder.bridges, handed, strict=True))
        memory = model.encode(torch.tensor([SOURCE]))._replace(
            encoder_states=states, keys=model.decoder.scorer.keys(states), initial_state=initial
        )
        logits = model.decoder(torch.tensor([[START_ID, *TARGET[:-1]]]), memory).logits
        log_prob = logits[0, STEP].log_softmax(dim=-1)[TARGET[STEP]]
        for part, gradient in enumerate(torch.autograd.grad(log_prob, given, materialize_grads=True)):
            width = part * HIDDEN
            torch.testing.assert_close(
                found.whole_states[position, width : width + half], gradient.flatten(), atol=1e-6, rtol=1e-4
            )


@pytest.mark.parametrize("cell", ["rnn", "gru", "lstm"])
def test_without_attention_there_is_the_chain_alone(build_tiny: BuildTiny, cell):
    found = split(build_tiny("none", cell), SOURCE, TARGET, STEP)
    for name in ("values", "keys", "earlier", "query"):
        assert not path(found.states, name).any()
        assert not path(found.embeddings, name).any()
    assert path(found.states, "direct").abs().sum(dim=-1).all()


@pytest.mark.parametrize("attention", ["dot", "general", "concat"])
def test_to_zero_attention_is_to_take_its_paths_away(build_tiny: BuildTiny, attention):
    model = copy.deepcopy(build_tiny(attention))
    before = split(model, SOURCE, TARGET, STEP)
    assert all(path(before.states, name).any() for name in ("values", "keys", "query", "direct"))
    with torch.no_grad():
        model.decoder.combine.weight[:, :HIDDEN] = 0  # the context is not heard
    found = split(model, SOURCE, TARGET, STEP)
    for name in ("values", "keys", "query"):
        assert not path(found.states, name).any()
    torch.testing.assert_close(path(found.states, "direct"), found.whole_states)


class _Fed(Seq2Seq):
    """Attention fed back into the next step, which this project's decoder does not do."""

    def step(self, fed, state, memory):
        one = super().step(fed, state, memory)
        return one._replace(state=(one.state[0] + one.context, *one.state[1:]))


@pytest.mark.parametrize("attention", ["dot", "general", "concat"])
def test_attention_of_earlier_steps_carries_nothing_unless_it_is_fed_back(build_tiny: BuildTiny, attention):
    model = build_tiny(attention)
    assert not path(split(model, SOURCE, TARGET, STEP).states, "earlier").any()
    feeding = _Fed(model.config).eval()
    feeding.load_state_dict(model.state_dict())
    found = split(feeding, SOURCE, TARGET, STEP)
    assert path(found.states, "earlier").any()
    torch.testing.assert_close(found.states.sum(dim=0), found.whole_states, atol=1e-5, rtol=0)


def linear(model: Seq2Seq) -> Seq2Seq:
    """The same with an encoder whose recurrent step has no tanh."""
    changed = copy.deepcopy(model)
    changed.encoder.cell = changed.encoder.cell._replace(
        step=lambda given, state, w, u, b, c: given @ w.T + b + state @ u.T + c
    )
    return changed


def test_of_a_linear_network_the_chain_is_a_power_of_its_recurrent_matrix(build_tiny: BuildTiny):
    """d h_S / d h_s = W^(S - s), so the gradient at h_s is the one at h_S times that (row vectors)."""
    model = linear(build_tiny("none", "rnn"))
    found = split(model, SOURCE, TARGET, STEP).whole_states  # (source_len, hidden)
    half, last = HIDDEN // 2, len(SOURCE) - 1
    for name, first, column in (("weight_hh_l0", last, 0), ("weight_hh_l0_reverse", 0, half)):
        matrix = getattr(model.encoder.rnn, name)
        for k in range(len(SOURCE)):
            expected = found[first, column : column + half] @ torch.linalg.matrix_power(matrix, k)
            there = found[abs(first - k), column : column + half]
            torch.testing.assert_close(there, expected, atol=1e-7, rtol=1e-4)


@pytest.mark.parametrize("factor", [0.5, 1.0, 1.7])
def test_a_turning_matrix_keeps_its_factor_of_the_gradient_at_each_step(build_tiny: BuildTiny, factor):
    model = linear(build_tiny("none", "rnn"))
    with torch.no_grad():
        for name, matrix in model.encoder.rnn.named_parameters():
            if name.startswith("weight_hh"):
                matrix.copy_(factor * torch.linalg.qr(matrix)[0])
    assert largest_singular_value(model.encoder) == pytest.approx(factor, rel=1e-5)
    slope = fitted(reach(model, SOURCE, TARGET).whole.numpy())
    assert slope is not None
    assert slope.factor == pytest.approx(factor, rel=1e-4)


@pytest.mark.parametrize(("attention", "cell"), [("none", "gru"), ("general", "lstm"), ("concat", "rnn")])
def test_what_reaches_a_distance_is_the_mean_square_of_each_words_own(build_tiny: BuildTiny, attention, cell):
    model = build_tiny(attention, cell)
    found = reach(model, SOURCE, TARGET)
    assert found.steps == len(TARGET)
    each = [split(model, SOURCE, TARGET, step) for step in range(len(TARGET))]
    half = HIDDEN // 2
    for reached, parts in ((found.whole, PATHS), (found.chain, WAYS["chain"])):
        squares = torch.zeros(len(SOURCE))
        for one in each:
            by_part = one.states[[PATHS.index(name) for name in parts]].sum(dim=0).view(len(SOURCE), -1, half)
            forward, backward = by_part[:, 0::2], by_part[:, 1::2]
            squares += (forward.flip(0) ** 2).sum(dim=(1, 2)) + (backward**2).sum(dim=(1, 2))
        expected = (squares / len(each)).sqrt().double()
        torch.testing.assert_close(reached, expected, atol=1e-7, rtol=1e-4)


def test_of_a_long_target_some_pieces_stand_for_all(build_tiny: BuildTiny):
    assert reach(build_tiny("general"), SOURCE, TARGET * 20).steps < len(TARGET * 20)


@pytest.mark.parametrize("cell", ["rnn", "gru", "lstm"])
def test_scaling_scales_the_largest_singular_value_and_leaves_the_model_alone(build_tiny: BuildTiny, cell):
    model = build_tiny("none", cell)
    before = largest_singular_value(model.encoder)
    matrices = model.encoder.rnn.weight_hh_l0.split(HIDDEN // 2)
    assert before >= max(float(torch.linalg.svdvals(matrix.detach())[0]) for matrix in matrices) - 1e-6
    assert largest_singular_value(scaled(model, 2.5).encoder) == pytest.approx(2.5 * before)
    assert largest_singular_value(model.encoder) == before


@pytest.mark.parametrize("clip", [1e-3, 1e3])
def test_an_update_clips_as_torch_does_and_steps_along_the_gradient(build_tiny: BuildTiny, clip):
    model = build_tiny("general")
    kept = {name: value.clone() for name, value in model.state_dict().items()}
    found = update(model, SOURCE, TARGET, rate=0.1, clip=clip)
    assert all(torch.equal(kept[name], value) for name, value in model.state_dict().items())

    learner = copy.deepcopy(model)
    source, read = torch.tensor([SOURCE]), torch.tensor([[START_ID, *TARGET[:-1]]])

    def loss() -> torch.Tensor:
        return nn.functional.cross_entropy(learner(source, read).logits[0], torch.tensor(TARGET))

    loss().backward()
    assert found.loss == pytest.approx(float(loss().detach()))
    assert found.norm == pytest.approx(float(nn.utils.clip_grad_norm_(learner.parameters(), clip)), rel=1e-5)
    assert found.clipped == pytest.approx(min(found.norm, clip), rel=1e-5)
    torch.optim.SGD(learner.parameters(), lr=0.1).step()
    assert found.loss_clipped == pytest.approx(float(loss().detach()), rel=1e-5)
    if found.norm < clip:
        assert found.loss_free == found.loss_clipped < found.loss


def test_the_record_adds_up_on_every_axis_and_cannot_be_written_to(translator: Translator):
    found = translator.gradients("je parle", "I speak", step=1)
    assert found.gap < 1e-5
    for of in ("states", "embeddings"):
        assert sum(found.share(way, of=of) for way in WAYS) == pytest.approx(1)
        parts = sum(found.parts(way, of=of) for way in WAYS)
        np.testing.assert_allclose(parts, found.norms(of=of), atol=1e-5)
    with pytest.raises(ValueError, match="read-only"):
        found.states[0] = 0
    assert found.states.shape == (len(PATHS), len(found.source_pieces), 2 * HIDDEN)  # hidden states and cells
    expected = float(translator.align("je parle", "I speak").log_probs[1])
    assert found.log_prob == pytest.approx(expected, abs=1e-5)


def test_a_gap_is_seen_where_parts_do_not_add_up(translator: Translator):
    found = translator.gradients("je parle", step=0)
    values = {name: getattr(found, name) for name in found.__dataclass_fields__}
    broken = Gradients(**values | {"whole_states": found.whole_states + 0.25})
    assert broken.gap == pytest.approx(0.25, abs=1e-5)


def test_without_a_target_it_is_what_the_model_says(translator: Translator):
    found = translator.gradients("je parle", step=0)
    own = translator.translate("je parle")
    assert (found.target, found.target_pieces) == (own.target, own.target_pieces)
    assert translator.flow("je parle").target == found.target


def test_what_cannot_be_asked_is_said(translator: Translator):
    with pytest.raises(ConfigError, match="step is 99"):
        translator.gradients("je parle", "I speak", step=99)
    with pytest.raises(DataError):
        translator.flow("je parle", "word " * 500)


def test_any_source_has_gradients(translator: Translator):
    for text in ("", " ", "\u200b", "🙂", "je " * 400):
        found = translator.gradients(text, step=0)
        assert np.isfinite(found.states).all()
        assert np.isfinite(translator.flow(text).whole).all()


def test_an_untrained_one_has_the_same_sizes_and_another_cell(translator: Translator):
    fresh = translator.untrained(cell="gru", attention="none", seed=1)
    again = translator.untrained(cell="gru", attention="none", seed=1)
    flow = fresh.flow("je parle", "I speak")
    assert (flow.cell, flow.attention) == ("gru", "none")
    np.testing.assert_array_equal(flow.whole, again.flow("je parle", "I speak").whole)
    np.testing.assert_array_equal(flow.whole, flow.chain)
    assert fresh.scaled(3).flow("je parle", "I speak").largest == pytest.approx(3 * flow.largest, rel=1e-5)
    assert fresh.update("je parle", "I speak", rate=0.1).clipped <= 1


@pytest.mark.parametrize("factor", [0.3, 1.0, 1.4])
def test_a_fit_finds_the_factor_of_a_geometric_row(factor):
    slope = fitted((2 * factor ** np.arange(9)).astype(np.float32))
    assert slope is not None
    assert slope.factor == pytest.approx(factor, rel=1e-5)
    assert slope.start == pytest.approx(2, rel=1e-5)


def test_a_fit_passes_over_what_float32_has_lost_and_needs_two_points():
    row = np.array([1, 0.5, 0.25, 0, 0], dtype=np.float32)
    assert fitted(row) == pytest.approx((0.5, 1.0))
    assert fitted(row[:1]) is None
    assert fitted(np.append(row, np.float32(np.inf))) == fitted(row)
    flow = Flow(
        model="m", attention="none", cell="rnn", source="", target="", steps=1, largest=1.0,
        whole=row, chain=row * 0,
    )  # fmt: skip
    assert flow.slope == fitted(row)
    assert fitted(flow.chain) is None
