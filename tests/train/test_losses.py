import math

import pytest
import torch

from s2s.data.tokenizer import END_ID, PAD_ID, START_ID
from s2s.decode.loop import forced
from s2s.decode.posteriors import posteriors
from s2s.decode.prepared import Prepared
from s2s.train import devices, losses
from s2s.train.losses import agreement_loss, coverage_loss, smoothed_loss, total_loss
from tests.conftest import BuildTiny
from tests.decode.runs import decode_one, steps_of

BATCH, TARGET, VOCAB = 2, 4, 6


def _case() -> tuple[torch.Tensor, torch.Tensor]:
    logits = torch.randn(BATCH, TARGET, VOCAB, generator=torch.Generator().manual_seed(1))
    return logits, torch.tensor([[4, 5, 3, PAD_ID], [5, 3, PAD_ID, PAD_ID]])


def _by_hand(smoothing: float) -> list[float]:
    """The loss of each real piece, from the definition."""
    logits, target = _case()
    losses = []
    for b in range(BATCH):
        for t in range(TARGET):
            if target[b, t] == PAD_ID:
                continue
            row = logits[b, t].tolist()
            norm = math.log(sum(math.exp(x) for x in row))
            wanted = [smoothing / VOCAB + (1 - smoothing) * (i == int(target[b, t])) for i in range(VOCAB)]
            losses.append(-sum(w * (x - norm) for w, x in zip(wanted, row, strict=True)))
    return losses


@pytest.mark.parametrize("smoothing", [0.0, 0.1, 0.5])
def test_the_total_loss_is_the_sum_over_real_pieces(smoothing: float) -> None:
    total = float(total_loss(*_case(), smoothing=smoothing))
    assert total == pytest.approx(sum(_by_hand(smoothing)), abs=1e-5)


def test_without_asking_nothing_is_smoothed() -> None:
    assert torch.equal(total_loss(*_case()), total_loss(*_case(), smoothing=0.0))


@pytest.mark.parametrize("rows", [1, 3, BATCH * TARGET])
def test_taking_the_positions_a_few_at_a_time_changes_neither_loss_nor_gradient(
    monkeypatch: pytest.MonkeyPatch, rows: int
) -> None:
    logits, target = _case()
    logits.requires_grad_()
    whole = total_loss(logits, target, smoothing=0.1)
    expected = torch.autograd.grad(whole, logits)
    monkeypatch.setattr(devices, "_ROWS", rows)
    again = total_loss(logits, target, smoothing=0.1)
    torch.testing.assert_close(again, whole)
    torch.testing.assert_close(torch.autograd.grad(again, logits), expected)


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_what_is_said_behind_the_end_changes_nothing(smoothing: float) -> None:
    logits, target = _case()
    other = logits.masked_fill((target == PAD_ID).unsqueeze(-1), 9.0)
    assert torch.equal(
        total_loss(logits, target, smoothing=smoothing), total_loss(other, target, smoothing=smoothing)
    )


def test_where_nothing_is_said_there_is_neither_loss_nor_gradient() -> None:
    logits, target = _case()
    logits.requires_grad_()
    total = total_loss(logits, torch.full_like(target, PAD_ID), smoothing=0.1)
    assert total.item() == 0
    assert not torch.autograd.grad(total, logits)[0].any()


def test_half_precision_logits_are_summed_in_full() -> None:
    logits, target = _case()
    half = logits.to(torch.bfloat16)
    assert total_loss(half, target, smoothing=0.1).dtype == torch.float32
    torch.testing.assert_close(total_loss(half, target), total_loss(half.float(), target))


def test_coverage_is_the_squared_distance_from_an_even_share_padding_left_out() -> None:
    """Two sentences of three source pieces, worked out by hand."""
    target = torch.tensor([[4, 5, END_ID], [4, END_ID, PAD_ID]])
    weights = torch.tensor(
        [
            [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],  # each piece once: even
            [[1.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]],  # one twice; the last row is padding
        ]
    )
    uneven = ((2 - 2 / 3) ** 2 + 2 * (2 / 3) ** 2) / 3
    assert float(coverage_loss(weights, target)) == pytest.approx((0 + uneven) / 2)


