"""Training losses."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import torch
from torch import Tensor, nn
from torch.autograd.function import once_differentiable
from torch.nn.functional import cross_entropy

from s2s.config import PROFESSOR, SCHEDULED, STEP_BY_STEP, TrainConfig
from s2s.data.tokenizer import PAD_ID
from s2s.model.decoder import DecoderStates, Memory
from s2s.model.seq2seq import Seq2Seq
from s2s.train.devices import rows_at_a_time
from s2s.train.professor import Behaviours, behaviour
from s2s.train.regimes import fed

_POSTERIORS: Final = 8  # one position in so many is asked for its posteriors: each costs a softmax a piece


class Losses(NamedTuple):
    """Sums over one batch, nats. What is asked of attention is None without it, or when its weight is 0."""

    translation: Tensor  # cross-entropy of the real target pieces, label-smoothed
    coverage: Tensor | None  # mean over the rows of the batch
    agreement: Tensor | None  # mean over the positions that were asked
    runs: Behaviours | None = None  # what professor forcing compares; None in any other regime


class Objective(nn.Module):
    """A recurrent model and what training asks of it, as one module: what several processes share the work
    of."""

    def __init__(self, model: Seq2Seq, train: TrainConfig) -> None:
        super().__init__()
        self.model = model
        self.train_config = train

    def forward(
        self, source: Tensor, target_read: Tensor, target_said: Tensor, own: Tensor | None = None
    ) -> Losses:
        """source: (batch, source_len), target_read and target_said: (batch, target_len) piece numbers; own:
        (batch, target_len), True where the decoder is fed its own word, None where nowhere."""
        train, decoder = self.train_config, self.model.decoder
        memory = self.model.encode(source)
        if own is not None and train.regime != PROFESSOR:
            target_read = fed(decoder, target_read, own, memory, sampling=_sampling(train))
        states = decoder.states(target_read, memory)
        translation = smoothed_loss(
            decoder.dropout(states.attentional_states).flatten(0, 1),
            decoder.embedding.weight,
            decoder.output_bias,
            target_said.flatten(),
            smoothing=train.label_smoothing,
        )
        coverage = agreement = None
        if states.attended is not None and train.coverage:
            coverage = coverage_loss(states.attended.weights, target_said)
        if states.attended is not None and train.agreement:
            agreement = agreement_loss(self.model, states, memory, target_said)
        runs = None
        if own is not None and train.regime == PROFESSOR:
            words = fed(decoder, target_read, own, memory, sampling=STEP_BY_STEP)
            free = decoder.states(words, memory)
            runs = Behaviours(behaviour(states), behaviour(free), target_said != PAD_ID)
        return Losses(translation, coverage, agreement, runs)


def _sampling(train: TrainConfig) -> str:
    return train.sampling if train.regime == SCHEDULED else STEP_BY_STEP


class _SmoothedLoss(torch.autograd.Function):
    """Product with the vocabulary, softmax, cross-entropy and their gradients in one go.

    The logits of a whole batch, their logarithms and the gradients of both are the largest arrays of an
    update. Done a few rows at a time, only the gradient of the logits is kept.
    """

    @staticmethod
    def forward(
        ctx: Any, states: Tensor, vocabulary: Tensor, bias: Tensor, target: Tensor, smoothing: float
    ) -> Tensor:
        """states: (positions, hidden), vocabulary: (target_vocab, hidden), target: (positions,)."""
        size = len(vocabulary)
        gradient = states.new_empty(len(states), size)  # of the logits
        bias_gradient = states.new_zeros(size, dtype=torch.float32)
        total = states.new_zeros((), dtype=torch.float32)
        rows = rows_at_a_time(states.device)
        for start in range(0, len(states), rows):
            some = slice(start, start + rows)
            wanted = target[some].unsqueeze(1)  # (rows, 1)
            real = (wanted != PAD_ID).float()
            logits = torch.addmm(bias, states[some], vocabulary.t()).float()  # (rows, target_vocab)
            largest = logits.amax(dim=1, keepdim=True)
            expected = (1 - smoothing) * logits.gather(1, wanted)
            if smoothing:
                expected += smoothing * logits.mean(dim=1, keepdim=True)
            probabilities = logits.sub_(largest).exp_()
            summed = probabilities.sum(dim=1, keepdim=True)
            total += ((largest + summed.log() - expected) * real).sum()
            probabilities.mul_(real / summed).sub_(real * (smoothing / size))
            probabilities.scatter_add_(1, wanted, real * (smoothing - 1))
            bias_gradient += probabilities.sum(dim=0)
            gradient[some] = probabilities
        ctx.save_for_backward(gradient, states, vocabulary, bias_gradient)
        return total

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, *grad_outputs: Tensor) -> tuple[Tensor | None, ...]:
        """Scaled by what the sum is used for."""
        gradient, states, vocabulary, bias_gradient = ctx.saved_tensors
        (scale,) = grad_outputs
        states_gradient, vocabulary_gradient = gradient @ vocabulary, gradient.t() @ states
        return (
            scale * states_gradient,
            scale * vocabulary_gradient,
            (scale * bias_gradient).to(states.dtype),
            None,
            None,
        )


def smoothed_loss(
    states: Tensor, vocabulary: Tensor, bias: Tensor, target: Tensor, *, smoothing: float = 0.0
) -> Tensor:
    """`total_loss` of `states @ vocabulary.T + bias`, without ever holding the logits of all positions.

    states: (positions, hidden); vocabulary: (target_vocab, hidden); bias: (target_vocab,); target:
    (positions,) piece numbers. Products are of the states' precision, sums of float32.
    """
    vocabulary, bias = vocabulary.to(states.dtype), bias.to(states.dtype)
    loss: Tensor = _SmoothedLoss.apply(states, vocabulary, bias, target, smoothing)  # type: ignore[no-untyped-call]
    return loss


def total_loss(logits: Tensor, target: Tensor, *, smoothing: float = 0.0) -> Tensor:
    """Cross-entropy summed over all real pieces, in nats, with label smoothing (Szegedy et al. 2016).

    logits: (batch, target_len, target_vocab), any precision; target: (batch, target_len) piece numbers.
    """
    parts = (
        torch.split(part, rows_at_a_time(logits.device)) for part in (logits.flatten(0, 1), target.flatten())
    )
    losses = [
        cross_entropy(some.float(), said, ignore_index=PAD_ID, reduction="sum", label_smoothing=smoothing)
        for some, said in zip(*parts, strict=True)
    ]
    return torch.stack(losses).sum()


def coverage_loss(weights: Tensor, target: Tensor) -> Tensor:
    """How unevenly the source was looked at: the mean squared distance between the weights that a source
    piece was given over all steps and its even share of them (after Xu et al. 2015, section 4.2.1).

    A word that is looked at for its neighbour leaves the neighbour unseen; this makes both cost something.
    weights: (batch, target_len, source_len), no source piece padding; target: (batch, target_len).
    """
    real = (target != PAD_ID).unsqueeze(-1)  # (batch, target_len, 1)
    given = (weights.float() * real).sum(dim=1)  # (batch, source_len)
    share = real.sum(dim=1) / weights.shape[-1]  # (batch, 1)
    return (given - share).square().mean()


def agreement_loss(model: Seq2Seq, states: DecoderStates, memory: Memory, target: Tensor) -> Tensor:
    """How far the weights are from what explains the pieces once they are said: the cross-entropy of the
    weights under the posteriors (Shankar & Sarawagi 2019), which are taken as given; nats, the mean over the
    positions that are asked, drawn at random.

    The weights are set before the piece is known, so they may look beside the word that it comes from and
    still know enough. The model's own posteriors know better; no alignment from elsewhere is seen.
    target: (batch, target_len) piece numbers.
    """
    assert states.attended is not None
    weights = states.attended.weights
    asked = positions_asked(target)
    if not len(asked):  # of several processes, one may have no row
        return weights.sum() * 0
    return distance(weights, asked, posteriors_at(model, states, memory, target, asked))


def positions_asked(target: Tensor) -> Tensor:
    """Some of the real positions, drawn at random: (asked, 2), row and step; target: (batch, target_len)."""
    real = (target != PAD_ID).nonzero()  # (positions, 2)
    count = max(1, len(real) // _POSTERIORS)
    return real[torch.randperm(len(real), device=real.device)[:count]]


def posteriors_at(
    model: Seq2Seq, states: DecoderStates, memory: Memory, target: Tensor, asked: Tensor
) -> Tensor:
    """Which source piece explains each of the pieces that were said at some positions, (asked, source_len);
    nothing is learned from how it comes about. See `decode.posteriors`."""
    assert states.attended is not None
    row, step = asked.t()  # (asked,) each
    with torch.no_grad():
        weights = states.attended.weights[row, step].float()  # (asked, source_len)
        looked_at = memory.encoder_states[row]  # (asked, source_len, hidden)
        asking = states.decoder_states[row, step].unsqueeze(1).expand_as(looked_at)
        alone = model.decoder.attentional(asking, looked_at).flatten(0, 1)  # (asked * source_len, hidden)
        said = target[row, step].repeat_interleave(looked_at.shape[1])  # (asked * source_len,)
        likelihood = _log_likelihood(model, alone, said).view_as(weights)
        return torch.softmax(weights.clamp_min(1e-9).log() + likelihood, dim=-1)


def distance(weights: Tensor, asked: Tensor, posteriors: Tensor) -> Tensor:
    """The cross-entropy of weights, (batch, target_len, source_len), under posteriors, (asked, source_len):
    nats, the mean over these positions."""
    row, step = asked.t()
    looked = weights[row, step].float().clamp_min(1e-9)
    return -(posteriors * looked.log()).sum(dim=-1).mean()


def _log_likelihood(model: Seq2Seq, states: Tensor, said: Tensor) -> Tensor:
    """log p of a piece at each attentional state; states: (positions, hidden), said: (positions,)."""
    vocabulary, bias = model.decoder.embedding.weight, model.decoder.output_bias
    found = []
    parts = (torch.split(part, rows_at_a_time(states.device)) for part in (states, said))
    for some, pieces in zip(*parts, strict=True):
        logits = nn.functional.linear(some, vocabulary, bias).float()  # (rows, target_vocab)
        own = logits.gather(1, pieces.unsqueeze(1)).squeeze(1)
        largest = logits.amax(dim=1)
        found.append(own - largest - logits.sub_(largest.unsqueeze(1)).exp_().sum(dim=1).log())
    return torch.cat(found)
