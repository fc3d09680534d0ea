import math

import pytest
import torch

from s2s.data.tokenizer import END_ID, PAD_ID
from s2s.train import losses
from s2s.train.losses import coverage_loss, total_loss

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
    monkeypatch.setattr(losses, "_ROWS", rows)
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