def test_coverage_costs_nothing_where_every_source_piece_gets_its_share() -> None:
    weights = torch.full((BATCH, TARGET, 5), 1 / 5)
    assert float(coverage_loss(weights, _case()[1])) == pytest.approx(0, abs=1e-12)


def _positions() -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(2)
    states, vocabulary = torch.randn(300, 8, generator=generator), torch.randn(11, 8, generator=generator)
    bias, target = torch.randn(11, generator=generator), torch.randint(0, 11, (300,), generator=generator)
    for tensor in (states, vocabulary, bias):
        tensor.requires_grad_()
    return states, vocabulary, bias, target  # some targets are PAD_ID


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_the_loss_without_logits_and_its_gradients_are_those_of_the_loss_with_them(smoothing: float) -> None:
    states, vocabulary, bias, target = _positions()
    expected = total_loss(
        (states @ vocabulary.T + bias).unsqueeze(0), target.unsqueeze(0), smoothing=smoothing
    )
    found = smoothed_loss(states, vocabulary, bias, target, smoothing=smoothing)
    torch.testing.assert_close(found, expected)
    learned = (states, vocabulary, bias)
    scaled = torch.autograd.grad(3 * found, learned)
    torch.testing.assert_close(scaled, torch.autograd.grad(3 * expected, learned), atol=1e-4, rtol=1e-4)


def test_of_states_in_half_precision_gradients_come_back_in_full() -> None:
    states, vocabulary, bias, target = _positions()
    found = smoothed_loss(states.bfloat16(), vocabulary, bias, target, smoothing=0.1)
    assert found.dtype == torch.float32
    gradients = torch.autograd.grad(found, (states, vocabulary, bias))
    assert {gradient.dtype for gradient in gradients} == {torch.float32}
    full = torch.autograd.grad(smoothed_loss(states, vocabulary, bias, target, smoothing=0.1), states)[0]
    torch.testing.assert_close(gradients[0], full, atol=0.05, rtol=0.05)


def test_logits_of_any_size_leave_the_loss_finite() -> None:
    states, vocabulary, bias, target = (tensor.detach() for tensor in _positions())
    assert math.isfinite(float(smoothed_loss(1000 * states, vocabulary, bias, target, smoothing=0.1)))


def _read(build_tiny: BuildTiny, target: torch.Tensor):  # type: ignore[no-untyped-def]
    model = build_tiny("general")
    source = torch.tensor([[5, 6, 7, END_ID], [8, 9, 5, END_ID]])
    memory = model.encode(source)
    return model, model.decoder.states(target, memory), memory


def test_agreement_is_the_cross_entropy_of_the_weights_under_the_posteriors(
    build_tiny: BuildTiny, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All positions are asked; the posteriors are those that the translator explains a translation with."""
    monkeypatch.setattr(losses, "_POSTERIORS", 1)
    said = torch.tensor([[4, 5, END_ID], [9, END_ID, PAD_ID]])
    model, states_of_decoder, memory = _read(
        build_tiny, torch.tensor([[START_ID, 4, 5], [START_ID, 9, PAD_ID]])
    )
    found = float(agreement_loss(model, states_of_decoder, memory, said).detach())
    expected = []
    for row, ids in enumerate(([4, 5, END_ID], [9, END_ID])):
        source = [[5, 6, 7, END_ID], [8, 9, 5, END_ID]][row]
        decoded = decode_one(Prepared(model), source, choose=forced(ids), limit=len(ids))
        explained = posteriors(model, decoded)
        assert explained is not None
        for step, row_of_posteriors in zip(steps_of(decoded), explained, strict=True):
            assert step.weights is not None
            expected.append(-float((row_of_posteriors * step.weights[0].log()).sum()))
    assert found == pytest.approx(sum(expected) / len(expected), abs=1e-5)


def test_agreement_moves_the_weights_alone_and_asks_a_share_of_the_positions(build_tiny: BuildTiny) -> None:
    said = torch.full((2, 40), 5)
    model, states_of_decoder, memory = _read(build_tiny, torch.full((2, 40), 5))
    torch.manual_seed(1)
    gradients = torch.autograd.grad(
        agreement_loss(model, states_of_decoder, memory, said),
        [model.decoder.combine.weight, model.decoder.scorer.between.weight],  # type: ignore[union-attr]
        allow_unused=True,
    )
    assert gradients[0] is None
    assert gradients[1] is not None
    assert gradients[1].any()
