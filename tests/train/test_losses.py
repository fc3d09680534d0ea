import math

import pytest
import torch

from s2s.data.tokenizer import END_ID, PAD_ID
from s2s.train.losses import coverage_loss, smoothed_loss, total_loss

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
def test_the_smoothed_loss_is_the_mean_over_real_pieces(smoothing: float) -> None:
    losses = _by_hand(smoothing)
    assert float(smoothed_loss(*_case(), smoothing=smoothing)) == pytest.approx(
        sum(losses) / len(losses), abs=1e-5
    )


def test_the_total_loss_is_the_sum_over_real_pieces() -> None:
    assert float(total_loss(*_case())) == pytest.approx(sum(_by_hand(0.0)), abs=1e-5)


def test_without_smoothing_it_is_the_plain_cross_entropy() -> None:
    logits, target = _case()
    real = int((target != PAD_ID).sum())
    torch.testing.assert_close(
        smoothed_loss(logits, target, smoothing=0.0) * real, total_loss(logits, target)
    )


def test_what_is_said_behind_the_end_changes_nothing() -> None:
    logits, target = _case()
    other = logits.masked_fill((target == PAD_ID).unsqueeze(-1), 9.0)
    assert torch.equal(total_loss(logits, target), total_loss(other, target))
    assert torch.equal(
        smoothed_loss(logits, target, smoothing=0.1), smoothed_loss(other, target, smoothing=0.1)
    )


def test_half_precision_logits_are_summed_in_full() -> None:
    logits, target = _case()
    half = logits.to(torch.bfloat16)
    assert smoothed_loss(half, target, smoothing=0.1).dtype == torch.float32
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
