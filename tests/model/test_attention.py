import math

import numpy as np
import pytest
import torch
from torch import Tensor

from s2s.model.attention import SCORERS, Attended, Concat, Dot, General, Scorer, attend

BATCH, TARGET, SOURCE, HIDDEN = 3, 4, 5, 6


def _states(seed: int = 0) -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(seed)
    decoder_states = torch.randn(BATCH, TARGET, HIDDEN, generator=generator)
    return decoder_states, torch.randn(BATCH, SOURCE, HIDDEN, generator=generator)


def _scorer(name: str) -> Scorer:
    torch.manual_seed(1)
    return SCORERS[name](HIDDEN).requires_grad_(False)


def _look(
    scorer: Scorer, decoder_states: Tensor, encoder_states: Tensor, mask: Tensor | None = None
) -> Attended:
    return attend(scorer, decoder_states, scorer.keys(encoder_states), encoder_states, mask)


def _score(scorer: Scorer, s_t: np.ndarray, h_s: np.ndarray) -> float:
    """One score by the letters of Luong et al. 2015, eq. 8."""
    if isinstance(scorer, Dot):
        return sum(a * b for a, b in zip(s_t, h_s, strict=True))
    if isinstance(scorer, General):
        return float(s_t @ (scorer.between.weight.numpy() @ h_s))
    w_1, w_2 = scorer.from_decoder.weight.numpy(), scorer.from_encoder.weight.numpy()
    v = scorer.weigh.weight.numpy()[0]
    return sum(v_i * math.tanh(a) for v_i, a in zip(v, w_1 @ s_t + w_2 @ h_s, strict=True))


def _mask() -> Tensor:
    return torch.arange(SOURCE) < torch.tensor([[SOURCE], [2], [1]])


@pytest.mark.parametrize("name", SCORERS)
def test_scores_weights_and_contexts_are_those_of_the_equations(name: str) -> None:
    scorer = _scorer(name)
    decoder_states, encoder_states = _states()
    attended = _look(scorer, decoder_states, encoder_states)
    for b in range(BATCH):
        for t in range(TARGET):
            h = encoder_states[b].numpy()
            scores = [_score(scorer, decoder_states[b, t].numpy(), h_s) for h_s in h]
            powers = [math.exp(score) for score in scores]
            weights = [power / sum(powers) for power in powers]
            context = sum(weight * h_s for weight, h_s in zip(weights, h, strict=True))
            np.testing.assert_allclose(attended.scores[b, t], scores, atol=1e-5)
            np.testing.assert_allclose(attended.weights[b, t], weights, atol=1e-6)
            np.testing.assert_allclose(attended.context[b, t], context, atol=1e-5)


@pytest.mark.parametrize("name", SCORERS)
def test_rows_sum_to_one_and_padding_gets_exactly_nothing(name: str) -> None:
    decoder_states, encoder_states = _states()
    mask = _mask()
    weights = _look(_scorer(name), decoder_states, encoder_states, mask).weights
    torch.testing.assert_close(weights.sum(-1), torch.ones(BATCH, TARGET))
    padding = ~mask.unsqueeze(1).expand_as(weights)
    assert padding.any()
    assert (weights[padding] == 0).all()


@pytest.mark.parametrize("name", SCORERS)
def test_what_stands_in_padding_changes_nothing(name: str) -> None:
    decoder_states, encoder_states = _states()
    mask, scorer = _mask(), _scorer(name)
    other = encoder_states.masked_fill(~mask.unsqueeze(-1), 50.0)
    a = _look(scorer, decoder_states, encoder_states, mask)
    b = _look(scorer, decoder_states, other, mask)
    assert torch.equal(a.weights, b.weights)
    torch.testing.assert_close(a.context, b.context)


@pytest.mark.parametrize("name", SCORERS)
def test_a_mask_that_hides_nothing_is_no_mask(name: str) -> None:
    scorer = _scorer(name)
    seen = torch.ones(BATCH, SOURCE, dtype=torch.bool)
    for masked, bare in zip(_look(scorer, *_states(), seen), _look(scorer, *_states()), strict=True):
        assert torch.equal(masked, bare)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize("name", SCORERS)
def test_a_row_of_padding_alone_gives_zeros_and_not_nan(name: str, dtype: torch.dtype) -> None:
    decoder_states, encoder_states = (states.to(dtype) for states in _states())
    mask = torch.tensor([[True] * SOURCE, [False] * SOURCE, [True] * SOURCE])
    attended = _look(_scorer(name).to(dtype), decoder_states, encoder_states, mask)
    assert (attended.weights[1] == 0).all()
    assert (attended.context[1] == 0).all()
    assert attended.weights.isfinite().all()


def _spread_over_decoder_states(scorer: Scorer) -> float:
    """How much the weights of one source differ between decoder states."""
    decoder_states, encoder_states = _states()
    weights = _look(scorer, 3 * decoder_states, encoder_states).weights
    return float((weights - weights[:, :1]).abs().max())


def test_concat_without_its_tanh_cannot_look_anywhere_else_for_another_decoder_state() -> None:
    torch.manual_seed(1)
    linear = Concat(HIDDEN, activation=lambda met: met).requires_grad_(False)
    assert _spread_over_decoder_states(linear) < 1e-5


@pytest.mark.parametrize("name", SCORERS)
def test_with_its_tanh_it_can_and_so_can_the_others(name: str) -> None:
    assert _spread_over_decoder_states(_scorer(name)) > 0.01


@pytest.mark.parametrize("position", range(SOURCE))
def test_a_score_far_above_the_others_makes_the_context_that_encoder_state(position: int) -> None:
    _, encoder_states = _states()
    encoder_states = torch.cat([encoder_states, torch.eye(SOURCE).expand(BATCH, -1, -1)], dim=-1)
    asking = torch.zeros(BATCH, 1, HIDDEN + SOURCE)
    asking[:, :, HIDDEN + position] = 1e4
    attended = _look(Dot(HIDDEN + SOURCE), asking, encoder_states)
    assert torch.equal(attended.weights[:, 0], torch.eye(SOURCE)[position].expand(BATCH, -1))
    assert torch.equal(attended.context[:, 0], encoder_states[:, position])


def test_general_with_the_identity_between_is_dot() -> None:
    general = General(HIDDEN).requires_grad_(False)
    general.between.weight.copy_(torch.eye(HIDDEN))
    for a, b in zip(_look(general, *_states()), _look(Dot(HIDDEN), *_states()), strict=True):
        torch.testing.assert_close(a, b)


def test_dot_has_nothing_to_learn() -> None:
    assert list(Dot(HIDDEN).parameters()) == []


@pytest.mark.parametrize("name", SCORERS)
def test_the_order_of_the_source_only_moves_the_weights(name: str) -> None:
    decoder_states, encoder_states = _states()
    order = torch.tensor([3, 0, 4, 1, 2])
    straight = _look(_scorer(name), decoder_states, encoder_states)
    moved = _look(_scorer(name), decoder_states, encoder_states[:, order])
    torch.testing.assert_close(moved.weights, straight.weights[..., order])
    torch.testing.assert_close(moved.context, straight.context)
